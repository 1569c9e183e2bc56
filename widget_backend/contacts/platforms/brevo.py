"""Brevo: an export of contacts with semicolons; its times are those of adding and changing.

Tags are in an attribute of one's own.
"""

from __future__ import annotations

from widget_backend.contacts.platform import (
    Platform,
    WrittenFile,
    comma_separated,
    flag,
    joined_by_commas,
)

PLATFORM = Platform(
    id="brevo",
    name="Brevo",
    source="a file that another product’s importer is tested with",
    address=("EMAIL",),
    recognised_by=(("EMAIL", "EMAIL_BLACKLISTED"),),
    statuses={"EMAIL_BLACKLISTED": flag(yes="off", no="on")},
    tags=("TAGS", comma_separated),
    separator=";",
    written=WrittenFile(
        statuses={
            "subscribed": {"EMAIL_BLACKLISTED": "No"},
            "unsubscribed": {"EMAIL_BLACKLISTED": "Yes"},
            "undeliverable": {"EMAIL_BLACKLISTED": "Yes"},
        },
        join_tags=joined_by_commas,
        source="the shape that is read; that it loads is remembered",
    ),
)
