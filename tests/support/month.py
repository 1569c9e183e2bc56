"""A month of campaigns to many people, replayed with a seed. See `month_checker.py`."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from peewee import Database

from tests.support.sites import site, topic
from widget_backend.actions.may_send import Question
from widget_backend.contacts.audience import Asking, reserved_audience
from widget_backend.rules.basis import BASES
from widget_backend.rules.snapshot import Message
from widget_backend.rules.state import State, difference
from widget_backend.site.model import ProfileField
from widget_backend.site.sending import Cap, QuietHours
from widget_backend.store.contacts import Contact, find_contacts
from widget_backend.store.database import write_transaction
from widget_backend.store.deliveries import Delivery, keep_deliveries
from widget_backend.store.deliveries import Message as Sent
from widget_backend.store.field_values import keep_values
from widget_backend.store.ledger import ConsentContext, Wording
from widget_backend.store.new_contacts import NewContact, create_contacts
from widget_backend.store.reservations import confirm_places
from widget_backend.store.runs import begin_run
from widget_backend.store.saves import save_in_transaction

TIRANA = ZoneInfo("Europe/Tirane")
BEGIN = datetime(2026, 10, 5, tzinfo=TIRANA)
"""A Monday; the clocks change in this month."""
TOPICS = ("offers", "news", "tips")
CHANNELS = ("email", "email", "sms")
HOURS = {"daily": 24, "weekly": 168, "monthly": 720}
EARLY = {"daily": 4, "weekly": 12, "monthly": 48}
"""Hours between two messages of a topic, and how many of them it may be early."""

SHOP = replace(
    site(tuple(topic(name, frequencies=("daily", "weekly", "monthly")) for name in TOPICS)),
    time_zone="Europe/Tirane",
    countries=("AL",),
    caps=(
        Cap(most=3, window="7 days"),
        Cap(most=1, calendar="day", channel="email"),
        Cap(most=2, window="14 days", topic="offers"),
    ),
    quiet_hours=(QuietHours(("sms",), "21:00", "08:00"),),
    unverified_numbers=True,
    fields=(
        ProfileField("country", "Country", "text", gives="country"),
        ProfileField("clock", "Time zone", "text", gives="time_zone"),
    ),
)
COUNTRIES = ("AL", "CA", "IT", "US")
"""Where people are registered; all of them live by the clocks of Tirana."""
WORDING = Wording.of("shop", "en", {"title": "Choices"})


@dataclass
class Wish:
    """What somebody wants from this moment on: of each topic, whether, how and how often. `bases`
    are what there was instead of a plain yes, and when."""

    at: int
    topics: dict[str, tuple[bool, str, str]]
    bases: dict[str, tuple[str, int]]
    reach: str = "as_chosen"
    until: str | None = None


@dataclass
class Human:
    email: str
    country: str
    wishes: list[Wish]
    received: list[tuple[int, str, str]] = field(default_factory=list)
    """Moment, topic and channel."""

    def wish(self, at: int) -> Wish:
        return [each for each in self.wishes if each.at <= at][-1]


@dataclass(frozen=True)
class Send:
    name: str
    topic: str
    channel: str
    at: int


class Month:
    """The people, and 40 campaigns that are sent to all of them who may get them."""

    def __init__(self, database: Database, people: int, seed: int) -> None:
        self.database = database
        self.random = random.Random(seed)
        self.begin = int(BEGIN.timestamp())
        self.humans = [self._human(number) for number in range(people)]
        self.sends = sorted((self._send(number) for number in range(40)), key=lambda each: each.at)

    def _human(self, number: int) -> Human:
        country = self.random.choice(COUNTRIES)
        return Human(f"p{number}@example.com", country, [self._wish(self.begin - 86_400)])

    def _wish(self, at: int) -> Wish:
        some = self.random
        topics = {
            name: (
                some.random() < 0.8,
                some.choice(CHANNELS),
                some.choice([*HOURS]),
            )
            for name in TOPICS
            if some.random() < 0.9
        }
        reach = some.choices(["as_chosen", "less", "paused", "off"], [12, 2, 2, 1])[0]
        day = datetime.fromtimestamp(at, TIRANA).date() + timedelta(days=some.randrange(1, 12))
        bases = {
            name: (some.choice(BASES), at - some.randrange(900) * 86_400)
            for name in topics
            if some.random() < 0.3
        }
        return Wish(at, topics, bases, reach, day.isoformat() if reach == "paused" else None)

    def _send(self, number: int) -> Send:
        some = self.random
        at = self.begin + some.randrange(30 * 86_400)
        return Send(f"c{number}", some.choice(TOPICS), some.choice(CHANNELS), at)

    def replay(self) -> Iterator[tuple[Send, Human, bool]]:
        """Each campaign and person, and whether the message was sent."""
        self._come_in()
        by_email = {each.email: each for each in self.humans}
        for send in self.sends:
            self._change_minds(send.at)
            question = Question(Message(send.name, send.topic, send.channel))  # type: ignore[arg-type]
            asking = Asking(SHOP, question, send.at, send.at)
            for answers in reserved_audience(self.database, asking, lasts=3600):
                sent = [each.contact for each in answers if each.against is None]
                self._deliver(send, sent)
                for contact, against in answers:
                    yield send, by_email[str(contact.email)], against is None

    def _come_in(self) -> None:
        with write_transaction(self.database):
            create_contacts(
                self.database, "shop", self.begin, [NewContact(each.email) for each in self.humans]
            )
        emails = [each.email for each in self.humans]
        people = find_contacts(self.database, "shop", emails)
        run = begin_run(self.database, self.begin, site="shop", file="", options={}, staff=None)
        with write_transaction(self.database):
            known = {
                people[each.email].profile.id: {"country": each.country, "clock": TIRANA.key}
                for each in self.humans
            }
            keep_values(self.database, run, known)
        self._say(self.humans)

    def _change_minds(self, at: int) -> None:
        some = self.random.sample(self.humans, max(1, len(self.humans) // 25))
        for human in some:
            human.wishes.append(self._wish(at))
        self._say(some)

    def _say(self, humans: list[Human]) -> None:
        """Each says their last wish; many to a transaction, since no reader waits for an answer."""
        for some in batched(humans, 1_000):
            with write_transaction(self.database):
                people = find_contacts(self.database, "shop", [each.email for each in some])
                for human in some:
                    person, wish = people[human.email].profile, human.wishes[-1]
                    how = ConsentContext(wish.at, "hosted", WORDING)
                    changes = difference(person.state, _state(wish))
                    if changes:
                        save_in_transaction(self.database, person, changes, how)

    def _deliver(self, send: Send, contacts: list[Contact]) -> None:
        messages = [Sent(each.profile.id, send.name, send.channel, send.at) for each in contacts]
        with write_transaction(self.database):
            keep_deliveries(
                self.database, [Delivery(each, send.topic, "sent") for each in messages]
            )
            confirm_places(self.database, messages)


def _state(wish: Wish) -> State:
    state = State({"contact:phone": "+355691234567"})
    for name in TOPICS:
        on, channel, frequency = wish.topics.get(name, (False, "email", "weekly"))
        choice: dict[str, Any] = {"on": on, "channel": channel, "frequency": frequency}
        if on and name in wish.bases:
            choice["basis"], choice["basis_at"] = wish.bases[name]
        state[f"topic:{name}"] = choice
    state["overall"] = {"reach": wish.reach, "until": wish.until}
    return state


def batched(people: list[Human], most: int) -> Iterator[list[Human]]:
    return (people[start : start + most] for start in range(0, len(people), most))
