"""MailerLite: an export of subscribers."""

from __future__ import annotations

from widget_backend.contacts.platform import Platform

PLATFORM = Platform(
    id="mailerlite",
    name="MailerLite",
    source="remembered",
    address=("Email", "Subscriber"),
    statuses={
        "Status": {
            "active": "on",
            "unsubscribed": "off",
            "unconfirmed": "pending",
            "bounced": "undeliverable",
            "junk": "off",  # the person marked a message as spam
        }
    },
    agreed=("Opt-in time", "Opted in"),
    left=("Unsubscribed",),
    evidence=("Opt-in IP", "Signup IP"),
    is_remembered=True,
)
