"""A draft of a column map, from what the columns of a file look like. Nothing in it is decided."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from widget_backend.contacts.column_map import AGREED, SEPARATORS
from widget_backend.contacts.column_names import says_consent, says_language, says_phone
from widget_backend.contacts.csv_reader import CsvFile
from widget_backend.contacts.encodings import encoding_of
from widget_backend.contacts.first_line import first_line
from widget_backend.contacts.language_column import LanguageWords
from widget_backend.contacts.platform import Meaning
from widget_backend.contacts.platforms.own_list import WORDS
from widget_backend.contacts.times import possible_days, read_time
from widget_backend.errors import FileRefused
from widget_backend.rules.email_addresses import email_address
from widget_backend.site.model import ProfileField, Site

MOST_WORDS = 12
"""A column with more different cells is no status."""
LONGEST_WORD = 40
"""Characters."""
KEYS: dict[Meaning, str] = {
    "on": "on",
    "off": "off",
    "undeliverable": "undeliverable",
    "pending": "pending",
    "never asked": "never_asked",
}


@dataclass
class Column:
    """What the cells of a column look like."""

    name: str
    filled: int = 0
    addresses: int = 0
    times: int = 0
    exact_times: int = 0
    """Those that are written so that import reads them."""
    unclear_times: int = 0
    """Those that can mean several days."""
    words: Counter[str] | None = field(default_factory=Counter)
    """Its different cells; None once they are too many, or too long."""

    def add(self, cell: str) -> None:
        if not cell:
            return
        self.filled += 1
        self.addresses += "@" in cell and email_address(cell) is not None
        is_exact = read_time(cell) is not None
        days = set() if is_exact else possible_days(cell)
        self.exact_times += is_exact
        self.unclear_times += len(days) > 1
        self.times += is_exact or bool(days)
        if self.words is not None:
            self.words[cell] += 1
            if len(self.words) > MOST_WORDS or len(cell) > LONGEST_WORD or "@" in cell:
                self.words = None

    @property
    def holds_times(self) -> bool:
        return self.filled > 0 and self.times == self.filled

    @property
    def may_be_status(self) -> bool:
        """Whether its words come again and again, and are no numbers."""
        return (
            self.words is not None
            and len(self.words) < self.filled
            and not self.holds_times
            and not all(word.isdigit() for word in self.words)
        )


def describe(path: Path, site: Site | None = None) -> Iterator[str]:
    """The lines of a draft, for a site if it is known. Raises FileRefused if the file is no text
    with columns."""
    encoding = encoding_of(path)
    separator = max(SEPARATORS, key=first_line(path, encoding).count)
    columns, rows = _columns(path, separator, encoding)
    if not rows:
        raise FileRefused(str(path), "it has no rows below its first line", "export it again")
    address = max(columns, key=lambda each: each.addresses)
    yield f"# What the columns of {path.name} hold, as {rows:,} rows look. Check every line."
    yield f"separator = {_quoted(separator)}"
    yield f"encoding = {_quoted(encoding.removesuffix('-sig'))}"
    yield from _address(address)
    for column in columns:
        if column is not address and says_phone(column.name):
            yield f"# By its name, “{column.name}” holds phone numbers. Is it so?"
            yield "# Then use this line:"
            yield f"# phone = {_quoted(column.name)}"
    spoken = next((each for each in columns if _may_be_language(each)), None)
    if spoken:
        yield from _language(spoken, LanguageWords(site.locales) if site else None)
    yield from _times([each for each in columns if each.holds_times])
    for column in columns:
        if column.may_be_status and column is not spoken:
            yield from _status(column)
    read = (address, spoken)
    others = [each.name for each in columns if each not in read and not each.holds_times]
    others = [name for name in others if not any(_is(name, each) for each in columns)]
    yield ""
    yield f"# Not read, unless you name them above: {', '.join(map(_quoted, others)) or 'none'}"
    if site and site.fields:
        yield from _fields(site.fields)


def _address(column: Column) -> Iterator[str]:
    if column.addresses:
        yield f"address = {_quoted(column.name)}  # addresses in {column.addresses:,} rows"
    else:
        yield "# No column holds email addresses. Only a list of phone numbers needs none."
        yield '# address = "…"'


def _fields(fields: Sequence[ProfileField]) -> Iterator[str]:
    yield ""
    yield "# Columns that are fields of your site file: name the column of each, remove the “#”."
    yield "# [fields]"
    yield from (f'# "…" = {_quoted(each.id)}  # {each.kind}: {each.name}' for each in fields)


def _may_be_language(column: Column) -> bool:
    """By its name, and because there are only a few languages."""
    return says_language(column.name) and bool(column.words)


def _language(column: Column, words: LanguageWords | None) -> Iterator[str]:
    """The line of a column of languages, and which of its words the site does not speak."""
    cells = column.words or Counter()
    counts = ", ".join(f"{word} ({count:,})" for word, count in cells.most_common())
    yield f"language = {_quoted(column.name)}  # {counts}"
    if words and (others := [each for each in cells if not words.tag(each)]):
        yield f"# The site does not speak these, which are passed over: {', '.join(others)}"


def _is(name: str, column: Column) -> bool:
    return column.name == name and column.may_be_status


def _columns(path: Path, separator: str, encoding: str) -> tuple[list[Column], int]:
    with path.open(encoding=encoding, newline="") as text:
        file = CsvFile(path, text, separator)
        columns = [Column(name) for name in file.header]
        rows = 0
        for row in file.rows():
            if not row.problem:
                rows += 1
                for at, column in enumerate(columns):
                    column.add(row[at])
    return columns, rows


def _times(columns: list[Column]) -> Iterator[str]:
    yield ""
    yield "# Columns of times. Name only those at which people agreed, left, or mail came back, and"
    yield "# remove the “#” before the line. A time at which somebody was added or changed is none."
    agreed = [each for each in columns if says_consent(each.name)]
    others = [each for each in columns if each not in agreed]
    likely = [(AGREED, agreed or columns), ("left", others), ("bounced", others)]
    for each in columns:
        if each.unclear_times:
            yield f"# “{each.name}” has days with two readings: write all its days as 2024-03-01."
        elif each.exact_times < each.times:
            yield f"# “{each.name}” has days that import does not read: write them as 2024-03-01."
    if agreed:
        names = " and ".join(f"“{each.name}”" for each in agreed)
        yield f"# By its name, {names} says when people agreed. Is it so? Then use this line:"
    for key, named in likely:
        if named:
            yield f"# {key} = [{', '.join(_quoted(each.name) for each in named)}]"


def _status(column: Column) -> Iterator[str]:
    words = column.words or Counter()
    known = {word: WORDS[word.casefold()] for word in words if word.casefold() in WORDS}
    mark = "" if len(known) == len(words) else "# "
    yield ""
    counts = ", ".join(f"{word} ({count:,})" for word, count in words.most_common())
    yield f"# {column.name}: {counts}"
    if mark:
        yield "# If it says who may get mail, put each word under its meaning and remove the “#”:"
    yield f"{mark}[[statuses]]"
    yield f"{mark}column = {_quoted(column.name)}"
    for meaning, key in KEYS.items():
        listed = [word for word, each in known.items() if each == meaning]
        yield f"{mark}{key} = [{', '.join(map(_quoted, listed))}]"


def _quoted(text: str) -> str:
    """A TOML string."""
    return json.dumps(text, ensure_ascii=False)
