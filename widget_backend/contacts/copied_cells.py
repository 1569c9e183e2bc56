"""Cells of our own export, read back: choices, days, times, answers and numbers."""

from __future__ import annotations

import re
from datetime import date
from typing import cast

from widget_backend.contacts.times import latest_possible_time, read_time
from widget_backend.rules.basis import BASES, DATED, Ground, grounded
from widget_backend.rules.state import Answer, Overall, Preference, Reach, Value
from widget_backend.rules.topics import first_preference
from widget_backend.site.channels import CHANNELS, FREQUENCIES, Channel, Frequency
from widget_backend.site.model import MANY_KINDS, Question, Topic

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
LONGEST_LANGUAGE = 20
LONGEST_ADDRESS = 500
"""Characters that can be stored."""
REACHES: tuple[Reach, ...] = ("as_chosen", "less", "paused", "off")


class CellUnclear(ValueError):
    """A cell that the row cannot do without holds something else; as text why the row is
    rejected."""

    def __init__(self, column: str, what: str) -> None:
        super().__init__(f"holds no {what} in “{column}”")


def is_choice(cell: str) -> bool:
    """Whether it is what a column of a topic holds."""
    chosen, _, basis = cell.partition(", ")
    channel, _, frequency = chosen.partition(" ")
    is_known = channel in CHANNELS and frequency in FREQUENCIES
    return cell == "off" or (is_known and (not basis or basis.partition(" ")[0] in BASES))


def read_choice(topic: Topic, column: str, cell: str) -> Preference:
    """`off`, or a channel and a frequency; then, after a comma, what it rests on, if they were not
    simply asked. Raises CellUnclear."""
    if not is_choice(cell):
        raise CellUnclear(column, "choice")
    if cell == "off":
        return {**first_preference(topic), "on": False}
    chosen, _, basis = cell.partition(", ")
    channel, _, frequency = chosen.partition(" ")
    choice: Preference = {
        "on": True,
        "channel": cast(Channel, channel),
        "frequency": cast(Frequency, frequency),
    }
    return cast(Preference, grounded(choice, _ground(column, basis)))


def _ground(column: str, cell: str) -> Ground:
    """Raises CellUnclear, also where its day is missing and needed."""
    basis, _, since = cell.partition(" ")
    at = seconds(since)
    known = next((each for each in BASES if each == basis), None)
    if known and at is None and (since or known in DATED):
        raise CellUnclear(column, f"day for “{known}”")
    return Ground(known, at)


def read_overall(column: str, reach: str, until: str) -> Overall:
    """`until` counts for a pause. Raises CellUnclear."""
    if reach not in REACHES:
        raise CellUnclear(column, "known word")
    if reach != "paused":
        return {"reach": cast(Reach, reach), "until": None}
    try:
        return {"reach": "paused", "until": date.fromisoformat(until).isoformat()}
    except ValueError as error:
        raise CellUnclear("paused_until", "day") from error


def read_language(column: str, cell: str) -> str:
    """A language tag. Raises CellUnclear."""
    if len(cell) > LONGEST_LANGUAGE or not _LANGUAGE.fullmatch(cell):
        raise CellUnclear(column, "language")
    return cell


def read_yes_no(column: str, cell: str) -> bool:
    """Raises CellUnclear."""
    if cell.casefold() not in {"yes", "no"}:
        raise CellUnclear(column, "yes or no")
    return cell.casefold() == "yes"


def read_address(column: str, cell: str) -> str:
    """A postal address. Raises CellUnclear."""
    if len(cell) > LONGEST_ADDRESS:
        raise CellUnclear(column, "address")
    return cell


def seconds(cell: str) -> int | None:
    """A time in seconds since 1970; None for what is no time."""
    at = read_time(cell)
    return int(at.timestamp()) if at else None


def seconds_of_a_no(cell: str) -> int | None:
    """The same; of a time that a spreadsheet rewrote, the latest that it can have been."""
    at = read_time(cell) or latest_possible_time(cell)
    return int(at.timestamp()) if at else None


def read_answer(question: Question, column: str, kind: str, cell: str, at: int) -> Answer:
    """An answer by its three cells. Raises CellUnclear."""
    if kind == "skipped":
        return {"skipped": True, "at": at}
    if kind == "declined":
        return {"declined": True, "at": at}
    if kind != "said":
        raise CellUnclear(f"{column}:kind", "known word")
    return {"said": _value(question, column, cell), "at": at}


def _value(question: Question, column: str, cell: str) -> Value:
    if question.kind in MANY_KINDS:
        return [each.strip() for each in cell.split(",") if each.strip()]
    if question.kind != "number":
        return cell
    try:
        return int(cell)
    except ValueError as error:
        raise CellUnclear(column, "number") from error
