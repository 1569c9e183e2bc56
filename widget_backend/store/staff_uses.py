"""Uses by the staff: who saw what is held of a person, or did something for them, and when."""

from __future__ import annotations

from typing import Literal, NamedTuple

from peewee import Database

from widget_backend.store.models_of_requests import StaffUse
from widget_backend.store.profiles import Profile

What = Literal["looked", "made link", "mailed link", "ended links", "undeliverable"]


class Use(NamedTuple):
    """What somebody did, when (seconds since 1970), and who."""

    what: What
    at: int
    staff: str


def note_use(database: Database, profile: Profile, use: Use) -> None:
    """Must stand in the transaction of what was done."""
    row = {"site": profile.site, "profile": profile.id, **use._asdict()}
    StaffUse.insert(**row).execute(database)


def uses_of(database: Database, profile: Profile) -> list[Use]:
    """What was done for a person, oldest first."""
    columns = (StaffUse.what, StaffUse.at, StaffUse.staff)
    query = StaffUse.select(*columns).where(StaffUse.profile == profile.id)
    return [Use._make(row) for row in query.order_by(StaffUse.id).tuples().execute(database)]
