"""Texts of a site that would turn the rest of a line round are printed so that they do not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.small_site import SITE
from widget_backend.cli import main

CAMPAIGN = """
[[campaigns]]
id = "digest"
topic = "news"
sentence = "You asked for %s news."
"""
TURNING = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]


@pytest.fixture
def site_file(tmp_path: Path) -> Path:
    return tmp_path / "SITE.toml"


def run(database_url: str, *words: str | Path) -> Result:
    line = [*map(str, words)]
    settings = {"WIDGET_DATABASE_URL": database_url, "WIDGET_SIGNING_KEYS": "k" * 32}
    return CliRunner().invoke(main, line, env=settings)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("code", TURNING, ids=hex)
def test_what_is_printed_spells_it_out(site_file: Path, database_url: str, code: int) -> None:
    site_file.write_text(f"{SITE}{CAMPAIGN % chr(code)}", encoding="utf-8")
    result = run(database_url, "campaigns", "list", site_file)
    assert result.stdout == f"digest\tnews\t\tYou asked for \\u{code:04x} news.\n"


def test_so_does_a_mistake(site_file: Path, database_url: str) -> None:
    site_file.write_text(f"{SITE}{CAMPAIGN % ''}".replace('"digest"', '"\u202etsegid"'), "utf-8")
    result = run(database_url, "check", site_file)
    assert result.exit_code == 1
    assert ("\\u202etsegid" in result.stderr, "\u202e" in result.output) == (True, False)
    mistyped = run(database_url, "\u202eexport")
    assert ("\\u202eexport" in mistyped.stderr, "\u202e" in mistyped.output) == (True, False)


@pytest.mark.usefixtures("database")
def test_json_means_the_same_as_before(tmp_path: Path, site_file: Path, database_url: str) -> None:
    site_file.write_text(SITE, encoding="utf-8")
    file = tmp_path / "list.csv"
    file.write_text("email,turned\u202e\na@example.com,x\n", encoding="utf-8")
    words = ("import", site_file, file, "--topic", "news", "--consent", "by letter", "--dry-run")
    result = run(database_url, *words, "--json")
    assert result.exit_code == 0, result.output
    assert "\u202e" not in result.stdout
    assert json.loads(result.stdout)["columns"][1]["column"] == "turned\u202e"


@pytest.mark.usefixtures("database")
def test_files_keep_it(tmp_path: Path, site_file: Path, database_url: str) -> None:
    """Also on the standard output, which is a file where it is sent into one."""
    site_file.write_text(SITE, encoding="utf-8")
    file = tmp_path / "list.csv"
    header = "email,language,status,paused_until,post"
    file.write_text(f"{header}\na@example.com,en,subscribed,,Rruga\u202e 1\n", encoding="utf-8")
    assert "1 new" in run(database_url, "import", site_file, file).stdout
    assert (
        "Rruga\u202e 1" in run(database_url, "export", site_file, "--fields", "email,post").stdout
    )
