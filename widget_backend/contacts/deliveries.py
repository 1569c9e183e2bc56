"""Deliveries in: what was sent is kept, and what people and mailboxes said to it counts here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

from peewee import Database

from widget_backend.contacts.batches import in_turns
from widget_backend.contacts.delivery_file import Report
from widget_backend.contacts.pace import Pace, pace_for
from widget_backend.rules.later_words import complain
from widget_backend.site.model import Site
from widget_backend.store.contacts import Contact, find_contacts, find_people
from widget_backend.store.deliverability import mark_undeliverable
from widget_backend.store.deliveries import Delivery, Message, keep_deliveries
from widget_backend.store.ledger import ConsentContext, no_wording
from widget_backend.store.reservations import confirm_places
from widget_backend.store.saves import save_in_transaction
from widget_backend.store.times import note_times
from widget_backend.store.writing import write

Kept = Literal["new", "known already", "complaint", "hard bounce"]
"""What a row was: a message, and beside that what it changed for the person."""

NOBODY = "is about nobody who is known here"


@dataclass(frozen=True)
class DeliveryRun:
    """`topics` maps each campaign that is known to its topic; `now` has a time zone."""

    site: Site
    now: datetime
    topics: Mapping[str, str]

    @property
    def at(self) -> int:
        """Seconds since 1970."""
        return int(self.now.timestamp())

    def consent(self, report: Report) -> ConsentContext:
        wording = no_wording(self.site.id, self.site.source_language)
        evidence = {"outcome": report.outcome, "campaign": report.campaign}
        at = self.complained_at(report)
        return ConsentContext(self.at, "delivery", wording, evidence, said_there=at)

    def complained_at(self, report: Report) -> int:
        """By now, where the row does not say when."""
        return self.at if report.reported_at is None else report.reported_at


def keep_reports(
    database: Database,
    run: DeliveryRun,
    reports: Iterable[Report],
    reject: Callable[[Report, str], object],
    after_each: Callable[[], object] = lambda: None,
    pace: Pace | None = None,
) -> Counter[Kept]:
    """Keep what the rows report, in durable transactions of several; returns how many were what.

    Rows about nobody, or of an unknown campaign, are given to `reject` with the reason. After an
    interruption, running it again completes it.
    """
    pace = pace or pace_for(database)
    counts: Counter[Kept] = Counter()
    usable = _of_known_campaigns(run, reports, reject)

    def keep(batch: list[Report]) -> tuple[Counter[Kept], list[Report]]:
        return write(database, partial(_keep_batch, database, run, batch, pace))

    for kept, strangers in in_turns(usable, keep, pace):
        counts.update(kept)
        for report in strangers:
            reject(report, NOBODY)
        after_each()
    return counts


def _of_known_campaigns(
    run: DeliveryRun, reports: Iterable[Report], reject: Callable[[Report, str], object]
) -> Iterable[Report]:
    for report in reports:
        if report.campaign in run.topics:
            yield report
        else:
            reject(report, "is of a campaign that is not known here")


def _keep_batch(
    database: Database, run: DeliveryRun, reports: list[Report], pace: Pace
) -> tuple[Counter[Kept], list[Report]]:
    """What the rows were, and those about nobody. Must run in a transaction."""
    with pace.work():
        people = _people(database, run, reports)
        known = [report for report in reports if _key(report) in people]
        deliveries = {id(each): _delivery(run, each, people[_key(each)]) for each in known}
        news = keep_deliveries(database, deliveries.values())
        confirm_places(database, (each.message for each in deliveries.values()))
        counts: Counter[Kept] = Counter({"new": len(news), "known already": len(known) - len(news)})
        # Each person's in the order of the file; what one row changes, the next one sees.
        for report in known:
            if deliveries[id(report)] in news:
                counts.update(_heed(database, run, report))
        return counts, [report for report in reports if _key(report) not in people]


def _key(report: Report) -> str:
    return report.person or report.email


def _people(database: Database, run: DeliveryRun, reports: list[Report]) -> dict[str, Contact]:
    keys = {each.person for each in reports if each.person}
    emails = {each.email for each in reports if not each.person}
    return {
        **find_people(database, run.site.id, keys),
        **find_contacts(database, run.site.id, emails, hold=True),
    }


def _delivery(run: DeliveryRun, report: Report, contact: Contact) -> Delivery:
    message = Message(contact.profile.id, report.campaign, report.channel, report.sent_at)
    return Delivery(message, run.topics[report.campaign], report.outcome)


def _heed(database: Database, run: DeliveryRun, report: Report) -> list[Kept]:
    """What a complaint or a hard bounce changes for the person."""
    if report.outcome == "complaint":
        contact = _people(database, run, [report])[_key(report)]
        at = run.complained_at(report)
        person, times = contact.profile, contact.times
        effect = complain(run.site, person.state, times, report.channel, at)
        if effect.changes or effect.times:
            # Also where only times change, so that no undo of an earlier import takes them back.
            save_in_transaction(database, person, effect.changes, run.consent(report))
            note_times(database, person.id, effect.times, None)
            return ["complaint"]
    if report.outcome == "hard_bounce" and report.channel == "email":
        (contact,) = _people(database, run, [report]).values()
        bounced_at = report.reported_at or report.sent_at
        if mark_undeliverable(database, contact.profile.id, bounced_at, run.at):
            return ["hard bounce"]
    return []
