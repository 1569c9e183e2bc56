"""Limits: counting, several at a time, and clocks that were wrong for a while."""

from __future__ import annotations

import pytest

from widget_backend.rate_limits import AHEAD, AT_ONCE, JUST_NOW, Limit, Limits, is_just_now

FEW = Limit("few", 2, 100)
MANY = Limit("many", 5, 1000)
NOW = 1_000_000.0


def test_it_allows_so_many_in_so_many_seconds() -> None:
    limits = Limits()
    assert [limits.allows(FEW, "a", NOW + at) for at in (0, 50, 99, 100, 101)] == [
        *(True, True, False, True, False)
    ]
    assert limits.allows(FEW, "b", NOW)


def test_what_is_refused_by_one_limit_is_counted_by_none() -> None:
    limits = Limits()
    both = [(FEW, "a"), (MANY, "a")]
    assert [limits.allows_all(both, NOW) for _ in range(6)] == [True, True, *[False] * 4]
    assert [limits.allows(MANY, "a", NOW) for _ in range(4)] == [True] * 3 + [False]


def test_what_is_given_back_may_happen_again() -> None:
    limits = Limits()
    for at in (0, 50):
        assert limits.allows(FEW, "a", NOW + at)
    limits.give_back(FEW, "a", NOW + 50)
    assert limits.wait(FEW, "a", NOW + 60) == 0
    assert [limits.allows(FEW, "a", NOW + at) for at in (60, 61, 100)] == [True, False, True]
    limits.give_back(FEW, "b", NOW)
    assert [limits.allows(FEW, "b", NOW) for _ in range(3)] == [True, True, False]


def test_it_tells_how_long_to_wait() -> None:
    limits = Limits()
    assert limits.wait(FEW, "a", NOW) == 0
    limits.allows(FEW, "a", NOW)
    limits.allows(FEW, "a", NOW + 30)
    assert limits.wait(FEW, "a", NOW + 40.5) == 60
    assert limits.wait(FEW, "a", NOW + 99.9) == 1
    assert limits.wait(FEW, "a", NOW + 100) == 0


@pytest.mark.parametrize("ahead", [60, 3600, 10 * 365 * 86_400])
def test_what_was_counted_by_a_clock_that_ran_ahead_blocks_nobody(ahead: float) -> None:
    limits = Limits()
    for _ in range(FEW.most):
        assert limits.allows(FEW, "a", NOW + ahead)
    assert limits.wait(FEW, "a", NOW) == 0
    assert [limits.allows(FEW, "a", NOW) for _ in range(3)] == [True, True, False]
    assert limits.allows(FEW, "a", NOW + FEW.seconds)


def test_what_was_counted_before_the_clock_ran_ahead_counts_when_it_is_right_again() -> None:
    limits = Limits()
    limits.allows(FEW, "a", NOW)
    limits.allows(FEW, "a", NOW + 50)
    assert not limits.allows(FEW, "a", NOW + 60)


def test_threads_that_read_the_clock_at_different_moments_lose_no_count() -> None:
    limits = Limits()
    assert limits.allows(FEW, "a", NOW + AHEAD)
    assert limits.allows(FEW, "a", NOW)
    assert not limits.allows(FEW, "a", NOW)


@pytest.mark.parametrize(
    ("at", "is_new"),
    [(0, True), (JUST_NOW - 1, True), (JUST_NOW, False), (-AHEAD, True), (-3600, False)],
)
def test_what_a_wrong_clock_says_of_the_future_is_not_just_now(at: float, is_new: bool) -> None:
    assert is_just_now(NOW - at, NOW) == is_new
    assert is_just_now(NOW - at, NOW, AT_ONCE) == (is_new and at < AT_ONCE)
