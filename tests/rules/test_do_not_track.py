"""“Do not track me”: what may be observed, and whose word counts."""

from __future__ import annotations

from typing import Any

import pytest

from widget_backend.rules.do_not_track import ask, is_later, may_be_observed
from widget_backend.rules.state import DoNotTrack, State, applied

OFF = {"reach": "off", "until": None}


def wish(wanted: bool, at: int | None) -> DoNotTrack:
    return {"wanted": wanted, "at": at}


@pytest.mark.parametrize(
    ("values", "may_be"),
    [
        ({}, True),
        ({"do_not_track": wish(True, 1)}, False),
        ({"do_not_track": wish(True, None)}, False),
        ({"do_not_track": wish(False, 1)}, True),
        ({"overall": OFF}, True),
    ],
    ids=[
        "nothing was said",
        "they asked",
        "they asked, nobody knows when",
        "they took it back",
        "they left everything, which is another wish",
    ],
)
def test_who_asked_not_to_be_tracked_is_not_observed(values: dict[str, Any], may_be: bool) -> None:
    assert may_be_observed(State(values)) is may_be


def test_a_wish_has_its_time_and_is_not_moved_by_asking_again() -> None:
    state = applied(State(), ask(State(), wanted=True, at=5))
    assert state.do_not_track == wish(True, 5)
    assert ask(state, wanted=True, at=9) == []
    assert applied(state, ask(state, wanted=False, at=9)).do_not_track == wish(False, 9)
    assert ask(State(), wanted=False, at=9) == [], "there is nothing to take back"


@pytest.mark.parametrize(
    ("theirs", "mine", "counts"),
    [
        (wish(True, 1), None, True),
        (wish(True, None), None, True),
        (wish(False, 1), None, True),
        (wish(False, None), None, False),
        (wish(True, 3), wish(False, 2), True),
        (wish(True, 2), wish(False, 2), True),
        (wish(True, None), wish(False, 2), True),
        (wish(True, 1), wish(False, 2), False),
        (wish(False, 3), wish(True, 2), True),
        (wish(False, 2), wish(True, 2), False),
        (wish(False, 1), wish(True, 2), False),
        (wish(False, None), wish(True, 2), False),
        (wish(False, 3), wish(True, None), False),
        (wish(True, 3), wish(True, 2), True),
        (wish(True, 2), wish(True, 3), False),
        (wish(True, None), wish(True, 2), False),
        (wish(True, 2), wish(True, None), False),
    ],
)
def test_the_later_word_counts_and_the_wish_where_nobody_knows(
    theirs: DoNotTrack, mine: DoNotTrack | None, counts: bool
) -> None:
    assert is_later(theirs, mine) is counts
