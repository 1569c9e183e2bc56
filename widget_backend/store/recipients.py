"""Recipients: what a link in mail needs to know of a contact, for many at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from peewee import Database

from widget_backend.store import models
from widget_backend.store.models import Identity
from widget_backend.store.prepared import PreparedQuery, parameter
from widget_backend.store.rows import columns_of
from widget_backend.store.writing import write


class Recipient(NamedTuple):
    """What a link needs to know of a contact, by the `id` of the profile. `linked_at` is when they
    got the first one."""

    id: int
    handle: str
    language: str | None
    link_version: int
    linked_at: int | None = None


_RECIPIENT = columns_of(
    Recipient,
    id=models.Profile.id,
    handle=models.Profile.handle,
    language=models.Profile.language,
    link_version=models.Profile.link_version,
    linked_at=models.Profile.linked_at,
)

MOST_ASKED = 500
"""How many contacts are looked up by one query."""

_RECIPIENTS = PreparedQuery(
    models.Profile.select(Identity.value, *_RECIPIENT)
    .join(Identity)
    .where(
        (Identity.site == parameter("site"))
        & (Identity.kind == "email")
        & Identity.value.in_([parameter(str(at)) for at in range(MOST_ASKED)])
        & Identity.confirmed
        & ~models.Profile.pending
    )
)


def find_recipients(database: Database, site: str, emails: Collection[str]) -> dict[str, Recipient]:
    """Those of at most MOST_ASKED emails that lead to a contact, by email."""
    # An address that is NULL is found nowhere, so that one query serves for any number.
    asked: dict[str, str | None] = {str(at): None for at in range(MOST_ASKED)}
    asked |= {str(at): email for at, email in enumerate(emails)}
    rows = _RECIPIENTS.run(database, site=site, **asked).fetchall()
    return {email: Recipient._make(known) for email, *known in rows}


def linked_since(database: Database, profile: int) -> int | None:
    """When somebody first got a link, in seconds since 1970; None if nobody knows of one."""
    mine = models.Profile.id == profile
    at: int | None = models.Profile.select(models.Profile.linked_at).where(mine).scalar(database)
    return at


def note_links(database: Database, recipients: Iterable[Recipient], at: int) -> None:
    """These people have links from now on, at most MOST_ASKED at a time: who has one stays known
    when the import that made them is undone."""
    first = [each.id for each in recipients if each.linked_at is None]
    if first:
        is_theirs = models.Profile.id.in_(first) & models.Profile.linked_at.is_null()
        query = models.Profile.update(linked_at=at).where(is_theirs)
        write(database, lambda: query.execute(database))
