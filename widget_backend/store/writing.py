"""Writing: the one way in which anything is written, as an action that runs in a transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from peewee import Database, IntegrityError

from widget_backend.errors import DatabaseUnavailable, StaleRevision, WidgetError
from widget_backend.store.database_errors import is_conflict
from widget_backend.store.sqlite import SqliteFile

T = TypeVar("T")

TRIES = 5
"""How often an action runs at most, when others keep writing what it has read."""


def write(database: Database, action: Callable[[], T]) -> T:
    """Run the action in a durable transaction, all or nothing, and return its result.

    The action reads what it needs by itself, because it runs again when others wrote at the same
    time: after StaleRevision, a serialization failure, a deadlock, or a row that somebody else has
    written first. The last try's error is raised.

    On SQLite another thread may run the action, with the caller's context variables, and commit
    actions of several threads together. It must return values, not queries or cursors. Within an
    action, `write` runs in the transaction that is open.

    Raises DatabaseUnavailable, and what the action raises.
    """
    if database.in_transaction():
        return action()
    for _ in range(TRIES - 1):
        try:
            return _write_once(database, action)
        except StaleRevision:
            pass
        except (IntegrityError, DatabaseUnavailable) as error:
            if not is_conflict(error):
                raise
    return _write_once(database, action)


def _write_once(database: Database, action: Callable[[], T]) -> T:
    if isinstance(database, SqliteFile):
        return database.writing.run(database, action)
    with database.atomic():
        return action()


@contextmanager
def violation_means(fact: type[WidgetError]) -> Iterator[None]:
    """A constraint that is violated in the block is this fact: an answer, so no other try."""
    try:
        yield
    except IntegrityError as error:
        raise fact from error
