"""Sites that somebody in the database belongs to, whether they are served or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from peewee import Database, fn

from widget_backend.store.models import Identity


def sites_not_among(served: Iterable[str], database: Database) -> list[str]:
    """Those that anybody with an address belongs to and that are not served, in order."""
    ids = {*served}
    return [site for site in sites_with_people(database) if site not in ids]


def sites_with_people(database: Database) -> Iterator[str]:
    """From one to the next by the index: quick, however many people each of them has."""
    site: str | None = ""
    while site is not None:
        site = min(filter(None, _next(database, site)), default=None)
        if site is not None:
            yield site


def _next(database: Database, site: str) -> Iterator[str | None]:
    """The next in each of the two indexes: of addresses that are confirmed, and of the others."""
    for are_wanted in (Identity.confirmed, ~Identity.confirmed):
        first = Identity.select(fn.MIN(Identity.site)).where(are_wanted & (Identity.site > site))
        yield first.scalar(database)
