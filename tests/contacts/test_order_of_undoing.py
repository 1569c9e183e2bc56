"""An undone file is as if it had never come, whatever files come before and after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import Database

from tests.support.contacts import HASHES, OFF, found, say
from tests.support.random_files import LISTS, NOW, NUMBERS, WORDS, Word, entries, expected
from tests.support.steady import Steady
from widget_backend.contacts.decisions import ImportRun
from widget_backend.contacts.imports import import_entries
from widget_backend.contacts.undoing import Undoing
from widget_backend.errors import RunRefused
from widget_backend.site.model import Site
from widget_backend.store.run_effects import count_people

ROWS = st.lists(st.tuples(st.integers(0, 1), WORDS), min_size=1, max_size=4)
FILE = st.tuples(ROWS, st.sampled_from(["A", "B", None]))
"""The rows of a file, each of one of two people, and the list that it is of."""
STEPS = st.lists(FILE | st.integers(0, 5), min_size=2, max_size=9)
"""A file, or the undoing, perhaps once more, of the file that came so many files ago."""
TOPICS = (("offers", "A"), ("news", "B"))


@dataclass
class People:
    """Two people as files and undoings leave them, and by hand the files that count for each."""

    database: Database
    site: Site
    first: int = field(default_factory=lambda: next(NUMBERS))
    runs: list[int] = field(default_factory=list)
    undone: set[int] = field(default_factory=set)
    files: dict[int, tuple[list[tuple[int, Word]], str | None]] = field(default_factory=dict)
    counting: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))

    def bring(self, rows: list[tuple[int, Word]], name: str | None) -> None:
        run = ImportRun(self.site, NOW, HASHES, () if name else ("offers",), LISTS, name)
        tally = import_entries(self.database, run, entries(rows, name, self.first), pace=Steady())
        assert tally.number is not None
        self.runs.append(tally.number)
        self.files[tally.number] = (rows, name)
        for person in {person for person, _ in rows}:
            self.counting[person].append(tally.number)

    def undo(self, ago: int) -> None:
        if ago >= len(self.runs):
            return
        number = self.runs[-1 - ago]
        undoing = Undoing(self.database, self.site, number, "Mira", NOW)
        if number in self.undone and not count_people(self.database, number):
            with pytest.raises(RunRefused):
                undoing.begin()
            return
        undoing.begin()
        self.undone.add(number)
        undoing.undo(lambda _: None, pace=Steady(1))
        for numbers in self.counting:
            if numbers and numbers[-1] == number:
                numbers.pop()

    def email(self, person: int) -> str:
        return f"d{self.first}-{person}@example.com"

    def words(self, person: int) -> list[Word]:
        return [
            (kind, self.files[number][1], at)
            for number in self.counting[person]
            for each, (kind, _, at) in self.files[number][0]
            if each == person
        ]

    def check(self, person: int) -> None:
        words = self.words(person)
        contact = found(self.database, self.email(person)).get(self.email(person))
        assert (contact is not None) == bool(words)
        if contact is None:
            return
        state = contact.profile.state
        for topic, name in TOPICS:
            comes = state.reach != "off" and state.is_subscribed(topic)
            assert comes == expected(words, topic, name), topic
        assert contact.undeliverable == any(kind == "cleaned" for kind, _, _ in words)


def check_random_steps(database: Database, site: Site, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=[*HealthCheck])
    @given(STEPS)
    def check(steps: list[Any]) -> None:
        people = People(database, site)
        for step in steps:
            people.undo(step) if isinstance(step, int) else people.bring(*step)
            for person in (0, 1):
                people.check(person)

    check()


def test_an_undone_file_is_as_if_it_had_never_come(database: Database, site: Site) -> None:
    check_random_steps(database, site, examples=150)


@pytest.mark.long
def test_and_so_it_is_with_many_more_files(database: Database, site: Site) -> None:
    check_random_steps(database, site, examples=3_000)


NO = st.sampled_from(["everything", "offers", "news"])


def check_own_words(database: Database, site: Site, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=[*HealthCheck])
    @given(
        st.lists(FILE, min_size=1, max_size=4),
        NO,
        st.lists(st.integers(0, 2), min_size=1, max_size=4),
    )
    def check(files: list[Any], no: str, undone: list[int]) -> None:
        people = People(database, site)
        for file in files:
            people.bring(*file)
        known = found(database, people.email(0), people.email(1))
        for email, contact in known.items():
            say(database, _refused(contact.profile.state, no), email=email)
        for ago in undone:
            people.undo(ago)
        for email in known:
            state = found(database, email)[email].profile.state
            for topic, _ in TOPICS:
                if no in {topic, "everything"}:
                    assert state.reach == "off" or not state.is_subscribed(topic), topic

    check()


def _refused(state: Any, no: str) -> Any:
    """What somebody says who wants none of it, and perhaps has none of it already."""
    if no == "everything":
        return {"overall": OFF}
    preference = state.preference(no) or {"channel": "email", "frequency": "monthly"}
    return {f"topic:{no}": {**preference, "on": False}}


def test_nobody_gets_what_they_refused_here_also_where_that_changed_nothing(
    database: Database, site: Site
) -> None:
    check_own_words(database, site, examples=150)


@pytest.mark.long
def test_nor_in_many_more_cases(database: Database, site: Site) -> None:
    check_own_words(database, site, examples=2_000)
