"""Files that commands write: “-” is the standard output, and nobody else may read new ones."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN, OFFERS, Export, Run, say, table_of
from tests.support.exports import Add
from widget_backend.contacts.csv_output import output_file

CAMPAIGN = """
[[campaigns]]
id = "spring"
topic = "offers"
sentence = "You asked for offers."
at = 2999-06-10T09:00:00
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands run, and nothing else is."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def campaign(site_file: Path) -> None:
    with site_file.open("a", encoding="utf-8") as text:
        text.write(CAMPAIGN)


@pytest.fixture
def usual_mask() -> Iterator[None]:
    """The mask of most machines, by which new files can be read by everybody there."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


# ── “-” ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("campaign")
@pytest.mark.parametrize("command", ["links", "export", "export --for brevo", "audience"])
def test_a_dash_is_the_standard_output(
    run: Run,
    add: Add,
    site_file: Path,
    map_file: Path,
    export_of: Export,
    command: str,
    folder: Path,
) -> None:
    add(ARTA, offers=OFFERS)
    arguments = {
        "links": ("links", site_file, export_of("subscribed", ARTA)),
        "export": ("export", site_file),
        "export --for brevo": ("export", site_file, "--for", "brevo", "--map", map_file),
        "audience": ("audience", site_file, "--campaign", "spring"),
    }[command]
    result = run(*arguments, "-o", "-")
    assert result.exit_code == 0, result.output
    assert ARTA in result.stdout
    assert result.stdout.count("\n") == run(*arguments).stdout.count("\n")
    assert not [*folder.iterdir()]


@pytest.mark.usefixtures("campaign")
@pytest.mark.parametrize(
    ("option", "begin"), [("-o", "row,week,at,campaign"), ("--page", "<!doctype html>")]
)
def test_a_plan_that_goes_to_the_standard_output_is_alone_there(
    run: Run, add: Add, site_file: Path, tmp_path: Path, option: str, begin: str, folder: Path
) -> None:
    add(ARTA, offers=OFFERS)
    run("plan", site_file, option, tmp_path / "plan")
    result = run("plan", site_file, option, "-")
    assert result.exit_code == 0, result.output
    assert result.stdout == (tmp_path / "plan").read_text()
    assert result.stdout.startswith(begin)
    assert result.stderr == run("plan", site_file).stdout + run("plan", site_file).stderr
    assert not [*folder.iterdir()]


@pytest.mark.parametrize("as_json", [False, True])
def test_who_is_left_by_an_undo_is_alone_on_the_standard_output(
    run: Run, database: Database, site_file: Path, export_of: Export, as_json: bool, folder: Path
) -> None:
    run("import", site_file, export_of("subscribed", ARTA), "--topic", "offers")
    say(database, {"language": "sq"})
    options = ("--undo", 1, "--by", "Mira", "-o", "-", *(["--json"] if as_json else []))
    result = run("import", site_file, *options)
    assert [row["email"] for row in table_of(result.stdout)] == [ARTA]
    if as_json:
        report = json.loads(result.stderr)
        assert (report["left"], report["left_file"]) == (1, None)
    else:
        assert result.stderr.endswith("0 deleted, 1 left as they are.\n")
    assert not [*folder.iterdir()]


def test_a_file_that_is_called_so_can_be_named_with_its_folder(
    run: Run, add: Add, site_file: Path, folder: Path
) -> None:
    add(ARTA, offers=OFFERS)
    assert run("export", site_file, "-o", "./-").stdout == ""
    assert ARTA in (folder / "-").read_text()


@pytest.mark.usefixtures("campaign")
@pytest.mark.parametrize(
    ("command", "options", "named"),
    [
        ("audience --campaign spring", ("--reasons", "-"), "--reasons"),
        ("plan", ("-o", "-", "--page", "-"), "--page"),
    ],
)
def test_two_texts_cannot_both_go_to_the_standard_output(
    run: Run, tables: None, site_file: Path, command: str, options: tuple[str, ...], named: str
) -> None:
    name, *rest = command.split()
    result = run(name, site_file, *rest, *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{named} -: the standard output is taken: name a file" in result.stderr


@pytest.mark.usefixtures("campaign")
def test_reasons_go_to_the_standard_output_when_the_audience_has_a_file(
    run: Run, add: Add, site_file: Path, tmp_path: Path, folder: Path
) -> None:
    add(BEN)
    out = tmp_path / "audience.csv"
    result = run("audience", site_file, "--campaign", "spring", "-o", out, "--reasons", "-")
    assert [row["email"] for row in table_of(result.stdout)] == [BEN]
    assert not [*folder.iterdir()]


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize(
    "command",
    [
        "evidence checkpoint SITE -o -",
        "evidence key -",
        "backup -",
        "export SITE --cursor-file -",
        "links SITE FILE --rejects -",
        "import SITE FILE --rejects -",
    ],
)
def test_what_must_be_a_file_is_no_standard_output(
    run: Run, site_file: Path, export_of: Export, command: str, folder: Path
) -> None:
    named = {"SITE": site_file, "FILE": export_of("subscribed", "nobody", ARTA)}
    result = run(*(named.get(each, each) for each in command.split()))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "“-” is the standard output, and this must be a file: name one" in result.stderr
    assert result.stderr.count("\n") == 1
    assert not [*folder.iterdir()]


# ── who may read them ───────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@pytest.mark.usefixtures("usual_mask", "campaign")
def test_nobody_else_may_read_a_new_file(
    run: Run, database: Database, site_file: Path, map_file: Path, export_of: Export, folder: Path
) -> None:
    file = export_of("subscribed", ARTA, "nobody")
    run("import", site_file, file, "--topic", "offers")
    say(database, {"language": "sq"})
    run("links", site_file, file, "-o", "links.csv", "--rejects", "links.rejects.csv")
    run("export", site_file, "-o", "choices.csv", "--cursor-file", "cursor")
    run("export", site_file, "--for", "brevo", "--map", map_file, "-o", "brevo.csv")
    run("audience", site_file, "--campaign", "spring", "-o", "to.csv", "--reasons", "reasons.csv")
    run("import", site_file, "--undo", 1, "--by", "Mira")
    modes = {
        each.name: mode(each) for each in [*folder.iterdir(), *folder.parent.glob("*.rejects.csv")]
    }
    names = "links.csv links.rejects.csv choices.csv cursor brevo.csv to.csv reasons.csv"
    wanted = [*names.split(), "undo-1.left.csv", "subscribed.csv.rejects.csv"]
    assert modes == dict.fromkeys(wanted, 0o600)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@pytest.mark.usefixtures("usual_mask")
def test_a_file_that_is_replaced_is_read_by_whom_its_owner_let(
    run: Run, add: Add, site_file: Path, folder: Path
) -> None:
    add(ARTA, offers=OFFERS)
    out = folder / "choices.csv"
    out.touch()
    out.chmod(0o640)
    assert run("export", site_file, "-o", out).exit_code == 0
    assert ARTA in out.read_text()
    assert mode(out) == 0o640


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file to another group")
@pytest.mark.parametrize(("may_give", "wanted"), [(True, (1234, 0o640)), (False, (0, 0o600))])
def test_another_group_reads_it_only_if_the_file_could_stay_theirs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, may_give: bool, wanted: tuple[int, int]
) -> None:
    out = folder / "choices.csv"
    out.touch()
    os.chown(out, -1, 1234)
    out.chmod(0o640)

    def refuse(*_: object) -> None:
        raise PermissionError

    if not may_give:
        monkeypatch.setattr(os, "chown", refuse)
    with output_file(out) as text:
        text.write("people")
    assert (out.stat().st_gid, mode(out)) == wanted
