"""Links that open nothing, and what cannot be done."""

from __future__ import annotations

from tests.support.words import Text

# ── links ───────────────────────────────────────────────────────────────────────────────────

LINK_EXPIRED = Text("This link has expired")
LINK_REPLACED = Text("This link no longer works")
LINK_INCOMPLETE = Text("This link is not complete")
LINK_FOR_ANOTHER_PAGE = Text("This link opens a different page")
NOTHING_BEHIND_LINK = Text("We could not find anything for this link")
NOT_SUBSCRIBED_YET = Text("You are not subscribed yet. Sign up again to get a new link.")
PAGE_NOT_FOUND = Text("Page not found")
NO_LINK_AT_ALL = Text("Your choices about messages")

# ── forms ───────────────────────────────────────────────────────────────────────────────────

OPEN_TOO_LONG = Text("This form has been open for too long")
REST_NOT_SAVED = Text("The rest is not saved.")
NOT_ON_THIS_PAGE = Text("This form cannot be shown on this page")
SENT_FROM_ELSEWHERE = Text("This form was sent from another website")
NOTHING_CHANGED = Text("Nothing was changed")
NOT_USED_THAT_WAY = Text("This page cannot be used that way")
TOO_MANY_REQUESTS = Text("Too many requests came from your network")
TOMORROW_OR_ELSEWHERE = Text(
    "Nothing was saved. Send the form again tomorrow, or use another network now."
)

# ── faults ──────────────────────────────────────────────────────────────────────────────────

OUR_FAULT = Text("Something went wrong on our side")
NOT_RIGHT_NOW = Text("This cannot be done right now")
TRY_AGAIN = Text("Try again")
