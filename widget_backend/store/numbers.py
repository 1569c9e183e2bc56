"""Phone numbers: whom they lead to, many at a time. One number may be of several people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

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
    theirs = query.where(is_one & ~models.Profile.pending).tuples().execute(database)
    contacts = contacts_of(database, site, [profile for (profile,) in theirs], hold)
    columns = (Identity.profile, Identity.value, Identity.undeliverable_at, Identity.reached_at)
    # Read once more, for somebody may have changed their number until they were held.
    rows = Identity.select(*columns).where(is_one & Identity.profile.in_(list(contacts)))
    owners: dict[str, list[NumberOfContact]] = {}
    for profile, number, *times in rows.order_by(Identity.profile).tuples().execute(database):
        owners.setdefault(number, []).append(NumberOfContact(contacts[profile], number, *times))
    return owners
