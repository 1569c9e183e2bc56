"""Snapshots: what is known of people when somebody asks whether a message may go to them.

A few queries for all of them, however many they are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from peewee import SQL, Database

from widget_backend.rules.fields import country_of, gifts
from widget_backend.rules.snapshot import NOTHING, Attempt, Message, Sent, Snapshot
from widget_backend.rules.windows import LONGEST_APART, longest
from widget_backend.site.channels import Channel
from widget_backend.site.clocks import LATEST
from widget_backend.site.filters import Value
from widget_backend.site.model import Site
from widget_backend.site.places import Zones, zones_of_person
from widget_backend.store import models_of_sending as sending
from widget_backend.store.contacts import Contact
from widget_backend.store.field_values import values_now
from widget_backend.store.models import Delivery
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
    fields = values_now(database, site, profiles, at)
    somewhere = _place(site, NOTHING)
    return {
        person.id: Snapshot(
            person.state,
            place.zones,
            contact.times,
            contact.addresses,
            country=place.country,
            roles=person.roles,
            fields=fields.get(person.id, NOTHING),
        )
        for contact in contacts
        for person in [contact.profile]
        for place in [_place(site, fields[person.id]) if person.id in fields else somewhere]
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
    of_all = at - longest(site.caps)
    sent = _sent(
        database,
        site,
        profiles=list(snapshots),
        since=min(of_all, at - LONGEST_APART),
        of_all=of_all,
        topics=message.topics,
        at=at,
        now=now,
        but_for=message.campaign,
    )
    return {
        profile: each._replace(attempts=theirs.all_attempts, contexts=theirs.contexts)
        for profile, each in snapshots.items()
        for theirs in [sent.get(profile) or Sent()]
    }


def sent_to(
    database: Database, site: Site, profiles: Collection[int], at: int, now: int
) -> dict[int, Sent]:
    """What can hold back any message to these people from the moment `at` on, by id of the profile.

    It is of everybody who is asked for, also of those to whom nothing was sent.
    """
    since = at - max(longest(site.caps), LONGEST_APART)
    sent = _sent(
        database,
        site,
        profiles=profiles,
        since=since,
        of_all=since,
        topics=(),
        at=at,
        now=now,
        but_for="",
    )
    return {each: sent.get(each) or Sent() for each in profiles}


class _Row(NamedTuple):
    """One of the things that may hold a message back: `what` it is, and when, or until when."""

    profile: int
    what: str
    at: int
    campaign: Any
    topic: str
    channel: Channel


def _sent(database: Database, site: Site, **values: Any) -> dict[int, Sent]:
    """What was sent to whom, the places that are taken, and what they are busy with."""
    uncounted = {each.id for each in site.service_messages if not each.counts}
    sent: dict[int, Sent] = {}
    for row in map(_Row._make, _IN_THE_WAY.run(database, **values).fetchall()):
        theirs = sent.get(row.profile) or sent.setdefault(row.profile, Sent())
        if row.what == "busy":
            theirs.contexts[row.campaign] = min(row.at, LATEST)
            continue
        attempt = Attempt(row.at, row.topic or None, row.channel, row.campaign not in uncounted)
        if row.what == "sent":
            theirs.attempts.append(attempt)
        else:
            place = attempt._replace(is_planned=True)
            theirs.places.setdefault(row.campaign, []).append(place)
    return sent


_TAKEN = sending.Reservation
_IN_THE_WAY = PreparedQuery(
    Delivery.select(
        Delivery.profile,
        SQL("'sent'"),
        Delivery.sent_at,
        Delivery.campaign,
        Delivery.topic,
        Delivery.channel,
    ).where(
        is_one_of(Delivery.profile, "profiles")
        & (Delivery.sent_at > parameter("since"))
        & ((Delivery.sent_at > parameter("of_all")) | is_one_of(Delivery.topic, "topics"))
    )
    + _TAKEN.select(
        _TAKEN.profile, SQL("'place'"), _TAKEN.at, _TAKEN.campaign, _TAKEN.topic, _TAKEN.channel
    ).where(
        is_one_of(_TAKEN.profile, "profiles")
        & (_TAKEN.until > parameter("now"))
        & ~_TAKEN.confirmed
        & (_TAKEN.campaign != parameter("but_for"))
    )
    + sending.Context.select(
        sending.Context.profile,
        SQL("'busy'"),
        sending.Context.until,
        sending.Context.kind,
        SQL("''"),
        SQL("''"),
    ).where(
        is_one_of(sending.Context.profile, "profiles") & (sending.Context.until > parameter("at"))
    )
)


# ── where people live ───────────────────────────────────────────────────────────────────────


class _Place(NamedTuple):
    """Where somebody lives, and by which clocks."""

    country: str | None
    zones: Zones


def _place(site: Site, fields: Mapping[str, Value]) -> _Place:
    """As far as fields tell of it."""
    country, zone = country_of(site, fields), gifts(site, fields).get("time_zone")
    return _Place(country, zones_of_person(zone, country, site.countries, site.time_zone))
