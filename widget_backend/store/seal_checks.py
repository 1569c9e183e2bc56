"""Checking seals: whether each consent record is still what was sealed, and in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple, get_args

from peewee import JOIN, Database, fn

from widget_backend.store.ledger import Door, digest
from widget_backend.store.models import ConsentRecord, ConsentValue, Profile
from widget_backend.store.models_of_evidence import Seal
from widget_backend.store.prepared import PreparedQuery, parameter
from widget_backend.store.seals import COLUMNS, Sealable, leaf_of, sealed

AT_ONCE = 2_000
"""Rows to a query: memory stays the same for any number of records."""

Kind = Literal["changed", "values", "emptied", "reordered", "missing", "unsealed", "added", "block"]


class Difference(NamedTuple):
    """What is wrong with the record that is leaf number `leaf`; `ledger_id` is its row.

    `changed`: it is not what was sealed; `detail` is what differs in it, if that can be known.
    `values`: what changed, or its evidence, is not what was recorded. `emptied`: that is gone,
    although the person was not erased. `reordered`: it stands in another's place, or out of order;
    `detail` is the leaf that it was, if known. `missing`: there is no such record any more.
    `unsealed`: there is no seal of that number. `added`: a record that no seal knows stands among
    the sealed ones; `leaf` is that of the next one. `block`: a node that is stored for a block is
    not that of its leaves.
    """

    kind: Kind
    leaf: int
    ledger_id: int | None
    detail: str = ""


class Checked(NamedTuple):
    """One leaf: its hash as it was sealed, what is wrong with its record, and whether its values
    were erased."""

    node: bytes
    difference: Difference | None
    is_erased: bool


_PAGE = PreparedQuery(
    Seal.select(
        Seal.leaf,
        Seal.ledger,
        Seal.hash,
        *COLUMNS,
        ConsentValue.salt,
        ConsentValue.changes,
        ConsentValue.evidence,
    )
    .join(ConsentRecord, JOIN.LEFT_OUTER, on=(ConsentRecord.id == Seal.ledger))
    .join(ConsentValue, JOIN.LEFT_OUTER, on=(ConsentValue.ledger == Seal.ledger))
    .where((Seal.site == parameter("site")) & (Seal.leaf >= parameter("start")))
    .order_by(Seal.leaf)
    .limit(AT_ONCE)
)


def checked_leaves(database: Database, site: str) -> Iterator[Checked]:
    """Each leaf of a site in order, up to the first number that no seal has."""
    leaf, earlier = 0, 0
    while rows := _PAGE.run(database, site=site, start=leaf).fetchall():
        for number, ledger_id, node, *rest in rows:
            if number != leaf:
                yield Checked(b"", Difference("unsealed", leaf, None), False)
                return
            row = _Row(leaf, ledger_id, bytes(node), rest[:9], rest[9:])
            difference = None
            if not _is_right(row, earlier) or (row.is_erased and _is_known(database, row)):
                difference = _difference(database, site, row, earlier)
            yield Checked(row.node, difference, row.is_erased)
            leaf, earlier = leaf + 1, ledger_id


class _Row(NamedTuple):
    """A row of `_PAGE`: a seal, the record's columns and its values, all None if there are none."""

    leaf: int
    ledger_id: int
    node: bytes
    record: Sequence[Any]
    values: Sequence[Any]

    @property
    def is_missing(self) -> bool:
        return self.record[0] is None

    @property
    def is_erased(self) -> bool:
        return self.values[0] is None and not self.is_missing


def _is_right(row: _Row, earlier: int) -> bool:
    """Whether record and values are as they were sealed, after the one of the leaf before."""
    _, ledger_id, node, record, values = row
    has_right_values = values[0] is None or digest(*values) == record[7]
    return ledger_id > earlier and has_right_values and leaf_of(record) == node


def _difference(database: Database, site: str, row: _Row, earlier: int) -> Difference:
    """What is wrong with a row that is not right."""
    if row.is_missing:
        return Difference("missing", row.leaf, row.ledger_id)
    actual = leaf_of(row.record)
    if actual != row.node:
        its_leaf = _leaf_with(database, site, actual)
        if its_leaf is not None:
            return Difference("reordered", row.leaf, row.ledger_id, str(its_leaf))
        return Difference("changed", row.leaf, row.ledger_id, _what_changed(site, row))
    if row.ledger_id <= earlier:
        return Difference("reordered", row.leaf, row.ledger_id)
    return Difference("emptied" if row.is_erased else "values", row.leaf, row.ledger_id)


def _leaf_with(database: Database, site: str, node: bytes) -> int | None:
    leaf = Seal.select(Seal.leaf).where((Seal.site == site) & (Seal.hash == node))
    number: int | None = leaf.limit(1).scalar(database)
    return number


def _what_changed(site: str, row: _Row) -> str:
    """The one column that, with another value, gives the hash; empty if none of these does."""
    candidates: dict[str, Sequence[Any]] = {
        "site": [site],
        "door": get_args(Door),
        "undoes": [None, *range(row.record[2] + 1)],
        "digest": [] if row.is_erased else [digest(*row.values)],
    }
    for name, values in candidates.items():
        place = Sealable._fields.index(name)
        for value in values:
            record = [*row.record]
            record[place] = value
            if leaf_of(record) == row.node:
                return name
    return ""


_KNOWN = PreparedQuery(Profile.select(Profile.id).where(Profile.ledger_key == parameter("key")))


def _is_known(database: Database, row: _Row) -> bool:
    """Whether the record's person is still there: who was erased is no profile any more."""
    return _KNOWN.run(database, key=row.record[1]).fetchone() is not None


def added_record(database: Database, site: str, present: int) -> Difference | None:
    """The first record without a seal that stands among the `present` ones which have a seal."""
    last = sealed(database, site).ledger_id
    among = (ConsentRecord.site == site) & (ConsentRecord.id <= last)
    if ConsentRecord.select(fn.COUNT(ConsentRecord.id)).where(among).scalar(database) == present:
        return None
    without = (
        ConsentRecord.select(fn.MIN(ConsentRecord.id))
        .join(Seal, JOIN.LEFT_OUTER, on=(Seal.ledger == ConsentRecord.id))
        .where(among & Seal.leaf.is_null())
    )
    ledger_id = without.scalar(database)
    if ledger_id is None:
        return None
    after = (Seal.site == site) & (Seal.ledger > ledger_id)
    leaf = Seal.select(fn.MIN(Seal.leaf)).where(after).scalar(database)
    return Difference("added", leaf, ledger_id)
