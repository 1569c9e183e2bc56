"""Pages of people: everyone of a site, oldest profile first, so many at a time."""

from __future__ import annotations

from typing import Any

from peewee import Select, fn

from widget_backend.store.models import Profile
from widget_backend.store.prepared import parameter


def is_on_page(profile: Any, most: int) -> Any:
    """That the profile is on the page of the `site` that comes after the profile `after`, with so
    many people at most.

    The last one on it is found first, so that PostgreSQL expects few between the two. Otherwise it
    reads what belongs to everyone, or everyone, for each page again.
    """
    some = Profile.alias()
    page = some.select(some.id).where(_comes(some)).order_by(some.id).limit(most).alias("page")
    last = Select((page,), (fn.MAX(page.c.id),))
    return _comes(profile) & (profile.id <= last)


def _comes(profile: Any) -> Any:
    is_of_site = (profile.site == parameter("site")) & ~profile.pending
    return is_of_site & (profile.id > parameter("after"))
