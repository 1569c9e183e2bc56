"""listmonk: an export of subscribers, which does not say who is on which list."""

from __future__ import annotations

from widget_backend.contacts.platform import Platform

PLATFORM = Platform(
    id="listmonk",
    name="listmonk",
    source="cmd/subscribers.go of knadh/listmonk 911e0b77",
    recognised_by=(("uuid", "email", "attributes", "status"),),
    # Disabled by the owner, whatever the person chose: that is no known yes, and no known no.
    statuses={"status": {"enabled": "on", "disabled": "never asked", "blocklisted": "off"}},
)
