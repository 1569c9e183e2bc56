"""How many messages a month to expect: never fewer than may come."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.sites import site, topic
from widget_backend.rules.state import AS_CHOSEN, State, is_paused
from widget_backend.rules.volume import MOST_A_MONTH, is_rarer, messages_a_month
from widget_backend.site.channels import FREQUENCIES, Frequency

TODAY = date(2027, 3, 1)
SHOP = site((topic("a"), topic("b"), topic("c")))
LESS = {"reach": "less", "until": None}
OFF = {"reach": "off", "until": None}


def paused(until: str) -> Any:
    return {"reach": "paused", "until": until}


def state(overall: Any = None, **topics: str) -> State:
    """Each topic with its frequency; `-weekly` is one that is turned off."""
    said = {
        f"topic:{name}": {
            "on": not how.startswith("-"),
            "channel": "email",
            "frequency": how.removeprefix("-"),
        }
        for name, how in topics.items()
    }
    return State({**said, **({"overall": overall} if overall else {})})


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (state(), 0),
        (state(a="daily"), 31),
        (state(a="weekly"), 5),
        (state(a="every_two_weeks"), 3),
        (state(a="monthly"), 1),
        (state(a="quarterly"), 1),
        (state(a="quarterly", b="quarterly", c="quarterly"), 3),
        (state(a="weekly", b="weekly", c="weekly"), 15),
        (state(a="daily", b="-daily"), 31),
        (state(a="weekly", gone="daily"), 5),
        (state(LESS, a="daily", b="weekly", c="quarterly"), 3),
        (state(OFF, a="daily"), 0),
        (state(AS_CHOSEN, a="monthly"), 1),
        (state(paused("2027-03-02"), a="monthly"), 0),
        (state(paused("2027-03-01"), a="monthly"), 1),
    ],
)
def test_the_most_that_the_choices_allow(said: State, expected: int) -> None:
    assert messages_a_month(SHOP, said, TODAY) == expected


def test_frequencies_are_listed_from_most_to_least() -> None:
    most = [MOST_A_MONTH[each] for each in FREQUENCIES]
    assert most == sorted(most, reverse=True)
    assert [is_rarer("monthly", each) for each in FREQUENCIES] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("frequency", "days"), [("daily", 1), ("weekly", 7), ("every_two_weeks", 14)]
)
def test_no_month_of_fifty_years_brings_more_than_is_said(frequency: Frequency, days: int) -> None:
    sent = [date(2026, 1, 1) + timedelta(days=each) for each in range(0, 18_263, days)]
    months = Counter((each.year, each.month) for each in sent)
    assert max(months.values()) == MOST_A_MONTH[frequency]


CHOICES = st.dictionaries(st.sampled_from("abc"), st.sampled_from(FREQUENCIES))


@given(CHOICES, st.sampled_from("abc"), st.sampled_from(FREQUENCIES))
def test_one_more_topic_is_never_fewer_messages(
    topics: dict[str, str], more: str, how: str
) -> None:
    with_more = topics if more in topics else {**topics, more: how}
    now, then = (messages_a_month(SHOP, state(**each), TODAY) for each in (topics, with_more))
    assert now <= then


@given(CHOICES)
def test_less_is_never_more_and_off_is_nothing(topics: dict[str, str]) -> None:
    chosen, less, off = (
        messages_a_month(SHOP, state(overall, **topics), TODAY) for overall in (None, LESS, OFF)
    )
    assert off == 0 <= less <= min(chosen, len(topics))


@pytest.mark.parametrize(
    ("overall", "holds"),
    [
        (None, AS_CHOSEN),
        (AS_CHOSEN, AS_CHOSEN),
        (LESS, LESS),
        (OFF, OFF),
        (paused("2027-03-02"), paused("2027-03-02")),
        (paused("2027-03-01"), AS_CHOSEN),
        (paused("2026-01-01"), AS_CHOSEN),
    ],
)
def test_a_pause_ends_by_itself_on_its_date(overall: Any, holds: Any) -> None:
    assert state(overall).overall_on(TODAY) == holds


def test_only_a_pause_pauses() -> None:
    assert is_paused(paused("2027-03-02"), TODAY)
    assert not is_paused(LESS, TODAY)  # type: ignore[arg-type]
