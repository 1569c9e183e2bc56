"""Signing up: kept as pending, subscribing nobody until it is confirmed from the mailbox.

A message asks to confirm it, whether or not the address is known. No existing profile is read or
changed, so that no answer tells whether an address is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from widget_backend.actions.notify import Notifier
from widget_backend.context import Context
from widget_backend.errors import ProfileUnknown, SignUpExists
from widget_backend.rate_limits import is_just_now
from widget_backend.rules.state import LANGUAGE, Change, topic_subject
from widget_backend.rules.topics import email_preference
from widget_backend.site.model import Topic
from widget_backend.store import sign_ups
from widget_backend.store.ledger import ConsentContext, records
from widget_backend.store.profiles import Profile, read_profile
from widget_backend.store.writing import write


@dataclass(frozen=True)
class SignUp:
    """`handle` names it: the same form sent twice is one sign-up.

    `written` is how the address was typed, if not in the one spelling that `email` has. `topics`
    are those to hear about, each with words for how and how often it comes.
    """

    handle: str
    email: str
    written: str | None
    topics: Sequence[tuple[Topic, str]]


def sign_up(notifier: Notifier, wanted: SignUp, network: str, consent: ConsentContext) -> bool:
    """Keep a sign-up and ask to confirm it. Sent once more, it is only asked for once more.

    `network` is where it comes from. False, with nothing sent, when it is confirmed already. Raises
    RateLimited.
    """
    context = notifier.context
    topics = [(topic.name, comes) for topic, comes in wanted.topics]
    url = notifier.link("confirm", wanted.handle)
    message = notifier.message("confirm", wanted.email, wanted.handle, url=url, topics=topics)

    def notify() -> None:
        notifier.send_to_stranger(message, network)

    def keep() -> bool:
        kept = _find(context, notifier.site.id, wanted.handle)
        if kept and is_confirmed(kept):
            return False
        if kept:
            sign_ups.ask_again(context.database, wanted.handle, consent.at, notify)
            return True
        sign_ups.sign_up(
            context.database,
            notifier.site.id,
            wanted.handle,
            wanted.email,
            _changes(notifier, wanted),
            consent,
            notify,
            wanted.written,
        )
        return True

    try:
        return write(context.database, keep)
    except SignUpExists:
        return True  # another press of the same button was first


def _find(context: Context, site: str, handle: str) -> Profile | None:
    try:
        return read_profile(context.database, site, handle)
    except ProfileUnknown:
        return None


def _changes(notifier: Notifier, wanted: SignUp) -> list[Change]:
    return [
        Change(LANGUAGE, None, notifier.language.tag),
        *(
            Change(topic_subject(topic.id), None, email_preference(topic))
            for topic, _ in wanted.topics
        ),
    ]


def is_confirmed(profile: Profile) -> bool:
    """Whether a sign-up counts; it may have become part of somebody's profile."""
    return not profile.pending or profile.merged_into is not None


def confirm(context: Context, pending: Profile, consent: ConsentContext) -> Profile | None:
    """Make a sign-up count; returns whose profile it is then.

    Pressed twice in the same minute it is the same press. None when it was confirmed earlier: a
    link that lies in a mailbox for days is no way into choices that were made since.
    """
    if is_confirmed(pending) and not _was_just_confirmed(context, pending):
        return None

    return sign_ups.confirm(context.database, pending, consent, context.signer.addresses)


def _was_just_confirmed(context: Context, profile: Profile) -> bool:
    entries = records(context.database, profile.ledger_key)
    times = [each.at for each in entries if each.door == "confirmation"]
    return any(is_just_now(at, context.now) for at in times)
