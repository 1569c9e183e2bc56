"""A contact plan: the campaigns of the coming weeks, played for everybody as a decision would."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from peewee import Database

from tests.support.contacts import ARTA, OFF, PAUSED
from tests.support.decisions import CAPPED, NOW, TIRANA, choice
from tests.support.exports import Add
from tests.support.rows import TABLES
from widget_backend.actions.may_send import Question, ask
from widget_backend.contacts.audience import Asking, audience
from widget_backend.contacts.plan import planned_campaigns, tally_plan
from widget_backend.rules.plan import weeks_from
from widget_backend.rules.plan_tally import PlanTally
from widget_backend.rules.snapshot import Attempt
from widget_backend.site.filters import Test as Filter
from widget_backend.site.model import ProfileField, Site
from widget_backend.site.sending import Campaign, Segment
from widget_backend.store.campaigns import register
from widget_backend.store.contacts import all_contacts
from widget_backend.store.current_contexts import set_context
from widget_backend.store.database import write_transaction
from widget_backend.store.deliveries import Delivery, keep_deliveries
from widget_backend.store.deliveries import Message as Sent
from widget_backend.store.field_values import keep_values
from widget_backend.store.models import Profile
from widget_backend.store.reservations import Reservation, take_many
from widget_backend.store.runs import begin_run
from widget_backend.store.snapshots import sent_to

DAY = 86_400
WEEKLY, DAILY = choice(), choice("daily")
TODAY = datetime.fromtimestamp(NOW, TIRANA).date()

NAMED = (("a", 1), ("b", 3))
"""Campaigns, and in how many days they go out."""


def campaign(name: str, topic: str, days: float, priority: int = 0) -> Campaign:
    at = datetime.fromtimestamp(NOW + int(days * DAY), UTC)
    return Campaign(name, topic, "You asked.", at=at, priority=priority, sender="shop")


def shop(*campaigns: Campaign, **known: Any) -> Site:
    return replace(CAPPED, campaigns=campaigns, countries=("AL",), **known)


def plan_of(database: Database, site: Site, weeks: int = 4, day: date = TODAY) -> PlanTally:
    span = weeks_from(site, day, weeks, 0, NOW)
    tally = PlanTally(site, span, planned_campaigns(database, site, span, NOW), NOW)
    for _ in tally_plan(database, tally):
        pass
    return tally


def send(database: Database, profile: int, name: str, topic: str, at: int) -> None:
    with write_transaction(database):
        sent = Sent(profile, name, "email", at)
        keep_deliveries(database, [Delivery(sent, topic, "sent")])


def test_campaigns_stand_in_the_order_of_time_and_ties_go_by_priority(
    database: Database, tables: None
) -> None:
    site = shop(
        campaign("late", "offers", 5),
        campaign("first-declared", "offers", 2),
        campaign("important", "offers", 2, priority=5),
        campaign("second-declared", "offers", 2),
        campaign("over", "offers", -1),
        campaign("far", "offers", 40),
        Campaign("some-day", "offers", "You asked."),
    )
    register(database, "shop", campaign("registered", "news", 3), {"en": "You asked."}, NOW)
    register(database, "shop", campaign("late", "news", 1), {"en": "You asked."}, NOW)
    tally = plan_of(database, site)
    assert [each.campaign.id for each in tally.planned] == [
        "important",
        "first-declared",
        "second-declared",
        "registered",
        "late",
    ]


def test_campaigns_before_the_first_day_count_and_are_not_told(
    database: Database, add: Add
) -> None:
    add(ARTA, offers=WEEKLY)
    site = shop(campaign("a", "offers", 1), campaign("b", "offers", 7))
    tally = plan_of(database, site, day=TODAY + timedelta(days=6))
    assert [each.campaign.id for each, _ in tally.listed] == ["b"]
    assert tally.whole.messages == 0
    assert tally.listed[0][1].stopped_by("frequency") == 1


def test_what_was_sent_counts_as_long_as_a_frequency_reaches(database: Database, add: Add) -> None:
    arta = add(ARTA, offers=choice("monthly"))
    send(database, arta, "old", "offers", NOW - 20 * DAY)
    site = shop(campaign("a", "offers", 1), campaign("b", "offers", 15))
    assert [of.audience for _, of in plan_of(database, site).listed] == [0, 1]


def test_a_place_that_is_taken_counts_until_its_campaign_has_its_turn(
    database: Database, add: Add
) -> None:
    arta = add(ARTA, offers=DAILY, news=DAILY)
    site = shop(campaign("a", "offers", 1), campaign("b", "news", 2), campaign("c", "news", 4))
    place = Reservation(arta, "b", "news", "email", "shop", NOW + 2 * DAY, NOW + 5 * DAY)
    with write_transaction(database):
        take_many(database, [place])
    (sent,) = sent_to(database, site, [arta], NOW, NOW).values()
    assert sent.places == {"b": [Attempt(NOW + 2 * DAY, "news", "email", is_planned=True)]}
    assert [of.audience for _, of in plan_of(database, site).listed] == [1, 1, 0]


def test_a_field_that_is_forgotten_before_a_campaign_goes_out_counts_no_more(
    database: Database, add: Add
) -> None:
    arta = add(ARTA, offers=DAILY)
    number = begin_run(database, NOW, site="shop", file="list.csv", platform="shop", options={})
    with write_transaction(database):
        keep_values(database, number, {arta: {"city": "Tirana"}})
    city = ProfileField("city", "City", "text", lifespan_days=2)
    segment = Segment("here", "You live here.", Filter("field", "city", {"is": ["Tirana"]}))
    there = [replace(campaign(name, "offers", day), segment="here") for name, day in NAMED]
    site = shop(*there, fields=(city,), segments=(segment,))
    assert [of.audience for _, of in plan_of(database, site).listed] == [1, 0]


# ── the same as sending ─────────────────────────────────────────────────────────────────────

CHOICES = some.one_of(
    some.none(),
    some.builds(
        choice,
        some.sampled_from(["daily", "weekly", "monthly"]),
        some.sampled_from([True, True, True, False]),
        some.sampled_from(["email", "email", "sms"]),
    ),
)
SOON = (TODAY + timedelta(days=6)).isoformat()
PEOPLE = some.lists(
    some.fixed_dictionaries(
        {
            "offers": CHOICES,
            "news": CHOICES,
            "overall": some.sampled_from(
                [None, None, OFF, {"reach": "less", "until": None}, PAUSED,
                 {"reach": "paused", "until": SOON}]
            ),
            "bounced": some.sampled_from([False, False, False, True]),
            "sent": some.lists(
                some.tuples(some.sampled_from(["offers", "news"]), some.integers(0, 40)), max_size=3
            ),
            "busy": some.sampled_from([0, 0, 3]),
        }
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip
CAMPAIGNS = some.lists(
    some.tuples(some.sampled_from(["offers", "news"]), some.integers(0, 20), some.integers(0, 2)),
    min_size=1,
    max_size=7,
)


def store(database: Database, add: Add, people: list[dict[str, Any]]) -> None:
    for number, each in enumerate(people):
        known = {name: each[name] for name in ("offers", "news", "overall")}
        profile = add(f"a{number}@example.com", bounced=each["bounced"], **known)
        for place, (topic, days) in enumerate(each["sent"]):
            send(database, profile, f"old{place}", topic, NOW - days * DAY - 60)
        if each["busy"]:
            with write_transaction(database):
                set_context(database, profile, "open-cart", NOW + each["busy"] * DAY)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(people=PEOPLE, sends=CAMPAIGNS)
def test_a_plan_says_what_happens_when_each_message_is_sent(
    database: Database, add: Add, people: list[dict[str, Any]], sends: list[tuple[str, int, int]]
) -> None:
    Profile.delete().execute(database)
    store(database, add, people)
    site = shop(*(campaign(f"c{n}", topic, *when) for n, (topic, *when) in enumerate(sends)))
    tally = plan_of(database, site)
    before = [each.select().count(database) for each in TABLES]
    assert plan_of(database, site).whole == tally.whole
    assert [each.select().count(database) for each in TABLES] == before, "nothing is written"
    messages: Counter[int] = Counter()
    for number, (planned, of) in enumerate(tally.listed):
        question = Question(planned.message)
        # The first is asked for now, and the others as somebody asks on their day.
        now = planned.at if number else NOW
        asking = Asking(site, question, planned.at, now)
        answers = [each for page in audience(database, asking) for each in page]
        against = [each.against for each in answers]
        assert of.audience == against.count(None)
        assert of.reasons == Counter((no.rule, no.facts.get("is")) for no in against if no)
        for contact, no in answers:
            decision = ask(database, site, question, contact, planned.at, now)
            assert decision.deciding == no
            if decision.allowed:
                profile = contact.profile.id
                messages[profile] += 1
                send(database, profile, planned.campaign.id, planned.campaign.topic, planned.at)
    assert tally.whole.messages == messages.total()
    assert tally.whole.most == max(messages.values(), default=0)
    people_here = sum(len(page) for page in all_contacts(database, "shop", ()))
    assert tally.people == people_here == len(people)
    assert tally.whole.could - tally.whole.silent == len(messages)
