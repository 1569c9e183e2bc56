"""A platform: how the files of one mail platform are read and written, as tables and no more."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from widget_backend.rules.basis import Basis
from widget_backend.site.model import ProfileField

Meaning = Literal["off", "undeliverable", "never asked", "pending", "on"]
"""What a status word means: whether the person gets mail there, and if not, why."""

Kind = Literal["subscribed", "unsubscribed", "cleaned"]
"""What a contact is when it comes in. Cleaned: mail to them came back for good."""

Words = Mapping[str, Meaning]
"""Words of a status column, without case."""

Tags = Callable[[str, Collection[str]], Iterator[str]]
"""The tags or lists in a cell. The second argument are names that the import knows."""

Status = Literal["subscribed", "unsubscribed", "undeliverable"]
"""What somebody is in a file for a platform: only a subscribed person gets mail."""


@dataclass(frozen=True)
class WrittenFile:
    """How a file for one platform is written, so that it can be loaded there as it is.

    The columns of the address and of tags, and the separator, are those that are read.

    - `statuses`: the cells of the status columns, by column, for each status.
    - `join_tags`: the cell that holds these tags, or nothing if there are none.
    - `one_status`: the platform asks for the status when it loads a file: each has only one.
    - `byte_order_mark`, `line_end`: how the text begins, and how each line ends.
    - `longest_cell`: how many characters a field holds there, if it is known.
    - `source`: where it was seen what the platform loads.
    """

    statuses: Mapping[Status, Mapping[str, str]]
    join_tags: Callable[[Collection[str]], str]
    source: str
    one_status: bool = False
    byte_order_mark: bool = False
    line_end: str = "\n"
    longest_cell: int | None = None


@dataclass(frozen=True)
class StatedBasis:
    """What --basis says of every row, or a column of each: its words, without case."""

    usual: Basis | None = None
    column: str = ""
    words: Mapping[str, Basis | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Platform:
    """How the files of one platform are read.

    A file is of this platform if its first line has all columns of one of `recognised_by`.
    Columns are found whatever their case and spaces:

    - `address`: the address, the first that there is.
    - `phone`, `customer`: the phone number and the customer number.
    - `statuses`: status columns with the meanings of their words; any other word is an error.
    - `kinds`: columns that only files of one kind have; filled, they are the row's status too.
    - `agreed`, `left`, `bounced`: when people agreed, left, and mail to them came back; `left_by`:
      a time by which they had left. Times at which a contact was made or added are none of these.
    - `evidence`: what else is kept as evidence; `evidence_of_a_no`: of who left or bounced.
    - `ignored`: columns that say nothing of who may get mail, whatever their names.
    - `tags`: the column of tags or lists, and how a cell of it is read.
    - `fields`: columns that are fields of the site.
    - `basis`: how the consents came about, where people were not simply asked.
    - `phone_evidence`: the column that says how a number is known to be the person’s, and
      `stated_phone_evidence` what whoever imports says of all of them.
    - `never_empty`: columns that are filled in every row, so that a shorter row has lost something.

    `without_status` is what rows are in a file that has no status column; None refuses the file.
    `separator` is between columns; our own rejects have commas. `source` says where the shape was
    seen; a platform that `is_remembered` was not, so that its files must be named by the importer.
    A bare list (`is_list`) has no statuses, whatever its columns are called. A file that `is_ours`
    is an export of this software: rows say themselves what each topic is. `written` is how a
    file is made that can be loaded there; None if nobody has looked. `name_agreed` says what to do
    in a map that names no column of when people agreed.
    """

    id: str
    name: str
    source: str
    address: tuple[str, ...] = ("email",)
    phone: tuple[str, ...] = ()
    customer: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    recognised_by: tuple[tuple[str, ...], ...] = ()
    statuses: Mapping[str, Words] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    without_status: Kind | None = None
    agreed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    left_by: tuple[str, ...] = ()
    bounced: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    evidence_of_a_no: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    tags: tuple[str, Tags] | None = None
    fields: Mapping[str, ProfileField] = field(default_factory=dict)
    basis: StatedBasis | None = None
    phone_evidence: str = ""
    stated_phone_evidence: str = ""
    never_empty: tuple[str, ...] = ()
    separator: str = ","
    encoding: str = "utf-8-sig"
    name_agreed: str = ""
    is_remembered: bool = False
    is_list: bool = False
    is_ours: bool = False
    written: WrittenFile | None = None

    @property
    def times(self) -> tuple[str, ...]:
        """All columns of times, each once."""
        return tuple(dict.fromkeys((*self.agreed, *self.left, *self.left_by, *self.bounced)))


def flag(yes: Meaning, no: Meaning) -> Words:
    """The words of a column that holds yes or no."""
    return {"yes": yes, "true": yes, "1": yes, "no": no, "false": no, "0": no}


def comma_separated(cell: str, _known: Collection[str]) -> Iterator[str]:
    """Tags in one cell, which is a CSV row of its own: `"Newsletter","Club, gold"`."""
    for tag in next(csv.reader([" ".join(cell.splitlines())], skipinitialspace=True), []):
        if tag.strip():
            yield tag.strip()


def joined_by_blanks(cell: str, known: Collection[str]) -> Iterator[str]:
    """Names joined by blanks, which may hold blanks themselves: the longest known name first."""
    rest = " ".join(cell.split())
    names = sorted((" ".join(name.split()) for name in known), key=len, reverse=True)
    while rest:
        first = next((name for name in names if f"{rest} ".startswith(f"{name} ")), None)
        first = first or rest.partition(" ")[0]
        yield first
        rest = rest[len(first) :].strip()


def semicolon_separated(cell: str, _known: Collection[str]) -> Iterator[str]:
    """Several values of one property: `Newsletter;Club, gold`."""
    return (tag.strip() for tag in cell.split(";") if tag.strip())


def in_json(cell: str, _known: Collection[str]) -> Iterator[str]:
    """Tags in a JSON object, under `tags`: `{"tags": ["Newsletter"]}`. Another one has none."""
    try:
        attributes = json.loads(cell)
    except (ValueError, RecursionError):  # nested too deeply
        return
    tags = attributes.get("tags") if isinstance(attributes, dict) else None
    yield from (tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()


def joined_by_commas(tags: Collection[str]) -> str:
    """The cell that `comma_separated` reads."""
    if not tags:
        return ""
    cell = io.StringIO(newline="")
    csv.writer(cell, quoting=csv.QUOTE_ALL, lineterminator="").writerow(tags)
    return cell.getvalue()


def joined_by_semicolons(tags: Collection[str]) -> str:
    """The cell that `semicolon_separated` reads."""
    return ";".join(tags)


def as_json(tags: Collection[str]) -> str:
    """The cell that `in_json` reads."""
    return json.dumps({"tags": [*tags]}, ensure_ascii=False)
