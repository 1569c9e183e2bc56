"""Saving preferences: all that was chosen, or what only ends something when all cannot be saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from widget_backend.actions.saving import concurrent_changes, save_changes, update
from widget_backend.address_hashes import of_number
from widget_backend.context import Context
from widget_backend.rules.choices import Choices
from widget_backend.rules.state import (
    OVERALL,
    Change,
    State,
    contact_subject,
    difference,
    reduces_mail,
    reverted,
)
from widget_backend.store.ledger import ConsentContext
from widget_backend.store.profiles import Profile
from widget_backend.store.suppression import lift


@dataclass(frozen=True)
class Asked:
    """What a form asks for that was made of `seen_revision`, None if it does not say.

    Unless it `is_complete`, only what ends something is saved of it.
    """

    choices: Choices
    seen_revision: int | None
    is_complete: bool


@dataclass(frozen=True)
class Saved:
    """`revision` is the one that the save made, or UNCHANGED; `profile` is from before it."""

    profile: Profile
    revision: int


@dataclass(frozen=True)
class NotSaved:
    """`conflicts` were made elsewhere since the form was shown; `seen` is the state that it showed.

    `unsubscribed` was saved all the same; `profile` is from before that.
    """

    profile: Profile
    conflicts: Sequence[Change]
    unsubscribed: Sequence[Change]
    seen: State


def save_preferences(
    context: Context,
    profile: Profile,
    asked_of: Callable[[Profile], Asked],
    consent: ConsentContext,
) -> Saved | NotSaved:
    """Save what a form asks for, unless somebody else's save since it was made stands against it.

    `asked_of` reads the form as one of this profile: what it lacks, and which topics stand on it,
    may be different once somebody else has saved.
    """

    def decide(current: Profile) -> Saved | NotSaved:
        asked = asked_of(current)
        choices = asked.choices
        concurrent = concurrent_changes(context, current, asked.seen_revision)
        seen = reverted(current.state, concurrent)
        if not asked.is_complete:
            return _save_reductions(context, current, choices, seen, concurrent, consent)
        conflicts = choices.conflicts(current.state, seen, concurrent)
        if conflicts:
            return _save_reductions(context, current, choices, seen, conflicts, consent)
        changes = difference(current.state, choices.wanted(current.state, seen))
        _let_in_numbers(context, current.site, changes)
        return Saved(current, save_changes(context, current, changes, consent))

    return update(context, profile, decide)


def _let_in_numbers(context: Context, site: str, changes: Sequence[Change]) -> None:
    """A number that somebody types themselves is kept out of imports no longer."""
    for change in changes:
        if change.subject == contact_subject("phone") and change.after:
            lift(context.database, site, of_number(change.after), context.signer.addresses)


def _save_reductions(
    context: Context,
    profile: Profile,
    choices: Choices,
    seen: State,
    conflicts: Sequence[Change],
    consent: ConsentContext,
) -> NotSaved:
    today = datetime.fromtimestamp(consent.at, UTC).date()
    ended = choices.reductions(profile.state, seen)
    changes = [each for each in ended if reduces_mail(each, today)]
    save_changes(context, profile, changes, consent)
    return NotSaved(profile, conflicts, changes, seen)


def save_overall(
    context: Context, profile: Profile, choices: Choices, consent: ConsentContext
) -> Saved:
    """Save what a button for all messages says, whatever else stands on the form."""

    def decide(current: Profile) -> Saved:
        changes = difference(current.state, {OVERALL: choices.overall})
        return Saved(current, save_changes(context, current, changes, consent))

    return update(context, profile, decide)
