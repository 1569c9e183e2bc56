"""Undoing a save: for a day, by whoever made it.

A link alone does not let anybody undo: mail gets forwarded, and who unsubscribed is not to be
subscribed again by others. The proof is an undo token, given to whoever has just saved.
"""

from __future__ import annotations

import hmac
from dataclasses import replace

from widget_backend.actions.saving import UNCHANGED, record_of, save_changes, update
from widget_backend.context import Context
from widget_backend.rate_limits import is_just_now
from widget_backend.rules.state import EMAIL, State, applied, inverse, matches
from widget_backend.rules.topics import unreachable_topics
from widget_backend.store.ledger import ConsentContext, Record
from widget_backend.store.profiles import Profile

UNDO_LASTS = 86_400
"""Seconds. Mail gets forwarded: nobody is to take back years later what a person once chose."""


def new_undo_token(context: Context, profile: Profile, revision: int) -> str:
    """For a save that this very request has made; empty when it changed nothing."""
    if revision == UNCHANGED:
        return ""
    return context.signer.undo_token(profile.handle, revision)


def undo_token(context: Context, profile: Profile, revision: int) -> str:
    """For a save that was made within the last minute; empty for any other."""
    record = record_of(context, profile, revision)
    is_new = record is not None and is_just_now(record.at, context.now)
    return new_undo_token(context, profile, revision) if is_new else ""


def has_undo_token(context: Context, profile: Profile, revision: int, token: str | None) -> bool:
    """Whether this is the token of the save that made the revision."""
    wanted = context.signer.undo_token(profile.handle, revision)
    return hmac.compare_digest(wanted.encode(), (token or "").encode())


def can_undo(context: Context, state: State, record: Record | None) -> bool:
    """Whether a save may be undone, or was already: for a day, while it is what holds."""
    if record is None or not record.changes or context.now > record.at + UNDO_LASTS:
        return False
    if any(change.subject == EMAIL for change in record.changes):
        return False  # an address is confirmed, not put back
    back = inverse(record.changes)
    if matches(state, back):
        return True
    # A phone number that was given with it may be what another topic is sent to by now.
    stays_reachable = unreachable_topics(applied(state, back)) <= unreachable_topics(state)
    return matches(state, record.changes) and stays_reachable


def undo(context: Context, profile: Profile, record: Record, consent: ConsentContext) -> int | None:
    """Undo a save; returns the revision after that, or None when it cannot be undone.

    Undoing what was undone already counts as done.
    """

    def decide(current: Profile) -> int | None:
        if not can_undo(context, current.state, record):
            return None
        changes = [each for each in inverse(record.changes) if not matches(current.state, [each])]
        undoing = replace(consent, undoes=record.revision)
        return save_changes(context, current, changes, undoing) or current.revision

    return update(context, profile, decide)
