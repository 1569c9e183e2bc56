"""Phone numbers and customer numbers: whom they lead to, many at a time.

One phone number may be of several people.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from peewee import Database

from widget_backend.store import models
from widget_backend.store.contacts import Contact, contacts_of
from widget_backend.store.models import Identity


@dataclass(frozen=True)
class NumberOfContact:
    """Somebody who has a number, and when messages to it came back, if they did.

    Times are seconds since 1970; see `Identity`.
    """

    contact: Contact
    number: str
    undeliverable_at: int | None
    reached_at: int | None


def find_numbers(
    database: Database, site: str, numbers: Collection[str], hold: bool = False
) -> dict[str, list[NumberOfContact]]:
    """Who has these numbers, confirmed or not, by number. `hold` is that of `find_contacts`."""
    is_one = (
        (Identity.site == site) & (Identity.kind == "phone") & Identity.value.in_(list(numbers))
    )
    query = Identity.select(Identity.profile).join(models.Profile)
    # Two queries, for there is an index of the confirmed and one of the others.
    theirs = [
        profile
        for confirmed in (Identity.confirmed, ~Identity.confirmed)
        for (profile,) in query.where(is_one & confirmed & ~models.Profile.pending)
        .tuples()
        .execute(database)
    ]
    contacts = contacts_of(database, site, theirs, hold)
    columns = (Identity.profile, Identity.value, Identity.undeliverable_at, Identity.reached_at)
    # Read once more, for somebody may have changed their number until they were held.
    rows = Identity.select(*columns).where(is_one & Identity.profile.in_(list(contacts)))
    owners: dict[str, list[NumberOfContact]] = {}
    for profile, number, *times in rows.order_by(Identity.profile).tuples().execute(database):
        owners.setdefault(number, []).append(NumberOfContact(contacts[profile], number, *times))
    return owners


def prove_phones(database: Database, run: int, profiles: Collection[int]) -> None:
    """This import has said how their numbers are known to be theirs."""
    theirs = Identity.profile.in_(list(profiles)) & (Identity.kind == "phone")
    Identity.update(evidence_run=run).where(theirs).execute(database)


def take_back_proofs(database: Database, run: int, profiles: Collection[int]) -> None:
    """What it said does not count any more."""
    theirs = Identity.profile.in_(list(profiles)) & (Identity.evidence_run == run)
    Identity.update(evidence_run=None).where(theirs).execute(database)


# ── customer numbers, which lead to one person each ─────────────────────────────────────────


def owners_of_customers(database: Database, site: str, numbers: Collection[str]) -> dict[str, int]:
    """The profiles to which these customer numbers lead, by number."""
    columns = (Identity.value, Identity.profile)
    return dict(_of_customers(Identity.select(*columns), site, numbers).execute(database))


def addresses_of_customers(
    database: Database, site: str, numbers: Collection[str]
) -> dict[str, str]:
    """The confirmed email addresses of the people to whom they lead, by number."""
    email = Identity.alias()
    is_theirs = (email.profile == Identity.profile) & (email.kind == "email") & email.confirmed
    query = Identity.select(Identity.value, email.value).join(email, on=is_theirs)
    return dict(_of_customers(query, site, numbers).execute(database))


def _of_customers(query: Any, site: str, numbers: Collection[str]) -> Any:
    is_one = (Identity.site == site) & (Identity.kind == "customer") & Identity.confirmed
    return query.where(is_one & Identity.value.in_(list(numbers))).tuples()
