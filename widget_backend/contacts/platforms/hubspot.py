"""HubSpot: an export of contacts in English, whose lists are not in the file."""

from __future__ import annotations

from widget_backend.contacts.platform import Platform, Words, flag

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
)
