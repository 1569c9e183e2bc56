"""Outcomes: what a look at one thing of the server has found."""

from __future__ import annotations

from typing import Literal, NamedTuple

from widget_backend.text import one_line

State = Literal["ok", "wrong", "unsure"]


class Outcome(NamedTuple):
    """`what` was looked at; `text` is what was seen, with a cure where it is wrong. It is `unsure`
    where nobody could tell from here."""

    state: State
    what: str
    text: str

    def __str__(self) -> str:
        return f"{self.state:<8} {one_line(self.what, self.text)}"


def ok(what: str, text: str) -> Outcome:
    return Outcome("ok", what, f"{text}.")


def wrong(what: str, reason: str, cure: str) -> Outcome:
    return Outcome("wrong", what, f"{reason}. {cure}.")


def unsure(what: str, reason: str, cure: str) -> Outcome:
    return Outcome("unsure", what, f"{reason}. {cure}.")
