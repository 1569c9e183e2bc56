"""The column of languages: in which of the site’s people read, by its tag or its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from widget_backend.contacts.csv_reader import CsvFile, CsvRow
from widget_backend.contacts.entry import Entry
from widget_backend.contacts.platform import Platform
from widget_backend.contacts.unreadable import Unreadable
from widget_backend.i18n.languages import language, match, own_name
from widget_backend.rules.later_words import Effect
from widget_backend.rules.state import LANGUAGE, Change
from widget_backend.store.contacts import Contact

OURS = ("en", "sq", "ar")
"""Names of languages are known in these, and in the languages of the site."""
_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


class LanguageWords:
    """What a cell means among these languages of a site."""

    def __init__(self, locales: Sequence[str]) -> None:
        self.locales = locales
        self._by_name = {
            name.casefold(): tag
            for tag in locales
            for name in (own_name(tag), *_names(tag, {*OURS, *locales}))
        }

    def tag(self, cell: str) -> str | None:
        """The tag of the language; None if it is none of the site."""
        if _TAG.fullmatch(cell) and (tag := match(cell, self.locales)):
            return tag
        return self._by_name.get(cell.casefold())


def _names(tag: str, others: set[str]) -> Iterator[str]:
    return (language(other).name_of(tag) for other in others)


class LanguageColumn:
    """The column of a file that holds languages, if its map names one.

    What is no language of the site is passed over, and counted as `unreadable` while rows are read.
    """

    def __init__(self, csv_file: CsvFile, platform: Platform, locales: Sequence[str]) -> None:
        self.unreadable = Unreadable(
            "cell names no language of the site", "cells name no language of the site"
        )
        self._header = csv_file.header
        self._at = csv_file.column(*platform.language) if platform.language else None
        self._words = LanguageWords(locales)

    @property
    def uses(self) -> dict[int, str]:
        """What the column is read for, by its index."""
        return {} if self._at is None else {self._at: "language"}

    def read(self, row: CsvRow) -> str | None:
        """The tag of the language."""
        if self._at is None or not (cell := row[self._at]):
            return None
        tag = self._words.tag(cell)
        if tag is None:
            self.unreadable.add(row.line, self._header[self._at], cell)
        return tag

    @property
    def warnings(self) -> Iterator[str]:
        """What could not be read, with the cure."""
        if self.unreadable.count:
            tags = ", ".join(self._words.locales)
            cure = f"write one of {tags}, or its name"
            yield f"{self.unreadable}; the rest of the row counts. {cure}."


def with_language(entry: Entry, effect: Effect, contact: Contact | None) -> Effect:
    """The effect, and that the language is theirs now, unless they have one: it may be their own
    choice, and no file replaces it."""
    if entry.language is None or (contact and contact.profile.state.language):
        return effect
    change = Change(LANGUAGE, None, entry.language)
    return replace(effect, changes=(*effect.changes, change))
