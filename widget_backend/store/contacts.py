"""Contacts: people together with the email that leads to them, many at a time.

What one person does is in `profiles` and `saves`; this is for imports and exports. Contacts who
come in are in `new_contacts`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from peewee import JOIN, Database, PostgresqlDatabase

from widget_backend.rules.later_words import Times
from widget_backend.rules.snapshot import NOTHING, Address
from widget_backend.rules.state import State
from widget_backend.site.filters import Value
from widget_backend.store import models
from widget_backend.store.belongings import Belongings, belongings_of
from widget_backend.store.models import Identity
from widget_backend.store.pages import is_on_page
from widget_backend.store.prepared import (
    PreparedQuery,
    is_one_of,
    parameter,
)
from widget_backend.store.profiles import Profile
from widget_backend.store.rows import columns_of
from widget_backend.store.stored_state import preference, state_of_profile

NEVER = Times()


class Contact(NamedTuple):
    """A profile that is not pending, and its email if it has one.

    The profile's state holds `overall`, `language`, `do_not_track` and `topic:…`, and `times` when
    the choices were made.
    `undeliverable` means that mail to this address came back for good, at `undeliverable_at` if
    that is known; `reached_at` is when something was mailed there that was answered. `written` is
    how somebody wrote it. `fields` is empty unless it was asked for. `fixed` are kinds of contact
    details that no file replaces, `proved` are those that a file has proved to be theirs.
    """

    profile: Profile
    email: str | None
    undeliverable: bool
    written: str | None = None
    times: Times = NEVER
    undeliverable_at: int | None = None
    reached_at: int | None = None
    fields: Mapping[str, Value] = NOTHING
    fixed: frozenset[str] = frozenset()
    addresses: Mapping[str, Address] = NOTHING
    proved: frozenset[str] = frozenset()


class _Row(NamedTuple):
    """A profile and its email, as they are stored."""

    id: int
    handle: str
    ledger_key: str
    revision: int
    language: str | None
    reach: str | None
    paused_until: str | None
    do_not_track: Any
    do_not_track_at: int | None
    link_version: int
    overall_at: int | None
    left_at: int | None
    spoke_at: int | None
    email: str | None
    written: str | None
    undeliverable: Any
    undeliverable_at: int | None
    reached_at: int | None


_ROW = columns_of(
    _Row,
    id=models.Profile.id,
    handle=models.Profile.handle,
    ledger_key=models.Profile.ledger_key,
    revision=models.Profile.revision,
    language=models.Profile.language,
    reach=models.Profile.reach,
    paused_until=models.Profile.paused_until,
    do_not_track=models.Profile.do_not_track,
    do_not_track_at=models.Profile.do_not_track_at,
    link_version=models.Profile.link_version,
    overall_at=models.Profile.overall_at,
    left_at=models.Profile.left_at,
    spoke_at=models.Profile.spoke_at,
    email=Identity.value,
    written=Identity.written,
    undeliverable=Identity.undeliverable,
    undeliverable_at=Identity.undeliverable_at,
    reached_at=Identity.reached_at,
)
_BY_EMAIL = (
    models.Profile.select(*_ROW)
    .join(Identity)
    .where(
        (Identity.site == parameter("site"))
        & (Identity.kind == "email")
        & is_one_of(Identity.value, "emails")
        & Identity.confirmed
        & ~models.Profile.pending
    )
    .order_by(models.Profile.id)
)
_FIND = PreparedQuery(_BY_EMAIL)
# In order of id, two that hold never wait in a circle.
_FIND_AND_HOLD = PreparedQuery(_BY_EMAIL.for_update(of=models.Profile))


def find_contacts(
    database: Database, site: str, emails: Collection[str], hold: bool = False
) -> dict[str, Contact]:
    """The contacts whose confirmed email is among these, by email; two queries for all.

    `hold` keeps others from saving them until the transaction ends, so that what is decided
    from their state still holds when it is written.
    """
    query = _FIND_AND_HOLD if hold and _can_hold(database) else _FIND
    rows = map(_Row._make, query.run(database, site=site, emails=emails))
    return {each.email: each for each in _contacts(database, site, rows) if each.email}


PAGE = 1_000
"""People: so many that asking takes little of the time, and few enough to hold."""
_PAGE = PreparedQuery(
    models.Profile.select(*_ROW)
    .join(
        Identity,
        JOIN.LEFT_OUTER,
        on=(
            (Identity.profile == models.Profile.id)
            & (Identity.kind == "email")
            & Identity.confirmed
        ),
    )
    .where(is_on_page(models.Profile, PAGE))
    .order_by(models.Profile.id)
)


def all_contacts(database: Database, site: str, topics: Collection[str]) -> Iterator[list[Contact]]:
    """Everyone of a site, oldest profile first, a page at a time.

    Of what they chose, only these topics are read.
    """
    last = 0
    while rows := _PAGE.run(database, site=site, after=last).fetchall():
        page = _contacts(database, site, map(_Row._make, rows), topics)
        yield page
        last = page[-1].profile.id


def _whoever(is_meant: Any) -> Any:
    """Whoever of a site is meant, also without an email."""
    email = (Identity.profile == models.Profile.id) & (Identity.kind == "email")
    return (
        models.Profile.select(*_ROW)
        .join(Identity, JOIN.LEFT_OUTER, on=email)
        .where((models.Profile.site == parameter("site")) & is_meant)
        .order_by(models.Profile.id)
    )


_ID = _whoever(is_one_of(models.Profile.id, "profiles"))
_KEY = _whoever(is_one_of(models.Profile.ledger_key, "keys") & ~models.Profile.pending)
_BY_ID, _BY_ID_AND_HOLD = PreparedQuery(_ID), PreparedQuery(_ID.for_update(of=models.Profile))
_BY_KEY, _BY_KEY_AND_HOLD = PreparedQuery(_KEY), PreparedQuery(_KEY.for_update(of=models.Profile))


def contacts_of(
    database: Database, site: str, profiles: Collection[int], hold: bool = True
) -> dict[int, Contact]:
    """Those of these people who are there, by id; `hold` is that of `find_contacts`."""
    query = _BY_ID_AND_HOLD if hold and _can_hold(database) else _BY_ID
    rows = map(_Row._make, query.run(database, site=site, profiles=profiles))
    return {each.profile.id: each for each in _contacts(database, site, rows)}


def find_people(database: Database, site: str, keys: Collection[str]) -> dict[str, Contact]:
    """The contacts whose ledger key is among these, by it, held until the transaction ends."""
    query = _BY_KEY_AND_HOLD if _can_hold(database) else _BY_KEY
    rows = map(_Row._make, query.run(database, site=site, keys=keys))
    return {each.profile.ledger_key: each for each in _contacts(database, site, rows)}


def _can_hold(database: Database) -> bool:
    """Whether profiles can be kept from others one by one: SQLite has one writer at a time."""
    return isinstance(database, PostgresqlDatabase)


def count_contacts(database: Database, site: str) -> int:
    """How many people of a site are not pending."""
    query = models.Profile.select().where((models.Profile.site == site) & ~models.Profile.pending)
    return int(query.count(database))


def _contacts(
    database: Database, site: str, stored: Iterable[_Row], topics: Collection[str] | None = None
) -> list[Contact]:
    rows = [*stored]
    profiles = [row.id for row in rows]
    if not profiles:
        return []
    belongings = belongings_of(database, profiles, topics)
    return [_contact(site, row, belongings.get(row.id) or Belongings()) for row in rows]


def _contact(site: str, row: _Row, theirs: Belongings) -> Contact:
    values, topics = state_of_profile(row), {}
    for choice, at in theirs.choices:
        subject, values[subject] = preference(choice)
        topics[choice.topic] = at
    profile = Profile(
        id=row.id,
        site=site,
        handle=row.handle,
        ledger_key=row.ledger_key,
        pending=False,
        revision=row.revision,
        roles=theirs.roles,
        state=State(values),
        link_version=row.link_version,
    )
    times = Times(topics, row.overall_at, row.left_at, row.spoke_at)
    is_back = bool(row.undeliverable)
    if row.email:
        theirs.addresses["email"] = Address(True, is_back)
    return Contact(
        profile,
        row.email,
        is_back,
        row.written,
        times,
        row.undeliverable_at,
        row.reached_at,
        addresses=theirs.addresses,
    )
