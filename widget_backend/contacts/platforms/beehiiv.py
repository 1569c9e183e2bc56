"""beehiiv: an export of subscribers."""

from __future__ import annotations

from widget_backend.contacts.platform import Platform

PLATFORM = Platform(
    id="beehiiv",
    name="beehiiv",
    source="TryGhost/migrate (mg-beehiiv-members)",
    recognised_by=(("email", "status", "unsubscribed_at"),),
    # Nobody has told us why somebody is inactive: a time of leaving says that they left.
    statuses={"status": {"active": "on", "inactive": "never asked", "pending": "pending"}},
    kinds={"unsubscribed_at": "unsubscribed"},
    left=("unsubscribed_at",),
)
