"""Requests: what people asked the staff for, until when it must be done, and when it was."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, NamedTuple

from peewee import JOIN, Database

from widget_backend.rules.law import Request
from widget_backend.store import models_of_requests as models
from widget_backend.store.models import Identity, Profile
from widget_backend.store.rows import columns_of

RequestDoor = Literal["phone", "letter"]


class NewRequest(NamedTuple):
    """A request as the staff got it. Times are seconds since 1970; see `models_of_requests.py`."""

    site: str
    profile: int
    kind: Request
    door: RequestDoor
    received_at: int
    due_at: int
    law: str
    staff: str


class KeptRequest(NamedTuple):
    """One that is kept, with the handle and address of whose it is: None of who was erased."""

    number: int
    kind: Request
    door: RequestDoor
    received_at: int
    due_at: int
    law: str
    staff: str
    done_at: int | None
    done_staff: str | None
    handle: str | None
    email: str | None


_TABLE = models.Request
_KEPT = columns_of(
    KeptRequest,
    number=_TABLE.id,
    kind=_TABLE.kind,
    door=_TABLE.door,
    received_at=_TABLE.received_at,
    due_at=_TABLE.due_at,
    law=_TABLE.law,
    staff=_TABLE.staff,
    done_at=_TABLE.done_at,
    done_staff=_TABLE.done_staff,
    handle=Profile.handle,
    email=Identity.value,
)
_IS_OPEN = _TABLE.done_at.is_null()


def keep_request(database: Database, new: NewRequest) -> int:
    """Keep it and return its number; that of an open one that is the same, if there is one."""
    same = (_TABLE.profile == new.profile) & (_TABLE.kind == new.kind)
    same_day = same & (_TABLE.received_at == new.received_at) & _IS_OPEN
    number: int | None = _TABLE.select(_TABLE.id).where(same_day).scalar(database)
    return number or int(_TABLE.insert(**new._asdict()).execute(database))


def open_requests(database: Database, site: str) -> list[KeptRequest]:
    """Those that are not done, the most urgent first."""
    return _kept(database, (_TABLE.site == site) & _IS_OPEN)


def all_requests(database: Database, site: str) -> list[KeptRequest]:
    """Those that are done, too."""
    return _kept(database, _TABLE.site == site)


def requests_of(database: Database, profile: int) -> list[KeptRequest]:
    return _kept(database, _TABLE.profile == profile)


def find_request(database: Database, site: str, number: int) -> KeptRequest | None:
    return next(iter(_kept(database, (_TABLE.site == site) & (_TABLE.id == number))), None)


def _kept(database: Database, is_meant: object) -> list[KeptRequest]:
    email = (Identity.profile == Profile.id) & (Identity.kind == "email")
    query = (
        _TABLE.select(*_KEPT)
        .join(Profile, JOIN.LEFT_OUTER)
        .join(Identity, JOIN.LEFT_OUTER, on=email)
        .where(is_meant)
        .order_by(_TABLE.due_at, _TABLE.id)
    )
    return [KeptRequest._make(row) for row in query.tuples().execute(database)]


def end_request(database: Database, number: int, at: int, staff: str) -> None:
    """Somebody of the staff did what was asked. Must stand in a transaction."""
    is_meant = (_TABLE.id == number) & _IS_OPEN
    _TABLE.update(done_at=at, done_staff=staff).where(is_meant).execute(database)


def end_by_erasure(database: Database, profiles: Collection[int], at: int) -> None:
    """Once their data is deleted there is nothing left to do, but to answer who asked for a copy.

    Must stand in the transaction that deletes it."""
    theirs = _TABLE.profile.in_(list(profiles)) & (_TABLE.kind != "data")
    _TABLE.update(done_at=at).where(theirs & _IS_OPEN).execute(database)
