"""History: every record of a person in words, so that none of them says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter

from markupsafe import Markup

from widget_backend.i18n.languages import Language
from widget_backend.pages.account.consents import consent_of, is_yes
from widget_backend.pages.account.receipts import has_receipt
from widget_backend.rules.state import LANGUAGE, Change
from widget_backend.site.model import UTC, Site, Topic
from widget_backend.store.ledger import Record
from widget_backend.web.labels import answer_text, door_name, sentences
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
    changed = [
        sentence
        for change in record.changes
        for sentence in _sentences(language, ctx.site, change, record.door)
    ]
    return Entry(
        language.date(at.date()),
        language.time(at),
        _door(language, record.door),
        [*_beforehand(ctx, record), *changed] or [_without_changes(language, record.door)],
        sorted(record.evidence.items()),
        record.id if has_receipt(ctx.site, record) else None,
    )


def _door(language: Language, door: str) -> str:
    """Where it was said. The day of an import is not when people said it in the previous system."""
    if door == "import":
        return language.pgettext("where it was said", "from our previous system")
    return door_name(language, door)


def _beforehand(ctx: RequestContext, record: Record) -> Iterator[Markup]:
    """For an import, on which day the person agreed: the record has the day of the import. What our
    staff does is not said by the person."""
    if record.door == "staff":
        yield ctx.language.gettext("Our staff took back what a file said about you.")
    if record.door == "import":
        on = filter(is_yes, record.changes)
        consents = dict.fromkeys(consent_of(ctx.site, record, change) for change in on)
        if len(consents) > 1:  # each topic on a day of its own, which its own place tells
            consents = dict.fromkeys(
                each if each.basis else replace(each, day=None) for each in consents
            )
        yield from (each.sentence(ctx.language) for each in consents)


def _sentences(language: Language, site: Site, change: Change, door: str) -> list[Markup]:
    """What the forms tell of a change, and what they leave out."""
    if change.kind == "answer":
        return [_answer_sentence(language, site, change)]
    if change.subject == LANGUAGE and door == "sign-up":
        # Of somebody known it changes nothing when it is confirmed.
        name = language.name_of(change.after)
        return [language.gettext("You signed up in %(language)s.", language=name)]
    usual = sentences(language, site, [change])
    if usual or change.kind != "topic":
        return usual
    topic = site.topic(change.name)
    if topic is None:
        return [language.gettext("You made a choice about a topic that we no longer offer.")]
    if change.after is None:
        return [_taken_back(language, topic, door)]
    return [language.gettext("You did not choose “%(topic)s”.", topic=topic.name)]


def _taken_back(language: Language, topic: Topic, door: str) -> Markup:
    """Whoever took it back."""
    if door == "staff":
        return language.gettext(
            "We no longer hold a choice of yours about “%(topic)s”.", topic=topic.name
        )
    return language.gettext("You took back your choice about “%(topic)s”.", topic=topic.name)


def _answer_sentence(language: Language, site: Site, change: Change) -> Markup:
    question = site.question(change.name)
    if question is None:
        return language.gettext("You answered a question that we no longer ask.")
    if change.after is None:
        return language.gettext(
            "You took back your answer to “%(question)s”.", question=question.text
        )
    if change.after.get("skipped"):
        return language.gettext("You skipped “%(question)s”.", question=question.text)
    answer = answer_text(language, question, change.after)
    return language.gettext(
        "You answered “%(question)s”: %(answer)s", question=question.text, answer=answer
    )


def _without_changes(language: Language, door: str) -> Markup:
    """What happened, where no choice changed."""
    happened = {
        "confirmation": language.gettext("You confirmed your address."),
        "import": language.gettext("We imported what our previous system held about you."),
        "my-data": language.gettext("You cancelled the links that we had emailed to you."),
    }
    return happened.get(door) or language.gettext("Nothing changed for you.")
