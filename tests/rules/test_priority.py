"""Room is left under a cap for what is planned and more important."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from tests.support.decisions import NOW, OFFERS, SHOP, choice, moment, person
from widget_backend.rules.decision import decide
from widget_backend.rules.snapshot import Message
from widget_backend.site.sending import Campaign, Cap

ONE_A_WEEK = replace(SHOP, caps=(Cap(most=1, window="7 days"),), time_zone="Europe/Tirane")


def before(at: str = "2026-06-10 09:00", topic: str = "news") -> Message:
    """The offers, when another campaign is planned that is more important."""
    planned = datetime.fromisoformat(at)
    other = Campaign("digest", topic, "News", at=planned, priority=5)
    return replace(OFFERS, more_important=(other,))


def test_room_is_left_for_what_is_more_important() -> None:
    decision = decide(ONE_A_WEEK, before(), person(news=choice()), NOW)
    assert decision.deciding
    assert decision.deciding.rule == "priority"
    assert decision.deciding.facts["campaigns"] == ["digest"]
    assert decision.not_before == moment("2026-06-17 09:00")


@pytest.mark.parametrize(
    "message",
    [before(at="2026-06-08 09:00"), before(at="2026-06-18 09:00"), OFFERS],
    ids=["what is over", "what is far away", "nothing"],
)
def test_no_room_is_left_for(message: Message) -> None:
    assert decide(ONE_A_WEEK, message, person(news=choice()), NOW).allowed


def test_no_room_is_left_for_what_the_person_does_not_get() -> None:
    assert decide(ONE_A_WEEK, before(), person(), NOW).allowed
    texts = choice(channel="sms")
    assert decide(ONE_A_WEEK, before(), person(news=texts), NOW).allowed


def test_without_a_cap_there_is_room_for_all() -> None:
    assert decide(replace(SHOP, caps=()), before(), person(news=choice()), NOW).allowed
