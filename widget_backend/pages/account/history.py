"""History: every record of a person in words, by day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from markupsafe import Markup

from widget_backend.i18n.languages import Language
from widget_backend.pages.account.receipts import has_receipt
from widget_backend.site.model import UTC, Site
from widget_backend.store.ledger import Record
from widget_backend.web.record_sentences import history_door, record_sentences
from widget_backend.web.request_context import RequestContext

OPEN = 20
"""How many entries are read without opening anything; the older ones are folded."""


@dataclass(frozen=True)
class Entry:
    """One record: when (in the site's time zone), through which door, and what it says.

    `evidence` is what another system recorded, by the names that it used. `receipt` is the number
    of the record, if there is a receipt of it.
    """

    day: str
    time: str
    door: str
    sentences: list[Markup]
    evidence: list[tuple[str, str]]
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


def history(ctx: RequestContext, records: list[Record]) -> History:
    """What the records say, given oldest first."""
    entries = _entries(ctx, records)
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
    entries = [_entry(ctx, each) for each in reversed(records)]
    return [
        entry
        for entry, record, newer in zip(entries, reversed(records), [None, *entries], strict=False)
        if record.door != "confirmation" or entry != newer
    ]


def _entry(ctx: RequestContext, record: Record) -> Entry:
    language, at = ctx.language, ctx.site.local_time(record.at)
    return Entry(
        language.date(at.date()),
        language.time(at),
        history_door(language, record.door),
        record_sentences(language, ctx.site, record),
        sorted(record.evidence.items()),
        record.id if has_receipt(ctx.site, record) else None,
    )
