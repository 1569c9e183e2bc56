"""Cures: what to do about a rejected row, by how the reason begins."""

from __future__ import annotations

CURES = {
    "is not an email address": "write the address in full, as name@example.com",
    "says nothing in": "write a status of the platform into the empty cell",
    "never subscribed there": "nothing to do, unless they agreed elsewhere: then take the status "
    "column out and use --consent",
    "has not confirmed there": "nothing to do: they can sign up on your page",
    "asked to be deleted": "nothing to do: they come back when they sign up themselves",
    "repeats the address": "nothing to do",
    "repeats the phone number": "nothing to do",
    "has no email address": "write the address into this row",
    "has the customer number of": "put right whose number it is",
    "has the address of": "put right which of the two numbers it is",
    "has a customer number and": "put right whose number it is, where this file comes from",
    "has no phone number": "write the number into this row",
    "is not a phone number": "write it with its country code, as +355691234567",
    "holds no": "write it as `export` does",
    "names nobody": "write who it is about into this row",
    "has no channel": "write one of these, or name the channel with by_channel in --columns",
    "has no outcome": "write one of these, or say what the word means in --columns",
    "has no context": "write one of these, or name it with of_context in --columns",
    "does not say until when": "write the time as 2026-03-01 09:00:00, or “over”",
    "is past": "nothing to do, or write “over” if it ended early",
    "has no time": "write the time as 2026-03-01 09:00:00",
    "was sent, or reported": "put the time right",
    "is of a campaign": "register it with “campaigns add”",
    "is about nobody": "import this person, then this row",
    "has ": "give the row as many cells as the first line has",
    "a quotation mark": "close it where its cell ends, or take it out; write one that belongs to "
    "the text twice, within a pair around the cell",
    "a cell is longer": "shorten the cell",
    "may not be written to": "nothing to do; --everyone makes their links all the same",
    "not imported yet": "import this row, then make its links",
}
"""The first that fits counts. A reason that names its cure after the last semicolon needs none."""


def with_cure(reason: str) -> tuple[str, str]:
    """The reason alone, and what to do about it, or nothing if nobody knows."""
    alone, semicolon, cure = reason.rpartition("; ")
    if semicolon:
        return alone, cure
    fitting = (cure for start, cure in CURES.items() if reason.startswith(start))
    return reason, next(fitting, "")


def without_address(cell: str) -> str:
    """Why a row is rejected that has no address in this cell."""
    return "is not an email address" if cell else "has no email address"


def with_remark(reason: str, remark: str) -> str:
    """The same reason with a remark, before the cure that it may name."""
    alone, semicolon, cure = reason.rpartition("; ")
    return f"{alone} {remark}{semicolon}{cure}" if semicolon else f"{reason} {remark}"
