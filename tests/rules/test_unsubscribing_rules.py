"""What an unsubscribe link offers and does: less mail than what holds, and never more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from tests.support.worlds import KUTIA
from widget_backend.rules.pauses import may_pause_until, pause_dates
from widget_backend.rules.state import Change, State, applied
from widget_backend.rules.unsubscribing import (
    PageButtons,
    get_fewer,
    only_reduces,
    only_unsubscribes,
    page_buttons,
    pause,
    rarer_frequency,
    unsubscribe,
)
from widget_backend.rules.volume import messages_a_month

TODAY = date(2027, 3, 1)
SITE = KUTIA.site
WEEKLY = {"on": True, "channel": "email", "frequency": "weekly"}
MONTHLY = {"on": True, "channel": "email", "frequency": "monthly"}
DAILY = {"on": True, "channel": "post", "frequency": "daily"}
BIWEEKLY = {"on": True, "channel": "email", "frequency": "every_two_weeks"}
QUARTERLY = {"on": True, "channel": "email", "frequency": "quarterly"}
NO_OFFERS = {**WEEKLY, "on": False}
LESS = {"reach": "less", "until": None}
OFF = {"reach": "off", "until": None}
AS_CHOSEN = {"reach": "as_chosen", "until": None}


def paused(until: str) -> dict[str, str]:
    return {"reach": "paused", "until": until}


def offering(*frequencies: str) -> Any:
    """A topic that comes as often as one of these."""
    return replace(SITE.topics[0], frequencies=frequencies)


@pytest.mark.parametrize(
    ("frequencies", "rare"),
    [
        (("weekly", "monthly"), "monthly"),
        (("quarterly", "monthly", "daily"), "monthly"),
        (("quarterly", "every_two_weeks"), "quarterly"),
        (("daily", "weekly", "every_two_weeks"), None),
        (("monthly",), "monthly"),
    ],
)
def test_of_what_a_topic_offers_the_most_frequent_of_at_most_once_a_month(
    frequencies: tuple[str, ...], rare: str | None
) -> None:
    assert rarer_frequency(offering(*frequencies)) == rare


FEWER: list[tuple[dict[str, Any], str | None, dict[str, Any] | None]] = [
    # what holds, the topic of the link, what getting fewer messages changes
    ({"topic:offers": WEEKLY}, "offers", {"topic:offers": MONTHLY}),
    (
        {"topic:offers": WEEKLY, "topic:news": DAILY},
        "news",
        {"topic:news": {**DAILY, "frequency": "monthly"}},
    ),
    ({"topic:tips": BIWEEKLY}, "tips", {"topic:tips": QUARTERLY}),
    ({"topic:offers": WEEKLY, "overall": AS_CHOSEN}, "offers", {"topic:offers": MONTHLY}),
    ({"topic:offers": WEEKLY, "overall": paused("2027-02-01")}, "offers",
     {"topic:offers": MONTHLY}),  # that pause is over
    ({"topic:offers": MONTHLY}, "offers", None),
    ({"topic:tips": QUARTERLY}, "tips", None),
    ({"topic:offers": NO_OFFERS}, "offers", None),
    ({}, "offers", None),
    ({"topic:offers": WEEKLY, "overall": LESS}, "offers", None),
    ({"topic:offers": WEEKLY, "overall": OFF}, "offers", None),
    ({"topic:offers": WEEKLY, "overall": paused("2027-04-01")}, "offers", None),
    ({"topic:gone": WEEKLY}, "gone", None),
    ({"topic:offers": WEEKLY}, None, {"overall": LESS}),
    ({}, None, {"overall": LESS}),
    ({"overall": AS_CHOSEN}, None, {"overall": LESS}),
    ({"overall": paused("2027-03-01")}, None, {"overall": LESS}),  # over today
    ({"overall": LESS}, None, None),
    ({"overall": OFF}, None, None),
    ({"overall": paused("2027-03-02")}, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("holds", "topic", "then"), FEWER)
def test_getting_fewer_messages(
    holds: dict[str, Any], topic: str | None, then: dict[str, Any] | None
) -> None:
    state = State(holds)
    after = applied(state, get_fewer(SITE, state, topic, TODAY))
    assert after == {**holds, **(then or {})}


PAUSES: list[tuple[dict[str, Any] | None, bool]] = [
    # what holds above all topics, whether a pause until the 1st of May changes it
    (None, True),
    (AS_CHOSEN, True),
    (paused("2027-04-01"), True),
    (paused("2027-02-01"), True),
    (paused("2027-05-01"), False),
    (paused("2027-05-02"), False),
    (LESS, False),
    (OFF, False),
]


@pytest.mark.parametrize(("overall", "changes"), PAUSES)
def test_a_pause_only_ever_lasts_longer_than_what_holds(
    overall: dict[str, Any] | None, changes: bool
) -> None:
    state = State({"overall": overall} if overall else {})
    wanted = [Change("overall", overall, paused("2027-05-01"))] if changes else []
    assert pause(state, date(2027, 5, 1), TODAY) == wanted


@pytest.mark.parametrize("until", [date(2027, 3, 1), date(2026, 5, 1)])
def test_a_pause_that_is_over_changes_nothing(until: date) -> None:
    for overall, _ in PAUSES:
        state = State({"overall": overall} if overall else {})
        assert pause(state, until, TODAY) == []


HOLDS = [
    {**topics, **({"overall": overall} if overall else {})}
    for topics, (overall, _) in product(
        [{}, {"topic:offers": WEEKLY}, {"topic:offers": WEEKLY, "topic:news": DAILY},
         {"topic:offers": NO_OFFERS, "topic:tips": BIWEEKLY}],
        PAUSES,
    )
]  # fmt: skip


@pytest.mark.parametrize("topic", ["offers", "news", "tips", None])
@pytest.mark.parametrize("holds", HOLDS)
def test_no_press_ever_brings_more_today_or_on_any_later_day(
    holds: dict[str, Any], topic: str | None
) -> None:
    state = State(holds)
    presses = [
        unsubscribe(SITE, state, topic),
        unsubscribe(SITE, state, None),
        get_fewer(SITE, state, topic, TODAY),
        *[pause(state, day, TODAY) for day in pause_dates(TODAY)],
    ]
    for changes, later in product(presses, range(0, 400, 7)):
        day = TODAY + timedelta(days=later)
        before = messages_a_month(SITE, state, day)
        assert messages_a_month(SITE, applied(state, changes), day) <= before


ALL_PAUSES = (date(2027, 3, 31), date(2027, 5, 31), date(2027, 8, 30))
ON_PAGE: list[tuple[dict[str, Any], str | None, PageButtons]] = [
    ({"topic:offers": WEEKLY}, "offers", PageButtons(True, True, True, ALL_PAUSES)),
    ({"topic:offers": MONTHLY}, "offers", PageButtons(True, True, False, ALL_PAUSES)),
    ({}, "offers", PageButtons(True, True, False, ALL_PAUSES)),
    ({}, None, PageButtons(True, False, True, ALL_PAUSES)),
    ({"topic:offers": NO_OFFERS}, "offers", PageButtons(False, True)),
    ({"topic:offers": WEEKLY, "overall": OFF}, "offers", PageButtons(False, False)),
    ({"overall": OFF}, None, PageButtons(False, False)),
    ({"overall": LESS}, None, PageButtons(True, False)),
    ({"topic:offers": WEEKLY, "overall": LESS}, "offers", PageButtons(True, True)),
    ({"overall": paused("2027-05-31")}, None, PageButtons(True, False, False, ALL_PAUSES[2:])),
    ({"overall": paused("2027-02-28")}, None, PageButtons(True, False, True, ALL_PAUSES)),
]


@pytest.mark.parametrize(("holds", "topic", "buttons"), ON_PAGE)
def test_what_the_page_of_a_link_has(
    holds: dict[str, Any], topic: str | None, buttons: PageButtons
) -> None:
    assert page_buttons(SITE, State(holds), topic, TODAY) == buttons


@pytest.mark.parametrize(
    ("until", "may"),
    [
        ("2027-03-02", True),
        ("2027-04-01", True),
        ("2027-08-30", True),
        ("2027-08-31", False),
        ("2027-03-01", False),
        ("2026-03-31", False),
        ("9999-12-31", False),
    ],
)
def test_a_pause_ends_after_today_and_no_later_than_the_last_date_on_offer(
    until: str, may: bool
) -> None:
    assert may_pause_until(date.fromisoformat(until), TODAY) is may


# ── what a save did ─────────────────────────────────────────────────────────────────────────

SAVES: list[tuple[list[tuple[str, Any, Any]], str | None, bool, bool]] = [
    # changes, the topic of the link, only left, only brought less
    ([("topic:offers", WEEKLY, NO_OFFERS)], "offers", True, True),
    ([("topic:offers", WEEKLY, MONTHLY)], "offers", False, True),
    ([("topic:offers", MONTHLY, WEEKLY)], "offers", False, False),
    ([("topic:offers", NO_OFFERS, MONTHLY)], "offers", False, False),
    ([("topic:offers", WEEKLY, {**MONTHLY, "channel": "post"})], "offers", False, False),
    ([("topic:offers", None, MONTHLY)], "offers", False, False),
    ([("topic:offers", WEEKLY, NO_OFFERS)], "news", False, False),
    ([("topic:offers", WEEKLY, MONTHLY)], "news", False, False),
    ([("topic:offers", WEEKLY, MONTHLY)], None, False, False),
    ([("answer:offers", WEEKLY, MONTHLY)], "offers", False, False),
    ([("overall", None, OFF)], None, True, True),
    ([("overall", LESS, OFF)], "offers", True, True),
    ([("overall", None, LESS)], None, False, True),
    ([("overall", None, paused("2027-04-01"))], "offers", False, True),
    ([("overall", paused("2027-04-01"), paused("2027-05-01"))], None, False, True),
    ([("overall", paused("2027-05-01"), paused("2027-04-01"))], None, False, False),
    ([("overall", OFF, None)], None, False, False),
    ([("overall", None, LESS), ("topic:news", None, DAILY)], "offers", False, False),
    ([("overall", None, OFF), ("language", "sq", "ar")], None, False, False),
    ([], None, False, False),
]


@pytest.mark.parametrize(("changes", "topic", "left", "less"), SAVES)
def test_what_a_save_did(
    changes: list[tuple[str, Any, Any]], topic: str | None, left: bool, less: bool
) -> None:
    save = [Change(*each) for each in changes]
    assert only_unsubscribes(save, topic, TODAY) is left
    assert only_reduces(save, topic, TODAY) is less
