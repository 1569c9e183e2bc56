"""What `contact` prints of one person, for somebody of the staff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from markupsafe import Markup
from peewee import Database

from widget_backend.actions.may_send import outlook
from widget_backend.cli.table import aligned
from widget_backend.i18n.languages import Language
from widget_backend.rules.decision import Decision
from widget_backend.rules.do_not_track import is_wanted
from widget_backend.rules.fields import holds
from widget_backend.rules.state import OVERALL, Preference
from widget_backend.site.model import Site
from widget_backend.site.time_values import is_stated_day
from widget_backend.store.contacts import Contact
from widget_backend.store.deliveries import deliveries_to
from widget_backend.store.field_values import values_of
from widget_backend.store.ledger import Record, records
from widget_backend.store.outbox import waiting_for
from widget_backend.store.personal_data import (
    all_records,
    email_of,
    known_since,
    other_details,
    wanted_address,
)
from widget_backend.store.profiles import Profile, read_profile, with_answers
from widget_backend.store.recipients import linked_since
from widget_backend.store.staff_uses import Use, uses_of
from widget_backend.text import masked, one_line, sentence_start, without_addresses
from widget_backend.web.consents import consents_by_topic
from widget_backend.web.decision_sentences import Words
from widget_backend.web.labels import (
    answer_text,
    door_name,
    field_text,
    overall_sentence,
    rhythm,
)
from widget_backend.web.record_sentences import (
    TO_STAFF,
    history_door,
    record_sentences,
    use_sentence,
)
from widget_backend.web.waiting_sentences import OF_EVERYTHING, refusal_sentences

OPEN = 20
"""Entries of the history that are printed unless all are wanted."""

Lines = Iterator[str]
Rows = tuple[tuple[str, str, str], ...]
"""One entry of the history; the first line says when, and by which door."""


def _plain(words: str | Markup) -> str:
    return one_line(str(words.striptags() if isinstance(words, Markup) else words))


@dataclass(frozen=True)
class Sheet:
    """Everything about one person. `site` speaks `language`, `at` is now, in seconds since 1970.

    Unless `is_unmasked`, addresses and numbers are shown so far only that one recognises them.
    """

    database: Database
    site: Site
    language: Language
    contact: Contact
    is_unmasked: bool
    at: int

    @cached_property
    def person(self) -> Profile:
        handle = self.contact.profile.handle
        return with_answers(self.database, read_profile(self.database, self.site.id, handle))

    @cached_property
    def outlooks(self) -> dict[str, Decision]:
        return outlook(self.database, self.site, self.person.id, self.at)

    def now_held(self) -> list[str]:
        """What is held now: a label, and one line or several."""
        parts: tuple[tuple[str, Lines], ...] = (
            ("person", iter([self.person.ledger_key])),
            ("known since", iter([self._day(known_since(self.database, self.person))])),
            ("email", self._email()),
            ("phone", self._detail("phone")),
            ("post", self._detail("post")),
            ("customer", self._detail("customer")),
            ("language", self._language()),
            ("roles", self._roles()),
            ("overall", self._overall()),
            ("tracking", self._tracking()),
            ("topics", self._topics()),
            ("answers", self._answers()),
            ("fields", self._fields()),
            ("sent", self._sent()),
            ("links", self._links()),
            ("waiting", self._waiting()),
        )
        return aligned(
            [
                (label if first else "", one_line(line))
                for label, lines in parts
                for first, line in _with_first(lines)
            ]
        )

    def history(self, whole: bool) -> list[str]:
        """What happened, newest first: when, by which door, and what it says.

        A confirmation writes to two profiles of one person, and is told once.
        """
        every, uses = all_records(self.database, self.person), uses_of(self.database, self.person)
        entries = list(dict.fromkeys((each.at, self._record(each)) for each in every))
        entries += [(each.at, self._use(each)) for each in uses]
        entries = sorted(entries, key=itemgetter(0))[::-1]
        newest = entries if whole else entries[:OPEN]
        more = len(entries) - len(newest)
        rows = [("history", "", ""), *(row for _, rows in newest for row in rows)]
        return [*aligned(rows), *([f"{more:,} older: see them with --all"] if more else [])]

    # ── how to reach them ───────────────────────────────────────────────────────────────────

    def _email(self) -> Lines:
        known, address = email_of(self.database, self.person), self.person.state.email
        if not address:
            return
        yield self._masked(known.written or address)
        if known.undeliverable_at is not None or self.contact.undeliverable:
            day = known.undeliverable_at
            yield f"email to it came back{f' on {self._day(day)}' if day is not None else ''}"
        if wanted := wanted_address(self.database, self.person, self.at):
            yield f"they asked to move to {self._masked(wanted)}, and have not confirmed it yet"

    def _detail(self, kind: str) -> Lines:
        detail = other_details(self.database, self.person).get(kind)
        if detail is None:
            return
        known = self.contact.addresses.get(kind)
        is_open = kind != "customer" and known is not None and not known.is_confirmed
        yield f"{self._masked(detail.value)}{', not confirmed' if is_open else ''}"
        if detail.undeliverable_at is not None:
            yield f"messages to it came back on {self._day(detail.undeliverable_at)}"

    def _masked(self, value: str) -> str:
        return value if self.is_unmasked else _plain(masked(value))

    def _hidden(self, words: str | Markup) -> str:
        """Texts in which somebody may have written an address."""
        return _plain(words) if self.is_unmasked else without_addresses(_plain(words))

    # ── what they chose ─────────────────────────────────────────────────────────────────────

    def _language(self) -> Lines:
        if tag := self.person.state.language:
            yield sentence_start(self.language.name_of(tag))

    def _roles(self) -> Lines:
        names = {each.id: each.name for each in self.site.roles}
        if self.person.roles:
            yield ", ".join(names.get(each, each) for each in self.person.roles)

    def _overall(self) -> Lines:
        if OVERALL in self.person.state:
            today = self.site.local_time(self.at).date()
            yield _plain(overall_sentence(self.language, self.person.state.overall_on(today)))

    def _tracking(self) -> Lines:
        if is_wanted(self.person.state.do_not_track):
            yield "they do not want to be tracked"

    def _topics(self) -> Lines:
        """Also topics that the site has no longer."""
        names = {each.id: each.name for each in self.site.topics}
        preferences = self.person.state.preferences()
        mine = records(self.database, self.person.ledger_key)
        consents = consents_by_topic(self.site, mine)
        for topic in [
            *(each for each in names if each in preferences),
            *preferences.keys() - names,
        ]:
            how = self._choice(preferences[topic])
            said_at = self.contact.times.topic(topic)
            since = f", since {self._stated(said_at)}" if said_at is not None else ""
            why = consents.get(topic)
            sentence = f". {_plain(why.sentence(self.language))}" if why else ""
            yield f"{names.get(topic, topic)} ({topic}): {how}{since}{sentence}"
            yield from self._against(self.outlooks.get(topic))

    def _against(self, decision: Decision | None) -> Lines:
        """Why no message of a topic may go now. What holds back all of them is told above."""
        if decision is None or decision.deciding is None:
            return
        if decision.deciding.rule in OF_EVERYTHING:
            return
        until, why = decision.not_before, Words(self.language, self.site).check(decision.deciding)
        yield f"  no message may go{f' before {self._time(until)}' if until else ''}: {why}"

    def _choice(self, preference: Preference) -> str:
        if not preference["on"]:
            return "off"
        return rhythm(self.language, preference["channel"], preference["frequency"])

    def _answers(self) -> Lines:
        asked = {each.id: each for each in self.site.questions}
        for name, answer in self.person.state.answers().items():
            question = asked.get(name)
            words = answer_text(self.language, question, answer) if question else "no longer asked"
            yield f"{question.text if question else name} {self._hidden(words)}"

    def _fields(self) -> Lines:
        known = {name: each for _, name, each in values_of(self.database, [self.person.id])}
        for field in self.site.fields:
            if field.id in known and holds(field, known[field.id].at, self.at):
                value = self._hidden(field_text(self.language, field, known[field.id].value))
                yield f"{field.name}: {value}, since {self._day(known[field.id].at)}"

    # ── what was sent, and what waits ───────────────────────────────────────────────────────

    def _sent(self) -> Lines:
        if deliveries := deliveries_to(self.database, self.person.id):
            last = self._day(deliveries[-1].message.sent_at)
            yield f"{len(deliveries):,} as senders reported, the last on {last}"

    def _links(self) -> Lines:
        first = linked_since(self.database, self.person.id)
        yield f"first made on {self._day(first)}" if first is not None else "none that we know of"
        if times := self.person.link_version:
            last = self._links_ended_at()
            when = f", the last time on {self._day(last)}" if last is not None else ""
            yield f"ended {times:,} time{'' if times == 1 else 's'}{when}; newer ones open"
        reached_at = email_of(self.database, self.person).reached_at
        if reached_at is not None:
            yield f"last worked: what was mailed on {self._day(reached_at)} was answered"

    def _links_ended_at(self) -> int | None:
        """As far as it was kept: earlier versions did not note when the staff ended them."""
        mine = records(self.database, self.person.ledger_key)
        times = [each.at for each in mine if each.door == "my-data" and not each.changes]
        uses = uses_of(self.database, self.person)
        return max(
            [*times, *(each.at for each in uses if each.what == "ended links")], default=None
        )

    def _waiting(self) -> Lines:
        for each in waiting_for(self.database, self.site.id, self.person.handle):
            again = f"next at {self._time(each.due_at)}"
            tried = f", tried {each.attempts:,} times, {again}" if each.attempts else ""
            yield f"email “{each.kind}” since {self._time(each.queued_at)}{tried}"

    # ── what happened ───────────────────────────────────────────────────────────────────────

    def _record(self, record: Record) -> Rows:
        door = history_door(self.language, record.door)
        refused = refusal_sentences(self.language, self.outlooks)
        sentences = record_sentences(self.language, self.site, record, refused)
        lines = [_plain(each) for each in sentences]
        if record.door in TO_STAFF or self.is_unmasked:
            lines += [
                f"{name}: {self._hidden(cell)}" for name, cell in sorted(record.evidence.items())
            ]
        return self._rows(record.at, door, lines)

    def _use(self, use: Use) -> Rows:
        sentence = f"{_plain(use_sentence(self.language, use.what))} ({use.staff})"
        return self._rows(use.at, door_name(self.language, "staff"), [sentence])

    def _rows(self, at: int, door: str, lines: list[str]) -> Rows:
        return tuple(
            (self._time(at) if first else "", door if first else "", one_line(line))
            for first, line in _with_first(lines)
        )

    def _day(self, at: int) -> str:
        return self.site.local_day(at).isoformat()

    def _stated(self, at: int) -> str:
        """When somebody said something: a day that was stated without a time stays without one."""
        return self._day(at) if is_stated_day(at) else self._time(at)

    def _time(self, at: int) -> str:
        return f"{self.site.local_time(at):%Y-%m-%d %H:%M}"


def _with_first(lines: Iterable[str]) -> Iterator[tuple[bool, str]]:
    return ((place == 0, line) for place, line in enumerate(lines))
