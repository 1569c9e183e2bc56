"""Saving from any door: keeping changes, undoing the last, knowing what happened meanwhile."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence

from widget_backend.rate_limits import is_just_now
from widget_backend.rules.state import EMAIL, Change, applied, inverse, matches, squash
from widget_backend.rules.topics import unreachable_topics
from widget_backend.store.ledger import Door, Record, Shown, records
from widget_backend.store.saves import save
from widget_backend.web.visits import Visit

UNCHANGED = 0
"""Stands for a revision in the address of a page after a save that had nothing to change."""

UNDO_LASTS = 86_400
"""Seconds. Mail gets forwarded: nobody is to take back years later what a person once said."""


def keep(visit: Visit, changes: Sequence[Change], shown: Shown, door: Door | None = None) -> int:
    """Save the changes; returns the revision they made, or UNCHANGED.

    Raises StaleRevision when somebody else saved since the visit was read.
    """
    revision = save(visit.context.database, visit.person, changes, visit.how(shown, door))
    return revision if changes else UNCHANGED


def record_of(visit: Visit, revision: int) -> Record | None:
    """The record of the save that made this revision; None if there was none."""
    found = records(visit.context.database, visit.person.ledger_key, revision - 1, revision)
    return found[0] if found else None


def seen_revision(visit: Visit, typed: str | None) -> int | None:
    """The revision that a form was made of; None where it names none that there has been."""
    number = int(typed) if typed and re.fullmatch(r"[0-9]{1,9}", typed) else None
    return None if number is None or number > visit.person.revision else number


def changes_since(visit: Visit, revision: int) -> list[Change]:
    """How the state differs from what it was at this revision."""
    if revision >= visit.person.revision:
        return []
    found = records(visit.context.database, visit.person.ledger_key, revision)
    return squash(change for record in found for change in record.changes)


def receipt(visit: Visit, revision: int) -> str:
    """What lets the person who has just made this save take it back; empty for any other save.

    A link does not: mail gets forwarded, and who left is not to be subscribed again by others.
    """
    made = record_of(visit, revision)
    is_new = made is not None and is_just_now(made.at, visit.now)
    return new_receipt(visit, revision) if is_new else ""


def new_receipt(visit: Visit, revision: int) -> str:
    """For a save that this very request has made; empty when it changed nothing."""
    if revision == UNCHANGED:
        return ""
    return visit.context.signer.undo_token(visit.person.handle, revision)


def told_at(visit: Visit, revision: int, given: str) -> str:
    """The address of the page that tells of a save, for whoever has its receipt."""
    proof = {"undo": given} if given else {}
    return visit.address(saved=revision, **proof)


def has_receipt(visit: Visit, revision: int, shown: str | None) -> bool:
    """Whether this is the receipt for the save that made the revision."""
    wanted = visit.context.signer.undo_token(visit.person.handle, revision)
    return hmac.compare_digest(wanted.encode(), (shown or "").encode())


def can_undo(visit: Visit, made: Record | None) -> bool:
    """Whether a save may be taken back, or was already: for a day, while it is what holds."""
    if made is None or not made.changes or visit.now > made.at + UNDO_LASTS:
        return False
    if any(change.subject == EMAIL for change in made.changes):
        return False  # an address is confirmed, not put back
    back = inverse(made.changes)
    if matches(visit.state, back):
        return True
    # A number that was given with it may have come to carry another topic.
    return matches(visit.state, made.changes) and (
        unreachable_topics(applied(visit.state, back)) <= unreachable_topics(visit.state)
    )


def undo(visit: Visit, made: Record | None, shown: Shown, door: Door | None = None) -> int | None:
    """Take a save back; returns the revision after that, or None when it cannot be undone.

    Taking back what was taken back already counts as done.
    """
    if made is None or not can_undo(visit, made):
        return None
    changes = [each for each in inverse(made.changes) if not matches(visit.state, [each])]
    return keep(visit, changes, shown, door) or visit.person.revision


def takes_back(visit: Visit, record: Record) -> bool:
    """Whether a save only took back what the save before it had changed."""
    before = record_of(visit, record.revision - 1)
    return before is not None and all(each in before.changes for each in inverse(record.changes))
