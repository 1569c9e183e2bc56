"""At which hours a message may go: those of the site and of the law, and by whose clock."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from tests.support.decisions import NOW, OFFERS, RIYADH, SHOP, SMS, TIRANA, choice, moment, person
from widget_backend.rules.decision import decide
from widget_backend.rules.snapshot import Attempt

CALLS = choice("daily", channel="phone")
CALL = replace(OFFERS, channel="phone")


def test_what_ends_at_night_waits_until_the_morning() -> None:
    texts = choice("daily", channel="sms")
    sent = [Attempt(moment("2026-06-09 03:00"), "offers", "sms")]
    who = person(offers=texts)._replace(attempts=sent)
    decision = decide(SHOP, SMS, who, moment("2026-06-09 21:30"))
    assert decision.not_before == moment("2026-06-10 08:00")
    assert [each.rule for each in decision.checks if not each.passed] == [
        "frequency",
        "quiet_hours",
    ]


def test_a_pause_ends_at_the_midnight_of_whoever_is_the_last() -> None:
    paused = {"reach": "paused", "until": "2026-07-01"}
    for zones, then in (
        ((RIYADH,), moment("2026-07-01 00:00", RIYADH)),
        ((RIYADH, TIRANA), moment("2026-07-01 00:00", TIRANA)),
    ):
        assert decide(SHOP, OFFERS, person(overall=paused, zones=zones), NOW).not_before == then


def test_calls_keep_to_the_hours_of_the_law_where_the_person_is() -> None:
    emirates = (ZoneInfo("Asia/Dubai"),)
    who = person(offers=CALLS, zones=emirates)._replace(country="AE")
    at = moment("2026-06-09 18:30", emirates[0])
    decision = decide(replace(SHOP, quiet_hours=()), CALL, who, at)
    assert decision.deciding
    assert decision.deciding.rule == "law"
    assert decision.not_before == moment("2026-06-10 09:00", emirates[0])
    in_albania = who._replace(country="AL", zones=(TIRANA,))
    assert decide(replace(SHOP, quiet_hours=()), CALL, in_albania, at).allowed


def test_where_nobody_knows_the_place_the_hours_of_every_declared_country_hold() -> None:
    shop = replace(SHOP, countries=("AL", "AE"), quiet_hours=())
    who = person(offers=CALLS, zones=(TIRANA, ZoneInfo("Asia/Dubai")))
    at = moment("2026-06-09 18:30", ZoneInfo("Asia/Dubai"))
    decision = decide(shop, CALL, who, at)
    assert decision.not_before == moment("2026-06-10 09:00", ZoneInfo("Asia/Dubai"))
    assert decide(SHOP, CALL, person(offers=CALLS), at).allowed


def test_quiet_hours_are_told_by_the_clock_that_keeps_them() -> None:
    who = person(offers=choice(channel="sms"), zones=(TIRANA, ZoneInfo("America/Toronto")))
    at = moment("2026-06-09 13:00")  # 7 in the morning in Toronto
    decision = decide(SHOP, SMS, who, at)
    assert decision.deciding
    assert decision.deciding.facts["zones"] == ["America/Toronto"]
    evening = decide(SHOP, SMS, who, moment("2026-06-09 18:00"))
    assert evening.allowed
