"""Requests by phone or letter: the staff record them, and say when what was asked is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from peewee import Database

from widget_backend.address_hashes import AddressHashes
from widget_backend.errors import ProfileUnknown, RequestRefused
from widget_backend.rules.fields import country_of
from widget_backend.rules.jurisdictions import PeriodRule
from widget_backend.rules.later_words import leave
from widget_backend.rules.law import Request, due_day
from widget_backend.rules.state import OVERALL
from widget_backend.site.model import Site
from widget_backend.store.contacts import Contact, find_contacts
from widget_backend.store.erasure import erase
from widget_backend.store.field_values import values_now
from widget_backend.store.ledger import ConsentContext, no_wording
from widget_backend.store.profiles import read_profile
from widget_backend.store.requests import (
    KeptRequest,
    NewRequest,
    RequestDoor,
    end_request,
    find_request,
    keep_request,
)
from widget_backend.store.saves import save
from widget_backend.store.suppression_file import Erased, SuppressionFile
from widget_backend.store.times import note_times
from widget_backend.store.writing import write


@dataclass(frozen=True)
class Asked:
    """What somebody asked for, how and on which day, by the site's clocks, and who recorded it."""

    request: Request
    door: RequestDoor
    received: date
    staff: str


@dataclass(frozen=True)
class Recorded:
    """The request as it is kept: its number, its last day in time, and the rule that says so.

    `country` is where the person is, if that is known. After “no more messages”, `stays_on` says
    that the person has agreed to something since then.
    """

    number: int
    due: date
    rule: PeriodRule
    country: str | None = None
    stays_on: bool = False


def record_request(
    database: Database, site: Site, email: str, asked: Asked, now: datetime
) -> Recorded:
    """Keep the request of whoever has this address; recorded once more, it stays one.

    “No more messages” takes effect at once. Raises ProfileUnknown when nobody has the address.
    """

    def record() -> Recorded:
        contact = find_contacts(database, site.id, [email], hold=True).get(email)
        if contact is None:
            raise ProfileUnknown
        profile = contact.profile.id
        country = _country(database, site, profile, now)
        due, rule = due_day(asked.request, asked.received, country, site.countries)
        received_at = _begin_of(asked.received, site)
        due_at = _begin_of(due + timedelta(1), site)
        kept = (asked.door, received_at, due_at, rule.law, asked.staff)
        number = keep_request(database, NewRequest(site.id, profile, asked.request, *kept))
        is_stop = asked.request == "stop"
        stays_on = is_stop and not _stop(database, site, contact, asked, now)
        return Recorded(number, due, rule, country, stays_on)

    return write(database, record)


def _country(database: Database, site: Site, profile: int, now: datetime) -> str | None:
    """Where the person is, as far as a field tells of it."""
    values = values_now(database, site, [profile], int(now.timestamp()))
    return country_of(site, values.get(profile, {}))


def _begin_of(day: date, site: Site) -> int:
    return int(datetime.combine(day, time.min, site.zone).timestamp())


def _stop(database: Database, site: Site, contact: Contact, asked: Asked, now: datetime) -> bool:
    """Turn off everything but what the person agreed to since then; whether all is off.

    Nobody knows the hour of it, so it counts as said at the end of its day.
    """
    at = min(_begin_of(asked.received + timedelta(1), site) - 1, int(now.timestamp()))
    state = contact.profile.state
    effect = leave(site, state, contact.times, None, at)
    is_off = state.reach == "off"
    if effect.changes or is_off:
        evidence = {"received": asked.received.isoformat(), "by": asked.staff}
        consent = ConsentContext(
            int(now.timestamp()),
            asked.door,
            no_wording(site.id, site.source_language),
            evidence,
            said_there=at,
        )
        save(database, contact.profile, effect.changes, consent)
    note_times(database, contact.profile.id, effect.times, effect.left)
    return is_off or any(each.subject == OVERALL for each in effect.changes)


@dataclass(frozen=True)
class Done:
    """That a request is done, at `at` (seconds since 1970), and which of the staff did it.

    For who asked for deletion: `hashes` deletes their data, and `suppressions` keeps who it was;
    `keeps` closes the request without.
    """

    at: int
    staff: str
    hashes: AddressHashes | None = None
    keeps: bool = False
    suppressions: SuppressionFile | None = None


def finish_request(database: Database, site: Site, number: int, done: Done) -> KeptRequest:
    """Note that a request is done, and return it as it was.

    Raises RequestRefused if there is no such request, if it is done already, or if what becomes of
    the person's data is left open where they asked for deletion, or is said where they did not.
    """

    def finish() -> tuple[KeptRequest, Erased | None]:
        request = find_request(database, site.id, number)
        if request is None:
            raise RequestRefused(number, "there is none", "see their numbers with “due”")
        _require_open(site, request)
        _require_deletion(request, done)
        end_request(database, number, done.at, done.staff)
        if not done.hashes or not request.handle:
            return request, None
        profile = read_profile(database, site.id, request.handle)
        wording = no_wording(site.id, site.source_language)
        consent = ConsentContext(done.at, request.door, wording)
        return request, erase(database, profile, consent, done.hashes)

    request, erased = write(database, finish)
    if erased and done.suppressions:
        done.suppressions.keep(erased)
    return request


def _require_open(site: Site, request: KeptRequest) -> None:
    if request.done_at is not None:
        day = site.local_time(request.done_at).date()
        raise RequestRefused(request.number, f"it was done on {day}", "nothing is left to do")


def _require_deletion(request: KeptRequest, done: Done) -> None:
    says_so = done.hashes is not None or done.keeps
    if request.kind != "erase" and says_so:
        reason = "it does not ask for deletion"
        raise RequestRefused(request.number, reason, "leave out --erase and --keep")
    if request.kind == "erase" and request.handle and not says_so:
        reason = "the data of the person is still here"
        raise RequestRefused(request.number, reason, "delete it with --erase, or say --keep")
