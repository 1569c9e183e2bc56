"""Leaving, all or one topic, and why something came."""

from __future__ import annotations

from tests.support.words import Text

UNSUBSCRIBE = Text("Unsubscribe")
UNSUBSCRIBE_FROM_EVERYTHING = Text("Unsubscribe from everything")
UNSUBSCRIBE_FROM_SITE = Text("Unsubscribe from everything that %(site)s sends")
UNSUBSCRIBE_FROM_TOPIC = Text("Unsubscribe from “%(topic)s”")
PAUSE = Text("Pause")
NOT_PAUSED = Text("We could not pause until that date. Nothing was changed.")

# ── what a button does, in its second line ──────────────────────────────────────────────────

ONLY_TOPIC = Text("only this topic; you can undo it")
FROM_EVERYTHING = Text("from everything; you can undo it")
TOPIC_AT_MOST_MONTHLY = Text("this topic at most once a month")
EACH_AT_MOST_MONTHLY = Text("each topic at most once a month")
CAN_BE_UNDONE = Text("you can undo it")

# ── why somebody leaves ─────────────────────────────────────────────────────────────────────

TELL_US_WHY = Text("Would you tell us why?")
TOO_MANY = Text("Too many messages", context="why somebody leaves")
NOT_USEFUL = Text("Not useful to me any more", context="why somebody leaves")
NOT_ASKED_FOR = Text("I did not ask for them", context="why somebody leaves")
FOLLOWS_ELSEWHERE = Text("I follow you elsewhere", context="why somebody leaves")
SOMETHING_ELSE = Text("Something else", context="why somebody leaves")
THANK_YOU = Text("Thank you.")

# ── having left ─────────────────────────────────────────────────────────────────────────────

UNSUBSCRIBED = Text("You are unsubscribed from everything")
LEFT_TOPIC = Text("You no longer get “%(topic)s”")
NO_MORE_MESSAGES = Text("You will not get any more messages, except: %(messages)s.")
NO_MORE_MESSAGES_AT_ALL = Text("You will not get any more messages.")
REST_STAYS = Text("Everything else stays as you chose it.")

# ── why ─────────────────────────────────────────────────────────────────────────────────────

WHY = Text("Why do I get this?")
THIS_MESSAGE = Text("This message")
ITS_TOPIC = Text("Its topic")
YOUR_AGREEMENT = Text("Your agreement")
WHY_YOU_GET_IT = Text("Why you get it")
PART_OF_TOPIC = Text("This message is part of “%(topic)s”.")
GETS_IT_NO_LONGER = Text("You no longer get it.")
DOES_NOT_GET_IT = Text("You do not get it.")
CHOOSE_WHAT_YOU_GET = Text("Choose what you get")
