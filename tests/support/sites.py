"""Small sites made by hand, for rules that know no files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from widget_backend.rules.state import State
from widget_backend.site.model import Condition, Question, Site, Stage, Topic

DAY = 86_400
NOW = 1_800_000_000


def topic(name: str, *roles: str, **known: Any) -> Topic:
    usual = {"channels": ("email", "sms"), "frequencies": ("weekly", "monthly")}
    return Topic(name, name, "", "", **{**usual, **known}, roles=roles)


def question(name: str, after: str = "", **known: Any) -> Question:
    """A yes/no question; `after` names the question to which “yes” must have been said."""
    condition = Condition(after, "yes") if after else None
    usual: dict[str, Any] = {"kind": "yes_no", "text": "", "why": "", "term": "short"}
    return Question(name, **{**usual, "ask_if": condition, **known})


def site(topics: tuple[Topic, ...] = (), questions: tuple[Question, ...] = (), *pairs: str) -> Site:
    """`pairs` are the questions of each stage, such as "a b"; without any, each its own stage."""
    stages = pairs or tuple(each.id for each in questions)
    return Site(
        id="shop",
        name="Shop",
        url="https://prefs.example",
        source_language="en",
        locales=("en",),
        legal_address="",
        mail_from="",
        privacy_policy="",
        why_we_write="",
        data_use="",
        topics=topics,
        file=Path("SITE.toml"),
        questions=questions,
        stages=tuple(Stage(pair.replace(" ", "-"), "", tuple(pair.split())) for pair in stages),
    )


def answers(days_ago: float = 0, **said: Any) -> State:
    """A state; `None` is a question skipped, `...` one that the person prefers not to answer."""
    at = int(NOW - days_ago * DAY)
    return State({f"answer:{name}": {**_what(given), "at": at} for name, given in said.items()})


def _what(given: Any) -> dict[str, Any]:
    if given is None:
        return {"skipped": True}
    return {"declined": True} if given is ... else {"said": given}
