"""Lists of one's own: one with columns as the README shows it, and bare ones of addresses."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest
from peewee import Database

import widget_backend
from tests.support.contacts import ARTA, BEN, OFF, Run, arta, found, table_of
from widget_backend.store.models import Suppression


def test_the_list_of_the_readme_comes_in_as_it_says(
    run: Run, site_file: Path, tmp_path: Path, database: Database
) -> None:
    readme = (Path(widget_backend.__file__).parent / "README.md").read_text(encoding="utf-8")
    _, _, rest = readme.partition("**A list of your own**")
    part, _, _ = rest.partition("`import` reads the files of these platforms")
    blocks = [dedent(each) for each in re.findall(r"(?:^    .*\n)+", part, re.MULTILINE)]
    listed, commands, agreed, fields = blocks
    assert commands.count("preference-widget import mysite/SITE.toml ") == 3
    text = site_file.read_text(encoding="utf-8").replace('["en"]', '["en", "sq"]')
    city = '[[fields]]\nid = "city"\nname = "City"\nkind = "text"\n'
    site_file.write_text(f"{text}\n{city}", encoding="utf-8")
    file, columns = tmp_path / "klientet.csv", tmp_path / "columns.toml"
    file.write_text(listed, encoding="utf-8")
    draft = run("import", site_file, "--describe", file).output
    assert f"# {agreed}" in draft
    columns.write_text(f"{draft.replace(f'# {agreed}', agreed)}{fields}", encoding="utf-8")
    arguments = (site_file, file, "--columns", columns, "--topic", "news")
    assert "2 new" in run("import", *arguments, "--dry-run").output
    assert "2 new" in run("import", *arguments).output
    names = "email,language,news,field:city"
    assert table_of(run("export", site_file, "--fields", names).stdout) == [
        {"email": ARTA, "language": "sq", "news": "email monthly", "field:city": "Tiranë"},
        {"email": BEN, "language": "en", "news": "email monthly", "field:city": "Durrës"},
    ]


def test_a_bare_list_takes_no_topic_since_it_is_about_everything(
    run: Run, site_file: Path, tmp_path: Path, database: Database
) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text(f"email\n{ARTA}\n", encoding="utf-8")
    result = run("import", site_file, listed, "--as", "unsubscribed", "--topic", "offers")
    assert result.exit_code == 2
    assert "--as unsubscribed is about all topics: leave one out" in result.output
    assert not Suppression.select().count(database)


@pytest.mark.parametrize("name", ["Email Address", "Email", "Adresa"])
@pytest.mark.parametrize(
    ("list_of", "status"), [("unsubscribed", "unsubscribed"), ("undeliverable", "undeliverable")]
)
def test_a_bare_list_turns_off_who_is_known_and_keeps_out_who_is_not(
    run: Run,
    site_file: Path,
    tmp_path: Path,
    database: Database,
    name: str,
    list_of: str,
    status: str,
) -> None:
    known, listed = tmp_path / "known.csv", tmp_path / "list.csv"
    known.write_text(f"email\n{ARTA}\n", encoding="utf-8")
    run("import", site_file, known, "--topic", "offers", "--consent", "at the till")
    listed.write_text(f"{name}\n{ARTA}\nnew@example.com\n", encoding="utf-8")
    output = run("import", site_file, listed, "--as", list_of).output
    assert "1 kept out from now on, 1 changed, 0 unchanged, 0 rejected" in output
    (row,) = table_of(run("export", site_file).stdout)
    assert (row["email"], row["status"]) == (ARTA, status)
    again = run("import", site_file, listed, "--as", list_of).output
    assert "0 kept out from now on" in again
    assert "0 rejected" in again
    listed.write_text("email\nnew@example.com\n", encoding="utf-8")
    output = run(
        "import", site_file, listed, "--topic", "offers", "--consent", "at the till"
    ).output
    assert "0 new, 0 changed, 0 unchanged, 1 rejected" in output
    assert set(found(database, ARTA, "new@example.com")) == {ARTA}


def test_a_bare_list_counts_for_now_and_a_later_agreement_counts_again(
    run: Run, site_file: Path, tmp_path: Path, database: Database
) -> None:
    file, listed = tmp_path / "known.csv", tmp_path / "list.csv"
    file.write_text(
        f"Email Address,OPTIN_TIME,CONFIRM_TIME\n{ARTA},2024-01-01,\n", encoding="utf-8"
    )
    run("import", site_file, file, "--topic", "offers")
    listed.write_text(f"email,Status\n{ARTA},whatever\n", encoding="utf-8")
    run("import", site_file, listed, "--as", "unsubscribed")
    assert arta(database).profile.state["overall"] == OFF
    run("import", site_file, file, "--topic", "offers")
    assert arta(database).profile.state["overall"] == OFF
