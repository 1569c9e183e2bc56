"""Whose phone number a file proves, and what may then be sent to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.basis import MORE, declare
from tests.support.contacts import ARTA, OFFERS, Run, arta, evidence_of, say
from widget_backend.store.ledger import records
from widget_backend.store.models import Identity

NUMBER = "+355691234567"


def proved_by(database: Database) -> int | None:
    query = Identity.select(Identity.evidence_run).where(Identity.kind == "phone")
    run: int | None = query.scalar(database)
    return run


def test_a_plain_import_proves_no_number(bring_rows: Any, database: Database) -> None:
    bring_rows(f"{ARTA},2026-05-03,form,{NUMBER},")
    assert proved_by(database) is None


@pytest.mark.parametrize(
    ("cell", "options"),
    [("code of 3 May", ()), ("", ("--phone-evidence", "code of 3 May"))],
)
def test_a_number_is_proved_by_what_its_row_or_whoever_imports_says(
    bring_rows: Any, database: Database, cell: str, options: tuple[str, ...]
) -> None:
    told = bring_rows(f"{ARTA},2026-05-03,form,{NUMBER},{cell}", *options)
    assert proved_by(database) == told["run"]
    assert evidence_of(database)["phone_evidence"] == "code of 3 May"


def test_a_number_that_is_known_already_is_proved_once_and_by_a_record(
    bring_rows: Any, run: Run, site_file: Path, database: Database
) -> None:
    row = f"{ARTA},2026-05-03,form,{NUMBER},"
    bring_rows(row)
    told = bring_rows(f"{row}code")
    assert (told["changed"], proved_by(database)) == (1, told["run"])
    newest = records(database, arta(database).profile.ledger_key)[-1]
    assert newest.evidence["phone_evidence"] == "code"
    assert bring_rows(f"{row}code")["unchanged"] == 1
    assert run("import", site_file, "--undo", told["run"] + 1).exit_code == 0
    assert run("import", site_file, "--undo", told["run"]).exit_code == 0
    assert proved_by(database) is None


def test_a_message_may_go_to_a_number_that_is_proved(
    bring_rows: Any, run: Run, site_file: Path, database: Database
) -> None:
    campaign = MORE.replace('topic = "offers"', 'topic = "offers"\nchannel = "sms"')
    declare(site_file, 'countries = ["AL"]', campaign)
    for cell, told in (("", "1: the phone number was never confirmed"), ("code", "1 may get it")):
        bring_rows(f"{ARTA},2026-05-03,form,{NUMBER},{cell}")
        say(database, {"topic:offers": {**OFFERS, "channel": "sms"}})  # type: ignore[arg-type]
        assert told in run("audience", site_file, "--campaign", "spring").stderr


def test_another_number_is_not_proved_by_what_proved_the_first(
    bring_rows: Any, database: Database
) -> None:
    bring_rows(f"{ARTA},2026-05-03,form,{NUMBER},code")
    bring_rows(f"{ARTA},2026-05-03,form,+355697654321,")
    assert proved_by(database) is None


@pytest.mark.parametrize("options", [("--phone-evidence", " "), ("--phone-evidence", "c", "--as")])
def test_evidence_that_says_nothing_is_one_line(
    run: Run, site_file: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"email\n{ARTA}\n", encoding="utf-8")
    of_list = ("unsubscribed",) if "--as" in options else ()
    result = run("import", site_file, file, *options, *of_list)
    assert result.exit_code == 2
    assert "--phone-evidence" in result.stderr
