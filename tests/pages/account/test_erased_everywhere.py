"""Erasing is proved by a search: of every table, the file, mail to be sent, and the log."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from tests.support.everything import ANSWER, CANARIES, FORMER, empty_columns, somebody
from tests.support.steps import prove
from tests.support.words.account import DELETE_EVERYTHING
from tests.support.worlds import EMAIL, World
from widget_backend.contacts.decisions import SUPPRESSED_BECAUSE, ImportRun
from widget_backend.contacts.entry import Entry
from widget_backend.contacts.imports import import_entries
from widget_backend.fault_log import log_fault
from widget_backend.store.models import Profile
from widget_backend.store.retention import tidy
from widget_backend.store.sqlite import SqliteFile

SHORTEST = 6
"""Bytes of a canary that are looked for at least: fewer could be there by chance."""


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """All that was logged, or written to where logs go. peewee tells its SQL to who debugs."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("peewee").setLevel(logging.INFO)

    def everything() -> str:
        written = capfd.readouterr()
        return f"{caplog.text} {written.out} {written.err}"

    return everything


def spellings(canary: str) -> Iterator[bytes]:
    """As it is, and what leads back to it without a key: encodings and plain hashes."""
    for text in {canary, canary.lower(), "".join(canary.split()), canary.lstrip("+")}:
        data = text.encode()
        yield from (data, quote(text).encode(), data.hex().encode(), data.hex().upper().encode())
        yield text.encode("unicode_escape")
        for start in range(3):
            # What stands before it moves its letters in base64; the first and last may be mixed.
            coded = base64.b64encode(b"x" * start + data).rstrip(b"=")
            yield coded[4 if start else 0 : -1]
        for algorithm in ("md5", "sha1", "sha256"):
            yield hashlib.new(algorithm, data).hexdigest().encode()
    if "@" in canary:
        yield from spellings(canary.partition("@")[0])


def found_in(content: bytes, *also: str) -> list[str]:
    """The canaries that stand in it, whatever the case of letters."""
    lowered = content.lower()
    return [
        canary
        for canary in (*CANARIES, *also)
        if any(len(each) >= SHORTEST and each.lower() in lowered for each in spellings(canary))
    ]


def rows_of(world: World) -> bytes:
    """Every column of every row, JSON and bytes as they are stored."""
    return "\n".join(
        f"{table} {row}" for table, rows in world.dump().items() for row in rows
    ).encode()


def files_of(world: World) -> bytes:
    """The bytes of an SQLite database and of what SQLite keeps beside it."""
    assert isinstance(world.database, SqliteFile)
    files = world.database.path.parent.glob(f"{world.database.path.name}*")
    return b"\n".join(each.read_bytes() for each in files)


def test_nothing_of_a_person_is_anywhere_once_they_have_deleted_their_data(
    each_world: World, log: Callable[[], str], caplog: pytest.LogCaptureFixture
) -> None:
    person = somebody(each_world)
    assert empty_columns(each_world.database) == [], "fill it in tests/support/everything.py"
    page = prove(each_world, person)
    assert found_in(rows_of(each_world)) == [*CANARIES], "the search finds what is there"
    page.press(DELETE_EVERYTHING)
    log_fault(ValueError(f"{EMAIL} {ANSWER} {person.handle}"), "a test")
    assert found_in(rows_of(each_world), person.handle) == []
    assert found_in(log().encode(), person.handle) == []
    caplog.clear()  # the fault was ours


def test_nor_is_it_in_the_bytes_of_an_sqlite_file_after_the_hourly_tidying(world: World) -> None:
    person = somebody(world)
    page = prove(world, person)
    page.press(DELETE_EVERYTHING)
    now = int(world.clock().timestamp())
    while tidy(world.database, now):
        pass
    assert found_in(files_of(world), person.handle) == []


@pytest.mark.parametrize("address", [EMAIL, FORMER])
def test_no_import_of_an_address_of_theirs_brings_them_back(
    each_world: World, address: str
) -> None:
    prove(each_world, somebody(each_world)).press(DELETE_EVERYTHING)
    rejected: list[str] = []
    run = ImportRun(
        each_world.site(),
        datetime.fromtimestamp(each_world.clock().timestamp(), UTC),
        each_world.signer.addresses,
        ("offers",),
    )
    entry = Entry(2, address, "subscribed", (), {"OPTIN_TIME": "2023-01-01"})
    with each_world.database.connection_context():
        import_entries(
            each_world.database, run, [entry], reject=lambda _, why: rejected.append(why)
        )
        assert rejected == [SUPPRESSED_BECAUSE]
        assert Profile.select().count(each_world.database) == 0
    assert found_in(rows_of(each_world)) == []
