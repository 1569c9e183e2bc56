"""Runs: one import each, with a number, from when it begins until it has ended or is undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from peewee import Database, fn

from widget_backend.errors import RunRefused
from widget_backend.store import models_of_nobody as models
from widget_backend.store.json_field import dump
from widget_backend.store.prepared import PreparedQuery, parameter
from widget_backend.store.rows import columns_of
from widget_backend.store.writing import write

SILENT = int(timedelta(minutes=1).total_seconds())
"""Seconds without a batch after which a run that has not ended is taken for interrupted."""

Counts = Mapping[str, int]
"""How many contacts had which outcome, by its name."""


class Run(NamedTuple):
    """One import; see `models.Run`."""

    number: int
    site: str
    file: str
    platform: str | None
    staff: str | None
    options: Mapping[str, Any]
    counts: Counts
    started_at: int
    written_at: int
    ended_at: int | None
    finished: bool
    undo_staff: str | None
    undo_began_at: int | None
    undone_at: int | None

    def is_going(self, now: int) -> bool:
        """Whether it may write again; one that was killed does so for a minute."""
        return self.ended_at is None and now - self.written_at < SILENT


_RUN = columns_of(
    Run,
    number=models.Run.id,
    site=models.Run.site,
    file=models.Run.file,
    platform=models.Run.platform,
    staff=models.Run.staff,
    options=models.Run.options,
    counts=models.Run.counts,
    started_at=models.Run.started_at,
    written_at=models.Run.written_at,
    ended_at=models.Run.ended_at,
    finished=models.Run.finished,
    undo_staff=models.Run.undo_staff,
    undo_began_at=models.Run.undo_began_at,
    undone_at=models.Run.undone_at,
)


def all_runs(database: Database, site: str) -> list[Run]:
    """Those of a site, newest first."""
    query = models.Run.select(*_RUN).where(models.Run.site == site).order_by(models.Run.id.desc())
    return [Run._make(row) for row in query.tuples().execute(database)]


def find_run(database: Database, number: int) -> Run | None:
    query = models.Run.select(*_RUN).where(models.Run.id == number)
    return next((Run._make(row) for row in query.tuples().execute(database)), None)


def begin_run(database: Database, at: int, **known: Any) -> int:
    """The number of a new run; `known` are columns of its row."""
    row = {"started_at": at, "written_at": at, "counts": {}, **known}
    number: int = write(database, lambda: models.Run.insert(**row).execute(database))
    return number


_NEWEST = models.Run.alias()
_PROGRESS = PreparedQuery(
    models.Run.update(
        {
            models.Run.counts: parameter("counts"),
            models.Run.written_at: parameter("at"),
            models.Run.newest: _NEWEST.select(fn.MAX(_NEWEST.id)),
        }
    ).where((models.Run.id == parameter("run")) & models.Run.undo_began_at.is_null())
)


def note_progress(database: Database, number: int, counts: Counts, at: int) -> None:
    """What the run has done so far. Must stand in the transaction that does it, after that holds
    the people whom it changes.

    Raises RunRefused if the run is being undone: then it must not go on.
    """
    cursor = _PROGRESS.run(database, run=number, counts=dump(counts), at=at)
    if cursor.rowcount != 1:
        raise RunRefused(number, "it is being undone", "import the file again once that is done")


def end_run(database: Database, number: int, counts: Counts, at: int, is_finished: bool) -> None:
    """It writes no more; `is_finished` if it has read the whole file."""
    values = {"counts": dict(counts), "ended_at": at, "finished": is_finished}
    query = models.Run.update(**values).where(models.Run.id == number)
    write(database, lambda: query.execute(database))


def begin_undo(database: Database, number: int, staff: str, at: int) -> None:
    """From now on the run does not go on. An undo that was interrupted begins again."""
    values = {"undo_staff": staff, "undo_began_at": at}
    query = models.Run.update(**values).where(models.Run.id == number)
    write(database, lambda: query.execute(database))


def end_undo(database: Database, number: int, at: int) -> None:
    query = models.Run.update(undone_at=at).where(models.Run.id == number)
    write(database, lambda: query.execute(database))
