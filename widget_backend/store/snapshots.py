"""Snapshots: what is known of people when somebody asks whether a message may go to them.

A few queries for all of them, however many they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from peewee import Database

from widget_backend.rules.fields import country_of, gifts
from widget_backend.rules.snapshot import Address, Attempt, Context, Message, Sent, Snapshot
from widget_backend.rules.windows import LONGEST_APART, longest
from widget_backend.site.filters import Value
from widget_backend.site.model import Site
from widget_backend.site.places import Zones, zones_of_person
from widget_backend.store import models_of_sending as sending
from widget_backend.store.contacts import Contact
from widget_backend.store.field_values import values_now
from widget_backend.store.models import Delivery, Identity
from widget_backend.store.prepared import PreparedQuery, is_one_of, parameter


def snapshots_of(
    database: Database,
    site: Site,
    contacts: Collection[Contact],
    at: int,
    now: int,
    message: Message,
) -> dict[int, Snapshot]:
    """Of each, by id of the profile, for this message at this moment; in seconds since 1970."""
    known = without_messages(database, site, contacts, at)
    return with_messages(database, site, known, at, now, message)


def without_messages(
    database: Database, site: Site, contacts: Collection[Contact], at: int
) -> dict[int, Snapshot]:
    """The same as far as the rules need it that say a flat no."""
    profiles = [each.profile.id for each in contacts]
    addresses = _addresses(database, contacts, profiles)
    fields = values_now(database, site, profiles, at)
    return {
        person.id: Snapshot(
            person.state,
            place.zones,
            contact.times,
            addresses[person.id],
            country=place.country,
            roles=person.roles,
            fields=fields.get(person.id, {}),
        )
        for contact in contacts
        for person in [contact.profile]
        for place in [_place(site, fields.get(person.id, {}))]
    }


def with_messages(
    database: Database,
    site: Site,
    snapshots: Mapping[int, Snapshot],
    at: int,
    now: int,
    message: Message,
) -> dict[int, Snapshot]:
    """These with what was sent to them, what is about to be, and what they are busy with.

    Only what can hold back this message is read. The place that its own campaign has taken is not
    in its way.
    """
    profiles = list(snapshots)
    of_all = at - longest(site.caps)
    sent = _DELIVERIES.run(
        database,
        profiles=profiles,
        since=min(of_all, at - LONGEST_APART),
        of_all=of_all,
        topic=message.topic or "",
    ).fetchall()
    taken = _RESERVATIONS.run(
        database, profiles=profiles, now=now, but_for=message.campaign
    ).fetchall()
    attempts = _attempts(site, [*sent, *taken])
    contexts = _contexts(database, profiles, at)
    return {
        profile: replace(
            each,
            attempts=attempts.get(profile, ()),
            contexts=contexts.get(profile, {}),
        )
        for profile, each in snapshots.items()
    }


def sent_to(
    database: Database, site: Site, profiles: Collection[int], at: int, now: int
) -> dict[int, Sent]:
    """What can hold back any message to these people from the moment `at` on, by id of the profile.

    It is of everybody who is asked for, also of those to whom nothing was sent.
    """
    people = list(profiles)
    since = at - max(longest(site.caps), LONGEST_APART)
    sent = _DELIVERIES.run(database, profiles=people, since=since, of_all=since, topic="")
    attempts = _attempts(site, sent.fetchall())
    places: dict[int, dict[str, list[Attempt]]] = {}
    for row in _RESERVATIONS.run(database, profiles=people, now=now, but_for=""):
        for profile, taken in _attempts(site, [row]).items():
            places.setdefault(profile, {}).setdefault(row[2], []).extend(taken)
    contexts = _contexts(database, people, at)
    return {
        each: Sent(attempts.get(each, ()), places.get(each, {}), contexts.get(each, {}))
        for each in people
    }


_ADDRESSES = PreparedQuery(
    Identity.select(
        Identity.profile, Identity.kind, Identity.confirmed, Identity.undeliverable
    ).where(is_one_of(Identity.profile, "profiles") & (Identity.kind != "email"))
)


def _addresses(
    database: Database, contacts: Collection[Contact], profiles: list[int]
) -> dict[int, dict[str, Address]]:
    addresses = {
        each.profile.id: {"email": Address(True, each.undeliverable)} if each.email else {}
        for each in contacts
    }
    for profile, kind, *known in _ADDRESSES.run(database, profiles=profiles):
        addresses[profile][kind] = Address(*map(bool, known))
    return addresses


_DELIVERIES = PreparedQuery(
    Delivery.select(
        Delivery.profile, Delivery.sent_at, Delivery.campaign, Delivery.topic, Delivery.channel
    ).where(
        is_one_of(Delivery.profile, "profiles")
        & (Delivery.sent_at > parameter("since"))
        & ((Delivery.sent_at > parameter("of_all")) | (Delivery.topic == parameter("topic")))
    )
)
_RESERVATIONS = PreparedQuery(
    sending.Reservation.select(
        sending.Reservation.profile,
        sending.Reservation.at,
        sending.Reservation.campaign,
        sending.Reservation.topic,
        sending.Reservation.channel,
    ).where(
        is_one_of(sending.Reservation.profile, "profiles")
        & (sending.Reservation.until > parameter("now"))
        & ~sending.Reservation.confirmed
        & (sending.Reservation.campaign != parameter("but_for"))
    )
)


def _attempts(site: Site, rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Attempt]]:
    """Those of each, in the order of time."""
    uncounted = {each.id for each in site.service_messages if not each.counts}
    attempts: dict[int, list[Attempt]] = {}
    for profile, sent_at, campaign, topic, channel in sorted(rows, key=lambda row: row[1]):
        attempt = Attempt(sent_at, topic or None, channel, campaign not in uncounted)
        attempts.setdefault(profile, []).append(attempt)
    return attempts


_CONTEXTS = PreparedQuery(
    sending.Context.select(
        sending.Context.profile, sending.Context.kind, sending.Context.until
    ).where(
        is_one_of(sending.Context.profile, "profiles") & (sending.Context.until > parameter("now"))
    )
)


def _contexts(database: Database, profiles: list[int], at: int) -> dict[int, dict[Context, int]]:
    contexts: dict[int, dict[Context, int]] = {}
    for profile, kind, until in _CONTEXTS.run(database, profiles=profiles, now=at):
        contexts.setdefault(profile, {})[kind] = until
    return contexts


# ── where people live ───────────────────────────────────────────────────────────────────────


class _Place(NamedTuple):
    """Where somebody lives, and by which clocks."""

    country: str | None
    zones: Zones


def _place(site: Site, fields: Mapping[str, Value]) -> _Place:
    """As far as fields tell of it."""
    country, zone = country_of(site, fields), gifts(site, fields).get("time_zone")
    return _Place(country, zones_of_person(zone, country, site.countries, site.time_zone))
