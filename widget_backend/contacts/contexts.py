"""Contexts in: what people are busy with, as another system's file says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import Literal

from peewee import Database

from widget_backend.contacts.batches import in_turns
from widget_backend.contacts.context_file import Busy
from widget_backend.contacts.deliveries import NOBODY
from widget_backend.contacts.pace import Pace, pace_for
from widget_backend.rules.snapshot import Context
from widget_backend.store.contacts import contacts_of, find_contacts, find_people
from widget_backend.store.current_contexts import lasting_contexts, set_contexts
from widget_backend.store.numbers import owners_of_customers
from widget_backend.store.writing import write

Kept = Literal["new", "changed", "over", "known already"]
"""What a row was: of something new, with another end, of something that ends, or no news."""


def keep_contexts(
    database: Database,
    site: str,
    now: int,
    rows: Iterable[Busy],
    reject: Callable[[Busy, str], object],
    after_each: Callable[[], object] = lambda: None,
    is_dry_run: bool = False,
    pace: Pace | None = None,
) -> Counter[Kept]:
    """Keep what the rows say, in durable transactions of several; returns how many were what.

    Of several rows about the same, the last holds. Rows about nobody are given to `reject` with the
    reason. After an interruption, running it again completes it. A dry run writes nothing.
    """
    pace = pace or pace_for(database)
    counts: Counter[Kept] = Counter()

    def keep(batch: list[Busy]) -> tuple[Counter[Kept], list[Busy]]:
        work = partial(_keep_batch, database, site, now, batch, pace, is_dry_run)
        return work() if is_dry_run else write(database, work)

    for kept, strangers in in_turns(rows, keep, pace):
        counts.update(kept)
        for each in strangers:
            reject(each, NOBODY)
        after_each()
    return counts


def _keep_batch(
    database: Database, site: str, now: int, rows: list[Busy], pace: Pace, is_dry_run: bool
) -> tuple[Counter[Kept], list[Busy]]:
    """What the rows were, and those about nobody. Must run in a transaction, unless it is dry."""
    with pace.work():
        profiles = _profiles(database, site, rows)
        known = lasting_contexts(database, profiles.values(), now)
        ends: dict[tuple[int, Context], int | None] = {
            (profile, each.context): each.until
            for each in rows
            if (profile := profiles.get(_name(each))) is not None
        }
        news: dict[tuple[int, Context], Kept] = {}
        for (profile, context), until in ends.items():
            lasts_until = known.get(profile, {}).get(context)
            if until != lasts_until:
                is_new = lasts_until is None
                news[profile, context] = "over" if until is None else "new" if is_new else "changed"
        if not is_dry_run:
            set_contexts(database, {key: ends[key] or now for key in news})
        strangers = [each for each in rows if _name(each) not in profiles]
        counts: Counter[Kept] = Counter(news.values())
        counts["known already"] = len(rows) - len(strangers) - len(news)
        return counts, strangers


def _name(busy: Busy) -> tuple[str, str]:
    """What a row calls the person."""
    if busy.person:
        return "person", busy.person
    return ("email", busy.email) if busy.email else ("customer", busy.customer)


def _profiles(database: Database, site: str, rows: list[Busy]) -> dict[tuple[str, str], int]:
    """Whom the rows name, held until the transaction ends."""
    names: dict[str, set[str]] = {"person": set(), "email": set(), "customer": set()}
    for kind, name in map(_name, rows):
        names[kind].add(name)
    people = find_people(database, site, names["person"]) if names["person"] else {}
    by_email = find_contacts(database, site, names["email"], hold=True) if names["email"] else {}
    owners = owners_of_customers(database, site, names["customer"]) if names["customer"] else {}
    still_there = contacts_of(database, site, owners.values()) if owners else {}
    return {
        **{("person", name): each.profile.id for name, each in people.items()},
        **{("email", name): each.profile.id for name, each in by_email.items()},
        **{("customer", name): each for name, each in owners.items() if each in still_there},
    }
