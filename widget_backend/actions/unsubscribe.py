"""Unsubscribing: from a topic or from everything, from wherever a message was."""

from __future__ import annotations

from widget_backend.actions.saving import save_changes, update
from widget_backend.context import Context
from widget_backend.rules import unsubscribing
from widget_backend.site.model import Site
from widget_backend.store.ledger import ConsentContext
from widget_backend.store.profiles import Profile


def unsubscribe(
    context: Context, site: Site, profile: Profile, topic: str | None, consent: ConsentContext
) -> None:
    """Unsubscribe from the topic, or from everything where it is None; as often as asked.

    Raises ProfileUnknown.
    """

    def decide(current: Profile) -> None:
        save_changes(
            context, current, unsubscribing.unsubscribe(site, current.state, topic), consent
        )

    update(context, profile, decide)
