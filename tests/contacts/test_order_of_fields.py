"""Of fields the newest file counts, and an undone file is as if it had never come."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import Database

from tests.support.contacts import HASHES, found
from tests.support.fields import declare_fields
from tests.support.random_files import NOW, NUMBERS
from tests.support.steady import Steady
from widget_backend.contacts.csv_output import Rejects
from widget_backend.contacts.decisions import ImportRun
from widget_backend.contacts.dry_run import try_entries
from widget_backend.contacts.entry import Entry
from widget_backend.contacts.field_news import with_fields
from widget_backend.contacts.imports import import_entries
from widget_backend.contacts.undoing import Undoing
from widget_backend.site.load import load_site
from widget_backend.site.model import Site

VALUES = st.fixed_dictionaries(
    {}, optional={"city": st.sampled_from("AB"), "spent": st.integers(1, 2)}
)
Row = tuple[int, int, dict[str, Any]]
ROWS = st.lists(st.tuples(st.integers(0, 1), st.integers(1, 3), VALUES), min_size=1, max_size=4)
"""Which of two people, when they agreed, and what the file holds of them beside."""
STEPS = st.lists(ROWS | st.integers(0, 4), min_size=2, max_size=8)
"""A file, or the undoing of the file that came so many files ago."""


@dataclass
class People:
    """Two people as files and undoings leave them, and by hand the files that count for each."""

    database: Database
    site: Site
    first: int = field(default_factory=lambda: next(NUMBERS))
    runs: list[int] = field(default_factory=list)
    counting: tuple[dict[int, list[Row]], ...] = field(default_factory=lambda: ({}, {}))

    def email(self, person: int) -> str:
        return f"f{self.first}-{person}@example.com"

    def entries(self, rows: list[Row]) -> list[Entry]:
        lines: dict[int, int] = {}
        return [
            Entry(
                *(line, self.email(person), "subscribed", (), {}, at),
                earlier=None if (first := lines.setdefault(person, line)) == line else first,
                fields=values,
            )
            for line, (person, at, values) in enumerate(rows, 2)
        ]

    def bring(self, rows: list[Row]) -> None:
        run = ImportRun(self.site, NOW, HASHES, ("offers",))
        dry = try_entries(self.database, run, self.entries(rows), Rejects())
        tally = import_entries(self.database, run, self.entries(rows), pace=Steady())
        assert (dry.outcomes, dry.repeats) == (tally.outcomes, tally.repeats)
        assert tally.number is not None
        self.runs.append(tally.number)
        for person in {person for person, *_ in rows}:
            self.counting[person][tally.number] = [row for row in rows if row[0] == person]

    def undo(self, ago: int) -> None:
        if ago >= len(self.runs):
            return
        number = self.runs.pop(-1 - ago)
        undoing = Undoing(self.database, self.site, number, "Mira", NOW)
        undoing.begin()
        undoing.undo(lambda _: None, pace=Steady(1))
        for files in self.counting:
            if files and max(files) == number:
                del files[number]

    def check(self, person: int) -> None:
        expected: dict[str, Any] = {}
        for rows in self.counting[person].values():
            for _, _, values in rows:
                expected |= values
        contacts = found(self.database, self.email(person))
        known = with_fields(self.database, self.site, int(NOW.timestamp()), contacts)
        assert [each.fields for each in known.values()] == (
            [expected] if self.counting[person] else []
        )


@pytest.fixture
def declaring(site_file: Path) -> Site:
    declare_fields(site_file)
    return load_site(site_file).site


def check_random_steps(database: Database, site: Site, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=[*HealthCheck])
    @given(STEPS)
    def check(steps: list[Any]) -> None:
        people = People(database, site)
        for step in steps:
            people.undo(step) if isinstance(step, int) else people.bring(step)
            for person in (0, 1):
                people.check(person)

    check()


def test_an_undone_file_is_as_if_it_had_never_come(database: Database, declaring: Site) -> None:
    check_random_steps(database, declaring, examples=60)


@pytest.mark.long
def test_and_so_it_is_with_many_more_files(database: Database, declaring: Site) -> None:
    check_random_steps(database, declaring, examples=2_000)
