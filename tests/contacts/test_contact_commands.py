"""What all commands for contacts have in common."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.contacts import ARTA, KEY, Export, Run, table_of
from widget_backend.contacts.csv_output import output_file
from widget_backend.errors import FileRefused


@pytest.mark.parametrize("command", ["import", "links", "export"])
def test_a_missing_setting_is_one_line_with_the_cure(
    run: Run, site_file: Path, export_of: Export, command: str
) -> None:
    files = () if command == "export" else (export_of("subscribed", ARTA),)
    result = run(command, site_file, *files, WIDGET_DATABASE_URL=None)
    assert result.exit_code == 1
    assert result.output.startswith("WIDGET_DATABASE_URL: is not set. set it: ")
    assert result.output.count("\n") == 1


def test_links_and_import_need_signing_keys(run: Run, site_file: Path, export_of: Export) -> None:
    file = export_of("subscribed", ARTA)
    assert run("import", site_file, file).exit_code == 0
    assert run("export", site_file, WIDGET_SIGNING_KEYS=None).exit_code == 0
    for command in ("links", "import"):
        refused = run(command, site_file, file, WIDGET_SIGNING_KEYS=None)
        assert refused.output.startswith("WIDGET_SIGNING_KEYS: is not set.")
        assert len(refused.output.splitlines()) == 1


def test_keys_may_come_from_a_file(
    run: Run, site_file: Path, export_of: Export, tmp_path: Path, key: str
) -> None:
    (tmp_path / "keys").write_text(f"{key}\n")
    file = export_of("subscribed", ARTA)
    run("import", site_file, file)
    keys = {"WIDGET_SIGNING_KEYS": None, "WIDGET_SIGNING_KEYS_FILE": str(tmp_path / "keys")}
    assert len(table_of(run("links", site_file, file, **keys).stdout)) == 1


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://nobody@/none?host=/nowhere", "connection"),
        ("sqlite:////proc/none/widget.db", "the folder /proc/none cannot be made"),
        ("mysql://host/db", "“mysql” is no database known here"),
    ],
)
def test_a_database_that_does_not_answer_is_one_line(run: Run, url: str, said: str) -> None:
    result = run("migrate", WIDGET_DATABASE_URL=url)
    assert result.exit_code == 1
    assert result.output.startswith("WIDGET_DATABASE_URL: ")
    assert said in result.output
    assert result.output.count("\n") == 1


@pytest.mark.parametrize("command", ["import", "links"])
def test_a_file_that_cannot_be_read_changes_and_writes_nothing(
    run: Run, site_file: Path, tmp_path: Path, command: str
) -> None:
    file = tmp_path / "excel.csv"
    file.write_bytes("Email Address;TAGS\nela@example.com;Ëmbël\n".encode("cp1252"))
    database = tmp_path / "none.db"
    result = run(command, site_file, file, WIDGET_DATABASE_URL=f"sqlite:///{database}")
    assert result.exit_code == 1
    assert result.output.startswith(
        f"{file}: line 2: it is not in UTF-8 and looks like Windows-1252"
    )
    assert result.output.count("\n") == 1
    assert not database.exists()


def test_a_site_file_with_a_mistake_stops_every_command(
    run: Run, site_file: Path, export_of: Export
) -> None:
    site_file.write_text("id = 1\n")
    file = export_of("subscribed", ARTA)
    for arguments in (
        ("import", site_file, file),
        ("links", site_file, file),
        ("export", site_file),
    ):
        result = run(*arguments)
        assert result.exit_code == 1
        assert str(site_file) in result.output


def test_progress_is_shown_on_a_terminal_only(
    site_file: Path, export_of: Export, tmp_path: Path
) -> None:
    start = "from widget_backend.cli import main; main()"
    command = [sys.executable, "-c", start, "import", site_file]
    settings = {**os.environ, "WIDGET_DATABASE_URL": f"sqlite:///{tmp_path}/widget.db"}
    settings |= {"TERM": "xterm", "WIDGET_SIGNING_KEYS": KEY}
    ours, theirs = pty.openpty()
    file = export_of("subscribed", *(f"a{number}@example.com" for number in range(1200)))
    on_terminal = subprocess.run(
        [*command, file], env=settings, stdout=subprocess.PIPE, stderr=theirs, text=True, check=True
    )
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "Reading" in shown
    assert "100%" in shown
    assert re.search(r"[\d,]+ rows, [\d,]+ a second", shown)
    assert "“OPTIN_IP”: evidence" in shown
    assert on_terminal.stdout.startswith("subscribed.csv (subscribed): 1,200 new")
    in_a_pipe = subprocess.run([*command, file], env=settings, capture_output=True, check=True)
    assert in_a_pipe.stderr == b""


def test_no_personal_data_is_printed(
    run: Run, site_file: Path, export_of: Export, tmp_path: Path
) -> None:
    canary = "canary@example.com"
    file = export_of("subscribed", canary, canary, f"{canary} {canary}", {"First Name": canary})
    said = [run("import", site_file, file, "--topic", "offers").output for _ in range(2)]
    said += [run("links", site_file, file, "-o", tmp_path / "links.csv").output]
    said += [run("export", site_file, "-o", tmp_path / "out.csv").output]
    assert all(said)
    assert "canary" not in "".join(said)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("before")

    def interrupted() -> None:
        with output_file(file) as text:
            text.write("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]
    with output_file(file) as text:
        text.write("ë")
    assert file.read_bytes() == "ë".encode()


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("named", ["the site file", "the contacts", "the rejects"])
def test_no_command_writes_over_what_it_reads(
    run: Run, site_file: Path, export_of: Export, tmp_path: Path, named: str
) -> None:
    file, rejects = export_of("subscribed", ARTA), tmp_path / "rejects.csv"
    out = {"the site file": site_file, "the contacts": file, "the rejects": rejects}[named]
    before = out.read_bytes() if out.exists() else None
    result = run("links", site_file, file, "-o", out, "--rejects", rejects)
    assert result.exit_code == 1
    assert result.output == f"{out}: it is read here. name another file to write.\n"
    assert (out.read_bytes() if out.exists() else None) == before


@pytest.mark.usefixtures("database")
def test_an_export_does_not_write_over_the_site_file(run: Run, site_file: Path) -> None:
    link = site_file.with_name("link")
    link.symlink_to(site_file)
    before = site_file.read_bytes()
    assert "it is read here" in run("export", site_file, "-o", link).output
    assert site_file.read_bytes() == before


def test_a_name_that_leaves_no_room_for_ours_is_named(
    run: Run, site_file: Path, export_of: Export, tmp_path: Path
) -> None:
    file = export_of("subscribed", ARTA, name="a" * 251 + ".csv")
    result = run("import", site_file, file)
    assert result.output.endswith("file name too long. name another --rejects.\n")
    assert run("import", site_file, file, "--rejects", tmp_path / "r.csv").exit_code == 0
    refused = run("export", site_file, "-o", tmp_path / ("a" * 252))
    assert refused.output.endswith("file name too long. choose a shorter name.\n")


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(FileRefused, match="cannot be written"),
        output_file(tmp_path / "no" / "out.csv"),
    ):
        pytest.fail("it was opened")


def test_the_demo_sites_contacts_come_in_whole(run: Run) -> None:
    demo = Path(__file__).parents[2] / "widget_backend" / "demo" / "dimora"
    result = run("import", demo / "SITE.toml", demo / "contacts.csv", "--map", demo / "tags.toml")
    assert "0 changed, 0 unchanged, 0 rejected.\n" in result.output
    people = table_of(run("export", demo / "SITE.toml").stdout)
    assert len(people) >= 10
    assert any(row["offers"].startswith("email") for row in people)
