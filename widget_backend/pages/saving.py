"""Saving from any door: keeping changes, undoing the last, knowing what happened meanwhile."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import redirect
from werkzeug.wrappers import Response

from widget_backend.pages.visits import Visit
from widget_backend.rules.state import Change, holds, inverse, net
from widget_backend.store.ledger import Door, Shown, records
from widget_backend.store.saves import save

UNCHANGED = 0
"""Stands for a revision in the address of a page after a save that had nothing to change."""


def keep(visit: Visit, changes: Sequence[Change], shown: Shown, door: Door | None = None) -> int:
    """Save the changes; returns the revision they made, or UNCHANGED.

    Raises StaleRevision when somebody else saved since the visit was read.
    """
    if not changes:
        return UNCHANGED
    return save(visit.backend.database, visit.person, changes, visit.how(shown, door))


def changes_at(visit: Visit, revision: int) -> list[Change]:
    """What the save that made this revision changed; nothing if its values were erased."""
    found = records(visit.backend.database, visit.person.ledger_key, revision - 1, revision)
    return [change for record in found for change in record.changes]


def seen_revision(visit: Visit, typed: str | None) -> int:
    """The revision that a form was made of; 0 where it does not say one that there has been."""
    number = int(typed) if typed and re.fullmatch(r"[0-9]{1,9}", typed) else 0
    return number if number <= visit.person.revision else 0


def changes_since(visit: Visit, revision: int) -> list[Change]:
    """How the state differs from what it was at this revision."""
    if revision >= visit.person.revision:
        return []
    found = records(visit.backend.database, visit.person.ledger_key, revision)
    return net(change for record in found for change in record.changes)


def undo(visit: Visit, revision: int, shown: Shown, door: Door | None = None) -> Response | None:
    """Take the save that made this revision back; None when it no longer is what holds.

    Taking back what was taken back already counts as done.
    """
    made = changes_at(visit, revision)
    back = inverse(made)
    if any(change.subject == "contact:email" for change in made):
        return None  # an address is confirmed, not put back
    if not made or not (holds(visit.state, made) or holds(visit.state, back)):
        return None
    changes = [] if holds(visit.state, back) else back
    following = keep(visit, changes, shown, door) or visit.person.revision
    return redirect(visit.address(saved=following), 303)
