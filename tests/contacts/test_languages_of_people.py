"""The language that a list of one’s own has for each person."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from peewee import Database

from tests.support.contacts import ARTA, BEN, Run, arta, found, say

MAP = 'address = "Posta"\nlanguage = "Gjuha"\nagreed = ["Data"]\n'
Lists = Callable[..., Result]


@pytest.fixture
def bring_list(run: Run, site_file: Path, tmp_path: Path) -> Lists:
    """Import people with these cells in the column of languages, for a site that speaks three."""
    text = site_file.read_text(encoding="utf-8").replace('["en"]', '["en", "sq", "ar"]')
    site_file.write_text(text, encoding="utf-8")
    file, columns = tmp_path / "list.csv", tmp_path / "columns.toml"
    columns.write_text(MAP, encoding="utf-8")

    def bring(*options: str, **cells: str) -> Result:
        people = {f"{who}@example.com": cell for who, cell in cells.items()}
        rows = (f"{email},{cell},2024-03-01\n" for email, cell in people.items())
        file.write_text(f"Posta,Gjuha,Data\n{''.join(rows)}", encoding="utf-8")
        arguments = (site_file, file, "--columns", columns, "--topic", "offers")
        return run("import", *arguments, *options)

    return bring


@pytest.mark.parametrize(
    ("cell", "tag"),
    [
        *(("sq", "sq"), ("SQ", "sq"), ("sq-AL", "sq"), ("en_GB", "en")),
        *(("Albanian", "sq"), ("shqip", "sq"), ("Shqip", "sq"), ("الألبانية", "sq")),
        *(("Arabisht", "ar"), ("العربية", "ar"), ("English", "en"), ("anglisht", "en")),
    ],
)
def test_a_language_is_known_by_its_tag_and_its_name(
    bring_list: Lists, database: Database, cell: str, tag: str
) -> None:
    result = bring_list(arta=cell)
    assert (result.exit_code, result.stderr) == (0, "")
    assert arta(database).profile.state.language == tag


def test_it_is_no_unread_column(bring_list: Lists) -> None:
    assert "not read" not in bring_list(arta="sq").output
    assert "“Gjuha”: language" in bring_list("--dry-run", arta="sq").output


@pytest.mark.parametrize("cell", ["Italian", "it", "?", "no"])
def test_what_the_site_does_not_speak_is_passed_over_with_a_word(
    bring_list: Lists, database: Database, cell: str
) -> None:
    result = bring_list(arta=cell, ben="")
    assert "2 new" in result.stdout
    assert (
        f"1 cell names no language of the site, “{cell}” in line 2 (Gjuha); the rest of the row "
        "counts. write one of en, sq, ar, or its name." in result.stderr
    )
    assert {each.profile.state.language for each in found(database, ARTA, BEN).values()} == {None}


def test_no_file_replaces_a_language_that_somebody_has(
    bring_list: Lists, database: Database
) -> None:
    assert "1 new" in bring_list(arta="").stdout
    assert "1 changed" in bring_list(arta="sq").stdout
    assert "1 unchanged" in bring_list(arta="sq").stdout
    say(database, {"language": "ar"})
    assert "1 unchanged" in bring_list(arta="sq").stdout
    assert arta(database).profile.state.language == "ar"


def test_it_goes_with_the_run_that_brought_it(
    bring_list: Lists, run: Run, site_file: Path, database: Database
) -> None:
    bring_list(arta="")
    bring_list(arta="sq")
    assert run("import", site_file, "--undo", "2", "--by", "Mira").exit_code == 0
    assert arta(database).profile.state.language is None


@pytest.mark.parametrize("name", ["Gjuha", "Language", "اللغة", "Gjuhë", "preferred_language"])
def test_a_draft_names_the_column_of_languages(
    bring_list: Lists, run: Run, site_file: Path, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "other.csv"
    rows = "".join(f"a{at}@example.com,{'Shqip' if at % 2 else 'Italisht'}\n" for at in range(8))
    file.write_text(f"Mail,{name}\n{rows}", encoding="utf-8")
    draft = run("import", site_file, "--describe", file).output
    data = tomllib.loads(draft)
    assert (data["language"], "[[statuses]]" in draft) == (name, False)
    assert "# The site does not speak these, which are passed over: Italisht\n" in draft
    assert "does not speak" not in run("import", "--describe", file).output
