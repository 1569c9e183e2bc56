"""Pages of people: everyone of a site, oldest profile first, so many at a time."""

from __future__ import annotations

from typing import Any

from widget_backend.store.models import Profile
from widget_backend.store.prepared import parameter


def is_on_page(profile: Any, most: int) -> Any:
    """That the profile is on the page of the `site` that comes after the profile `after`, with so
    many people at most.

    The page is found first, by itself: what belongs to its people is then looked up for each. Where
    both stand in one condition, PostgreSQL reads what belongs to everyone, for each page again.
    """
    some = Profile.alias()
    page = (
        some.select(some.id)
        .where((some.site == parameter("site")) & ~some.pending & (some.id > parameter("after")))
        .order_by(some.id)
        .limit(most)
    )
    return profile.id.in_(page)
