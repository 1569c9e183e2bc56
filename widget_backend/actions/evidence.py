"""Evidence: sealing what was recorded, signing a checkpoint of it, and checking both later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from peewee import Database

from widget_backend.i18n.languages import language
from widget_backend.mail.messages import MessageKind, compose
from widget_backend.rules.merkle import Tree, consistency_spans
from widget_backend.site.model import Site
from widget_backend.store.checkpoints import (
    Checkpoint,
    CheckpointRefused,
    add_checkpoint,
    read_checkpoints,
)
from widget_backend.store.evidence_key import EvidenceKey
from widget_backend.store.outbox import OutgoingMessage, enqueue, was_enqueued
from widget_backend.store.retention import MESSAGES_STAY
from widget_backend.store.seal_checks import Difference, added_record, checked_leaves
from widget_backend.store.seals import newest_record, seal_next, sealed, tree_of
from widget_backend.store.writing import write

OTHER_DATABASE = (
    "name the database, or the file, that belongs to it; if it is the right one, take both from "
    "backups and find out who wrote to them"
)


KIND: MessageKind = "checkpoint"
NOBODY = "nobody"
"""Whom a letter with a checkpoint is about: no profile has it for its handle."""


class Made(NamedTuple):
    """A checkpoint, and whether it is new: without new records the last one still holds."""

    checkpoint: Checkpoint
    is_new: bool


def seal_all(database: Database, site: str) -> Iterator[int]:
    """Seal every record that is there now, in steps; yields how many each has sealed."""
    last = newest_record(database)
    while count := seal_next(database, site, last):
        yield count


def make_checkpoint(
    database: Database, site: str, file: Path, key: EvidenceKey, now: datetime
) -> Made | None:
    """Sign what is sealed, and add it to the file; None where nothing was ever recorded.

    Raises FileRefused, and CheckpointRefused when the file does not belong to this database.
    """
    size = sealed(database, site).size
    public = key.public
    earlier = read_checkpoints(file, site, {public.id: public}, may_be_new=True)
    last = earlier[-1] if earlier else None
    if last and last.size > size:
        raise _not_ours(file, last, f"there are only {size:,} sealed records here")
    if not size:
        return None
    spans = consistency_spans(last.size if last else 0, size)
    tree = tree_of(database, site, size, spans)
    proof = tree.proof(spans)
    new = Checkpoint.signed(
        key,
        site=site,
        size=size,
        root=tree.root().hex(),
        time=now.astimezone(UTC).isoformat(timespec="seconds"),
        previous=last.size if last else 0,
        proof=tuple(node.hex() for node in proof),
    )
    if last and not new.continues(last, proof):
        raise _not_ours(file, last, "the first records here, or their seals, are others")
    if last and last.size == size:
        return Made(last, False)
    add_checkpoint(file, new)
    return Made(new, True)


def mail_checkpoint(
    database: Database, site: Site, checkpoint: Checkpoint, now: datetime
) -> Sequence[str]:
    """Put a letter with it into the outbox for everybody whom the site names; returns them.

    Nobody gets one that has been written already. One that could not be is caught up with, also
    when this is called again later with the same checkpoint.
    """
    recipients = site.evidence.checkpoints_to if site.evidence else ()
    at, made_at = int(now.timestamp()), int(datetime.fromisoformat(checkpoint.time).timestamp())
    if not recipients or not at - MESSAGES_STAY < made_at <= at:
        return ()  # whether there were letters is not known any more, or a clock was wrong
    letters = [_letter(site, each, checkpoint, now) for each in recipients]

    def queue() -> Sequence[str]:
        if was_enqueued(database, site.id, KIND, made_at):
            return ()
        for letter in letters:
            enqueue(database, letter, at)
        return recipients

    return write(database, queue)


def _letter(site: Site, recipient: str, checkpoint: Checkpoint, now: datetime) -> OutgoingMessage:
    spoken, size = language(site.source_language), checkpoint.size
    there = datetime.fromisoformat(checkpoint.time).astimezone(site.zone)
    day, time = spoken.date(there.date()), spoken.time(there)
    values = {"line": checkpoint.line, "size": size, "date": day, "time": time}
    return compose(KIND, site, spoken, recipient, now, about=NOBODY, **values)


def _not_ours(file: Path, checkpoint: Checkpoint, reason: str) -> CheckpointRefused:
    where = f"the checkpoint of {checkpoint.size:,} records ({checkpoint.time})"
    return CheckpointRefused(file, where, reason, OTHER_DATABASE)


# ── verifying ───────────────────────────────────────────────────────────────────────────────


@dataclass
class Verdict:
    """What a verification has found.

    `size` records are sealed, of `erased` of them the values were erased. `differences` counts what
    is wrong, and `first` is the first of it. `broken` is the first checkpoint that the sealed
    records do not have, `sound` the size of the last one before it.
    """

    size: int = 0
    erased: int = 0
    differences: int = 0
    first: Difference | None = None
    broken: Checkpoint | None = None
    sound: int = 0
    holds: list[Checkpoint] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return self.first is None and self.broken is None

    def note(self, difference: Difference) -> None:
        self.differences += 1
        if self.first is None or difference.leaf < self.first.leaf:
            self.first = difference


def verify(
    database: Database,
    site: str,
    checkpoints: Sequence[Checkpoint],
    progress: Callable[[int], object] = lambda size: None,
) -> Verdict:
    """Compute everything anew: each record, its values, its place, and the root at each checkpoint.

    That each root is that of the same records shows that the checkpoints continue one another.
    `checkpoints` are in the order of their sizes. `progress` gets how many records were looked at.
    """
    verdict, tree = Verdict(), Tree()
    waiting = list(reversed(checkpoints))
    present = 0
    for leaf in checked_leaves(database, site):
        if leaf.difference:
            verdict.note(leaf.difference)
            if leaf.difference.kind == "unsealed":
                break
        present += not (leaf.difference and leaf.difference.kind == "missing")
        verdict.erased += leaf.is_erased and leaf.difference is None
        tree.add(leaf.node)
        while waiting and waiting[-1].size == tree.size:
            _compare(verdict, tree, waiting.pop())
        if tree.size % 10_000 == 0:
            progress(tree.size)
    verdict.size = tree.size
    if waiting and not verdict.broken:
        verdict.broken = waiting[-1]
    if added := added_record(database, site, present):
        verdict.note(added)
    if tree_of(database, site, tree.size).root() != tree.root():
        verdict.note(Difference("block", tree.size, None))
    return verdict


def _compare(verdict: Verdict, tree: Tree, checkpoint: Checkpoint) -> None:
    """Note whether the records up to here are those of the checkpoint."""
    if verdict.broken:
        return
    if tree.root().hex() == checkpoint.root:
        verdict.holds.append(checkpoint)
        verdict.sound = checkpoint.size
    else:
        verdict.broken = checkpoint
