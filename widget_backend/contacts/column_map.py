"""The column map: what the columns of a file hold that is from no platform known here, in TOML."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from marshmallow import fields

from widget_backend.contacts.columns import fold_name
from widget_backend.contacts.csv_output import holds_rejects
from widget_backend.contacts.csv_reader import open_table
from widget_backend.contacts.encodings import past_a_mark
from widget_backend.contacts.field_columns import read_fields
from widget_backend.contacts.platform import (
    Meaning,
    Platform,
    StatedBasis,
    Words,
    comma_separated,
)
from widget_backend.errors import FileRefused, Finding
from widget_backend.file_errors import unreadable
from widget_backend.rules.basis import BASES, Basis
from widget_backend.site.messages import Messages, complaints
from widget_backend.site.model import ProfileField, Site
from widget_backend.site.schema import Table, build, check_keys
from widget_backend.site.toml import read_toml
from widget_backend.site.values import complain, is_line, is_not_empty, one_of

Names = TypeVar("Names")
SEPARATORS = (",", ";", "\t", "|")
AGREED = "agreed"
"""The key of columns that say when people agreed."""
MEANINGS: tuple[Meaning, ...] = get_args(Meaning)


def is_encoding(name: str) -> None:
    try:
        codecs.lookup(name)
    except (LookupError, ValueError) as error:
        cure = "write utf-8, utf-16, windows-1250, windows-1252 or windows-1256, or remove the key"
        raise complain(f"“{name}” is no encoding known here", cure) from error


Column = Annotated[str, fields.String(validate=[is_not_empty, is_line])]
Columns = Annotated[tuple[str, ...], fields.List(fields.String(validate=is_not_empty))]
Separator = Annotated[str, fields.String(validate=one_of(SEPARATORS, "separator"))]
FieldsTable = Annotated[Any, fields.Raw()]
Encoding = Annotated[str, fields.String(validate=is_encoding)]


@dataclass(frozen=True)
class StatusColumn:
    """A column that says who may get mail, and what each of its words means."""

    column: Column
    on: Columns = ()
    off: Columns = ()
    undeliverable: Columns = ()
    pending: Columns = ()
    never_asked: Columns = ()

    @property
    def words(self) -> Words:
        return {
            word.casefold(): meaning
            for meaning in MEANINGS
            for word in getattr(self, meaning.replace(" ", "_"))
        }


@dataclass(frozen=True)
class BasisTable:
    """A column that says how somebody came to agree, and what each of its words means."""

    column: Column
    asked: Columns = ()
    purchase: Columns = ()
    inquiry: Columns = ()
    pre_ticked: Columns = ()
    rewarded: Columns = ()
    rewarded_free: Columns = ()

    @property
    def stated(self) -> StatedBasis:
        words: dict[str, Basis | None] = {word.casefold(): None for word in self.asked}
        words |= {word.casefold(): basis for basis in BASES for word in getattr(self, basis)}
        return StatedBasis(column=self.column, words=words)


@dataclass(frozen=True)
class ColumnMap:
    """`agreed`, `left` and `bounced` name columns of times, `kept` what else is kept as evidence,
    `ignored` columns that say nothing of who may get mail, whatever their names, and `fields` what
    columns are beside, by id of the field. Only a file with a column `customer`, of customer
    numbers, and a list of phone numbers need no `address`."""

    address: Column | None = None
    phone: Column | None = None
    customer: Column | None = None
    language: Column | None = None
    separator: Separator = ","
    encoding: Encoding = "utf-8"
    agreed: Columns = ()
    left: Columns = ()
    bounced: Columns = ()
    tags: Column | None = None
    kept: Columns = ()
    ignored: Columns = ()
    statuses: tuple[StatusColumn, ...] = field(default_factory=tuple)
    phone_evidence: Column | None = None
    basis: BasisTable | None = None
    fields: FieldsTable = field(default_factory=dict)

    @property
    def named(self) -> Iterator[tuple[str, str]]:
        """Every column that is named, after the key that names it."""
        yield from (
            (key, column)
            for key in ("address", "phone", "customer", "language", "phone_evidence")
            if (column := getattr(self, key))
        )
        for key in ("agreed", "left", "bounced", "kept", "ignored"):
            yield from ((key, column) for column in getattr(self, key))
        if self.tags:
            yield "tags", self.tags
        yield from (("statuses", each.column) for each in self.statuses)
        if self.basis:
            yield "basis", self.basis.column
        yield from (("fields", column) for column in self.fields)

    def platform(self, name: str, declared: Mapping[str, ProfileField]) -> Platform:
        return Platform(
            id=name,
            name=name,
            source=name,
            address=(self.address,) if self.address else (),
            phone=(self.phone,) if self.phone else (),
            customer=(self.customer,) if self.customer else (),
            language=(self.language,) if self.language else (),
            statuses={each.column: each.words for each in self.statuses},
            without_status="subscribed",
            agreed=self.agreed,
            left=self.left,
            bounced=self.bounced,
            evidence=self.kept,
            ignored=self.ignored,
            tags=(self.tags, comma_separated) if self.tags else None,
            fields=declared,
            basis=self.basis.stated if self.basis else None,
            phone_evidence=self.phone_evidence or "",
            separator=self.separator,
            encoding=past_a_mark(self.encoding),
        )


def read_column_map(path: Path, file: Path, site: Site, is_of_numbers: bool = False) -> Platform:
    """How this file is to be read, which has addresses unless it is a list of phone numbers.

    Raises FileRefused for the first mistake in the map, or the first column that the file lacks.
    """
    raw = read_toml(path)
    data, messages = check_keys(ColumnMap, raw)
    if messages:
        raise refused_map(path, ColumnMap, messages, raw)
    column_map: ColumnMap = build(ColumnMap, data, path.parent)
    needed = "phone" if is_of_numbers else "address"
    if getattr(column_map, needed) is None and (is_of_numbers or not column_map.customer):
        raise _refused(path, Finding(needed, "is missing", f'add {needed} = "…"'))
    for finding in _unclear_words(column_map):
        raise _refused(path, finding)
    declared = read_fields(column_map.fields, site, str(path))
    platform = column_map.platform(path.name, declared)
    try:
        is_of_rejects = holds_rejects(file)
    except OSError as error:
        raise FileRefused(str(file), *unreadable(error)) from error
    if is_of_rejects:  # whatever the file has that its rows are from
        platform = replace(platform, separator=",", encoding=past_a_mark("utf-8"))
    with open_table(file, platform.separator, platform.encoding) as table:
        header = table.header
    platform = replace(platform, name_agreed=_how_to_name_agreed(path))
    for key, column in column_map.named:
        if fold_name(column) not in map(fold_name, header):
            reason = f"{key}: {file.name} has no column “{column}”"
            raise FileRefused(str(path), reason, f"its columns are {_listed(header)}")
    return platform


def _how_to_name_agreed(path: Path) -> str:
    """What to do about a map that names no column of when people agreed; in a draft that is used as
    it is, the line is there."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    for number, line in enumerate(lines, 1):
        if re.match(rf"#\s*{AGREED}\s*=\s*\[.*\w", line):
            return f"remove the “#” at the start of line {number} in {path.name}, if it is so"
    return f'name it in {path.name} as {AGREED} = ["…"]'


def read_names(path: Path, model: type[Names]) -> Names:
    """A map that only names columns and words, as this dataclass has them. Raises FileRefused for
    the first mistake in it."""
    raw = read_toml(path)
    data, messages = check_keys(model, raw)
    if messages:
        raise refused_map(path, model, messages, raw)
    names: Names = build(model, data, path.parent)
    return names


def refused_map(path: Path, model: type, messages: Messages, raw: Any) -> FileRefused:
    """The first of the messages about a map, which has the keys of this dataclass."""
    return _refused(path, next(complaints(messages, raw, Table(model))))


def _refused(path: Path, finding: Finding) -> FileRefused:
    return FileRefused(str(path), f"{finding.where}: {finding.reason}", finding.cure.rstrip("."))


def _unclear_words(column_map: ColumnMap) -> Iterator[Finding]:
    """Words that stand under two meanings, and columns of words without a word."""
    keys = [meaning.replace(" ", "_") for meaning in MEANINGS]
    tables: list[tuple[str, StatusColumn | BasisTable, Sequence[str], str]] = [
        (f"statuses.{each.column}", each, keys, 'on = ["active"] and off = ["left"]')
        for each in column_map.statuses
    ]
    if column_map.basis:
        tables.append(("basis", column_map.basis, ("asked", *BASES), 'purchase = ["order"]'))
    for where, table, names, example in tables:
        words = [word.casefold() for name in names for word in getattr(table, name)]
        if not words:
            yield Finding(where, "names no word", f"say what its words mean, such as {example}")
        for word in {word for word in words if words.count(word) > 1}:
            yield Finding(where, f"“{word}” has two meanings", "leave it under one of them")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names[:20]) + (" and more" if len(names) > 20 else "")
