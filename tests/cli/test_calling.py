"""What was mistyped, or cannot be done on this machine, is one line with its cure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from shutil import copy

import pytest
from click.testing import CliRunner, Result

from tests.support.small_site import SITE as SMALL_SITE
from widget_backend.cli import main
from widget_backend.demo.run import DIMORA
from widget_backend.i18n import catalog_updates

SITE = str(DIMORA / "SITE.toml")
LONG = "a" * 5000
KEY = "k" * 32


def run(*words: str, **settings: str) -> Result:
    usual = {"WIDGET_SIGNING_KEYS": KEY, "WIDGET_DATABASE_URL": "sqlite:////nowhere/none.db"}
    return CliRunner().invoke(main, words, env={**usual, **settings})


def in_a_shell(command: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    start = f"{sys.executable} -c 'from widget_backend.cli import main; main()'"
    environment = {**os.environ, "WIDGET_SIGNING_KEYS": KEY, **settings}
    return subprocess.run(
        f"{start} {command}",
        shell=True,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("command", "words", "reason"),
    [
        (" check", (), "missing argument 'SITE_FILE'."),
        (" check", ("a", "b"), "got unexpected extra argument (b)."),
        (" campaigns add", ("a", "b"), "missing option '--topic'."),
        (
            " demo",
            ("--port", "0"),
            "invalid value for '--port': 0 is not in the range 1<=x<=65535.",
        ),
        ("", ("chek",), "no such command 'chek'. Did you mean 'check'?"),
        ("", ("--quiet",), "no such option '--quiet'."),
    ],
)
def test_what_was_mistyped_is_one_line_that_says_where_to_look(
    command: str, words: tuple[str, ...], reason: str
) -> None:
    result = run(*command.split(), *words)
    called = f"preference-widget{command}"
    assert (result.exit_code, result.output) == (2, f"{called}: {reason} see {called} --help.\n")


@pytest.mark.parametrize("words", [[], ["campaigns"], ["translations"]])
def test_who_names_no_command_is_told_them_all(words: list[str]) -> None:
    assert "Commands:" in run(*words).output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", LONG], f"{LONG}: file: its name is longer than any file’s. correct its name."),
        (["check", "/"], "/: file: it is a folder. name the file in it."),
        (["translations", "update", "/"], "/: file: it is a folder. name the file in it."),
        (["campaigns", "list", "none"], "none: file: there is no such file. correct its name."),
        (["mail-check", "/", "--site", SITE], "/: it is a folder. name the file in it."),
        (["mail-check", LONG, "--site", SITE], f"{LONG}: its name is longer than any file’s."),
        (["import", SITE, LONG], f"{LONG}: its name is longer than any file’s. correct its name."),
        (["import", SITE, "none/a"], "none/a: there is no such file. correct its name."),
        (["import", SITE, SITE, "--map", LONG], f"{LONG}: file: its name is longer than any"),
        (["demo", "--folder", LONG], f"{LONG}: cannot be written: file name too long. choose a"),
    ],
    ids=lambda each: " ".join(each)[:40] if isinstance(each, list) else "",
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_one_line_with_the_right_cure(
    words: list[str], said: str
) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert result.output.startswith(said)
    assert result.output.count("\n") == 1


def test_a_line_break_in_a_name_stays_in_the_line() -> None:
    result = run("check", "a\nb")
    assert result.output == "a\\u000ab: file: there is no such file. correct its name.\n"


# ── the database ────────────────────────────────────────────────────────────────────────────

FORGETS = "names no file, and would forget everything. write sqlite:////folder/file.db or"
OPTIONS = "an SQLite file takes no options after its name. write sqlite:////folder/file.db or"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite://", FORGETS),
        ("sqlite:", FORGETS),
        ("sqlite:///", FORGETS),
        ("sqlite:///:memory:", FORGETS),
        ("sqlite://widget.db", FORGETS),
        ("sqlite:///x?y=1", OPTIONS),
        ("sqlite:///x#y", OPTIONS),
        (f"sqlite:////{LONG}/x", f"the folder /{LONG} cannot be made: file name too long."),
        (f"sqlite:////tmp/{LONG}", "unable to open database file."),
    ],
)
def test_a_database_that_cannot_hold_anything_is_refused(url: str, said: str) -> None:
    result = run("migrate", WIDGET_DATABASE_URL=url)
    assert result.exit_code == 1
    assert result.output.startswith(f"WIDGET_DATABASE_URL: {said}")
    assert result.output.count("\n") == 1


@pytest.mark.parametrize(
    ("command", "code", "start", "end"),
    [("check", 0, "warning: what people have was not looked up: ", "ok\n"), ("export", 1, "", "")],
)
def test_postgresql_without_its_driver_says_how_to_install_it(
    command: str, code: int, start: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    result = run(command, SITE, WIDGET_DATABASE_URL="postgresql://somebody@host/name")
    assert result.exit_code == code
    assert result.output == (
        f"{start}WIDGET_DATABASE_URL: PostgreSQL needs psycopg, which is missing. "
        f"install it: {sys.executable} -m pip install 'preference-widget[postgres]'.\n{end}"
    )


# ── a full disk ─────────────────────────────────────────────────────────────────────────────

FULL = (
    "cannot be written: no space left on device. make room on that disk and run the command again"
)
CONTACTS = DIMORA / "contacts.csv"

needs_a_full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has one")


@needs_a_full_disk
@pytest.mark.parametrize(
    ("command", "named"),
    [
        (f"check {SITE} > /dev/full", "the standard output"),
        (f"export {SITE} > /dev/full", "the standard output"),
        (f"export {SITE} -o /dev/full", "/dev/full"),
        (f"links {SITE} contacts.csv -o /dev/full", "/dev/full"),
        (f"links {SITE} contacts.csv --rejects /dev/full", "/dev/full"),
        (f"check {SITE} --strict 2> /dev/null > /dev/full", ""),
    ],
)
def test_a_full_disk_is_one_line(command: str, named: str, tmp_path: Path) -> None:
    copy(CONTACTS, tmp_path)
    settings = {"WIDGET_DATABASE_URL": f"sqlite:///{tmp_path}/widget.db"}
    run("migrate", **settings)
    result = in_a_shell(command, tmp_path, **settings)
    assert result.returncode == 1
    assert result.stderr == (f"{named}: {FULL}.\n" if named else "")


def test_a_disk_that_fills_up_leaves_the_catalog_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "site.po"
    path.write_text("")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(catalog_updates.FileRefused, match="make room on that disk"):
        catalog_updates.update_catalog(path, "sq", catalog_updates.Catalog())
    assert [each.name for each in tmp_path.iterdir()] == ["site.po"]


def test_who_stops_reading_is_told_nothing(tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    header, *rows = CONTACTS.read_text().splitlines(keepends=True)
    file.write_text(header + "".join(rows) * 1000)
    url = f"sqlite:///{tmp_path}/widget.db"
    run("import", SITE, str(CONTACTS), WIDGET_DATABASE_URL=url)
    result = in_a_shell(f"links {SITE} {file} | head -1", tmp_path, WIDGET_DATABASE_URL=url)
    assert result.stdout.startswith("Email Address")
    assert "Traceback" not in result.stderr


def test_the_folder_of_a_site_stands_for_its_file(tmp_path: Path) -> None:
    site = tmp_path / "mysite"
    site.mkdir()
    (site / "SITE.toml").write_text(SMALL_SITE, encoding="utf-8")
    assert run("check", str(site)).output == "ok\n"
    snippet = run("snippet", str(site / "SITE.toml"))
    assert (snippet.exit_code, run("snippet", str(site)).output) == (0, snippet.output)
    (site / "SITE.toml").unlink()
    assert run("check", str(site)).output == f"{site}: file: it is a folder. name the file in it.\n"
