"""The contact plan: what the campaigns ahead bring to a person, and what that adds up to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.support.decisions import CAPPED, NOW, SHOP, choice, less, moment, person
from widget_backend.rules.plan import Planned, Week, flat_refusals, play, weeks_from
from widget_backend.rules.plan_tally import PlanTally
from widget_backend.rules.snapshot import Address, Ahead, Attempt, Message, Sent, Snapshot
from widget_backend.site.sending import Campaign

WEEKS = weeks_from(replace(SHOP, time_zone="Europe/Tirane"), date(2026, 6, 9), 2, 0, NOW)
"""From a Tuesday at ten, and the week after that."""
OFF = {"reach": "off", "until": None}
OFTEN = choice("daily")


def send(name: str, topic: str, at: str) -> Planned:
    when = moment(f"2026-06-{at}")
    week = next((n for n, each in enumerate(WEEKS) if each.begins <= when < each.ends), None)
    return Planned(Campaign(name, topic, ""), Message(name, topic, "email"), when, week)


def paused(until: str) -> dict[str, Any]:
    return {"reach": "paused", "until": until}


def played(planned: list[Planned], who: Snapshot, sent: Sent | None = None) -> list[str | None]:
    """What decides against each campaign; None if it would go."""
    known = [who] * len(planned)
    flat = flat_refusals(CAPPED, planned, known)
    checks = play(CAPPED, planned, known, flat, sent or Sent())
    return [check and check.rule for check in checks]


TUESDAY, THURSDAY = send("a", "offers", "09 12:00"), send("b", "offers", "11 12:00")
NEXT = send("c", "offers", "16 12:00")
NEWS = send("d", "news", "12 09:00")
BOTH = {"offers": OFTEN, "news": choice("daily")}
PLAYED: list[tuple[str, list[Planned], Snapshot, list[str | None]]] = [
    (
        "a weekly topic that goes out twice in a week reaches a weekly reader once",
        [TUESDAY, THURSDAY, NEXT],
        person(),
        [None, "frequency", None],
    ),
    ("a message in the plan fills the cap for a later one", [TUESDAY, THURSDAY, NEWS],
     person(**BOTH), [None, None, "cap"]),
    ("what a cap stops does not count for those after it", [TUESDAY, THURSDAY, NEWS, NEXT],
     person(**BOTH), [None, None, "cap", None]),
    ("nobody hears of a topic that they left", [TUESDAY, NEWS],
     person(offers=choice(on=False), news=OFTEN), ["consent", None]),
    ("nobody hears anything who left everything", [TUESDAY], person(overall=OFF),
     ["unsubscribed"]),
    ("somebody who paused hears what comes after it", [TUESDAY, NEXT],
     person(overall=paused("2026-06-15")), ["pause", None]),
    ("whoever wants less hears of a topic once", [TUESDAY, NEXT],
     person(offers=OFTEN, overall=less()), [None, "frequency"]),
    ("a flat no comes first, whatever else speaks against it", [TUESDAY, THURSDAY],
     person(addresses={"email": None}), ["address", "address"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "planned", "who", "against"), PLAYED, ids=[row[0] for row in PLAYED]
)
def test_campaigns_are_played_in_their_order(
    sentence: str, planned: list[Planned], who: Snapshot, against: list[str | None]
) -> None:
    assert played(planned, who) == against


def test_what_was_sent_counts_and_what_somebody_is_busy_with_holds_back() -> None:
    yesterday = Sent([Attempt(moment("2026-06-08 12:00"), "offers", "email")])
    assert played([TUESDAY, NEXT], person(), yesterday) == ["frequency", None]
    busy = Sent(contexts={"open-cart": moment("2026-06-10 12:00")})
    assert played([TUESDAY, THURSDAY], person(), busy) == ["context", None]


def test_a_place_that_a_campaign_has_taken_is_its_own_and_counts_once() -> None:
    at = THURSDAY.at
    sent = Sent(places={"b": [Attempt(at, "offers", "email")]})
    friday = send("e", "news", "12 12:00")
    everything = person(**BOTH)
    assert played([THURSDAY, NEWS, friday], everything, sent) == [None, None, "cap"]
    assert played([THURSDAY, NEWS, friday], everything) == [None, None, "cap"]
    left = person(offers=choice(on=False), news=OFTEN)
    taken = Sent(places={"b": [Attempt(at, "offers", "email"), Attempt(at + 1, "offers", "email")]})
    assert played([THURSDAY, NEWS], left, taken) == ["consent", None], "nobody takes it any more"
    before = [send("f", "news", "10 12:00"), THURSDAY]
    full = Sent([Attempt(moment("2026-06-08 12:00"), "news", "email")], sent.places)
    assert played(before, everything, full)[0] == "cap", "until then it is taken"


def test_room_is_kept_for_a_more_important_campaign_ahead() -> None:
    ahead = Ahead(THURSDAY.message, THURSDAY.at)
    small = send("g", "news", "10 12:00")
    small = replace(small, message=replace(small.message, more_important=(ahead,)))
    full = Sent([Attempt(moment("2026-06-08 12:00"), "news", "email")])
    assert played([small, THURSDAY], person(**BOTH), full) == ["priority", None]


# ── weeks ───────────────────────────────────────────────────────────────────────────────────


def test_weeks_begin_with_the_first_day_of_the_language_and_count_from_now_on() -> None:
    site = replace(SHOP, time_zone="Europe/Tirane")
    for first_day, first in ((0, date(2026, 6, 8)), (5, date(2026, 6, 6)), (6, date(2026, 6, 7))):
        one, two = weeks_from(site, date(2026, 6, 9), 2, first_day, NOW)
        assert (one.first, one.begins) == (first, NOW)
        assert two.begins == one.ends == moment(f"{two.first} 00:00")
        assert (two.first - one.first).days == 7
    (later,) = weeks_from(site, date(2026, 6, 19), 1, 0, NOW)
    assert later == Week(date(2026, 6, 15), moment("2026-06-19 00:00"), moment("2026-06-22 00:00"))


def test_a_week_in_which_clocks_change_is_no_more_than_a_week() -> None:
    site = replace(SHOP, time_zone="Europe/Tirane")
    (long,) = weeks_from(site, date(2026, 10, 19), 1, 0, NOW)
    assert long.ends - long.begins == 7 * 86_400 + 3600
    assert long.share_after(0) == 1
    assert long.share_after(long.ends) == 0


# ── what it adds up to ──────────────────────────────────────────────────────────────────────


def tally_of(planned: list[Planned], *people: Snapshot) -> PlanTally:
    tally = PlanTally(CAPPED, WEEKS, planned, NOW)
    for who in people:
        known = [who] * len(planned)
        flat = flat_refusals(CAPPED, planned, known)
        tally.add(who, list(play(CAPPED, planned, known, flat, Sent())))
    return tally


def test_who_may_no_longer_be_written_to_is_promised_nothing_from_that_week_on() -> None:
    """In Canada a purchase counts for 24 months."""
    bought = {**choice(), "basis": "purchase", "basis_at": moment("2024-06-12 12:00")}
    tally = tally_of([], person(offers=bought)._replace(country="CA"))
    assert [tally.weeks[number].could for number in (0, 1)] == [1, 0]
    assert [tally.topics["offers", number].could for number in (0, 1)] == [1, 0]
    assert tally.whole.could == 1


PROMISED = [
    ("a weekly reader expects one message in a whole week", person(), 1.0),
    ("a daily one expects seven", person(offers=OFTEN), 7.0),
    ("a monthly one twelve in a year", person(offers=choice("monthly")), 12 / 52),
    ("a quarterly one four in a year", person(offers=choice("quarterly")), 4 / 52),
    ("with less, a daily one expects twelve in a year", person(offers=OFTEN, overall=less()),
     12 / 52),
    ("somebody who paused half the week expects half", person(overall=paused("2026-06-18")), 4 / 7),
    ("nobody who left everything expects anything", person(overall=OFF), 0.0),
    ("nobody who left the topic expects it", person(offers=choice(on=False)), 0.0),
    ("nobody is promised what cannot reach them",
     person(addresses={"email": Address(True, is_undeliverable=True)}), 0.0),
    ("a pause of the whole week promises nothing", person(overall=paused("2026-06-22")), 0.0),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "who", "a_week"), PROMISED, ids=[row[0] for row in PROMISED])
def test_what_a_frequency_promises(sentence: str, who: Snapshot, a_week: float) -> None:
    second = tally_of([], who).topics["offers", 1]
    assert second.promised == pytest.approx(a_week)
    assert (second.could, second.silent) == (bool(a_week), bool(a_week))


def test_the_first_week_promises_what_is_left_of_it() -> None:
    tally = tally_of([], person())
    left = (WEEKS[0].ends - NOW) / (7 * 86_400)
    assert tally.topics["offers", 0].promised == pytest.approx(left)
    assert tally.whole_topics["offers"].promised == pytest.approx(1 + left)


def test_a_tally_tells_who_hears_nothing_and_whom_a_cap_stops() -> None:
    all_of_it = person(**BOTH)
    weekly, gone = person(), person(overall=OFF)
    tally = tally_of([TUESDAY, THURSDAY, NEWS, NEXT], all_of_it, weekly, gone, person(offers=None))
    assert tally.people == 4
    assert [each.audience for each in tally.campaigns] == [2, 1, 0, 2]
    assert tally.campaigns[2].stopped_by("cap") == 1
    assert tally.campaigns[1].reasons["frequency", None] == 1
    assert tally.campaigns[0].reasons == {
        ("unsubscribed", None): 1,
        ("consent", "never agreed"): 1,
    }
    first, second = tally.weeks
    assert (first.messages, first.could, first.silent, first.capped, first.most) == (3, 2, 0, 1, 2)
    assert (second.messages, second.could, second.silent, second.capped) == (2, 2, 0, 0)
    assert (tally.topics["news", 0].could, tally.topics["news", 0].silent) == (1, 1)
    assert (tally.whole_topics["offers"].messages, tally.whole_topics["offers"].silent) == (5, 0)
    whole = tally.whole
    assert (whole.messages, whole.could, whole.silent, whole.capped, whole.most) == (5, 2, 0, 1, 3)


def test_what_goes_out_before_the_plan_begins_counts_and_is_not_part_of_it() -> None:
    before = replace(TUESDAY, week=None)
    tally = tally_of([before, THURSDAY], person())
    assert tally.weeks[0].messages == 0
    assert tally.campaigns[1].stopped_by("frequency") == 1
    assert [each.campaign.id for each, _ in tally.listed] == ["b"]


def test_a_topic_that_the_site_has_no_longer_is_in_the_plan_of_its_campaign() -> None:
    tally = tally_of([send("h", "old", "10 12:00")], person(old=OFTEN))
    assert tally.topic_ids == ["offers", "old"]
    assert tally.topics["old", 0].messages == 1
