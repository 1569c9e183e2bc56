"""What the staff do for one person, who can see it: each use is kept, with who asked for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from peewee import Database

from widget_backend.store.contacts import Contact
from widget_backend.store.staff_uses import Use, note_use
from widget_backend.store.writing import write

T = TypeVar("T")
Find = Callable[[], Contact]
"""Finds the person, and holds them until the transaction ends."""


def for_person(database: Database, find: Find, use: Use, action: Callable[[Contact], T]) -> T:
    """Do something about a person, and keep who did it: neither stands without the other."""

    def run() -> T:
        person = find()
        result = action(person)
        note_use(database, person.profile, use)
        return result

    return write(database, run)


def look(database: Database, find: Find, at: int, staff: str) -> Contact:
    """The person, for somebody of the staff who wants to see what is held of them."""
    return for_person(database, find, Use("looked", at, staff), lambda person: person)
