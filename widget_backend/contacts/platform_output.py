"""Files for a platform: who gets mail, and about what, so that it can be loaded there as it is.

A platform knows neither a pause nor fewer messages, and it sends to whoever is subscribed there. So
only those people are subscribed in the file who want mail as they chose, about something that has a
tag there. The others are written as unsubscribed: left out, they would stay what they are there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TextIO, cast

from peewee import Database

from widget_backend.contacts.csv_output import csv_writer
from widget_backend.contacts.platform import Platform, Status, WrittenFile
from widget_backend.contacts.recognise import PLATFORMS
from widget_backend.errors import FileRefused
from widget_backend.rules.basis import Ground
from widget_backend.rules.fields import country_of, holds
from widget_backend.rules.law_of_basis import verdict_on
from widget_backend.rules.volume import is_rarer
from widget_backend.site.channels import Frequency
from widget_backend.site.model import Site
from widget_backend.store.people import Choice, Part, Person, everyone

WRITTEN = {each.id: each for each in PLATFORMS if each.written}
"""The platforms for which files are written, by id."""

STATUSES: tuple[Status, ...] = ("subscribed", "unsubscribed", "undeliverable")

NO_TOPIC = "with no topic that is sent there"
NO_CONSENT = "whose consent counts for none by law"
NO_ADDRESS = "without a confirmed address"
REASONS = {"paused": "paused", "less": "who want fewer messages"}
"""Why people are unsubscribed in the file who did not leave, by the word of our own export."""


@dataclass(frozen=True)
class ForPlatform:
    """What a platform is to know of people of a site.

    `tags` has the tag of each topic that is sent there, by the topic's id; it is empty for the only
    topic that there is. `usual` is how often each of them usually comes. `word_of` gives the status
    of a person in our own export, and `is_lawful` whether the law takes a choice for consent.
    """

    platform: Platform
    tags: Mapping[str, str]
    usual: Mapping[str, Frequency]
    word_of: Callable[[Person], str]
    is_lawful: Callable[[Person, Choice], bool] = lambda *_: True

    @property
    def written(self) -> WrittenFile:
        assert self.platform.written
        return self.platform.written

    def status(self, person: Person) -> Status:
        word = self.word_of(person)
        if word == "undeliverable":
            return "undeliverable"
        return "subscribed" if word == "subscribed" and self.topics(person) else "unsubscribed"

    def reason(self, person: Person) -> str | None:
        """Why somebody is unsubscribed in the file; None if that is what they said."""
        word = self.word_of(person)
        if word != "subscribed":
            return REASONS.get(word)
        return NO_CONSENT if self._chosen(person) else NO_TOPIC

    def topics(self, person: Person) -> list[str]:
        """The ids of topics that the person gets by email and that are sent there."""
        chosen = self._chosen(person)
        return [each for each in chosen if self.is_lawful(person, person.choices[each])]

    def _chosen(self, person: Person) -> list[str]:
        chosen = person.choices
        return [
            topic
            for topic in self.tags
            if topic in chosen and chosen[topic].on and chosen[topic].channel == "email"
        ]

    def wants_others(self, person: Person) -> bool:
        """Whether the person gets by email a topic that has no tag there."""
        is_subscribed = self.word_of(person) == "subscribed"
        return is_subscribed and any(
            choice.on and choice.channel == "email" and topic not in self.tags
            for topic, choice in person.choices.items()
        )

    def is_too_often(self, person: Person) -> bool:
        """Whether the person wants one of these topics less often than it usually comes."""
        return any(
            is_rarer(cast(Frequency, person.choices[topic].frequency), self.usual[topic])
            for topic in self.topics(person)
        )

    def tag_cell(self, person: Person, status: Status) -> str:
        """Whoever gets nothing has no tags there."""
        topics = self.topics(person) if status == "subscribed" else ()
        return self.written.join_tags([self.tags[topic] for topic in topics if self.tags[topic]])


def lawful_at(site: Site, at: int) -> Callable[[Person, Choice], bool]:
    """Whether the law where somebody is takes their choice for consent then, to be emailed."""

    def is_lawful(person: Person, choice: Choice) -> bool:
        if not choice.basis:
            return True
        known = {
            each.id: person.fields[each.id].value
            for each in site.fields
            if each.id in person.fields and holds(each, person.fields[each.id].at, at)
        }
        verdict = verdict_on(choice.basis, "email", country_of(site, known), site.countries)
        return verdict.refusal_at(Ground(choice.basis, choice.basis_at), at) is None

    return is_lawful


class PlatformOutput:
    """A file for a platform. Only people of these statuses are written; see `Output`.

    `counts` has how many were written with each status, `reasons` why others are unsubscribed
    than those who said so, and `left_out` why people are not in the file. `too_often` is how many
    subscribed people want a topic less often than it usually comes, and `not_asked` how many get
    one without having been simply asked: no platform knows either. `blocked` is how many are
    unsubscribed in the file who get other topics by email.
    No cell has a formula guard: the platform would take it for part of the value.
    """

    def __init__(self, text: TextIO, rows: ForPlatform, statuses: Collection[Status]) -> None:
        self.counts: Counter[Status] = Counter()
        self.reasons: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.too_often = self.not_asked = self.blocked = 0
        self._rows = rows
        self._statuses = statuses
        platform, written = rows.platform, rows.written
        assert platform.tags
        cells = {status: written.statuses[status] for status in STATUSES if status in statuses}
        columns = dict.fromkeys(column for each in cells.values() for column in each)
        self._cells = {
            status: [each.get(column, "") for column in columns] for status, each in cells.items()
        }
        if written.byte_order_mark:
            text.write("\ufeff")
        self._writer = csv_writer(text, platform.separator, written.line_end)
        self._writer.writerow([platform.address[0], *columns, platform.tags[0]])

    def add(self, people: Iterable[Person]) -> None:
        for person in people:
            row = person.row
            status = self._rows.status(person)
            if not row.email or not row.email_confirmed:
                self.left_out[NO_ADDRESS] += 1
            elif status in self._statuses:
                self._count(person, status)
                cells = (row.written or row.email, *self._cells[status])
                self._writer.writerow([*cells, self._rows.tag_cell(person, status)])
            else:
                self.left_out[status] += 1

    def _count(self, person: Person, status: Status) -> None:
        self.counts[status] += 1
        if status == "unsubscribed" and (reason := self._rows.reason(person)):
            self.reasons[reason] += 1
            self.blocked += self._rows.wants_others(person)
        if status == "subscribed":
            self.too_often += self._rows.is_too_often(person)
            self.not_asked += any(person.choices[each].basis for each in self._rows.topics(person))

    # A file for a platform is of everyone: there are no changes to tell.
    def add_erased(self, person: str) -> None: ...
    def add_merged(self, person: str, into: str) -> None: ...
    def end(self, cursor: str) -> None: ...


def require_readable_tags(rows: ForPlatform, file: str) -> None:
    """Raises FileRefused for the first tag that the platform would read as another."""
    assert rows.platform.tags
    for topic, tag in rows.tags.items():
        cell = rows.written.join_tags([tag] if tag else [])
        if [*rows.platform.tags[1](cell, ())] != ([tag] if tag else []):
            reason = f"the tag “{tag}” of the topic “{topic}” cannot be written for"
            cure = "give it a name there without separators, line breaks and spaces around it"
            raise FileRefused(file, f"{reason} {rows.platform.name}", cure)


def require_fitting_cells(
    database: Database, site: Site, rows: ForPlatform, file: str, parts: Collection[Part]
) -> None:
    """Raises FileRefused if somebody's tags are longer than a field of the platform, and says how
    many people's are. Addresses fit everywhere: `LONGEST` is the limit of all.

    `parts` are those of people that the rows need. Nobody is read where all tags together fit.
    """
    longest = rows.written.longest_cell
    if longest is None or len(rows.written.join_tags([*rows.tags.values()])) <= longest:
        return
    too_long = sum(
        len(rows.tag_cell(person, rows.status(person))) > longest
        for people in everyone(database, site.id, parts)
        for person in people
    )
    if too_long:
        reason = f"the tags of some people ({too_long:,}) have over {longest} characters together"
        where = f"which is what a field of {rows.platform.name} holds"
        raise FileRefused(file, f"{reason}, {where}", "give the tags shorter names there")
