"""Sendy: one file for each list and status; the file does not say which."""

from __future__ import annotations

from widget_backend.contacts.platform import Platform

PLATFORM = Platform(
    id="sendy",
    name="Sendy",
    source="remembered",
    address=("Email",),
    without_status="subscribed",
    is_remembered=True,
)
