"""phpList: an export of subscribers with tabs, whose columns the owner chooses."""

from __future__ import annotations

from widget_backend.contacts.platform import Platform, flag, joined_by_blanks

PLATFORM = Platform(
    id="phplist",
    name="phpList",
    source="actions/export.php of phpList/phplist3",
    recognised_by=(("email", "confirmed", "blacklisted"),),
    statuses={
        "confirmed": flag(yes="on", no="pending"),
        "blacklisted": flag(yes="off", no="on"),
    },
    tags=("List Membership", joined_by_blanks),
    separator="\t",
)
