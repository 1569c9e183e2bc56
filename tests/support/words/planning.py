"""The page of a contact plan."""

from __future__ import annotations

from tests.support.words import Text

NO_CAMPAIGN = Text("No campaign is planned in these weeks.")
SILENT = Text(
    "%(n)s person who could hear from you would hear nothing in these weeks.",
    "%(n)s people who could hear from you would hear nothing in these weeks.",
)
CAPPED = Text(
    "A cap leaves no room for a message to %(n)s person in these weeks.",
    "A cap leaves no room for a message to %(n)s people in these weeks.",
)
ALL_IS_WELL = Text("Everybody who could hear from you hears something, and no cap stops anything.")
NOBODY = Text("Nobody could hear of these campaigns.")
TODAY = Text("today", context="contact plan")
