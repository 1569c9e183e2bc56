"""Changing a state: what changes, telling it back, taking it back, and what only ends something."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget_backend.rules.state import (
    AS_CHOSEN,
    Change,
    State,
    applied,
    difference,
    inverse,
    matches,
    reduces_mail,
    reverted,
    squash,
)

TODAY = date(2027, 3, 1)
ON = {"on": True, "channel": "email", "frequency": "weekly"}
SMS = {**ON, "channel": "sms"}
OFF = {**ON, "on": False}
ALL_OFF = {"reach": "off", "until": None}
LESS = {"reach": "less", "until": None}


def paused(until: str) -> dict[str, str]:
    return {"reach": "paused", "until": until}


SUBJECTS = st.sampled_from(
    ["overall", "language", "topic:a", "topic:b", "answer:q", "contact:post"]
)
VALUES = st.sampled_from([ON, SMS, OFF, "sq", "ar", ALL_OFF, LESS, 0, False, [], {"said": []}])
STATES = st.dictionaries(SUBJECTS, VALUES, max_size=6)
WANTED = st.dictionaries(SUBJECTS, VALUES | st.none(), max_size=6)


def without_nothing(state: dict[str, Any]) -> dict[str, Any]:
    return {subject: value for subject, value in state.items() if value is not None}


# ── laws ────────────────────────────────────────────────────────────────────────────────────


@given(STATES, WANTED)
def test_the_difference_brings_about_what_is_wanted_and_nothing_else(
    before: dict[str, Any], wanted: dict[str, Any]
) -> None:
    after = applied(before, difference(before, wanted))
    assert after == without_nothing({**before, **wanted})


@given(STATES, WANTED)
def test_what_is_already_so_is_no_change(before: dict[str, Any], wanted: dict[str, Any]) -> None:
    after = applied(before, difference(before, wanted))
    assert difference(after, wanted) == []
    assert all(change.before != change.after for change in difference(before, wanted))


@given(STATES, st.lists(WANTED, max_size=5))
def test_rewinding_comes_back_to_the_start(
    start: dict[str, Any], wishes: list[dict[str, Any]]
) -> None:
    now, made = start, []
    for wanted in wishes:
        changes = difference(now, wanted)
        now, made = applied(now, changes), [*made, *changes]
    assert reverted(now, made) == start
    assert reverted(now, squash(made)) == start
    assert applied(start, squash(made)) == now


@given(STATES, st.lists(WANTED, max_size=5))
def test_the_net_of_changes_is_the_difference(
    start: dict[str, Any], wishes: list[dict[str, Any]]
) -> None:
    now, made = start, []
    for wanted in wishes:
        changes = difference(now, wanted)
        now, made = applied(now, changes), [*made, *changes]
    told = {change.subject: (change.before, change.after) for change in squash(made)}
    subjects = start.keys() | now.keys()
    assert told == {
        each: (start.get(each), now.get(each))
        for each in subjects
        if start.get(each) != now.get(each)
    }


@given(STATES, WANTED)
def test_undo_takes_back_and_undo_of_undo_brings_again(
    before: dict[str, Any], wanted: dict[str, Any]
) -> None:
    changes = difference(before, wanted)
    after = applied(before, changes)
    assert matches(after, changes)
    assert applied(after, inverse(changes)) == before
    assert inverse(inverse(changes)) == changes


@given(STATES, WANTED)
def test_nothing_given_is_altered(before: dict[str, Any], wanted: dict[str, Any]) -> None:
    kept = dict(before)
    changes = difference(before, wanted)
    applied(before, changes)
    reverted(before, changes)
    assert before == kept


# ── leaving ─────────────────────────────────────────────────────────────────────────────────

LEAVING = [
    # subject, before, after, only ends something
    ("topic:a", ON, OFF, True),
    ("topic:a", SMS, OFF, True),
    ("topic:a", ON, None, True),
    ("topic:a", OFF, ON, False),
    ("topic:a", ON, SMS, False),
    ("topic:a", None, ON, False),
    ("topic:a", None, OFF, False),
    ("topic:a", OFF, OFF, False),
    ("overall", None, ALL_OFF, True),
    ("overall", AS_CHOSEN, ALL_OFF, True),
    ("overall", LESS, ALL_OFF, True),
    ("overall", paused("2027-04-01"), ALL_OFF, True),
    ("overall", None, LESS, True),
    ("overall", LESS, paused("2027-04-01"), True),
    ("overall", paused("2027-04-01"), paused("2027-05-01"), True),
    ("overall", paused("2027-05-01"), paused("2027-04-01"), False),
    ("overall", paused("2027-04-01"), LESS, False),
    ("overall", paused("2027-03-01"), LESS, True),  # that pause is over
    ("overall", None, paused("2027-03-01"), False),  # so is that one
    ("overall", ALL_OFF, LESS, False),
    ("overall", ALL_OFF, None, False),
    ("overall", ALL_OFF, ALL_OFF, False),
    ("overall", LESS, AS_CHOSEN, False),
    ("language", "sq", "ar", False),
    ("contact:phone", "+355691234567", None, False),
    ("answer:moved", {"said": "yes"}, {"said": "no"}, False),
]


@pytest.mark.parametrize(("subject", "before", "after", "expected"), LEAVING)
def test_what_only_ends_something(subject: str, before: Any, after: Any, expected: bool) -> None:
    assert reduces_mail(Change(subject, before, after), TODAY) == expected


OVERALLS = st.sampled_from(
    [None, AS_CHOSEN, LESS, ALL_OFF, paused("2027-04-01"), paused("2027-06-01")]
)


@given(OVERALLS, OVERALLS)
def test_taking_a_leaving_back_is_never_leaving(before: Any, after: Any) -> None:
    change = Change("overall", before, after)
    back = inverse([change])[0]
    assert not (reduces_mail(change, TODAY) and reduces_mail(back, TODAY))


@given(STATES, WANTED)
def test_no_leaving_turns_anything_on(before: dict[str, Any], wanted: dict[str, Any]) -> None:
    topics = {subject for subject in (*before, *wanted) if subject.startswith("topic:")}
    known = {subject: value for subject, value in before.items() if value in (ON, SMS, OFF)}
    changes = [each for each in difference(known, wanted) if each.subject in topics]
    changes = [each for each in changes if each.after in (ON, SMS, OFF, None)]
    after = applied(known, [each for each in changes if reduces_mail(each, TODAY)])
    for subject in topics:
        name = subject.partition(":")[2]
        assert State(known).is_subscribed(name) or not after.is_subscribed(name)


# ── small things ────────────────────────────────────────────────────────────────────────────


def test_a_subject_has_a_kind_and_a_name() -> None:
    change = Change("answer:children-ages", None, 1)
    assert (change.kind, change.name) == ("answer", "children-ages")
    assert (Change("overall", 1, 2).kind, Change("overall", 1, 2).name) == ("overall", "")


@pytest.mark.parametrize(
    ("state", "on"), [({}, False), ({"topic:a": ON}, True), ({"topic:a": OFF}, False)]
)
def test_a_topic_is_on_only_when_that_was_said(state: dict[str, Any], on: bool) -> None:
    assert State(state).is_subscribed("a") is on


def test_without_a_word_everything_comes_as_chosen() -> None:
    assert State().reach == "as_chosen"
    assert State(overall=ALL_OFF).reach == "off"
