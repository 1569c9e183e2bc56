"""Brevo: an export of contacts with semicolons; its times are those of adding and changing."""

from __future__ import annotations

from widget_backend.contacts.platform import Platform, flag

PLATFORM = Platform(
    id="brevo",
    name="Brevo",
    source="a file that another product’s importer is tested with",
    address=("EMAIL",),
    recognised_by=(("EMAIL", "EMAIL_BLACKLISTED"),),
    statuses={"EMAIL_BLACKLISTED": flag(yes="off", no="on")},
    separator=";",
)
