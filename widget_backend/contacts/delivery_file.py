"""Files of deliveries: what was sent to whom, when, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from marshmallow import fields

from widget_backend.contacts.column_map import Column, Columns, Encoding, Separator
from widget_backend.contacts.csv_output import RejectsFile
from widget_backend.contacts.csv_reader import CsvFile, CsvRow
from widget_backend.contacts.named_columns import NamedColumns, cell, email_in
from widget_backend.contacts.times import read_time
from widget_backend.rules.deliveries import OUTCOMES, Outcome
from widget_backend.site.channels import CHANNELS, Channel
from widget_backend.site.values import one_of

OneChannel = Annotated[str, fields.String(validate=one_of(CHANNELS, "channel"))]


@dataclass(frozen=True)
class Outcomes:
    """The words of each outcome."""

    sent: Columns = ()
    delivered: Columns = ()
    soft_bounce: Columns = ()
    hard_bounce: Columns = ()
    complaint: Columns = ()

    @property
    def words(self) -> Mapping[str, Outcome]:
        return {word.casefold(): each for each in OUTCOMES for word in getattr(self, each)}


OURS = Outcomes(*((each,) for each in OUTCOMES))


@dataclass(frozen=True)
class DeliveryMap:
    """The columns of a file of deliveries, as `--columns` names them; without one, our own.

    A person is named by `person`, as exports have it, or by `email`. `of_campaign` and `by_channel`
    hold for every row of a file that has no such column. `reported` is when the outcome became
    known.
    """

    person: Column = "person"
    email: Column = "email"
    campaign: Column = "campaign"
    channel: Column = "channel"
    sent_at: Column = "sent_at"
    outcome: Column = "outcome"
    reported: Column = "reported_at"
    of_campaign: Column | None = None
    by_channel: OneChannel | None = None
    separator: Separator = ","
    encoding: Encoding = "utf-8"
    outcomes: Outcomes = field(default_factory=lambda: OURS)


@dataclass(frozen=True)
class Report:
    """What a row says.

    `person` is a ledger key, else None and `email` is given. Times are in seconds since 1970;
    `reported_at` is when the outcome became known, None if the row does not say so.
    """

    row: CsvRow
    person: str | None
    email: str
    campaign: str
    channel: Channel
    sent_at: int
    outcome: Outcome
    reported_at: int | None


class DeliveryFile:
    """A file of deliveries, and its reports one after another."""

    def __init__(self, csv_file: CsvFile, columns: DeliveryMap, now: datetime) -> None:
        """Raises FileRefused if a column is missing that every row needs."""
        self.csv_file = csv_file
        self._map = columns
        self._now = now
        self._words = columns.outcomes.words
        named = NamedColumns(csv_file)
        self._person, self._email = named.some_of(columns.person, columns.email)
        self._campaign = named.find(columns.campaign, columns.of_campaign)
        self._channel = named.find(columns.channel, columns.by_channel)
        self._sent_at = named.needed(columns.sent_at)
        self._outcome = named.needed(columns.outcome)
        self._reported = named.find(columns.reported)

    def reports(self, rejects: RejectsFile) -> Iterator[Report]:
        """Each row that can be used; the others go to the rejects, with the reason."""
        for row in self.csv_file.rows():
            report = row.problem or self._report(row)
            if isinstance(report, Report):
                yield report
            else:
                rejects.add(row, report)

    def _report(self, row: CsvRow) -> Report | str:
        """What a row says, or why it is rejected."""
        person = cell(row, self._person)
        email = email_in(row, self._email)
        if not person and not email:
            return "names nobody: no person, and no email address"
        channel = cell(row, self._channel) or self._map.by_channel
        if channel not in CHANNELS:
            return f"has no channel known here: {', '.join(CHANNELS)}"
        outcome = self._words.get(row[self._outcome].casefold())
        if outcome is None:
            return f"has no outcome known here: {', '.join(self._words)}"
        times = [read_time(row[self._sent_at]), read_time(cell(row, self._reported))]
        sent_at, reported_at = (int(each.timestamp()) if each else None for each in times)
        if sent_at is None:
            return "has no time in ISO 8601 at which it was sent"
        if any(each and each > self._now for each in times):
            return "was sent, or reported, at a time that is still to come"
        campaign = cell(row, self._campaign) or self._map.of_campaign or ""
        return Report(row, person or None, email, campaign, channel, sent_at, outcome, reported_at)
