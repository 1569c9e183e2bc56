"""Mailchimp: its audience exports, one file for each kind of contact."""

from __future__ import annotations

from widget_backend.contacts.platform import (
    Platform,
    WrittenFile,
    comma_separated,
    joined_by_commas,
)

# LAST_CHANGED is when anything of the contact changed: they had left by then.
PLATFORM = Platform(
    id="mailchimp",
    name="Mailchimp",
    source="its four files, as read by TryGhost/migrate (mg-mailchimp-members)",
    address=("Email Address", "email"),
    recognised_by=(("OPTIN_TIME",), ("CONFIRM_TIME",), ("UNSUB_TIME",), ("CLEAN_TIME",)),
    kinds={"UNSUB_TIME": "unsubscribed", "CLEAN_TIME": "cleaned"},
    without_status="subscribed",
    agreed=("OPTIN_TIME", "CONFIRM_TIME"),
    left=("UNSUB_TIME",),
    left_by=("LAST_CHANGED",),
    bounced=("CLEAN_TIME",),
    evidence=("OPTIN_IP", "CONFIRM_IP"),
    evidence_of_a_no=(
        *("UNSUB_CAMPAIGN_TITLE", "UNSUB_CAMPAIGN_ID", "UNSUB_REASON", "UNSUB_REASON_OTHER"),
        *("CLEAN_CAMPAIGN_TITLE", "CLEAN_CAMPAIGN_ID"),
    ),
    tags=("TAGS", comma_separated),
    # Mailchimp numbers every contact.
    never_empty=("LEID", "EUID"),
    written=WrittenFile(
        # The columns of times are empty: they tell which kind of file it is, if it comes back.
        statuses={
            "subscribed": {},
            "unsubscribed": {"UNSUB_TIME": ""},
            "undeliverable": {"CLEAN_TIME": ""},
        },
        join_tags=joined_by_commas,
        source="the shape that is read; that it loads is remembered",
        one_status=True,
        longest_cell=255,
    ),
)
