"""Our own export read back: each row is a person as another server, or this one, has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from widget_backend.contacts.copied_cells import (
    CellUnclear,
    read_address,
    read_answer,
    read_choice,
    read_language,
    read_overall,
    read_yes_no,
    seconds,
    seconds_of_a_no,
)
from widget_backend.contacts.csv_reader import CsvFile, CsvRow
from widget_backend.contacts.entries import PlatformFile
from widget_backend.contacts.entry import Word
from widget_backend.contacts.export_fields import all_fields
from widget_backend.contacts.mapping import TagMapping
from widget_backend.contacts.own_columns import EPOCH, OwnColumns
from widget_backend.contacts.platform import Kind, Platform
from widget_backend.contacts.stated_consent import StatedConsent
from widget_backend.rules.basis import ground_of
from widget_backend.rules.copies import Copy
from widget_backend.rules.later_words import Times
from widget_backend.rules.state import (
    DO_NOT_TRACK,
    LANGUAGE,
    OFF,
    OVERALL,
    Answer,
    DoNotTrack,
    Overall,
    Preference,
    State,
    Value,
    answer_subject,
    contact_subject,
    topic_subject,
)
from widget_backend.site.export_columns import CHANGE_COLUMNS
from widget_backend.site.model import Site
from widget_backend.store.contact_details import Detail

NOT_CONFIRMED = "has not confirmed there, by “email_confirmed”"
TIMES = ("overall_at", "left_at", "spoke_at", "do_not_track_at", "undeliverable_at")


def roles_as_tags(site: Site, mapping: TagMapping) -> TagMapping:
    """A mapping by which roles in a file are those of the site with the same id, unless it says
    otherwise."""
    ours = {role.id: role.id for role in site.roles}
    return replace(mapping, roles={**ours, **mapping.roles})


class OwnExport(PlatformFile):
    """The same as its base, whose entries have copies."""

    def __init__(
        self,
        csv_file: CsvFile,
        platform: Platform,
        site: Site,
        mapping: TagMapping,
        consent: StatedConsent | None = None,
        now: datetime | None = None,
    ) -> None:
        """Raises FileRefused also for topics and questions that the site does not have."""
        self._site = site
        self._of = OwnColumns.of(csv_file, site, mapping)
        names = (*self._of.names, *all_fields(site, EPOCH), *CHANGE_COLUMNS)
        platform = replace(platform, evidence=(*self._of.evidence, *TIMES), ignored=names)
        super().__init__(
            csv_file, platform, consent, now, mapping.names, mapping.fields, site.region
        )
        self._at = {name: at for at, name in enumerate(csv_file.header)}

    @property
    def other_uses(self) -> Mapping[int, str]:
        uses = {name: "choice" for each in self._of.topics.values() for name in [each.get("")]}
        uses |= {name: "answer" for each in self._of.questions.values() for name in each.values()}
        uses |= {"language": "language", "paused_until": "pause", "overall": "choice"}
        uses |= {"undeliverable": "undeliverable", "email_confirmed": "confirmed"}
        uses |= {"post": "postal address", "do_not_track": "wish not to be tracked"}
        ours = {self._at[name]: use for name, use in uses.items() if name in self._at}
        return {**super().other_uses, **ours}

    @property
    def details(self) -> frozenset[Detail]:
        post: set[Detail] = {"post"} if "post" in self._at else set()
        answers: set[Detail] = {"answers"} if self._of.questions else set()
        return super().details | post | answers

    def _cell(self, row: CsvRow, name: str | None) -> str:
        """What the row has in the column of this name; nothing if there is no such column."""
        return row[self._at[name]] if name in self._at else ""

    def _word(
        self, row: CsvRow, kind: Kind, recorded: Mapping[str, str], evidence: dict[str, str]
    ) -> Word | str:
        if self._cell(row, "email_confirmed") == "no":
            noes = self._noes(row, kind).noes(NOT_CONFIRMED, self._now.date())
            return Word(None, replace(noes, only_of_known=True)) if noes else NOT_CONFIRMED
        try:
            copy = self._copy(row, kind)
        except CellUnclear as error:
            noes = self._noes(row, kind).noes(str(error), self._now.date())
            return Word(None, noes) if noes else str(error)
        if copy.unproved and self._consent:
            evidence |= self._consent.evidence
            stated = dict.fromkeys(copy.unproved, self._consent.at)
            times = replace(copy.times, topics={**copy.times.topics, **stated})
            copy = replace(copy, times=times, unproved=frozenset())
        return Word(None, copy)

    def _copy(self, row: CsvRow, kind: Kind) -> Copy:
        """Raises CellUnclear."""
        overall = self._overall(row, kind)
        topics = dict(self._topics(row))
        unproved = {each for each, (choice, at) in topics.items() if choice["on"] and at is None}
        if unproved and kind != "subscribed" and not self._consent:
            # Who gets no mail needs no proof, and what nobody can prove comes with no row.
            topics = {each: of_it for each, of_it in topics.items() if each not in unproved}
            unproved = set()
        times = Times(
            {topic: at for topic, (_, at) in topics.items()},
            self._overall_at(row, overall),
            seconds_of_a_no(self._cell(row, "left_at")),
            self._past(seconds(self._cell(row, "spoke_at"))),
        )
        state: dict[str, Value] = {
            **({OVERALL: overall} if overall else {}),
            **{topic_subject(topic): choice for topic, (choice, _) in topics.items()},
            **dict(self._details(row)),
            **dict(self._wish(row)),
            **dict(self._answers(row)),
        }
        is_subscribed = self._cell(row, "status") == "subscribed"
        back = self._back(row, kind)
        return Copy(State(state), times, frozenset(unproved), is_subscribed, *back)

    def _noes(self, row: CsvRow, kind: Kind) -> Copy:
        """What can be read of a row of which something cannot, if it may be a no."""
        state: dict[str, Value] = {}
        with suppress(CellUnclear):
            state |= {OVERALL: overall} if (overall := self._overall(row, kind)) else {}
        with suppress(CellUnclear):
            state |= dict(self._wish(row))
        when: dict[str, int | None] = {}
        for topic, columns in self._of.topics.items():
            if (cell := self._cell(row, columns.get(""))) == "off":
                state[topic_subject(topic.id)] = read_choice(topic, columns[""], cell)
                when[topic.id] = seconds_of_a_no(self._cell(row, columns.get("at")))
        times = Times(when, self._overall_at(row, state.get(OVERALL)))
        is_back, back_at = self._back(row, kind)
        return Copy(State(state), times, is_back=is_back, back_at=back_at)

    def _overall_at(self, row: CsvRow, overall: Overall | None) -> int | None:
        """When it was said, or, if nobody knows, None. A time still to come proves no yes."""
        if not overall or self._cell(row, "overall") not in {"", overall["reach"]}:
            return None
        at = seconds_of_a_no(self._cell(row, "overall_at"))
        return at if overall["reach"] == "off" else self._past(at)

    def _past(self, at: int | None) -> int | None:
        return at if at is not None and at <= self._now.timestamp() else None

    def _back(self, row: CsvRow, kind: Kind) -> tuple[bool, int | None]:
        """Whether mail to them came back, and when."""
        is_back = self._cell(row, "undeliverable") == "yes" or kind == "cleaned"
        return is_back, seconds(self._cell(row, "undeliverable_at")) if is_back else None

    def _overall(self, row: CsvRow, kind: Kind) -> Overall | None:
        """None where nothing is known of it. Any column that says that they left is obeyed."""
        reach, until = self._cell(row, "overall"), self._cell(row, "paused_until")
        status = self._cell(row, "status").casefold()
        if kind == "unsubscribed":
            return OFF
        if reach:
            return read_overall("overall", reach, until)
        if until or status in {"less", "paused"}:
            return read_overall("status", "paused" if until else status, until)
        return None

    def _topics(self, row: CsvRow) -> Iterator[tuple[str, tuple[Preference, int | None]]]:
        """Each topic of which the row says something: the choice, and when it was made."""
        for topic, columns in self._of.topics.items():
            cell = self._cell(row, columns.get(""))
            if not cell:
                continue
            choice = read_choice(topic, columns[""], cell)
            if (since := ground_of(choice).at) is not None and since > self._now.timestamp():
                raise CellUnclear(columns[""], "day that is past")
            name, when = columns.get("at"), self._cell(row, columns.get("at"))
            at = seconds(when) if choice["on"] else seconds_of_a_no(when)
            if when and seconds(when) is None:
                self.unreadable.add(row.line, str(name), when)
            yield topic.id, (choice, self._past(at) if choice["on"] else at)

    def _details(self, row: CsvRow) -> Iterator[tuple[str, Value]]:
        if language := self._cell(row, "language"):
            yield LANGUAGE, read_language("language", language)
        if address := self._cell(row, "post"):
            yield contact_subject("post"), read_address("post", address)

    def _wish(self, row: CsvRow) -> Iterator[tuple[str, DoNotTrack]]:
        """Whether they want not to be tracked; not that it was taken back, if nobody knows when."""
        cell, when = self._cell(row, "do_not_track"), self._cell(row, "do_not_track_at")
        if not cell:
            return
        wanted = read_yes_no("do_not_track", cell)
        at = seconds_of_a_no(when) if wanted else seconds(when)
        if when and seconds(when) is None:
            self.unreadable.add(row.line, "do_not_track_at", when)
        at = self._past(at)
        if wanted or at is not None:
            yield DO_NOT_TRACK, {"wanted": wanted, "at": at}

    def _answers(self, row: CsvRow) -> Iterator[tuple[str, Answer]]:
        """Those of which the row says when they were given."""
        for question, columns in self._of.questions.items():
            at = seconds(self._cell(row, columns.get("at")))
            kind, column = self._cell(row, columns.get("kind")), columns.get("", "")
            if at is not None and kind:
                answer = read_answer(question, column, kind, self._cell(row, column), at)
                yield answer_subject(question.id), answer
