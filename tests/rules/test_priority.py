"""Room is left under a cap for what is planned and more important."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.decisions import NOW, OFFERS, SHOP, choice, moment, person
from widget_backend.rules.decision import decide
from widget_backend.rules.snapshot import Ahead, Attempt, Message
from widget_backend.site.sending import Cap

ONE_A_WEEK = replace(SHOP, caps=(Cap(most=1, window="7 days"),), time_zone="Europe/Tirane")


def before(at: str = "2026-06-10 09:00", topic: str = "news") -> Message:
    """The offers, when another campaign is planned that is more important."""
    digest = Message("digest", topic, "email")
    return replace(OFFERS, more_important=(Ahead(digest, moment(at)),))


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


def test_no_room_is_left_for_what_will_not_go_to_the_person_either() -> None:
    read = person(news=choice("monthly"))._replace(
        attempts=[Attempt(moment("2026-05-30 09:00"), "news", "email")]
    )
    assert decide(ONE_A_WEEK, before(), read, NOW).allowed, "too soon after the last news"
    paused = {"reach": "paused", "until": "2026-06-12"}
    decision = decide(ONE_A_WEEK, before(), person(news=choice(), overall=paused), NOW)
    assert decision.deciding
    assert decision.deciding.rule == "pause", "and the pause is the reason, not the news"


def test_the_place_that_it_has_taken_counts_once() -> None:
    two = replace(ONE_A_WEEK, caps=(Cap(most=2, window="7 days"),))
    reserved = person(news=choice())._replace(
        attempts=[Attempt(moment("2026-06-10 09:00"), "news", "email")]
    )
    assert decide(two, before(), reserved, NOW).allowed


def test_of_two_at_the_same_moment_the_more_important_goes() -> None:
    at = before(at="2026-06-09 10:00")
    decision = decide(ONE_A_WEEK, at, person(news=choice()), NOW)
    assert decision.deciding
    assert decision.deciding.rule == "priority"


def test_no_room_is_left_for_what_another_one_ahead_will_hold_back() -> None:
    """Of two weekly messages on two days the second will not go, and needs no place."""
    two = replace(ONE_A_WEEK, caps=(Cap(most=2, window="7 days"),))
    ahead = tuple(
        Ahead(Message(name, "news", "email"), moment(at))
        for name, at in (("second", "2026-06-11 09:00"), ("first", "2026-06-10 09:00"))
    )
    message = replace(OFFERS, more_important=ahead)
    assert decide(two, message, person(news=choice("weekly")), NOW).allowed
    decision = decide(two, message, person(news=choice("daily")), NOW)
    assert decision.deciding
    assert decision.deciding.facts["campaigns"] == ["first", "second"]
