"""Saving from any door: read, decide and write as one, and know what else was saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from widget_backend.context import Context
from widget_backend.rules.state import Change, squash
from widget_backend.store.ledger import ConsentContext, Record, records
from widget_backend.store.profiles import (
    Profile,
    hold_profile,
    read_profile,
    with_answers,
)
from widget_backend.store.saves import save
from widget_backend.store.writing import write

T = TypeVar("T")

UNCHANGED = 0
"""Stands for a revision after a save that had nothing to change."""


def update(context: Context, profile: Profile, action: Callable[[Profile], T]) -> T:
    """Run `action` on a profile in one durable transaction.

    It gets the profile as the door has read it. If somebody saved in between, it runs again with
    the profile as it is by then, and judges anew. Raises ProfileUnknown when the person was erased.
    """
    is_first = True

    def attempt() -> T:
        nonlocal is_first
        if is_first:
            is_first = False
            return action(profile)
        # Read in the transaction that writes: nobody can come in between once more.
        hold_profile(context.database, profile)
        current = read_profile(context.database, profile.site, profile.handle)
        return action(with_answers(context.database, current))

    return write(context.database, attempt)


def save_changes(
    context: Context, profile: Profile, changes: Sequence[Change], consent: ConsentContext
) -> int:
    """Save the changes; returns the revision they made, or UNCHANGED.

    Raises StaleRevision when somebody else saved since the profile was read.
    """
    revision = save(context.database, profile, changes, consent)
    return revision if changes else UNCHANGED


def record_of(context: Context, profile: Profile, revision: int) -> Record | None:
    """The record of the save that made this revision; None if there was none."""
    saved = records(context.database, profile.ledger_key, revision - 1, revision)
    return saved[0] if saved else None


def concurrent_changes(
    context: Context, profile: Profile, seen_revision: int | None
) -> list[Change]:
    """How the profile differs from what it was at this revision; not at all where it is None.

    Saves since the profile was read are left out: saving it fails then, and all is judged anew.
    """
    if seen_revision is None or seen_revision >= profile.revision:
        return []
    since = records(context.database, profile.ledger_key, seen_revision, profile.revision)
    return squash(change for record in since for change in record.changes)
