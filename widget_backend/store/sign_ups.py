"""Sign-ups: pending profiles, made by strangers and not confirmed yet."""

from __future__ import annotations

from collections.abc import Sequence

from peewee import Database

from widget_backend.rules.state import Change
from widget_backend.store.database import write_transaction
from widget_backend.store.ledger import Circumstances
from widget_backend.store.models import Identity, Profile
from widget_backend.store.profiles import create_profile
from widget_backend.store.saves import save_within


def find_sign_up(database: Database, site: str, handle: str) -> bool:
    mine = (Profile.site == site) & (Profile.handle == handle)
    return bool(Profile.select(Profile.id).where(mine).tuples().execute(database))


def sign_up(
    database: Database,
    site: str,
    handle: str,
    email: str,
    changes: Sequence[Change],
    how: Circumstances,
) -> None:
    """Keep an address and its choices as pending.

    Raises peewee.IntegrityError when the same sign-up was kept already.
    """
    with write_transaction(database):
        person = create_profile(database, site, how.at, handle=handle, pending=True)
        Identity.insert(site=site, profile=person.id, kind="email", value=email).execute(database)
        save_within(database, person, changes, how)
