"""Ghost: an export of members, whose times are those of being added."""

from __future__ import annotations

from widget_backend.contacts.platform import Platform, comma_separated, flag

PLATFORM = Platform(
    id="ghost",
    name="Ghost",
    source="its export of members, with the columns of November 2026",
    recognised_by=(("email", "subscribed_to_emails"),),
    statuses={"subscribed_to_emails": flag(yes="on", no="off")},
    tags=("labels", comma_separated),
)
