"""Readiness: whether everything that a server needs is there. Nothing is written to find out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from peewee import Database, PeeweeException

from widget_backend.errors import (
    DatabaseNewer,
    DatabaseOfOthers,
    DatabaseUnavailable,
    MigrationDue,
    RestoreUnfinished,
)
from widget_backend.store.database import require_known_migrations
from widget_backend.store.outbox import LEASE, waiting
from widget_backend.store.sqlite import SqliteFile
from widget_backend.store.timeouts import at_most

PATIENCE = 2.0
"""Seconds in which the database must answer."""
LEAST_FREE = 100
"""Megabytes that must be free, of 1,000,000 bytes each."""
LATEST = 2 * LEASE
"""Seconds for which a letter may be due: twice what one batch may take at a slow mail server."""
UNKNOWN = "not known: the database"


@dataclass(frozen=True)
class Check:
    """What was looked at, and what is wrong with it: nothing if it is empty."""

    name: str
    problem: str = ""


def readiness(
    database: Database, now: int, folders: Iterable[Path] = (), sends_mail: bool = True
) -> Iterator[Check]:
    """All that is checked, each by its name; a problem never tells what anybody said or typed.

    `folders` are those in which other things than the database are kept. Without `sends_mail`
    letters wait on purpose.
    """
    if isinstance(database, SqliteFile):
        folders = (database.path.parent, *folders)
    with at_most(PATIENCE):
        answers = _asking(lambda: _answers(database))
        migrations = _asking(lambda: _is_migrated(database))
        letters = _asking(lambda: _letters_left(database, now)) if sends_mail else ""
    # One that is damaged may still answer the simplest question.
    unknown = (each for each in (answers, migrations, letters) if each.startswith(UNKNOWN))
    yield Check("database", next(unknown, ""))
    yield Check("migrations", migrations)
    yield Check("disk", next(filter(None, map(_has_no_room, folders)), ""))
    yield Check("letters", letters)


def _asking(look: Callable[[], str]) -> str:
    """What the look finds. What a database says of itself is not for everybody."""
    try:
        return look()
    except DatabaseUnavailable as error:
        return f"{UNKNOWN} is {error.kind}"
    except PeeweeException:
        return f"{UNKNOWN} refuses the question"


def _answers(database: Database) -> str:
    database.execute_sql("SELECT 1")
    return ""


def _is_migrated(database: Database) -> str:
    try:
        require_known_migrations(database)
    except DatabaseNewer:
        return "a newer version has changed the tables"
    except DatabaseOfOthers:
        return "the tables are of another program"
    except MigrationDue:
        return "the tables are older than this version"
    except RestoreUnfinished:
        return "a backup was not restored to the end"
    return ""


def _has_no_room(folder: Path) -> str:
    try:
        free = shutil.disk_usage(folder).free // 1_000_000
    except OSError:
        return "the folder cannot be read"
    return "" if free >= LEAST_FREE else f"{free} MB are free, {LEAST_FREE} are needed"


def _letters_left(database: Database, now: int) -> str:
    due_at = waiting(database).due_at
    late = 0 if due_at is None else now - due_at
    return f"nobody has sent one for {late} seconds" if late > LATEST else ""
