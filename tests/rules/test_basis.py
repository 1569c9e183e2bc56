"""What a consent rests on, when files tell of it in any order and people choose themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.sites import site, topic
from widget_backend.rules.basis import ASKED, BASES, Basis, Ground, ground_of, grounded
from widget_backend.rules.choices import Choices, TopicChoice
from widget_backend.rules.copies import Copy, merge
from widget_backend.rules.later_words import Effect, Times, agree, leave, times_after
from widget_backend.rules.state import Change, State, applied, difference
from widget_backend.rules.unsubscribing import get_fewer, unsubscribe

SHOP = site((topic("offers"),))
TODAY = date(2026, 11, 30)
WEEKLY = {"on": True, "channel": "email", "frequency": "weekly"}
NO = "no"
Word = tuple[Basis | str | None, int]
"""A basis, None for a plain yes, or a no; and when."""


def after(words: Sequence[Word]) -> dict[str, Any]:
    """The choice of the topic after files with these words, one after another."""
    state, times = State(), Times()
    for said, at in words:
        effect = _effect(state, times, said, at)
        state, times = applied(state, effect.changes), times_after(times, effect)
    return dict(state.preference("offers") or {})


def _effect(state: State, times: Times, said: Any, at: int) -> Effect:
    if said == NO:
        return leave(SHOP, state, times, "offers", at)
    ground = Ground(said, at) if said else ASKED
    return agree(SHOP, state, times, ["offers"], at, TODAY, ground)


CASES: dict[str, tuple[list[Word], Ground | None]] = {
    "a purchase": ([("purchase", 5)], Ground("purchase", 5)),
    "a later purchase": ([("purchase", 5), ("purchase", 9)], Ground("purchase", 9)),
    "a yes counts more than a purchase": ([("purchase", 9), (None, 5)], ASKED),
    "and than a reward": ([("rewarded_free", 9), (None, 5)], ASKED),
    "a purchase never wins over a no": ([(NO, 5), ("purchase", 9)], None),
    "nor does a reward": ([(NO, 5), ("rewarded_free", 9)], None),
    "nor is a yes of before the no brought back": (
        [(None, 1), (NO, 5), ("purchase", 9)],
        None,
    ),
    "a yes after it is": ([(None, 7), (NO, 5), ("purchase", 9)], ASKED),
    "a box that was ticked beforehand replaces no purchase": (
        [("purchase", 5), ("pre_ticked", 9)],
        Ground("purchase", 5),
    ),
    "on one day the stronger counts": (
        [("inquiry", 5), ("purchase", 5), ("pre_ticked", 5)],
        Ground("purchase", 5),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_in_whatever_order_files_come(case: str) -> None:
    words, ground = CASES[case]
    for order in permutations(words):
        choice = after(order)
        assert choice["on"] is (ground is not None), order
        assert ground_of(choice) == (ground or ASKED), order


WORDS = st.tuples(st.sampled_from([NO, None, *BASES]), st.integers(1, 4))


@given(words=st.lists(WORDS, min_size=1, max_size=4))
def test_no_order_of_files_matters(words: list[Word]) -> None:
    choices = [after(order) for order in permutations(words)]
    assert all(each == choices[0] for each in choices), choices


def test_after_leaving_everything_a_purchase_brings_nobody_back() -> None:
    state = State({"overall": {"reach": "off", "until": None}})
    times = Times({}, overall=5, left=5)
    for known in (state, State({"overall": {"reach": "as_chosen", "until": None}})):
        effect = agree(SHOP, known, times, ["offers"], 9, TODAY, Ground("purchase", 9))
        assert effect == Effect()


BOUGHT = grounded(WEEKLY, Ground("purchase", 5))
HAS_BOUGHT = State({"topic:offers": BOUGHT})
OFFERS = SHOP.topics[0]


AS_IT_WAS = Choices({OFFERS: TopicChoice(True, "email", "weekly")})
BY_TEXT = Choices({OFFERS: TopicChoice(True, "sms", "weekly")})


def test_a_box_that_was_ticked_already_is_no_consent_if_it_is_left_as_it_is() -> None:
    """Planet49 (CJEU C-673/17): else who only unticks another box would agree to this one."""
    assert difference(HAS_BOUGHT, AS_IT_WAS.wanted(HAS_BOUGHT, HAS_BOUGHT)) == []


def test_so_is_one_whose_rhythm_the_form_has_changed_by_itself() -> None:
    """It offers what was stored no longer, and a browser sends the first that is."""
    rare = topic("offers", frequencies=("monthly", "quarterly"))
    untouched = Choices({rare: TopicChoice(True, "email", "monthly")})
    monthly = grounded({**WEEKLY, "frequency": "monthly"}, Ground("purchase", 5))
    assert untouched.wanted(HAS_BOUGHT, HAS_BOUGHT)["topic:offers"] == monthly
    chosen = Choices({rare: TopicChoice(True, "email", "quarterly")})
    assert ground_of(chosen.wanted(HAS_BOUGHT, HAS_BOUGHT)["topic:offers"]) == ASKED


def test_who_ticks_a_box_or_chooses_something_of_it_agrees() -> None:
    agreed = [
        AS_IT_WAS.wanted(HAS_BOUGHT, State())["topic:offers"],
        BY_TEXT.wanted(HAS_BOUGHT, HAS_BOUGHT)["topic:offers"],
    ]
    assert agreed == [WEEKLY, {**WEEKLY, "channel": "sms"}]


def test_a_form_of_before_a_yes_does_not_take_it_back() -> None:
    has_agreed = State({"topic:offers": WEEKLY})
    assert difference(has_agreed, AS_IT_WAS.wanted(has_agreed, HAS_BOUGHT)) == []


def test_a_no_rests_on_nothing_else() -> None:
    refused = Choices({OFFERS: TopicChoice(False, "email", "weekly")})
    ended = [
        refused.wanted(HAS_BOUGHT, HAS_BOUGHT)["topic:offers"],
        unsubscribe(SHOP, HAS_BOUGHT, "offers")[0].after,
        refused.reductions(HAS_BOUGHT, HAS_BOUGHT)[0].after,
    ]
    assert ended == [{**WEEKLY, "on": False}] * 3


def test_a_link_that_only_brings_less_mail_makes_no_yes_of_it() -> None:
    """Mail gets forwarded: whoever pressed it may be somebody else."""
    rare = site((topic("offers", frequencies=("weekly", "monthly")),))
    (change,) = get_fewer(rare, HAS_BOUGHT, "offers", TODAY)
    assert ground_of(change.after) == Ground("purchase", 5)


def test_what_came_in_while_a_form_was_open_is_no_conflict_if_it_asks_for_the_same() -> None:
    concurrent = [Change("topic:offers", None, BOUGHT)]
    assert AS_IT_WAS.conflicts(HAS_BOUGHT, State(), concurrent) == []
    assert BY_TEXT.conflicts(HAS_BOUGHT, State(), concurrent) == concurrent


COPIES: dict[str, tuple[dict[str, Any], int, dict[str, Any], int, dict[str, Any]]] = {
    "a yes there counts more than a purchase here": (BOUGHT, 5, WEEKLY, 3, WEEKLY),
    "a purchase there changes no yes here": (WEEKLY, 3, BOUGHT, 5, WEEKLY),
    "nor does it bring back what was left": (
        {**WEEKLY, "on": False}, 3, BOUGHT, 5, {**WEEKLY, "on": False},
    ),
    "a no there counts, even an earlier one": (
        BOUGHT, 5, {**WEEKLY, "on": False}, 3, {**WEEKLY, "on": False},
    ),
    "of two purchases the later one": (
        BOUGHT, 5, grounded(WEEKLY, Ground("purchase", 9)), 9,
        grounded(WEEKLY, Ground("purchase", 9)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", COPIES)
def test_an_export_of_ours_is_read_by_the_same_rules(case: str) -> None:
    mine, at, theirs, said, then = COPIES[case]
    copy = Copy(State({"topic:offers": theirs}), Times({"offers": said}))
    state = State({"topic:offers": mine})
    effect = merge(SHOP, state, Times({"offers": at}), copy, TODAY)
    assert applied(state, effect.changes).preference("offers") == then
