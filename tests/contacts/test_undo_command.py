"""`import --undo`: what it prints, writes and refuses."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, Export, Run, say, table_of
from widget_backend.store.runs import begin_run

OTHER = "b@example.com"


def test_who_is_left_is_listed_with_the_reason_and_without_formulas(
    run: Run, database: Database, site_file: Path, export_of: Export, tmp_path: Path
) -> None:
    file = export_of("subscribed", ARTA, OTHER)
    run("import", site_file, file, "--topic", "offers")
    say(database, {"language": "sq"})
    out = tmp_path / "left.csv"
    result = run("import", site_file, "--undo", 1, "--by", "Mira", "-o", out)
    assert result.output == (
        "run 1 (subscribed.csv) undone: 0 back as before, 1 deleted, 1 left as they are "
        f"(see {out}).\n"
    )
    reason = "said or saved something here after the import"
    assert table_of(out.read_text()) == [{"email": ARTA, "reason": reason}]
    (line,) = run("runs", site_file).stdout.splitlines()[1:]
    assert "undone by Mira, " in line


def test_as_json(run: Run, site_file: Path, export_of: Export, tmp_path: Path) -> None:
    run("import", site_file, export_of("subscribed", ARTA))
    out = tmp_path / "left.csv"
    result = run("import", site_file, "--undo", 1, "--by", "Mira", "-o", out, "--json")
    assert json.loads(result.output) == {
        "run": 1,
        "by": "Mira",
        "restored": 0,
        "deleted": 1,
        "let_in_again": 0,
        "left": 0,
        "left_file": None,
    }
    assert not out.exists()


def test_what_cannot_be_undone_is_one_line_with_the_cure(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    run("import", site_file, export_of("subscribed", ARTA))
    begin_run(database, 1, site="inn", file="guests.csv", options={})
    at = int(datetime.now(UTC).timestamp())
    begin_run(database, at, site="shop", file="long.csv", options={})
    assert run("import", site_file, "--undo", 1, "--by", "Mira").exit_code == 0
    reasons = {
        1: f"it was undone on {datetime.now(UTC):%Y-%m-%d} by Mira. to have it back, import the "
        "file again.",
        2: "it is of the site “inn”, not of “shop”. name the site file of that site.",
        3: "it is still going. wait until it is over; if it was killed, undo it in a minute.",
        4: f"there is no such run. see those there are: preference-widget runs {site_file}.",
    }
    for number, reason in reasons.items():
        result = run("import", site_file, "--undo", number, "--by", "Mira")
        assert result.exit_code == 1
        assert result.output == f"run {number}: {reason}\n"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("FILE", "--undo", "1"), "--undo takes no FILE: it undoes the run as it was"),
        (("--undo", "1", "--topic", "offers"), "--undo takes no --topic: it undoes the run as it"),
        (("--undo", "0"), "invalid value for '--undo'"),
        (("--undo", "1", "--by", " "), "--by is empty: name the person who does this"),
        ((), "missing argument 'FILE'"),
        (("FILE", "-o", "left.csv"), "-o is for --undo"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    run: Run, site_file: Path, export_of: Export, options: tuple[str, ...], reason: str
) -> None:
    file = str(export_of("subscribed", ARTA))
    result = run("import", site_file, *(each.replace("FILE", file) for each in options))
    assert result.exit_code == 2
    assert reason in result.output
    assert result.output.count("\n") == 1
