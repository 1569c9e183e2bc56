"""HubSpot: an export of contacts in English, whose lists are not in the file.

Tags are in a property of one's own with several values.
"""

from __future__ import annotations

from widget_backend.contacts.platform import (
    Platform,
    Words,
    WrittenFile,
    flag,
    joined_by_semicolons,
    semicolon_separated,
)

# Empty for who was never asked to confirm.
CONFIRMATION: Words = {"double_opt_in_pending": "pending", "confirmed": "on", "": "on"}

PLATFORM = Platform(
    id="hubspot",
    name="HubSpot",
    source="labels of its export in English; “Create Date” is no consent",
    address=("Email",),
    recognised_by=(("Email", "Unsubscribed from all email"), ("email", "hs_email_optout")),
    statuses={
        "Unsubscribed from all email": flag(yes="off", no="on"),
        "hs_email_optout": flag(yes="off", no="on"),
        "Marketing email confirmation": CONFIRMATION,
        "hs_emailconfirmationstatus": CONFIRMATION,
    },
    evidence=("Lifecycle Stage",),
    tags=("Tags", semicolon_separated),
    written=WrittenFile(
        statuses={
            "subscribed": {"Unsubscribed from all email": "false"},
            "unsubscribed": {"Unsubscribed from all email": "true"},
            "undeliverable": {"Unsubscribed from all email": "true"},
        },
        join_tags=joined_by_semicolons,
        source="the shape that is read; that it loads is remembered",
    ),
)
