"""Exports: what is known of people, as CSV for spreadsheets or as one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TextIO

from peewee import Database

from widget_backend.contacts.csv_output import csv_writer
from widget_backend.contacts.export_fields import Field, parts_of
from widget_backend.contacts.formula_guard import escape_formula
from widget_backend.site.export_columns import CHANGE_COLUMNS
from widget_backend.site.model import Site
from widget_backend.store.changes import ChangedPeople
from widget_backend.store.field_values import held_fields
from widget_backend.store.people import Person, everyone, people_named
from widget_backend.store.profiles import held_questions, held_topics


class Output(Protocol):
    """Where an export goes, in one format."""

    def add(self, people: Iterable[Person]) -> object: ...

    def add_erased(self, person: str) -> object:
        """Only that: nothing else is known any more. `person` is the id that was exported."""

    def add_merged(self, person: str, into: str) -> object:
        """A sign-up of somebody who was known already."""

    def end(self, cursor: str) -> object:
        """From where on the next export tells changes."""


class CsvOutput:
    """A column a field. A cell that a spreadsheet would run as a formula is guarded.

    Of changes it also has the person's id, and columns for those who are no longer there.
    """

    def __init__(self, text: TextIO, fields: Sequence[Field], of_changes: bool = False) -> None:
        self._writer = csv_writer(text)
        self._fields = [(field.value, field.text) for field in fields]
        names = [field.name for field in fields]
        self._ids = [name == "person" for name in names]
        self._ending = [""] * len(CHANGE_COLUMNS) if of_changes else []
        self._writer.writerow([*names, *(CHANGE_COLUMNS if of_changes else ())])

    def add(self, people: Iterable[Person]) -> None:
        self._writer.writerows(map(self._cells, people))

    def _cells(self, person: Person) -> list[str]:
        cells = [
            "" if (known := value(person)) is None else escape_formula(text(known))
            for value, text in self._fields
        ]
        return cells + self._ending

    def add_erased(self, person: str) -> None:
        self._writer.writerow([*self._only(person), "yes", ""])

    def add_merged(self, person: str, into: str) -> None:
        self._writer.writerow([*self._only(person), "", into])

    def _only(self, person: str) -> list[str]:
        return [person if is_id else "" for is_id in self._ids]

    def end(self, cursor: str) -> None:
        """Nothing: every line of a table is about a person."""


class JsonOutput:
    """A JSON object a line (NDJSON), without what there is not. Programs read it: no guard."""

    def __init__(self, text: TextIO, fields: Sequence[Field], of_changes: bool = False) -> None:
        """Changes need no keys of their own: a line has what it has."""
        self._text = text
        self._fields = [(field.value, field.path) for field in fields]

    def add(self, people: Iterable[Person]) -> None:
        self._text.writelines(_line(self._object(person)) for person in people)

    def _object(self, person: Person) -> dict[str, Any]:
        entry: dict[str, Any] = {}
        for value, path in self._fields:
            known = value(person)
            if known is not None:
                _put(entry, path, known)
        return entry

    def add_erased(self, person: str) -> None:
        self._text.write(_line({"person": person, "erased": True}))

    def add_merged(self, person: str, into: str) -> None:
        self._text.write(_line({"person": person, "merged_into": into}))

    def end(self, cursor: str) -> None:
        self._text.write(_line({"cursor": cursor}))


_spelling = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _line(entry: dict[str, Any]) -> str:
    return f"{_spelling.encode(entry)}\n"


def _put(entry: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """A value that is a mapping joins what stands there already."""
    for key in path[:-1]:
        entry = entry.setdefault(key, {})
    if isinstance(value, dict):
        entry.setdefault(path[-1], {}).update(value)
    else:
        entry[path[-1]] = value


@dataclass
class Written:
    """How many lines of each kind were written."""

    people: int = 0
    erased: int = 0
    merged: int = 0


def write_people(
    database: Database,
    site: Site,
    fields: Sequence[Field],
    output: Output,
    after_each: Callable[[int], object] = lambda _: None,
) -> int:
    """Write all people who are not pending, oldest profile first; returns how many."""
    count = 0
    for people in everyone(database, site.id, parts_of(fields)):
        output.add(people)
        count += len(people)
        after_each(len(people))
    return count


def write_changes(
    database: Database,
    changed: ChangedPeople,
    fields: Sequence[Field],
    output: Output,
    after_each: Callable[[int], object] = lambda _: None,
) -> Written:
    """Write the people who changed as they are now, and who of them is no longer there."""
    written = Written()
    for keys in changed.pages():
        known = people_named(database, keys, parts_of(fields))
        current = [person for person in known if not person.row.pending]
        output.add(current)
        merged = {person.row.person: person.row.merged_into for person in known}
        for key in keys:
            if key not in merged:
                output.add_erased(key)
                written.erased += 1
            elif into := merged[key]:
                output.add_merged(key, into)
                written.merged += 1
        written.people += len(current)
        after_each(len(keys))
    return written


def removed_topics(database: Database, site: Site) -> dict[str, int]:
    """Topics that the site file no longer declares, with how many people still have each."""
    counts = held_topics(database, site.id)
    return {name: count for name, count in sorted(counts.items()) if site.topic(name) is None}


def removed_questions(database: Database, site: Site) -> dict[str, int]:
    """The same of questions that somebody has answered."""
    counts = held_questions(database, site.id)
    return {name: count for name, count in sorted(counts.items()) if site.question(name) is None}


def removed_fields(database: Database, site: Site) -> dict[str, int]:
    """The same of fields that there is a value of."""
    counts = held_fields(database, site.id)
    return {name: count for name, count in sorted(counts.items()) if site.field(name) is None}
