"""Changes: whom something changed about since a point in time, so that only they are exported.

The ledger tells what people chose; `OtherChange` tells what leaves no consent record. Both only
grow, so a cursor is how far each has been read. Erased people are in both, by their key alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import sleep
from typing import Any, NamedTuple

from peewee import JOIN, AutoField, CharField, Database, Model, PostgresqlDatabase, fn

from widget_backend.errors import CursorRefused, DatabaseUnavailable
from widget_backend.store.models import ConsentRecord, OtherChange, Profile
from widget_backend.store.prepared import PreparedQuery, parameter

Log = type[ConsentRecord] | type[OtherChange]

AT_ONCE = 500
"""People to a page."""


def note_changes(database: Database, profiles: Iterable[int]) -> None:
    """Something about these people changes without a consent record, or they are about to go.

    Nothing is noted of pending ones, who are in no export. Must stand in the transaction of the
    change itself.
    """
    known = Profile.select(Profile.site, Profile.ledger_key).where(
        Profile.id.in_(list(profiles)) & ~Profile.pending
    )
    columns = [OtherChange.site, OtherChange.profile_key]
    OtherChange.insert_from(known, columns).execute(database)


_NOTE_NEW = PreparedQuery(
    OtherChange.insert_from(
        Profile.select(Profile.site, Profile.ledger_key).where(
            Profile.id.between(parameter("first"), parameter("last"))
            & (Profile.site == parameter("site"))
            & ~Profile.pending
        ),
        [OtherChange.site, OtherChange.profile_key],
    )
)


def note_new(database: Database, site: str, profiles: Collection[int]) -> None:
    """The same of many who came in together, quickly.

    Others who came in at the same moment may be noted too: they are told twice, at most.
    """
    _NOTE_NEW.run(database, site=site, first=min(profiles), last=max(profiles))


# ── how far was read ────────────────────────────────────────────────────────────────────────


class Cursor(NamedTuple):
    """Everything that changed until then was exported; as text `shop.1203.44.2026-11-22.5d0f6b1c`.

    `ledger` and `other` are the newest rows that were read. `day` is when pauses were looked at (an
    ISO date). `digest` is the beginning of the digest of that ledger row: a database that was
    restored from a backup numbers its rows anew, and others have another digest.
    """

    site: str
    ledger: int
    other: int
    day: str
    digest: str = ""

    def __str__(self) -> str:
        return ".".join(map(str, self))


def cursor_now(database: Database, site: str, day: str) -> Cursor:
    """The cursor of what is committed now. No row that commits later is behind it.

    Raises DatabaseUnavailable when somebody writes for too long.
    """
    ledger, digest = newest(database, ConsentRecord, ConsentRecord.digest)
    other, _ = newest(database, OtherChange, OtherChange.site)
    return Cursor(site, ledger, other, day, digest[:8])


def cursor_at(database: Database, site: str, at: int, day: str) -> Cursor:
    """The cursor as it was at a time, in seconds since 1970, of that UTC day."""
    return Cursor(
        site,
        _before(database, ConsentRecord, site, at),
        _before(database, OtherChange, site, at),
        day,
    )


def require_known(database: Database, cursor: Cursor) -> None:
    """Raises CursorRefused for a cursor of another database, or of this one before its restore."""
    row = ConsentRecord.id == cursor.ledger
    digest = ConsentRecord.select(ConsentRecord.digest).where(row).scalar(database) or ""
    newest = OtherChange.select(fn.MAX(OtherChange.id)).scalar(database) or 0
    if not digest.startswith(cursor.digest) or cursor.other > newest:
        reason = "is of another database, or of this one before it was restored from a backup"
        raise CursorRefused(reason, "export everyone once more, with --cursor start")


LOCKED = 0.2
"""Seconds for which saves may have to wait behind us, while we wait for those under way."""
BETWEEN = 0.3
TRIES = 20


def newest(database: Database, log: Log, beside: Any) -> tuple[int, str]:
    """The number of the newest row, once nobody is writing one; and a column of it.

    PostgreSQL gives numbers as rows are written, and shows them as they are committed: without the
    lock, a lower number could appear later. SQLite has one writer at a time.
    """
    query = log.select(log.id, beside).order_by(log.id.desc()).limit(1).tuples()
    if not isinstance(database, PostgresqlDatabase):
        return next(iter(query.execute(database)), (0, ""))
    for tries_left in reversed(range(TRIES)):
        try:
            with database.atomic():
                database.execute_sql(f"SET LOCAL lock_timeout = {int(LOCKED * 1000)}")
                database.execute_sql(f"LOCK TABLE {log._meta.table_name} IN SHARE MODE")
                return next(iter(query.execute(database)), (0, ""))
        except DatabaseUnavailable as error:
            if error.kind != "held" or not tries_left:
                raise
        sleep(BETWEEN)
    raise AssertionError


def _before(database: Database, log: Log, site: str, at: int) -> int:
    """The number before the first row of that time or later; the newest if there is none."""
    later = log.select(log.id).where((log.site == site) & (log.at >= at))
    first = later.order_by(log.id).limit(1).scalar(database)
    return int(first) - 1 if first else newest(database, log, log.site)[0]


# ── who changed ─────────────────────────────────────────────────────────────────────────────


class _Changed(Model):
    """The people who changed, in a table of this connection only."""

    number = AutoField()
    profile_key = CharField(32)

    class Meta:
        table_name = "changed"


@dataclass(frozen=True)
class ChangedPeople:
    """The ledger keys of people who changed, each once; pending ones are among them."""

    database: Database

    def count(self) -> int:
        return int(_Changed.select().count(self.database))

    def pages(self) -> Iterator[list[str]]:
        last = 0
        query = _Changed.select(_Changed.number, _Changed.profile_key).order_by(_Changed.number)
        while rows := list(
            query.where(_Changed.number > last).limit(AT_ONCE).tuples().execute(self.database)
        ):
            yield [key for _, key in rows]
            last = rows[-1][0]


@contextmanager
def changed_people(database: Database, since: Cursor, today: str) -> Iterator[ChangedPeople]:
    """Everyone of whom something changed after the cursor. `today` is an ISO date."""
    serial = "SERIAL" if isinstance(database, PostgresqlDatabase) else "INTEGER"
    columns = f"number {serial} PRIMARY KEY, profile_key VARCHAR(32) NOT NULL"
    database.execute_sql(f"CREATE TEMPORARY TABLE changed ({columns})")
    try:
        _find_changed(database, since, today)
        yield ChangedPeople(database)
    finally:
        if not database.is_closed():
            database.execute_sql("DROP TABLE changed")


def _find_changed(database: Database, since: Cursor, today: str) -> None:
    keys = (
        _written(ConsentRecord, since.site, since.ledger)
        | _written(OtherChange, since.site, since.other)
        | _resumed(since.site, since.day, today)
    ).alias("keys")
    # Those who are no profile any more come first or last; the others as they stand on the disk.
    in_order = (
        keys.select_from(keys.c.profile_key)
        .join(Profile, JOIN.LEFT_OUTER, on=(Profile.ledger_key == keys.c.profile_key))
        .order_by(Profile.id)
    )
    _Changed.insert_from(in_order, [_Changed.profile_key]).execute(database)


def _written(log: Log, site: str, after: int) -> Any:
    return log.select(log.profile_key).where((log.site == site) & (log.id > after))


def _resumed(site: str, after: str, today: str) -> Any:
    """Those whose pause ended by itself, which nothing records."""
    ended = (Profile.paused_until > after) & (Profile.paused_until <= today)
    paused = (Profile.site == site) & (Profile.reach == "paused") & ended
    return Profile.select(Profile.ledger_key.alias("profile_key")).where(paused)
