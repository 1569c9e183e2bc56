"""Retention: what is deleted after a stated time, in steps so small that nobody waits for them.

The times stand in the operators' README, those of fields in the site file. What else is stored of
people who confirmed stays until they erase it (`erasure.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from peewee import Database, Model, Tuple

from widget_backend.site.model import ProfileField, Site
from widget_backend.store.erasure import forget
from widget_backend.store.field_values import end_values
from widget_backend.store.models import AddressChange, Job, OneTimeCode, Profile
from widget_backend.store.models_of_sending import Context, Reservation
from widget_backend.store.sqlite import SqliteFile
from widget_backend.store.writing import write

DAY = 86_400
SIGN_UPS_STAY = 30 * DAY
"""From when the address was last given: twice as long as the link that confirms it works."""
ENDED_STAY = DAY
"""Codes and address changes, from when they end."""
MESSAGES_STAY = 90 * DAY
"""That a message was sent or given up, from when it was written."""
PLACES_STAY = 30 * DAY
"""Places for messages, from when they end: so long a key gives the answer of the first time."""

AT_ONCE = 100
"""Rows to a transaction."""


def tidy(database: Database, now: int) -> bool:
    """One step of each kind; whether there may be more to do. `now` is seconds since 1970.

    After the last one nothing that was deleted is left in the log of an SQLite file either.
    """
    finished = Job.due_at.is_null() & (Job.queued_at < now - MESSAGES_STAY)
    steps = (
        _forget_sign_ups(database, now - SIGN_UPS_STAY),
        _delete(database, AddressChange, AddressChange.until < now - ENDED_STAY),
        _delete(database, OneTimeCode, OneTimeCode.until < now - ENDED_STAY),
        _delete(database, Job, finished),
        _delete(database, Context, Context.until < now),
        _delete(database, Reservation, Reservation.until < now - PLACES_STAY),
    )
    has_more = AT_ONCE in steps
    if isinstance(database, SqliteFile) and not has_more:
        database.empty_log()
    return has_more


def tidy_fields(sites: Iterable[Site], database: Database, now: int) -> bool:
    """The same for values of fields that have a lifespan."""
    steps = [
        write(database, partial(_end_values, database, site, field, now))
        for site in sites
        for field in site.fields
        if field.lifespan_days is not None
    ]
    return AT_ONCE in steps


def _end_values(database: Database, site: Site, field: ProfileField, now: int) -> int:
    days = field.lifespan_days or 0
    return end_values(database, site.id, field.id, now - days * DAY, AT_ONCE)


def _forget_sign_ups(database: Database, before: int) -> int:
    """Those that nobody confirmed; what was confirmed for somebody known stays with them."""
    unconfirmed = Profile.pending & Profile.merged_into.is_null() & (Profile.created_at < before)
    query = Profile.select(Profile.id, Profile.ledger_key).where(unconfirmed).limit(AT_ONCE)

    def forget_some() -> int:
        keys = dict(query.tuples().execute(database))
        forget(database, keys)
        return len(keys)

    return write(database, forget_some)


def _delete(database: Database, table: type[Model], where: Any) -> int:
    columns = table._meta.get_primary_keys()
    some = table.select(*columns).where(where).limit(AT_ONCE)
    delete = table.delete().where(Tuple(*columns).in_(some))
    return write(database, lambda: int(delete.execute(database)))
