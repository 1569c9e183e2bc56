"""What an export of our own changes for people whom we know: the later word of each choice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.worlds import KUTIA
from widget_backend.rules.basis import Ground
from widget_backend.rules.copies import Copy, merge
from widget_backend.rules.do_not_track import is_later
from widget_backend.rules.later_words import Times, agree, times_after
from widget_backend.rules.state import State, applied

TODAY = date(2026, 11, 30)
SITE = KUTIA.site
WEEKLY = {"on": True, "channel": "email", "frequency": "weekly"}
MONTHLY = {**WEEKLY, "frequency": "monthly"}
NO = {**WEEKLY, "on": False}
OFF, LESS, PAUSED, AS_CHOSEN = "off", "less", "paused", "as_chosen"


def said(
    overall: Any = None, left: int | None = None, spoke: int | None = None, **topics: Any
) -> tuple[State, Times]:
    """What somebody has said: `overall` as (reach, time), each topic as (choice, time)."""
    state: dict[str, Any] = {f"topic:{name}": choice for name, (choice, _) in topics.items()}
    if overall:
        until = "2999-01-01" if overall[0] == PAUSED else None
        state["overall"] = {"reach": overall[0], "until": until}
    when = {name: at for name, (_, at) in topics.items()}
    left = overall[1] if overall and overall[0] == OFF else left
    return State(state), Times(when, overall and overall[1], left, spoke)


CASES = {
    "a later yes": (said(offers=(NO, 1)), said(offers=(WEEKLY, 2)), {"offers": WEEKLY}),
    "an older yes": (said(offers=(NO, 2)), said(offers=(WEEKLY, 1)), {"offers": NO}),
    "a yes of the same moment": (said(offers=(NO, 1)), said(offers=(WEEKLY, 1)), {"offers": NO}),
    "a yes of nobody knows when": (
        said(offers=(NO, 1)),
        said(offers=(WEEKLY, None)),
        {"offers": NO},
    ),
    "a yes to a no of nobody knows when": (
        said(offers=(NO, None)),
        said(offers=(WEEKLY, 2)),
        {"offers": NO},
    ),
    "a yes older than what they saw": (
        said(offers=(NO, 1), spoke=3),
        said(offers=(WEEKLY, 2)),
        {"offers": NO},
    ),
    "who left there and came back for something else": (
        said(offers=(WEEKLY, 1)),
        said((AS_CHOSEN, 4), left=3, news=(WEEKLY, 4)),
        {"offers": NO, "news": WEEKLY},
    ),
    "who left there and came back for the same": (
        said(offers=(WEEKLY, 1)),
        said((AS_CHOSEN, 4), left=3, offers=(WEEKLY, 4)),
        {"offers": WEEKLY},
    ),
    "who agreed here since they left there": (
        said(offers=(WEEKLY, 5)),
        said((AS_CHOSEN, 4), left=3, news=(WEEKLY, 4)),
        {"offers": WEEKLY, "news": WEEKLY},
    ),
    "who chose here since with all before their eyes": (
        said((AS_CHOSEN, 6), spoke=6, offers=(WEEKLY, 1)),
        said((AS_CHOSEN, 4), left=3, news=(WEEKLY, 4)),
        {"offers": WEEKLY},
    ),
    "a yes to what was never chosen": (
        said(news=(WEEKLY, 1)),
        said(offers=(WEEKLY, 1)),
        {"offers": WEEKLY, "news": WEEKLY},
    ),
    "a yes from before they left": (
        said(news=(WEEKLY, 5), left=3),
        said(offers=(WEEKLY, 2)),
        {"offers": None, "news": WEEKLY},
    ),
    "a later no": (said(offers=(WEEKLY, 1)), said(offers=(NO, 2)), {"offers": NO}),
    "an older no": (said(offers=(WEEKLY, 2)), said(offers=(NO, 1)), {"offers": WEEKLY}),
    "a no of the same moment": (said(offers=(WEEKLY, 1)), said(offers=(NO, 1)), {"offers": NO}),
    "a no of nobody knows when": (
        said(offers=(WEEKLY, 1)),
        said(offers=(NO, None)),
        {"offers": NO},
    ),
    "a no to what was never chosen": (
        said(news=(WEEKLY, 1)),
        said(offers=(NO, 1)),
        {"offers": NO, "news": WEEKLY},
    ),
    "another rhythm, later": (
        said(offers=(WEEKLY, 1)),
        said(offers=(MONTHLY, 2)),
        {"offers": MONTHLY},
    ),
    "another rhythm, older": (
        said(offers=(WEEKLY, 2)),
        said(offers=(MONTHLY, 1)),
        {"offers": WEEKLY},
    ),
    "another rhythm, nobody knows when": (
        said(offers=(WEEKLY, 2)),
        said(offers=(MONTHLY, None)),
        {"offers": WEEKLY},
    ),
    "leaving everything, later": (
        said(offers=(WEEKLY, 1)),
        said((OFF, 2), offers=(WEEKLY, 1)),
        {"offers": WEEKLY, "reach": OFF},
    ),
    "leaving everything, nobody knows when": (
        said((AS_CHOSEN, 9), offers=(WEEKLY, 1)),
        said((OFF, None)),
        {"offers": WEEKLY, "reach": OFF},
    ),
    "leaving everything before they agreed to something": (
        said(offers=(WEEKLY, 3), news=(WEEKLY, 1)),
        said((OFF, 2), tips=(WEEKLY, 1), news=(WEEKLY, 1)),
        {"offers": WEEKLY, "news": NO, "tips": None, "reach": AS_CHOSEN},
    ),
    "leaving everything before a file brought them back": (
        said((AS_CHOSEN, 3), offers=(WEEKLY, 1), news=(WEEKLY, 3)),
        said((OFF, 2), offers=(WEEKLY, 1)),
        {"offers": NO, "news": WEEKLY, "reach": AS_CHOSEN},
    ),
    "leaving everything before they came back": (
        said((AS_CHOSEN, 3), spoke=3, offers=(WEEKLY, 1)),
        said((OFF, 2), offers=(WEEKLY, 1)),
        {"offers": WEEKLY, "reach": AS_CHOSEN},
    ),
    "a yes after leaving everything here": (
        said((OFF, 2), offers=(WEEKLY, 1), news=(WEEKLY, 1)),
        said(offers=(WEEKLY, 3), news=(WEEKLY, 1)),
        {"offers": WEEKLY, "news": NO, "reach": AS_CHOSEN},
    ),
    "a yes before leaving everything here": (
        said((OFF, 2), offers=(NO, 1)),
        said(offers=(WEEKLY, 2)),
        {"offers": NO, "reach": OFF},
    ),
    "coming back elsewhere": (
        said((OFF, 2), offers=(WEEKLY, 1), news=(WEEKLY, 1)),
        said((AS_CHOSEN, 3), offers=(WEEKLY, 1)),
        {"offers": WEEKLY, "news": NO, "reach": AS_CHOSEN},
    ),
    "coming back elsewhere for fewer messages": (
        said((OFF, 2), offers=(WEEKLY, 1)),
        said((LESS, 3), offers=(WEEKLY, 1)),
        {"offers": WEEKLY, "reach": LESS},
    ),
    "fewer messages, later": (said((AS_CHOSEN, 1)), said((LESS, 2)), {"reach": LESS}),
    "fewer messages, nobody knows when": (
        said(offers=(WEEKLY, 1)),
        said((LESS, None)),
        {"reach": LESS},
    ),
    "fewer messages, older": (said((AS_CHOSEN, 2)), said((LESS, 1)), {"reach": AS_CHOSEN}),
    "more messages again, later": (said((LESS, 1)), said((AS_CHOSEN, 2)), {"reach": AS_CHOSEN}),
    "more messages again, nobody knows when": (
        said((LESS, 1)),
        said((AS_CHOSEN, None)),
        {"reach": LESS},
    ),
    "a new topic for who wants less": (
        said((LESS, 1), news=(WEEKLY, 1)),
        said(offers=(WEEKLY, 3)),
        {"offers": None, "reach": LESS},
    ),
    "a new topic for who has paused": (
        said((PAUSED, 1), news=(WEEKLY, 1)),
        said(offers=(WEEKLY, 3)),
        {"offers": None, "reach": PAUSED},
    ),
    "a new topic for who wants less there too": (
        said((LESS, 1), news=(WEEKLY, 1)),
        said((LESS, 1), offers=(WEEKLY, 3)),
        {"offers": WEEKLY, "reach": LESS},
    ),
}


def after(here: Any, copy: Any) -> tuple[State, Any]:
    effect = merge(SITE, *here, Copy(*copy), TODAY)
    return applied(here[0], effect.changes), effect


@pytest.mark.parametrize(("here", "copy", "expected"), CASES.values(), ids=CASES)
def test_the_later_word_of_each_choice_counts(here: Any, copy: Any, expected: Any) -> None:
    state, _ = after(here, copy)
    for name, choice in expected.items():
        assert (state.reach if name == "reach" else state.preference(name)) == choice, name


@pytest.mark.parametrize(("here", "copy", "_"), CASES.values(), ids=CASES)
def test_nobody_changes_by_a_copy_of_themselves(here: Any, copy: Any, _: Any) -> None:
    for each in (here, copy):
        effect = merge(SITE, *each, Copy(*each), TODAY)
        assert (effect.changes, effect.times, effect.left) == ((), {}, None)
        undated = Copy(each[0])
        effect = merge(SITE, *each, undated, TODAY)
        assert (effect.changes, effect.times, effect.left) == ((), {}, None)


def test_the_same_said_again_later_is_a_later_word() -> None:
    _, effect = after(
        said(offers=(WEEKLY, 1), news=(NO, 1)), said(offers=(WEEKLY, 2), news=(NO, 3))
    )
    assert effect.changes == ()
    assert effect.times == {"topic:offers": 2, "topic:news": 3}


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [(None, 2, "theirs"), (1, 2, "theirs"), (2, 1, "ours"), (2, 2, "ours")],
)
def test_an_answer_counts_if_it_is_the_later_one(
    here: int | None, there: int, expected: str
) -> None:
    ours = {"answer:q": {"said": "ours", "at": here}} if here else {}
    copy = State({"answer:q": {"said": "theirs", "at": there}})
    state, _ = after((State({"topic:news": WEEKLY, **ours}), Times()), (copy, Times()))
    assert state["answer:q"]["said"] == expected


@pytest.mark.parametrize("here", [None, (True, 2), (False, 2)])
@pytest.mark.parametrize("there", [(True, None), (True, 3), (False, 3), (False, 1)])
def test_of_the_wish_not_to_be_tracked_and_taking_it_back_the_later_counts(
    here: Any, there: Any
) -> None:
    ours, theirs = (wish and {"wanted": wish[0], "at": wish[1]} for wish in (here, there))
    mine = State({"topic:news": WEEKLY} | ({"do_not_track": ours} if ours else {}))
    state, _ = after((mine, Times()), (State({"do_not_track": theirs}), Times()))
    is_newer = ours is None or is_later(theirs, ours)
    assert state.do_not_track == (theirs if is_newer else ours)


def test_what_the_person_told_us_of_themselves_stays() -> None:
    mine = State({"topic:news": WEEKLY, "language": "sq", "contact:phone": "+355691234567"})
    theirs = State({"language": "en", "contact:phone": "+4915112345678", "contact:post": "Rruga 1"})
    state, _ = after((mine, Times()), (theirs, Times()))
    assert state == {**mine, "contact:post": "Rruga 1"}


def test_after_they_left_there_a_purchase_here_brings_no_topic() -> None:
    bought = Ground("purchase", 9)
    here, copy = said(news=(WEEKLY, 1)), said((AS_CHOSEN, 4), left=3, news=(WEEKLY, 4))
    assert agree(SITE, *here, ["offers"], 9, TODAY, bought).changes
    state, effect = after(here, copy)
    times = times_after(here[1], effect)
    assert agree(SITE, state, times, ["offers"], 9, TODAY, bought).changes == ()
