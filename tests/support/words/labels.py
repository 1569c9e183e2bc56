"""What is told of choices and answers, on whichever page."""

from __future__ import annotations

from tests.support.words import Text

# ── topics ──────────────────────────────────────────────────────────────────────────────────

GETS_TOPIC = Text("You get “%(topic)s”: %(channel)s, %(frequency)s.")
GETS_TOPIC_LATER = Text(
    "When messages start again, you will get “%(topic)s”: %(channel)s, %(frequency)s."
)
SET_TO = Text("“%(topic)s”: %(channel)s, %(frequency)s.")
GETS_TOPIC_NO_LONGER = Text("You will no longer get “%(topic)s”.")
EMAIL_CHANNEL = Text("email", context="channel")
SMS_CHANNEL = Text("SMS", context="channel")
MONTHLY = Text("monthly", context="frequency")
QUARTERLY = Text("quarterly", context="frequency")
WEEKLY = Text("weekly", context="frequency")

# ── all messages ────────────────────────────────────────────────────────────────────────────

ALL_AS_CHOSEN = Text("You get messages as you chose for each topic.")
ALL_LESS = Text("You get fewer messages: each topic at most once a month.")
ALL_OFF = Text("You are unsubscribed from everything.")
ALL_PAUSED = Text("All messages are paused until %(date)s.")

# ── language and contact details ────────────────────────────────────────────────────────────

LANGUAGE_SAVED = Text("We will now write to you in %(language)s.")
PHONE_SAVED = Text("We saved your phone number: %(phone)s.")
POST_SAVED = Text("We saved your postal address.")

# ── where it was said ───────────────────────────────────────────────────────────────────────

ON_THIS_SITE = Text("on this site", context="where it was said")
WHEN_SIGNING_UP = Text("when you signed up", context="where it was said")
WHEN_CONFIRMING = Text("when you confirmed your address", context="where it was said")
IN_PREVIOUS_SYSTEM = Text("in our previous system", context="where it was said")
FROM_PREVIOUS_SYSTEM = Text("from our previous system", context="where it was said")

# ── answers ─────────────────────────────────────────────────────────────────────────────────

YES = Text("Yes", context="answer")
NO = Text("No", context="answer")
PREFER_NOT_TO_SAY = Text("Prefer not to say")
