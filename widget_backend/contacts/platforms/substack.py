"""Substack: an export of subscribers; who pays is no question of consent."""

from __future__ import annotations

from widget_backend.contacts.platform import Platform, flag

PLATFORM = Platform(
    id="substack",
    name="Substack",
    source="three versions of its file, as read by TryGhost/migrate",
    recognised_by=(("email", "email_disabled"),),
    statuses={"email_disabled": flag(yes="off", no="on")},
)
