"""History: every record of a person in words, by day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from markupsafe import Markup

from widget_backend.i18n.languages import Language
from widget_backend.pages.account.receipts import has_receipt
from widget_backend.pages.waiting import refused_topics
from widget_backend.site.model import UTC, Site
from widget_backend.store.ledger import Record
from widget_backend.store.staff_uses import Use
from widget_backend.web.labels import door_name
from widget_backend.web.record_sentences import (
    TO_STAFF,
    history_door,
    record_sentences,
    use_sentence,
)
from widget_backend.web.request_context import RequestContext

OPEN = 20
"""How many entries are read without opening anything; the older ones are folded."""


@dataclass(frozen=True)
class Entry:
    """One record, or what our staff did: when (in the site's time zone), through which door, and
    what it says. `at` is in seconds since 1970.

    `evidence` is what another system recorded, by the names that it used, or our staff, if
    `is_told_to_staff`. `receipt` is the number of the record, if there is a receipt of it.
    """

    day: str
    time: str
    door: str
    sentences: list[Markup]
    evidence: list[tuple[str, str]]
    is_told_to_staff: bool = False
    at: int = field(default=0, compare=False)
    receipt: int | None = field(default=None, compare=False)


Days = list[tuple[str, list[Entry]]]
"""Each day with its entries, newest first."""


@dataclass(frozen=True)
class History:
    """All entries: the newest, and the `older` ones, which are so many. `zone` says whose times."""

    zone: Markup
    newest: Days
    older: Days
    older_count: int


def history(ctx: RequestContext, records: list[Record], uses: list[Use]) -> History:
    """What the records say, and what the staff did beside, both given oldest first."""
    both = [*_entries(ctx, records), *(_use(ctx, each) for each in reversed(uses))]
    entries = sorted(both, key=attrgetter("at"), reverse=True)
    newest, older = _by_day(entries[:OPEN]), _by_day(entries[OPEN:])
    return History(_zone(ctx.language, ctx.site), newest, older, len(entries[OPEN:]))


def _zone(language: Language, site: Site) -> Markup:
    if site.time_zone == UTC:
        return language.gettext("The times are in UTC.")
    place = language.place_of(site.time_zone)
    return language.gettext("The times are those of %(place)s.", place=place)


def _by_day(entries: Iterable[Entry]) -> Days:
    return [(day, list(each)) for day, each in groupby(entries, attrgetter("day"))]


def _entries(ctx: RequestContext, records: list[Record]) -> list[Entry]:
    """Newest first. A confirmation writes to two profiles of one person, and is told once."""
    refused = refused_topics(ctx)
    entries = [_entry(ctx, each, refused) for each in reversed(records)]
    return [
        entry
        for entry, record, newer in zip(entries, reversed(records), [None, *entries], strict=False)
        if record.door != "confirmation" or entry != newer
    ]


def _entry(ctx: RequestContext, record: Record, refused: Collection[str]) -> Entry:
    language, at = ctx.language, ctx.site.local_time(record.at)
    return Entry(
        language.date(at.date()),
        language.time(at),
        history_door(language, record.door),
        record_sentences(language, ctx.site, record, refused),
        sorted(record.evidence.items()),
        record.door in TO_STAFF,
        record.at,
        record.id if has_receipt(ctx.site, record) else None,
    )


def _use(ctx: RequestContext, use: Use) -> Entry:
    """Who of the staff it was is kept, but not for the person to read."""
    language, at = ctx.language, ctx.site.local_time(use.at)
    sentence = use_sentence(language, use.what)
    when = language.date(at.date()), language.time(at)
    return Entry(*when, door_name(language, "staff"), [sentence], [], at=use.at)
