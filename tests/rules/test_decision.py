"""May I send this, to this person, now? Each row is a sentence that a marketer understands."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from tests.support.decisions import (
    NOW,
    OFFERS,
    RECEIPT,
    RIYADH,
    SHOP,
    SMS,
    choice,
    less,
    moment,
    person,
)
from widget_backend.rules.check import RULES
from widget_backend.rules.decision import decide
from widget_backend.rules.snapshot import Address, Attempt, Message, Snapshot
from widget_backend.rules.state import State

ALLOWED = [
    ("whoever agreed gets it", person()),
    ("a week after the last offers, to the hour", person("offers 2026-06-02 10:00")),
    ("a weekly topic may come an hour early", person("offers 2026-06-02 11:00")),
    ("news of yesterday hold back no offers", person("news 2026-06-08 09:00", news=choice())),
    ("after a pause", person(overall={"reach": "paused", "until": "2026-06-09"})),
    ("four weeks after the last one, with less", person("offers 2026-05-12 10:00", overall=less())),
    ("when the cart is closed", person(contexts={"open-cart": NOW})),
    ("whatever is quiet for other channels", person(zones=(RIYADH,))),
]


@pytest.mark.parametrize(("sentence", "who"), ALLOWED, ids=[row[0] for row in ALLOWED])
def test_it_may_go(sentence: str, who: Snapshot) -> None:
    assert decide(SHOP, OFFERS, who, NOW).allowed


NEVER: list[tuple[str, Snapshot, Message, str]] = [
    ("nobody who never agreed to the topic", person(offers=None), OFFERS, "consent"),
    ("nobody who left the topic", person(offers=choice(on=False)), OFFERS, "consent"),
    (
        "nobody by email who wants text messages",
        person(offers=choice(channel="sms")),
        OFFERS,
        "consent",
    ),
    ("nobody by text message who wants email", person(), SMS, "consent"),
    ("nobody who has not confirmed", person(is_pending=True), OFFERS, "consent"),
    (
        "nobody who left everything",
        person(overall={"reach": "off", "until": None}),
        OFFERS,
        "unsubscribed",
    ),
    (
        "nobody whose mail comes back",
        person(addresses={"email": Address(True, True)}),
        OFFERS,
        "address",
    ),
    (
        "nobody who confirmed no address",
        person(addresses={"email": Address(False)}),
        OFFERS,
        "address",
    ),
    (
        "nobody without a number",
        person(offers=choice(channel="sms"), addresses={"phone": None}),
        SMS,
        "address",
    ),
    (
        "nobody whose number was only typed",
        person(offers=choice(channel="sms"), addresses={"phone": Address(False)}),
        SMS,
        "address",
    ),
    (
        "no receipt to an address that takes none",
        person(addresses={"email": Address(True, True)}),
        RECEIPT,
        "address",
    ),
]


@pytest.mark.parametrize(("sentence", "who", "what", "rule"), NEVER, ids=[row[0] for row in NEVER])
def test_it_never_may(sentence: str, who: Snapshot, what: Message, rule: str) -> None:
    decision = decide(SHOP, what, who, NOW)
    assert not decision.allowed
    assert decision.deciding
    assert decision.deciding.rule == rule
    assert decision.not_before is None


NOT_YET = [
    (
        "not before the week is over",
        person("offers 2026-06-08 09:00"),
        OFFERS,
        "frequency",
        "2026-06-14 21:00",
    ),
    (
        "not before the month is over, with less",
        person("offers 2026-05-20 09:00", overall=less()),
        OFFERS,
        "frequency",
        "2026-06-17 09:00",
    ),
    (
        "not before the pause ends at midnight",
        person(overall={"reach": "paused", "until": "2026-07-01"}),
        OFFERS,
        "pause",
        "2026-07-01 00:00",
    ),
    (
        "not while the cart is open",
        person(contexts={"open-cart": NOW + 3600}),
        OFFERS,
        "context",
        "2026-06-09 11:00",
    ),
    (
        "not before the last of what somebody is busy with",
        person(contexts={"open-cart": NOW + 60, "service-case": NOW + 7200}),
        OFFERS,
        "context",
        "2026-06-09 12:00",
    ),
    (
        "no fourth email in seven days",
        person("news 2026-06-04 09:00", "news 2026-06-05 09:00", "news 2026-06-06 09:00"),
        OFFERS,
        "cap",
        "2026-06-11 09:00",
    ),
    (
        "no third message on one day",
        person("news 2026-06-09 01:00", "news 2026-06-09 09:00"),
        OFFERS,
        "cap",
        "2026-06-10 00:00",
    ),
    (
        "no text message at night",
        person(offers=choice(channel="sms"), zones=(ZoneInfo("Asia/Tokyo"),)),
        replace(SMS),
        "quiet_hours",
        "2026-06-10 01:00",
    ),
]


@pytest.mark.parametrize(
    ("sentence", "who", "what", "rule", "then"), NOT_YET, ids=[row[0] for row in NOT_YET]
)
def test_it_may_not_yet(sentence: str, who: Snapshot, what: Message, rule: str, then: str) -> None:
    at = moment("2026-06-09 15:00") if what == SMS else NOW
    decision = decide(SHOP, what, who, at)
    assert decision.deciding
    assert decision.deciding.rule == rule
    assert decision.not_before == moment(then)
    assert decide(SHOP, what, who, moment(then)).allowed
    assert not decide(SHOP, what, who, moment(then) - 1).allowed


@pytest.mark.parametrize("sent", [(), ("offers 2026-06-08 09:00",)])
def test_who_wants_not_to_be_tracked_gets_what_they_chose(sent: tuple[str, ...]) -> None:
    who = person(*sent)
    wish = State({**who.state, "do_not_track": {"wanted": True, "at": NOW}})
    assert decide(SHOP, OFFERS, who._replace(state=wish), NOW) == decide(SHOP, OFFERS, who, NOW)


def test_a_flat_no_counts_before_a_not_yet() -> None:
    who = person("offers 2026-06-08 09:00", addresses={"email": Address(True, True)})
    decision = decide(SHOP, OFFERS, who, NOW)
    assert decision.deciding
    assert decision.deciding.rule == "address"
    assert decision.not_before is None


def test_every_rule_is_looked_at_whatever_decides() -> None:
    who = person(offers=None, overall={"reach": "off", "until": None})
    for what in (OFFERS, RECEIPT):
        rules = [each.rule for each in decide(SHOP, what, who, NOW).checks]
        assert list(dict.fromkeys(sorted(rules, key=RULES.index))) == list(RULES)


def test_a_service_message_needs_no_consent_and_is_held_back_by_nothing() -> None:
    who = person(
        *("news 2026-06-09 01:00", "news 2026-06-09 09:00"),
        offers=None,
        overall={"reach": "off", "until": None},
        contexts={"service-case": NOW + 60},
    )
    decision = decide(SHOP, RECEIPT, who, NOW)
    assert decision.allowed
    assert {each.facts.get("ground") for each in decision.checks[1:]} == {"contract"}


def test_a_service_message_counts_in_the_caps_unless_that_is_declared_otherwise() -> None:
    for counts in (True, False):
        times = (moment("2026-06-09 01:00"), moment("2026-06-09 09:00"))
        who = person()._replace(attempts=[Attempt(at, None, "email", counts) for at in times])
        assert decide(SHOP, OFFERS, who, NOW).allowed != counts


def test_what_counts_is_the_topic_that_a_message_had_when_it_was_sent() -> None:
    news = Message("digest", "news", "email")
    who = person("news 2026-05-20 09:00", news=choice("weekly"))
    assert not decide(SHOP, news, who, NOW).allowed
    moved = who._replace(attempts=[each._replace(topic="offers") for each in who.attempts])
    assert decide(SHOP, news, moved, NOW).allowed


def test_a_cap_of_one_channel_counts_no_other() -> None:
    days = ("2026-06-05 09:00", "2026-06-06 09:00", "2026-06-07 09:00")
    for channel, may_go in (("sms", True), ("email", False)):
        sent = [Attempt(moment(each), "news", channel) for each in days]
        assert decide(SHOP, OFFERS, person()._replace(attempts=sent), NOW).allowed == may_go


def test_the_law_that_holds_is_told_with_its_sources() -> None:
    facts = {each.rule: each.facts for each in decide(SHOP, OFFERS, person(), NOW).checks}["law"]
    assert (facts["law"], facts["basis"], facts["hours"]) == ("al", "opt-in", [])
    assert facts["seen"]
    assert "Law 124/2024" in facts["sources"][0]


def test_a_letter_goes_to_an_address_that_nobody_could_confirm() -> None:
    who = person(offers=choice(channel="post"), addresses={"post": Address(False)})
    assert decide(SHOP, replace(OFFERS, channel="post"), who, NOW).allowed


def test_a_number_that_was_only_typed_may_be_allowed_by_the_site() -> None:
    who = person(offers=choice(channel="sms"), addresses={"phone": Address(False)})
    shop = replace(SHOP, unverified_numbers=True)
    assert decide(shop, SMS, who, NOW).allowed


def test_a_place_that_is_taken_is_told_as_planned_and_not_as_sent() -> None:
    planned = Attempt(moment("2026-06-10 12:00"), "offers", "email", is_planned=True)
    for asked in ("2026-06-09 10:00", "2026-06-11 10:00"):
        who = person()._replace(attempts=[planned])
        decision = decide(SHOP, OFFERS, who, moment(asked))
        assert decision.deciding
        facts = decision.deciding.facts
        assert (facts["planned"], facts["last"]) == (planned.at, None)


def test_what_was_sent_by_a_clock_that_is_ahead_is_the_last() -> None:
    ahead = Attempt(moment("2026-06-09 10:05"), "offers", "email")
    decision = decide(SHOP, OFFERS, person()._replace(attempts=[ahead]), NOW)
    assert decision.deciding
    assert decision.deciding.facts["last"] == ahead.at
