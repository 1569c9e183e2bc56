"""`links`: each contact's row again, with signed links of each purpose."""

from __future__ import annotations

import csv
import io
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN, Export, Run, say, table_of
from tests.support.exports import ask_questions
from widget_backend.contacts.bulk_links import URLS, BulkLinks
from widget_backend.contacts.csv_output import RejectsFile
from widget_backend.contacts.csv_reader import open_csv
from widget_backend.errors import LinkWrongPurpose
from widget_backend.links import PATHS, Purpose
from widget_backend.signing import Signer
from widget_backend.site.model import Site
from widget_backend.store.contacts import find_contacts
from widget_backend.store.models import Identity, Profile
from widget_backend.store.profiles import create_profile, read_profile

LINKS = [
    "preferences_url",
    "unsubscribe_url",
    "questions_url",
    "list_unsubscribe",
    "list_unsubscribe_post",
]
NOBODY = "not imported yet, and has confirmed no sign-up"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_a_random_contacts_links_lead_to_them_each_for_one_purpose(
    run: Run, database: Database, site_file: Path, export_of: Export, key: str
) -> None:
    ask_questions(site_file)
    file = export_of("subscribed", *(f"a{number}@example.com" for number in range(40)))
    run("import", site_file, file)
    say(database, {"language": "sq"}, email="a7@example.com")
    result = run("links", site_file, file)
    rows = table_of(result.stdout)
    assert [row["Email Address"] for row in rows] == [
        f"a{number}@example.com" for number in range(40)
    ]
    for row in [rows[7], random.choice(rows)]:
        email = row["Email Address"]
        wanted = find_contacts(database, "shop", [email])[email].profile.id
        for column, purpose in URLS.items():
            link = Signer([key]).read(purpose, token_of(row[column], purpose))
            assert read_profile(database, link.site, link.handle).id == wanted
            assert link.language == ("sq" if email == "a7@example.com" else None)
            assert (link.expires_at is None) == (purpose == "unsubscribe")
    with pytest.raises(LinkWrongPurpose):
        Signer([key]).read("unsubscribe", token_of(rows[0]["preferences_url"], "preferences"))


def token_of(address: str, purpose: Purpose) -> str:
    start = f"https://prefs.shop.example/{PATHS[purpose]}/"
    assert address.startswith(start)
    return address.removeprefix(start)


def test_of_a_site_without_questions_no_link_leads_to_them(
    run: Run, site_file: Path, export_of: Export
) -> None:
    file = export_of("subscribed", ARTA)
    run("import", site_file, file)
    (row,) = table_of(run("links", site_file, file).stdout)
    assert row["questions_url"] == ""
    ask_questions(site_file)
    (row,) = table_of(run("links", site_file, file).stdout)
    assert row["questions_url"].startswith("https://prefs.shop.example/q/")


def test_header_values_lead_to_one_click_and_need_no_change(
    run: Run, database: Database, site_file: Path, export_of: Export, key: str
) -> None:
    file = export_of("subscribed", ARTA)
    run("import", site_file, file)
    (row,) = table_of(run("links", site_file, file).stdout)
    assert row["list_unsubscribe_post"] == "List-Unsubscribe=One-Click"
    assert row["list_unsubscribe"][0] + row["list_unsubscribe"][-1] == "<>"
    link = Signer([key]).read("one-click", token_of(row["list_unsubscribe"][1:-1], "one-click"))
    assert link.handle == find_contacts(database, "shop", [ARTA])[ARTA].profile.handle
    assert link.expires_at is None


def test_mailto_stands_beside_it_only_when_the_site_names_an_address(
    run: Run, site_file: Path, export_of: Export
) -> None:
    file = export_of("subscribed", ARTA)
    run("import", site_file, file)
    with site_file.open("r+") as text:
        rest = text.read()
        text.seek(0)
        text.write('unsubscribe_mail = "leave@shop.example"\n' + rest)
    (row,) = table_of(run("links", site_file, file).stdout)
    https, mailto = row["list_unsubscribe"].split(", ")
    token = https.rpartition("/")[2].rstrip(">")
    assert mailto == f"<mailto:leave@shop.example?subject={token}>"


def test_links_of_a_campaign_name_it_and_its_topic(
    run: Run, site_file: Path, export_of: Export, key: str
) -> None:
    ask_questions(site_file)
    file = export_of("subscribed", ARTA)
    run("import", site_file, file, "--topic", "news")
    said = ("--topic", "news", "--sentence", "You like news.")
    assert run("campaigns", "add", site_file, "spring", *said).exit_code == 0
    (row,) = table_of(run("links", site_file, file, "--campaign", "spring").stdout)
    addresses = {purpose: row[column] for column, purpose in URLS.items()}
    for purpose, address in {**addresses, "one-click": row["list_unsubscribe"][1:-1]}.items():
        link = Signer([key]).read(purpose, token_of(address, purpose))
        assert (link.campaign, link.topic) == ("spring", "news")


def test_links_of_a_campaign_that_nobody_registered_are_refused(
    run: Run, site_file: Path, export_of: Export
) -> None:
    file = export_of("subscribed", ARTA)
    run("import", site_file, file)
    result = run("links", site_file, file, "--campaign", "sprng")
    assert result.exit_code == 1
    assert "--campaign sprng: no campaign is called that. register it: " in result.stderr
    assert result.stdout == ""


def test_links_keep_the_columns_as_they_were_and_replace_links_of_an_earlier_run(
    run: Run, site_file: Path, tmp_path: Path, export_of: Export
) -> None:
    run("import", site_file, export_of("subscribed", ARTA))
    file = tmp_path / "mine.csv"
    file.write_text(
        '\ufeffName,email,questions_url,Phone,Sum\n"Arta, H.",ARTA@example.com,old,\'+355,=1+1\n'
    )
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    run("links", site_file, file, "-o", first)
    header, row = csv.reader(io.StringIO(first.read_text()))
    assert header == ["Name", "email", "Phone", "Sum", "language", *LINKS]
    assert row[:4] == ["Arta, H.", "ARTA@example.com", "'+355", "=1+1"]
    run("links", site_file, first, "-o", second)
    assert next(csv.reader(io.StringIO(second.read_text()))) == header
    assert not list(tmp_path.glob("*.part"))


def test_the_language_of_each_person_is_written_unless_the_file_has_such_a_column(
    run: Run, database: Database, site_file: Path, tmp_path: Path, export_of: Export
) -> None:
    run("import", site_file, export_of("subscribed", ARTA, BEN))
    say(database, {"language": "sq"})
    file = tmp_path / "mine.csv"
    file.write_text(f"email\n{ARTA}\n{BEN}\n", encoding="utf-8")
    spoken = [row["language"] for row in table_of(run("links", site_file, file).stdout)]
    assert spoken == ["sq", ""]
    file.write_text(f"email,Language\n{ARTA},Shqip\n", encoding="utf-8")
    (row,) = table_of(run("links", site_file, file).stdout)
    assert ("language" in row, row["Language"]) == (False, "Shqip")


def test_contacts_that_are_not_imported_get_no_line_and_a_reason(
    run: Run, site_file: Path, tmp_path: Path, export_of: Export
) -> None:
    run("import", site_file, export_of("subscribed", ARTA))
    file = export_of("subscribed", "stranger@example.com", ARTA, {"First Name": "Nobody"}, "arta@")
    result = run("links", site_file, file)
    assert [row["Email Address"] for row in table_of(result.stdout)] == [ARTA]
    rejects = table_of((tmp_path / "subscribed.csv.links.rejects.csv").read_text())
    assert [(row["line"], row["reason"]) for row in rejects] == [
        ("2", NOBODY),
        ("4", "has no email address"),
        ("5", "is not an email address"),
    ]
    assert "links for 1, 3 rejected (see " in result.stderr


def test_links_leave_alone_what_the_import_rejected(
    run: Run, site_file: Path, tmp_path: Path, export_of: Export
) -> None:
    file = export_of("subscribed", ARTA, ARTA)
    run("import", site_file, file)
    assert "links for 2, 0 rejected." in run("links", site_file, file).stderr
    assert (tmp_path / "subscribed.csv.rejects.csv").exists()


def test_links_live_as_long_as_their_purpose_from_the_moment_they_are_made(
    database: Database, site: Site, export_of: Export, key: str
) -> None:
    person = create_profile(database, "shop", 1)
    row = {"site": "shop", "profile": person.id, "kind": "email", "value": ARTA}
    Identity.insert(**row, confirmed=True).execute(database)
    text = io.StringIO(newline="")
    with open_csv(export_of("cleaned", ARTA)) as table, RejectsFile(table) as none:
        assert BulkLinks(site, Signer([key]), NOW).write(database, table, text, none) == 1
    (written,) = table_of(text.getvalue())
    link = Signer([key]).read("preferences", token_of(written["preferences_url"], "preferences"))
    assert link.expires_at == NOW + timedelta(days=180)


def test_that_somebody_has_links_is_noted_once(
    database: Database, site: Site, export_of: Export, run: Run, site_file: Path
) -> None:
    file = export_of("subscribed", ARTA, "b@example.com")
    run("import", site_file, file)
    assert linked(database) == [None, None]
    for later in (0, 60):
        with open_csv(file) as table, RejectsFile(table) as rejects:
            links = BulkLinks(site, Signer(["k" * 32]), NOW + timedelta(seconds=later))
            links.write(database, table, io.StringIO(), rejects)
    assert linked(database) == [int(NOW.timestamp())] * 2


def linked(database: Database) -> list[int | None]:
    rows = Profile.select(Profile.linked_at).tuples().execute(database)
    return [at for (at,) in rows]


def test_pending_people_get_no_links(
    run: Run, database: Database, site_file: Path, tmp_path: Path, export_of: Export
) -> None:
    pending = create_profile(database, "shop", 1, pending=True)
    row = {"site": "shop", "profile": pending.id, "kind": "email", "value": ARTA}
    Identity.insert(**row).execute(database)
    assert table_of(run("links", site_file, export_of("subscribed", ARTA)).stdout) == []
    (rejected,) = table_of((tmp_path / "subscribed.csv.links.rejects.csv").read_text())
    assert rejected["reason"] == NOBODY
