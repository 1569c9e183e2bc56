"""Each new checkpoint is mailed to whom the site names, and a saved letter is enough to check."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from email import message_from_string
from email.policy import SMTPUTF8
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from click.testing import CliRunner, Result
from peewee import Database

from tests.support.people import AT
from tests.support.sealing import ALL_IS_WELL, INN, KEY, SECRET, SHOP, record_some, tamper
from tests.support.small_site import SITE
from widget_backend.actions import evidence
from widget_backend.cli import main
from widget_backend.errors import DatabaseUnavailable
from widget_backend.jobs.schedule import Schedule, evidence_task
from widget_backend.site.load import load_site
from widget_backend.store import folder_lock
from widget_backend.store.checkpoints import Checkpoint
from widget_backend.store.database import open_database
from widget_backend.store.models import Job
from widget_backend.store.outbox import OutgoingMessage
from widget_backend.store.retention import MESSAGES_STAY

DAY = 86_400
AUDITOR, OWNER = "auditor@audit.example", "owner@shop.example"
EVIDENCE = f"""
[evidence]
contact = "privacy@shop.example"
storage_duration = "Three years"
storage_location = "Frankfurt"
recipients = ["Mailer Inc."]
checkpoints_to = ["{AUDITOR}", "{OWNER}"]
"""


@pytest.fixture
def site_file(tmp_path: Path) -> Path:
    file = tmp_path / "SITE.toml"
    file.write_text(f"{SITE}{EVIDENCE}", encoding="utf-8")
    return file


@pytest.fixture
def schedule(tmp_path: Path, site_file: Path) -> Schedule:
    """The daily task for the shop, and for an inn that names nobody."""
    inn = tmp_path / "inn.toml"
    inn.write_text(SITE.replace('id = "shop"', f'id = "{INN}"'), encoding="utf-8")
    sites = [load_site(each).site for each in (site_file, inn)]
    return Schedule([evidence_task(lambda: sites, tmp_path / "checkpoints", KEY)])


def letters(database: Database) -> list[tuple[str, str]]:
    """To whom, and the whole of it."""
    jobs = Job.select().where(Job.kind == "checkpoint").order_by(Job.id).execute(database)
    return [(each.payload["recipient"], each.payload["message"]) for each in jobs]


def body_of(letter: str) -> str:
    body = message_from_string(letter, policy=SMTPUTF8).get_body(("plain",))
    assert body is not None
    return "\n".join([*body.get_content().splitlines(), ""])


def test_whoever_the_site_names_gets_each_new_checkpoint(
    database: Database, schedule: Schedule, tmp_path: Path
) -> None:
    record_some(database, 2)
    record_some(database, 1, INN)
    schedule.run_due(database, AT)
    assert [to for to, _ in letters(database)] == [AUDITOR, OWNER]
    lines = (tmp_path / "checkpoints").read_text(encoding="utf-8").splitlines()
    (of_the_shop,) = [line for line in lines if f'"{SHOP}"' in line]
    paragraphs = body_of(letters(database)[0][1]).split("\n\n")
    assert of_the_shop in paragraphs, "nothing else stands with it"


def test_without_new_records_nobody_gets_a_letter(database: Database, schedule: Schedule) -> None:
    record_some(database, 2)
    for day in range(3):
        schedule.run_due(database, AT + day * DAY)
    assert len(letters(database)) == 2
    record_some(database, 1)
    schedule.run_due(database, AT + 3 * DAY)
    assert len(letters(database)) == 4


def test_a_letter_names_nobody_who_chose_something(database: Database, schedule: Schedule) -> None:
    people = record_some(database, 2)
    schedule.run_due(database, AT)
    _, letter = letters(database)[0]
    for person in people:
        for name in (person.handle, person.ledger_key, "0@example.com"):
            assert name not in f"{letter} {body_of(letter)}"


# ── checking by the letters alone ───────────────────────────────────────────────────────────


def verify(database_url: str, site_file: Path, *letters: Path) -> Result:
    named = [part for each in letters for part in ("--checkpoint", str(each))]
    line = ["evidence", "verify", str(site_file), *named, "--key", KEY.public.text]
    return CliRunner().invoke(main, line, env={"WIDGET_DATABASE_URL": database_url})


@pytest.fixture
def saved(database: Database, schedule: Schedule, tmp_path: Path) -> list[Path]:
    """Three letters as the auditor’s mail program saved them, from three days."""
    files = []
    for day in range(3):
        record_some(database, 2)
        schedule.run_due(database, AT + day * DAY)
        to, letter = letters(database)[-2]
        assert to == AUDITOR
        files.append(tmp_path / f"letter {day}.eml")
        files[-1].write_text(f"Received: from somewhere\r\n{letter}", encoding="utf-8", newline="")
    return files


def test_saved_letters_are_checked_one_or_several_in_any_order(
    database_url: str, site_file: Path, saved: list[Path]
) -> None:
    one = verify(database_url, site_file, saved[1])
    assert (one.exit_code, ALL_IS_WELL in one.stdout) == (0, True), one.output
    assert "The checkpoint holds" in one.stdout
    every = verify(database_url, site_file, *reversed(saved))
    assert (every.exit_code, ALL_IS_WELL in every.stdout) == (0, True), every.output
    assert "3 checkpoints hold" in every.stdout


def test_a_record_that_was_changed_is_found_by_a_letter(
    database: Database, database_url: str, site_file: Path, saved: list[Path]
) -> None:
    tamper(database, "UPDATE ledger SET door = 'widget' WHERE id = 2")
    result = verify(database_url, site_file, saved[2])
    assert result.exit_code == 1
    assert "leaf 1 (row 2 of table ledger): “door” was changed." in result.stdout


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('{"', "[", "line 1: is no checkpoint"),
        ('"size":4', '"size":5', "line 1: signature: does not fit"),
    ],
)
def test_a_letter_that_was_changed_is_refused(
    database_url: str, site_file: Path, saved: list[Path], old: str, new: str, reason: str
) -> None:
    text = body_of(saved[1].read_text(encoding="utf-8"))
    assert old in text
    saved[1].write_text(f"Subject: it\n\n{text.replace(old, new)}", encoding="utf-8")
    result = verify(database_url, site_file, saved[1])
    assert result.exit_code == 1
    assert reason in result.stderr


def test_a_checkpoint_that_was_made_by_command_is_mailed_too(
    database: Database, database_url: str, site_file: Path, tmp_path: Path
) -> None:
    record_some(database, 1)
    settings = {"WIDGET_DATABASE_URL": database_url, "WIDGET_EVIDENCE_KEY": SECRET}
    line = ["evidence", "checkpoint", str(site_file), "-o", str(tmp_path / "checkpoints")]
    result = CliRunner().invoke(main, line, env=settings)
    assert result.stderr == (
        f"The server mails it to {AUDITOR}.\nThe server mails it to {OWNER}.\n"
    )
    assert result.stdout.strip() in body_of(letters(database)[0][1]).splitlines()
    CliRunner().invoke(main, line, env=settings)
    assert len(letters(database)) == 2, "nothing new was recorded"


@pytest.mark.parametrize(
    ("tag", "beginning"), [("en", "Shop had 2 records"), ("sq", "Shop kishte"), ("ar", "كان لدى")]
)
def test_it_is_in_the_language_that_the_owner_writes(
    database: Database, site_file: Path, schedule: Schedule, tag: str, beginning: str
) -> None:
    text = site_file.read_text(encoding="utf-8")
    changed = text.replace('source_language = "en"', f'source_language = "{tag}"')
    site_file.write_text(changed.replace('locales = ["en"]', f'locales = ["{tag}"]'), "utf-8")
    record_some(database, 2)
    site = load_site(site_file).site
    task = evidence_task(lambda: [site], site_file.with_name("file"), KEY)
    Schedule([task]).run_due(database, AT)
    assert body_of(letters(database)[0][1]).startswith(beginning)


# ── several at once ──


def test_of_several_workers_at_once_one_signs_and_mails(
    closed_database: Database,
    tables: None,
    database_url: str,
    site_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each looks into the file at the same time, if nothing keeps it from that."""
    count, file = 3, tmp_path / "checkpoints"
    with closed_database.connection_context():
        record_some(closed_database, 2)
    look, together = evidence.read_checkpoints, Barrier(count)

    def look_together(*arguments: Any, **options: Any) -> list[Checkpoint]:
        lines = look(*arguments, **options)
        with suppress(BrokenBarrierError):
            together.wait(0.5)
        return lines

    monkeypatch.setattr(evidence, "read_checkpoints", look_together)
    site = load_site(site_file).site
    task = evidence_task(lambda: [site], file, KEY)

    def work(at: int) -> None:
        own = open_database(database_url)
        with own.connection_context():
            task.step(own, at)
        getattr(own, "close_all", own.close)()

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(work, range(AT, AT + count)))
    assert len(file.read_text(encoding="utf-8").splitlines()) == 1
    with closed_database.connection_context():
        assert [to for to, _ in letters(closed_database)] == [AUDITOR, OWNER]


def test_whoever_keeps_the_lock_for_long_is_told_of(
    database: Database,
    schedule: Schedule,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(folder_lock, "WAIT", 0.0)
    record_some(database, 2)
    with folder_lock.one_at_a_time(tmp_path / "checkpoints"):
        schedule.run_due(database, AT)
    assert "another process has had the lock of its folder for 0 seconds" in caplog.text
    assert letters(database) == []
    schedule.run_due(database, AT + DAY)
    assert len(letters(database)) == 2


# ── what fails in between ───────────────────────────────────────────────────────────────────


def test_letters_that_could_not_be_written_go_with_the_next_run_once(
    database: Database, schedule: Schedule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk with the database is full after the first of two, when the line is in the file."""
    record_some(database, 2)
    queue = evidence.enqueue

    def until_full(database: Database, letter: OutgoingMessage, at: int) -> None:
        if letter.recipient == OWNER:
            raise DatabaseUnavailable("full", "database or disk is full")
        queue(database, letter, at)

    with monkeypatch.context() as full:
        full.setattr(evidence, "enqueue", until_full)
        schedule.run_due(database, AT)
    assert letters(database) == []
    (line,) = (tmp_path / "checkpoints").read_text(encoding="utf-8").splitlines()
    for day in (1, 2):
        schedule.run_due(database, AT + day * DAY)
    assert [to for to, _ in letters(database)] == [AUDITOR, OWNER]
    assert all(line in body_of(letter).splitlines() for _, letter in letters(database))


def test_a_checkpoint_whose_letters_are_forgotten_is_not_mailed_again(
    database: Database, schedule: Schedule
) -> None:
    record_some(database, 2)
    schedule.run_due(database, AT)
    Job.delete().execute(database)
    schedule.run_due(database, AT + MESSAGES_STAY)
    assert letters(database) == []
