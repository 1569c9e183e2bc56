"""Unsubscribing: from a topic or from everything, from wherever a message was; or less mail."""

from __future__ import annotations

from widget_backend.actions.saving import save_changes, update
from widget_backend.context import Context
from widget_backend.rules import unsubscribing
from widget_backend.rules.unsubscribing import Press
from widget_backend.site.model import Site
from widget_backend.store.ledger import ConsentContext
from widget_backend.store.profiles import Profile


def unsubscribe(
    context: Context, site: Site, profile: Profile, topic: str | None, consent: ConsentContext
) -> None:
    """Unsubscribe from the topic, or from everything where it is None; as often as asked.

    Raises ProfileUnknown.
    """
    reduce_mail(
        context, profile, lambda state: unsubscribing.unsubscribe(site, state, topic), consent
    )


def reduce_mail(context: Context, profile: Profile, press: Press, consent: ConsentContext) -> int:
    """Save what a press changes, judged by what holds when it is saved.

    Returns the revision that this made, or UNCHANGED. Raises ProfileUnknown.
    """

    def decide(current: Profile) -> int:
        return save_changes(context, current, press(current.state), consent)

    return update(context, profile, decide)
