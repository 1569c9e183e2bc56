"""The schedule: what is done every so often, as a table, and when each is due."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from peewee import Database

from widget_backend.actions.evidence import mail_checkpoint, make_checkpoint
from widget_backend.errors import FileRefused, WidgetError
from widget_backend.site.model import Site
from widget_backend.store.evidence_key import EvidenceKey
from widget_backend.store.folder_lock import one_at_a_time
from widget_backend.store.retention import tidy, tidy_fields
from widget_backend.store.seals import newest_record, seal_next
from widget_backend.store.suppression_file import SuppressionFile, deletions, missing

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """`step` does a small part at a time, in seconds since 1970; whether there may be more to do.

    `period` is the seconds from the last step to the next time.
    """

    name: str
    step: Callable[[Database, int], bool]
    period: int


TASKS = (Task("tidying", tidy, 3600),)


Sites = Callable[[], Sequence[Site]]
"""The sites that are served now, asked for once in each step: others may be by the next one."""


def tasks_of(sites: Sites) -> tuple[Task, ...]:
    """Also what is done for these sites only."""

    def tidy_theirs(database: Database, now: int) -> bool:
        return tidy_fields(sites(), database, now)

    return (*TASKS, Task("tidying fields", tidy_theirs, 3600))


SEALED_AT_ONCE = 20
"""Blocks to a step: between two steps, messages that wait are sent."""


def evidence_task(sites: Sites, file: Path, key: EvidenceKey) -> Task:
    """A checkpoint of each site, once a day, which is also mailed to whom the site names."""
    step = partial(_checkpoints, sites, file, key)
    return Task("evidence", step, 86_400)


def _checkpoints(sites: Sites, file: Path, key: EvidenceKey, database: Database, now: int) -> bool:
    last, now_served = newest_record(database), sites()
    for site in now_served:
        for _ in range(SEALED_AT_ONCE):
            if not seal_next(database, site.id, last):
                break
        else:
            return True
    faults: dict[str, list[str]] = {}
    for site in now_served:
        try:
            _checkpoint(database, site, file, key, datetime.fromtimestamp(now, UTC))
        except Exception as error:  # those of other sites can be made all the same
            reason = str(error) if isinstance(error, WidgetError) else type(error).__name__
            faults.setdefault(reason, []).append(site.id)
    for reason, ids in faults.items():
        whose = ", ".join(ids)
        log.warning("evidence of %s failed, and is tried again in a day: %s", whose, reason)
    return False


def _checkpoint(database: Database, site: Site, file: Path, key: EvidenceKey, at: datetime) -> None:
    with one_at_a_time(file):
        if signed := make_checkpoint(database, site.id, file, key, at):
            mail_checkpoint(database, site, signed.checkpoint, at)


def suppression_task(file: SuppressionFile) -> Task:
    """Whoever was erased and is not in the file yet is added: when it is new, after a time in which
    it could not be written, and when lines of it were lost, which the log says."""
    return Task("suppressions", partial(_add_missing, file), 3600)


def _add_missing(file: SuppressionFile, database: Database, now: int) -> bool:
    is_new = not file.path.exists()
    try:
        lacking = missing(database, file)
        file.add(lacking)  # even of nobody: the file is there from the start
        late = [each for each in lacking if each.at < now - BEING_ADDED]
        if not is_new and (count := deletions(late)):
            log.warning(LACKED, file.path, f"{count:,}")
    except FileRefused as error:
        log.error("who was deleted may come back from a backup: %s", error)
    return False


BEING_ADDED = 60
"""Seconds in which whoever is erased just now is added by the door that they came through."""
LACKED = (
    "%s lacked deletions of people (%s), and has them again. if it could be written all the "
    "time, lines of it were lost: see that nobody cuts it or takes it back from a copy"
)


class Schedule:
    """When each task is due. All are due at the start."""

    def __init__(self, tasks: Sequence[Task] = TASKS) -> None:
        self._due_at = dict.fromkeys(tasks, 0)

    def run_due(self, database: Database, now: int) -> None:
        """One step of each task that is due. It stays due while there is more to do.

        A task that fails is due again after its period. So is one whose time is further away than
        its period: the clock ran ahead then.
        """
        for task, due_at in self._due_at.items():
            if not now < due_at <= now + task.period:
                self._due_at[task] = now if _has_more(task, database, now) else now + task.period


def _has_more(task: Task, database: Database, now: int) -> bool:
    try:
        with database.connection_context():
            return task.step(database, now)
    except Exception as error:
        minutes, name = task.period // 60, type(error).__name__
        log.warning("%s failed, and is tried again in %s minutes: %s", task.name, minutes, name)
        return False
