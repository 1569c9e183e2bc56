"""What `import` says: before it what each column does, after it what came in, as text or JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from widget_backend.cli.contact_options import first_rejected, rejected_text
from widget_backend.contacts.audience import REASONS
from widget_backend.contacts.basis_column import WORDS
from widget_backend.contacts.column_uses import column_uses
from widget_backend.contacts.csv_output import Rejects, RejectsFile
from widget_backend.contacts.decisions import ImportRun
from widget_backend.contacts.entries import PlatformFile
from widget_backend.contacts.imports import ImportResult
from widget_backend.contacts.tally import Tally
from widget_backend.text import one_line

MOST_UNREAD = 5
"""Columns that were not read of which the text names so many."""
MOST_REPEATS = 3
"""People who are in the file several times of whom the text says which line counts."""


def say_columns(export: PlatformFile, is_dry_run: bool, is_verbose: bool) -> None:
    """What each column will do, a line each: in a dry run, on a terminal, or if it is asked for."""
    if is_dry_run or is_verbose or sys.stderr.isatty():
        for each in column_uses(export):
            click.echo(str(each), err=not is_dry_run)


@dataclass(frozen=True)
class Report:
    """An import or a dry run that is over."""

    file: Path
    run: ImportRun
    export: PlatformFile
    result: ImportResult
    rejects: Rejects

    @property
    def is_dry_run(self) -> bool:
        return self.result.tally.number is None

    def say(self, as_json: bool) -> None:
        """The result to the standard output; as text, warnings to the standard error."""
        if as_json:
            click.echo(json.dumps(self._json, ensure_ascii=False))
            return
        click.echo(f"{self._title}: {', '.join(self._counts)}.{self._hint}{self._end}")
        if choices := ", ".join(choices_text(self.result.tally)):
            click.echo(one_line(self.file.name, choices))
        unread = [each.column for each in column_uses(self.export) if not each.uses]
        if unread and not self.is_dry_run:  # which names each column already
            click.echo(one_line(self.file.name, unread_text(unread)))
        for warning in self._warnings:
            click.echo(one_line("warning", self.file.name, warning), err=True)
        for line in self._notes:
            click.echo(one_line(self.file.name, line), err=True)

    @property
    def _title(self) -> str:
        name = f"{self.file.name} ({self.export.kind_source})"
        return f"{name}, dry run" if self.is_dry_run else name

    @property
    def _end(self) -> str:
        return " Nothing was written." if self.is_dry_run else ""

    @property
    def _counts(self) -> Iterator[str]:
        outcomes = self.result.outcomes
        first = "new" if self.run.makes_people else "kept out from now on"
        yield f"{outcomes['new'] or outcomes['kept out from now on']:,} {first}"
        yield f"{outcomes['changed']:,} changed"
        yield f"{outcomes['unchanged']:,} unchanged"
        if held_back := outcomes["held back"]:
            yield f"{held_back:,} held back by a no"
        yield rejected_text(self.rejects)

    @property
    def _hint(self) -> str:
        has_topics = self.run.topics or self.run.mapping.topics or self.run.list_topic
        is_of_no = self.export.kind not in {None, "subscribed"}
        if has_topics or is_of_no or self.export.platform.is_ours:
            return ""
        return " Nobody was subscribed to a topic: name topics with --topic or --map."

    @property
    def _warnings(self) -> list[str]:
        warnings = []
        platform, unreadable = self.export.platform, self.export.unreadable
        if platform.is_remembered:
            reason = f"nobody has checked this reader against a real export of {platform.name}"
            warnings.append(f"{reason}. look at a few contacts.")
        if self.run.mapping.topics and not platform.tags:
            cure = 'name it in the file of --columns, like tags = "TAGS"'
            warnings.append(f"no column holds tags, so the topics of --map are nobody’s. {cure}.")
        if self.result.unknown_tags.counts:
            cure = "name them in the file of --map if they should have one"
            warnings.append(f"{self.result.unknown_tags}. {cure}.")
        if (numbers := self.export.numbers.unreadable).count:
            cure = "write them with their country codes"
            cure += "" if self.run.site.region else ", or add region to the site file"
            warnings.append(f"{numbers}; the rest of the row counts. {cure}.")
        if unreadable.count:
            cure = (
                "export it again and import the file as it is, if a spreadsheet rewrote the times"
            )
            warnings.append(f"{unreadable}. {cure}, or write them as 2024-03-01 09:00:00.")
        return [*warnings, *self.export.language.warnings, *self.export.fields.warnings]

    @property
    def _notes(self) -> Iterator[str]:
        if self.result.tally.repeated:
            yield repeats_text(self.result.tally)
        if self.is_dry_run:
            yield from bases_text(self.result.tally)
            yield from first_rejected(self.rejects)

    @property
    def _json(self) -> dict[str, Any]:
        tally, rejects = self.result.tally, self.rejects
        where = rejects.path if isinstance(rejects, RejectsFile) and rejects.count else None
        return {
            "dry_run": self.is_dry_run,
            "run": tally.number,
            "file": self.file.name,
            "platform": self.export.platform.id,
            "columns": [asdict(each) for each in column_uses(self.export)],
            **tally.counts(rejects.count),
            "turned_on": tally.turned_on,
            "turned_off": tally.turned_off,
            "left_everything": tally.left_everything,
            "came_back": tally.came_back,
            "rejects_file": where and str(where),
            "first_rejected": [each._asdict() for each in rejects.first],
            "bases": tally.bases,
            "unlawful": tally.unlawful,
            "repeated": tally.repeated,
            "first_repeated": [asdict(each) for each in tally.repeats],
            "unknown_tags": self.result.unknown_tags.counts,
            "unreadable_times": self.export.unreadable.count,
            "unreadable_values": {
                column: each.count for column, each in self.export.fields.unreadable.items()
            },
            "warnings": self._warnings,
        }


def unread_text(columns: list[str]) -> str:
    """Which columns nothing was kept of."""
    names = ", ".join(f"“{name}”" for name in columns[:MOST_UNREAD])
    more = f" and {len(columns) - MOST_UNREAD:,} more" if len(columns) > MOST_UNREAD else ""
    subject = "1 column was" if len(columns) == 1 else f"{len(columns):,} columns were"
    return f"{subject} not read: {names}{more}"


def choices_text(tally: Tally) -> Iterator[str]:
    """For how many each topic, or everything, is turned on or off, the most first, and how many
    come back."""
    for word, topics in (("on", tally.turned_on), ("off", tally.turned_off)):
        for topic, count in topics.most_common():
            yield f"“{topic}” {word} for {count:,}"
    if tally.left_everything:
        yield f"everything off for {tally.left_everything:,}"
    if tally.came_back:
        yield f"back after leaving everything: {tally.came_back:,}"


def bases_text(tally: Tally) -> Iterator[str]:
    """How many people were not simply asked, and for how many that is no consent by law."""
    for basis, count in tally.bases.most_common():
        yield f"{_people(count)} {WORDS[basis]}"
    for refusal, count in tally.unlawful.most_common():
        yield f"{_people(count)} may not be written to: {REASONS['law', refusal]}"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def repeats_text(tally: Tally) -> str:
    """Which line counts where people are in the file several times."""
    first = [
        f"line {each.line} counts after line {each.earlier}"
        if each.counts
        else f"line {each.line} changes nothing after line {each.earlier}"
        for each in tally.repeats[:MOST_REPEATS]
    ]
    more = f"; and {tally.repeated - len(first):,} more" if tally.repeated > len(first) else ""
    people = "1 line names" if tally.repeated == 1 else f"{tally.repeated:,} lines name"
    return f"{people} somebody again, and the later event counts: {'; '.join(first)}{more}"
