"""Room is left under a cap for what is planned and more important."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from tests.support.decisions import (
    NOW,
    OFFERS,
    SHOP,
    choice,
    moment,
    person,
)
from widget_backend.rules.decision import decide
from widget_backend.site.model import Site
from widget_backend.site.sending import Campaign, Cap


def planned(priority: int, at: str = "2026-06-10 09:00", topic: str = "news") -> Site:
    """A shop that sends one email a week, and has planned another campaign."""
    other = Campaign("digest", topic, "News", at=datetime.fromisoformat(at), priority=priority)
    cap = Cap(most=1, window="7 days")
    return replace(SHOP, caps=(cap,), campaigns=(other,), time_zone="Europe/Tirane")


def test_room_is_left_for_what_is_more_important() -> None:
    decision = decide(planned(5), OFFERS, person(news=choice()), NOW)
    assert decision.deciding
    assert decision.deciding.rule == "priority"
    assert decision.deciding.facts["campaigns"] == ["digest"]
    assert decision.not_before == moment("2026-06-17 09:00")


@pytest.mark.parametrize(
    "shop",
    [
        planned(0),
        planned(-1),
        planned(5, at="2026-06-08 09:00"),
        planned(5, at="2026-06-18 09:00"),
        replace(planned(5), caps=()),
    ],
    ids=["as important", "less important", "over", "far away", "no cap"],
)
def test_no_room_is_left_for(shop: Site) -> None:
    assert decide(shop, OFFERS, person(news=choice()), NOW).allowed


def test_no_room_is_left_for_what_the_person_does_not_get() -> None:
    assert decide(planned(5), OFFERS, person(), NOW).allowed
