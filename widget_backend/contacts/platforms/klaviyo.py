"""Klaviyo: an export of a list or segment, and the one of suppressed profiles."""

from __future__ import annotations

from widget_backend.contacts.platform import (
    Platform,
    Words,
    WrittenFile,
    comma_separated,
    joined_by_commas,
)

SUPPRESSIONS: Words = {
    "unsubscribe": "off",
    "unsubscribed": "off",
    "user_suppressed": "off",
    "spam_complaint": "off",
    "hard_bounce": "undeliverable",
    "invalid_email": "undeliverable",
}

PLATFORM = Platform(
    id="klaviyo",
    name="Klaviyo",
    source="help.klaviyo.com 115005078687; the words of suppressions: its API",
    address=("Email",),
    recognised_by=(("Email", "Email Marketing Consent"),),
    statuses={
        "Email Marketing Consent": {
            "subscribed": "on",
            "unsubscribed": "off",
            "never_subscribed": "never asked",
        },
        "Email Suppressions": {**SUPPRESSIONS, "": "on", "[]": "on"},
    },
    # When the status became what it is.
    agreed=("Email Marketing Consent Timestamp",),
    left=("Email Marketing Consent Timestamp",),
    evidence=("IP Address", "Source", "Klaviyo ID"),
    tags=("Tags", comma_separated),
    written=WrittenFile(
        statuses={
            "subscribed": {"Email Marketing Consent": "SUBSCRIBED"},
            "unsubscribed": {"Email Marketing Consent": "UNSUBSCRIBED"},
            # Whoever is NEVER_SUBSCRIBED there may get mail.
            "undeliverable": {"Email Marketing Consent": "UNSUBSCRIBED"},
        },
        join_tags=joined_by_commas,
        source="help.klaviyo.com 360043841811 (the column of consent); the rest is remembered",
        byte_order_mark=True,
        line_end="\r\n",
    ),
)

SUPPRESSED = Platform(
    id="klaviyo-suppressions",
    name="Klaviyo’s suppressed profiles",
    source="its API’s words; the column names of the file are remembered",
    address=("Email",),
    statuses={"Reason": SUPPRESSIONS},
    without_status="unsubscribed",
    left=("Timestamp",),
    bounced=("Timestamp",),
    is_remembered=True,
)
