"""An audience is exactly those to whom a decision, asked one by one, says yes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from peewee import Database

from tests.support.contacts import LESS, OFF, PAUSED
from tests.support.decisions import CAPPED, NOW, choice
from tests.support.exports import Add
from widget_backend.actions.may_send import Question, ask
from widget_backend.contacts.audience import REASONS, Asking, audience, reason, reserved_audience
from widget_backend.rules.basis import ASKED, BASES, Ground, grounded
from widget_backend.rules.snapshot import Message
from widget_backend.store.current_contexts import set_context
from widget_backend.store.database import write_transaction
from widget_backend.store.deliveries import Delivery, keep_deliveries
from widget_backend.store.deliveries import Message as Sent
from widget_backend.store.models import Profile

TOPICS = some.sampled_from(["offers", "news"])
PEOPLE = some.lists(
    some.fixed_dictionaries(
        {
            "offers": some.one_of(
                some.none(),
                some.builds(
                    choice,
                    some.sampled_from(["daily", "weekly"]),
                    some.booleans(),
                    some.sampled_from(["email", "sms"]),
                ),
            ),
            "ground": some.one_of(
                some.just(ASKED),
                some.builds(Ground, some.sampled_from(BASES), some.integers(0, 900)),
            ),
            "overall": some.sampled_from([None, OFF, LESS, PAUSED]),
            "bounced": some.booleans(),
            "sent": some.lists(some.tuples(TOPICS, some.integers(0, 40)), max_size=4),
            "busy": some.booleans(),
        }
    ),
    max_size=5,
)


def store(database: Database, add: Add, people: list[dict[str, Any]]) -> None:
    for number, each in enumerate(people):
        known = {name: each[name] for name in ("offers", "overall")}
        if each["ground"].basis and each["offers"] and each["offers"]["on"]:
            since = NOW - each["ground"].at * 86_400
            known["offers"] = grounded(each["offers"], Ground(each["ground"].basis, since))
        profile = add(f"a{number}@example.com", bounced=each["bounced"], **known)
        with write_transaction(database):
            sent = [
                Delivery(Sent(profile, f"c{at}", "email", NOW - days * 86_400), topic, "sent")
                for at, (topic, days) in enumerate(each["sent"])
            ]
            keep_deliveries(database, sent)
            if each["busy"]:
                set_context(database, profile, "open-cart", NOW + 60)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(people=PEOPLE, country=some.sampled_from(["AL", "CA", "IT", "US", "SA"]))
def test_the_audience_is_those_to_whom_a_decision_says_yes(
    database: Database, add: Add, people: list[dict[str, Any]], country: str
) -> None:
    Profile.delete().execute(database)
    store(database, add, people)
    question = Question(Message("spring", "offers", "email"))
    shop = replace(CAPPED, countries=(country,))
    for pages in (audience, lambda *known: reserved_audience(*known, 60)):
        answers = [
            each for page in pages(database, Asking(shop, question, NOW, NOW)) for each in page
        ]
        assert len(answers) == len(people)
        for contact, against in answers:
            decision = ask(database, shop, question, contact, NOW, NOW)
            assert decision.deciding == against
            assert against is None or reason(against) in REASONS.values()
