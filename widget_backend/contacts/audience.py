"""The audience of a campaign: everyone to whom its message may go at a moment, and why not others.

People leave, pause and get other messages between a file and its sending. So a file says when it
was made for, and can be checked again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from peewee import Database

from widget_backend.actions.may_send import Question, take_places
from widget_backend.contacts.pace import Pace, pace_for
from widget_backend.rules.check import Check
from widget_backend.rules.checks import flat_checks, later_checks
from widget_backend.rules.decision import deciding_of
from widget_backend.rules.snapshot import Snapshot
from widget_backend.site.filters import tests_in
from widget_backend.site.model import Site
from widget_backend.store.contacts import Contact, all_contacts, contacts_of
from widget_backend.store.snapshots import with_messages, without_messages
from widget_backend.store.writing import write


class Answer(NamedTuple):
    """A contact, and the rule that decides against the message; None if it may go to them."""

    contact: Contact
    against: Check | None


REASONS: Mapping[tuple[str, str | None], str] = {
    ("segment", None): "not in the segment of the campaign",
    ("consent", "never agreed"): "never agreed to the topic",
    ("consent", "turned off"): "the topic is off for them",
    ("consent", "by"): "chose another channel for the topic",
    ("consent", "not confirmed"): "never confirmed the sign-up",
    ("unsubscribed", None): "left everything",
    ("address", "missing"): "no address for this channel",
    ("address", "undeliverable"): "messages to the address come back",
    ("address", "not confirmed"): "the address was never confirmed",
    ("law", None): "outside the hours that the law allows",
    ("law", "no implied consent"): "never asked, and by law they must have agreed",
    ("law", "ended"): "never asked, and by law the time after a purchase or inquiry is over",
    ("law", "pre-ticked"): "a box ticked beforehand, which by law is no consent",
    ("law", "rewarded"): "agreed for a reward, which by law is no consent",
    ("law", "not looked up"): "nobody has looked up whether the law allows such consent",
    ("pause", None): "paused",
    ("context", None): "an open cart, a service case, or an order on its way",
    ("frequency", None): "got the topic too recently",
    ("cap", None): "got as many messages as a cap allows",
    ("quiet_hours", None): "quiet hours",
    ("priority", None): "something more important comes first",
}
"""Why people are not in the audience, after their number or name."""

OF_PHONES: Mapping[tuple[str, str | None], str] = {
    ("address", "missing"): "no phone number",
    ("address", "undeliverable"): "messages to the phone number come back",
    ("address", "not confirmed"): "the phone number was never confirmed",
}
"""The same of messages that go to a phone number."""


def reason(check: Check) -> str:
    return reason_for(check.rule, check.facts.get("is"), check.facts.get("kind") == "phone")


def reason_for(rule: str, fact: str | None, is_of_phone: bool) -> str:
    """Of a rule, and the fact that it found, for messages to a phone number or to others."""
    of_phone = OF_PHONES.get((rule, fact)) if is_of_phone else None
    return of_phone or REASONS[rule, fact]


@dataclass
class Tally:
    """How many may get it, and how many may not, by reason."""

    allowed: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, answers: Sequence[Answer]) -> None:
        for each in answers:
            if each.against is None:
                self.allowed += 1
            else:
                self.reasons[reason(each.against)] += 1

    @property
    def left_out(self) -> int:
        return self.reasons.total()


@dataclass(frozen=True)
class Asking:
    """Which message of a site, when it is to go, and the time it is now (seconds since 1970)."""

    site: Site
    question: Question
    at: int
    now: int

    @property
    def topics(self) -> set[str]:
        """Those whose choice the rules look at."""
        message = self.question.message
        messages = [message, *(each.message for each in message.more_important)]
        filters = [each.segment.where for each in messages if each.segment and each.segment.where]
        tests = (test for where in filters for test in tests_in(where))
        return {*message.topics, *(each.name for each in tests if each.subject == "topic")}

    def refusals(self, snapshots: Mapping[int, Snapshot]) -> dict[int, Check | None]:
        """The flat no of each, whatever was sent to them."""
        message = self.question.message
        return {
            profile: deciding_of(flat_checks(self.site, message, snapshot, self.at))
            for profile, snapshot in snapshots.items()
        }

    def refused(self, database: Database, contacts: Collection[Contact]) -> dict[int, Check]:
        """Those to whom the message may never go as things stand, by id of their profile."""
        known = without_messages(database, self.site, contacts, self.at)
        return {profile: no for profile, no in self.refusals(known).items() if no}

    def answers(self, database: Database, contacts: Sequence[Contact]) -> list[Answer]:
        """Of each, in their order. What was sent is read only of those whom no flat no stops."""
        message = self.question.message
        known = without_messages(database, self.site, contacts, self.at)
        flat = self.refusals(known)
        possible = {profile: known[profile] for profile, no in flat.items() if not no}
        complete = with_messages(database, self.site, possible, self.at, self.now, message)
        against = flat | {
            profile: deciding_of(later_checks(self.site, message, snapshot, self.at))
            for profile, snapshot in complete.items()
        }
        return [Answer(each, against[each.profile.id]) for each in contacts]


def audience(database: Database, asking: Asking) -> Iterator[list[Answer]]:
    """Everyone of the site, a page at a time. Nothing is changed."""
    for contacts in all_contacts(database, asking.site.id, asking.topics):
        yield asking.answers(database, contacts)


def reserved_audience(
    database: Database, asking: Asking, lasts: int, pace: Pace | None = None
) -> Iterator[list[Answer]]:
    """The same, and the place of everyone who may get it is taken in the same step.

    An interrupted run can be run again: a campaign has one place for a person.
    """
    pace = pace or pace_for(database)
    for contacts in all_contacts(database, asking.site.id, ()):
        waiting = [each.profile.id for each in contacts]
        while waiting:
            some, waiting = waiting[: pace.size], waiting[pace.size :]
            with pace.turn():
                yield write(database, partial(_reserve, database, asking, some, lasts, pace))


def _reserve(
    database: Database, asking: Asking, profiles: list[int], lasts: int, pace: Pace
) -> list[Answer]:
    """Must run in a transaction."""
    with pace.work():
        people = contacts_of(database, asking.site.id, profiles)
        answers = asking.answers(database, list(people.values()))
        allowed = [each.contact.profile.id for each in answers if each.against is None]
        take_places(database, asking.question, allowed, asking.at, lasts)
        return answers
