"""Seals: consent records as the leaves of a Merkle tree, in the order of their numbers.

Saves do not wait for each other to be sealed: only before a checkpoint do the records that have no
seal yet get the next leaf numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from peewee import JOIN, Database, fn

from widget_backend.rules.merkle import Span, Tree, leaf_hash
from widget_backend.store.changes import newest
from widget_backend.store.models import ConsentRecord, ConsentValue
from widget_backend.store.models_of_evidence import Seal
from widget_backend.store.prepared import PreparedInsert, PreparedQuery, parameter
from widget_backend.store.writing import write

BLOCK = 256
"""Leaves to a node that is stored, and at most to a transaction: for one of a million leaves a
proof then reads 4,000 rows."""


class Sealable(NamedTuple):
    """A consent record, as its leaf has it. See `ConsentRecord`."""

    site: str
    profile_key: str
    revision: int
    at: int
    door: str
    wording: str
    language: str
    digest: str
    undoes: int | None


COLUMNS = tuple(getattr(ConsentRecord, name) for name in Sealable._fields)


def leaf_of(record: Sequence[Any]) -> bytes:
    """The hash of the whole record: its columns, a line each, empty for none.

    No two records have the same lines, since no value has a line break.
    """
    site, key, revision, at, door, wording, language, digest, undoes = record
    back = "" if undoes is None else undoes
    text = f"{site}\n{key}\n{revision}\n{at}\n{door}\n{wording}\n{language}\n{digest}\n{back}"
    return leaf_hash(text.encode())


# ── giving out leaf numbers ─────────────────────────────────────────────────────────────────

_LAST = PreparedQuery(
    Seal.select(Seal.leaf, Seal.ledger)
    .where(Seal.site == parameter("site"))
    .order_by(Seal.leaf.desc())
    .limit(1)
)
_UNSEALED = PreparedQuery(
    ConsentRecord.select(ConsentRecord.id, *COLUMNS)
    .where(
        (ConsentRecord.site == parameter("site"))
        & ConsentRecord.id.between(parameter("first"), parameter("last"))
    )
    .order_by(ConsentRecord.id)
    .limit(parameter("most"))
)
_SEALS = PreparedInsert(Seal, (Seal.site, Seal.leaf, Seal.ledger, Seal.hash, Seal.block))


class Sealed(NamedTuple):
    """How many records of a site have a seal, and the number of the newest of them."""

    size: int
    ledger_id: int


def sealed(database: Database, site: str) -> Sealed:
    row = _LAST.run(database, site=site).fetchone()
    return Sealed(row[0] + 1, row[1]) if row else Sealed(0, 0)


def unsealed_count(database: Database, site: str) -> int:
    """How many records of a site have no seal yet."""
    after = (ConsentRecord.site == site) & (ConsentRecord.id > sealed(database, site).ledger_id)
    return int(ConsentRecord.select(fn.COUNT(ConsentRecord.id)).where(after).scalar(database))


def newest_record(database: Database) -> int:
    """The number up to which records may be sealed: no record that commits later is below it.

    Raises DatabaseUnavailable when somebody writes for too long.
    """
    return newest(database, ConsentRecord, ConsentRecord.site)[0]


def seal_next(database: Database, site: str, last: int) -> int:
    """Seal the next records of a site, up to the record `last`; how many, 0 if there is none left.

    At most a block. They are read and hashed beforehand, so that saves wait only for the rows to be
    written. Of several who do this at once, one does it.
    """
    before = sealed(database, site)
    most = BLOCK - before.size % BLOCK
    found = {"site": site, "first": before.ledger_id + 1, "last": last, "most": most}
    records = _UNSEALED.run(database, **found).fetchall()
    rows = [
        [site, before.size + place, record[0], leaf_of(record[1:]), None]
        for place, record in enumerate(records)
    ]
    if rows and len(rows) == most:
        rows[-1][-1] = _block(database, site, before.size, [row[3] for row in rows])

    def add() -> None:
        if sealed(database, site) == before:
            _SEALS.run(database, rows)

    if rows:
        write(database, add)
    return len(rows)


def _block(database: Database, site: str, size: int, ending: Iterable[bytes]) -> bytes:
    """The node of a block that ends with these leaves, after those of it that have a seal."""
    tree = Tree()
    for node in (*_hashes(database, site, size - size % BLOCK, size), *ending):
        tree.add(node)
    return tree.root()


class StoredRecord(NamedTuple):
    """A consent record as it is stored, so that its digest and its leaf can be computed.

    `leaf` is its number, None for one that has no seal yet. Without `salt` and `changes` they were
    erased.
    """

    record: Sealable
    salt: str | None
    changes: str | None
    evidence: str | None
    leaf: int | None


_STORED = PreparedQuery(
    ConsentRecord.select(
        *COLUMNS, ConsentValue.salt, ConsentValue.changes, ConsentValue.evidence, Seal.leaf
    )
    .join(ConsentValue, JOIN.LEFT_OUTER, on=(ConsentValue.ledger == ConsentRecord.id))
    .join(Seal, JOIN.LEFT_OUTER, on=(Seal.ledger == ConsentRecord.id))
    .where(ConsentRecord.id == parameter("id"))
)


def stored_record(database: Database, number: int) -> StoredRecord:
    """The record of this row of the ledger, which must be there."""
    row = _STORED.run(database, id=number).fetchone()
    return StoredRecord(Sealable(*row[:9]), *row[9:])


# ── nodes of the tree ───────────────────────────────────────────────────────────────────────

_HASHES = PreparedQuery(
    Seal.select(Seal.hash)
    .where(
        (Seal.site == parameter("site"))
        & (Seal.leaf >= parameter("start"))
        & (Seal.leaf < parameter("end"))
    )
    .order_by(Seal.leaf)
)
_BLOCKS = PreparedQuery(
    Seal.select(Seal.block)
    .where(
        (Seal.site == parameter("site"))
        & (Seal.leaf < parameter("end"))
        & Seal.block.is_null(False)
    )
    .order_by(Seal.leaf)
)


def _hashes(database: Database, site: str, start: int, end: int) -> Iterator[bytes]:
    yield from (bytes(each) for (each,) in _HASHES.run(database, site=site, start=start, end=end))


def tree_of(database: Database, site: str, size: int, wanted: Iterable[Span] = ()) -> Tree:
    """The tree of the first leaves, with its root and the `wanted` nodes, from what is stored.

    Blocks without a wanted node within are read as one node.
    """
    wanted = [*wanted]
    opened = {start // BLOCK for start, end in wanted if end - start < BLOCK}
    tree = Tree(wanted)
    for number, (block,) in enumerate(_BLOCKS.run(database, site=site, end=size).fetchall()):
        if number in opened:
            for node in _hashes(database, site, number * BLOCK, (number + 1) * BLOCK):
                tree.add(node)
        else:
            tree.add(bytes(block), BLOCK)
    for node in _hashes(database, site, tree.size, size):
        tree.add(node)
    tree.root()
    return tree
