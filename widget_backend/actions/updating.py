"""Updating a profile: read, decide and write as one, also when two people do so at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from widget_backend.context import Context
from widget_backend.errors import StaleRevision
from widget_backend.store.profiles import Profile, read_profile, with_answers
from widget_backend.store.writing import write

T = TypeVar("T")


def update(context: Context, profile: Profile, action: Callable[[Profile], T]) -> T:
    """Run `action` on a profile in one durable transaction.

    It gets the profile as the door has read it. If somebody saved in between, it runs again with
    the profile as it is by then, and judges anew. Raises ProfileUnknown when the person was erased.
    """
    current = profile

    def attempt() -> T:
        nonlocal current
        try:
            return action(current)
        except StaleRevision:
            read = read_profile(context.database, profile.site, profile.handle)
            current = with_answers(context.database, read)
            raise

    return write(context.database, attempt)
