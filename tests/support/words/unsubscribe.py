"""Leaving, all or one topic, and why something came."""

from __future__ import annotations

from tests.support.words import Text

UNSUBSCRIBE = Text("Unsubscribe")
UNSUBSCRIBE_FROM_EVERYTHING = Text("Unsubscribe from everything")
UNSUBSCRIBE_FROM_SITE = Text("Unsubscribe from everything that %(site)s sends")
UNSUBSCRIBE_FROM_TOPIC = Text("Unsubscribe from “%(topic)s”")

# ── having left ─────────────────────────────────────────────────────────────────────────────

UNSUBSCRIBED = Text("You are unsubscribed from everything")
LEFT_TOPIC = Text("You no longer get “%(topic)s”")
REST_STAYS = Text("Everything else stays as you chose it.")

# ── why ─────────────────────────────────────────────────────────────────────────────────────

WHY = Text("Why do I get this?")
THIS_MESSAGE = Text("This message")
ITS_TOPIC = Text("Its topic")
YOUR_AGREEMENT = Text("Your agreement")
PART_OF_TOPIC = Text("This message is part of “%(topic)s”.")
GETS_IT_NO_LONGER = Text("You no longer get it.")
CHOOSE_WHAT_YOU_GET = Text("Choose what you get")
