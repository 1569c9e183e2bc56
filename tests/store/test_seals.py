"""Seals: each record gets a leaf number for good, in the order in which records are numbered."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from peewee import Database, IntegrityError, PeeweeException

from tests.support.houses import on_postgresql
from tests.support.people import ARTA, HASHES, how, person_of
from tests.support.sealing import INN, SHOP, record_some, save_again, seal
from widget_backend.rules.merkle import Tree, includes, inclusion_spans
from widget_backend.store import seals
from widget_backend.store.database import open_database
from widget_backend.store.erasure import erase
from widget_backend.store.models import ConsentRecord
from widget_backend.store.models_of_evidence import Seal
from widget_backend.store.seals import (
    COLUMNS,
    Sealable,
    leaf_of,
    newest_record,
    seal_next,
    sealed,
    tree_of,
)


def numbers(database: Database, site: str = SHOP) -> list[tuple[int, int]]:
    """Leaf and row of the ledger."""
    query = Seal.select(Seal.leaf, Seal.ledger).where(Seal.site == site).order_by(Seal.leaf)
    return list(query.tuples().execute(database))


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "BLOCK", 4)


def test_records_are_numbered_from_0_in_the_order_of_the_ledger(database: Database) -> None:
    record_some(database, 3)
    assert seal(database) == 3
    assert numbers(database) == [(0, 1), (1, 2), (2, 3)]


def test_each_site_has_numbers_of_its_own(database: Database) -> None:
    record_some(database, 2)
    record_some(database, 1, INN)
    record_some(database, 1)
    assert (seal(database, INN), seal(database)) == (1, 3)
    assert numbers(database) == [(0, 1), (1, 2), (2, 4)]
    assert numbers(database, INN) == [(0, 3)]


def test_later_records_get_the_next_numbers_and_the_earlier_ones_keep_theirs(
    database: Database,
) -> None:
    people = record_some(database, 2)
    seal(database)
    save_again(database, people[0])
    assert seal(database) == 1
    assert seal(database) == 0
    assert numbers(database) == [(0, 1), (1, 2), (2, 3)]


@pytest.mark.parametrize("statement", ["UPDATE seal SET leaf = 7", "DELETE FROM seal"])
def test_a_seal_is_not_changed(database: Database, statement: str) -> None:
    record_some(database, 1)
    seal(database)
    with pytest.raises(PeeweeException):
        database.execute_sql(statement)


def test_a_record_has_one_seal_and_a_leaf_one_record(database: Database) -> None:
    record_some(database, 2)
    seal(database)
    node = b"x" * 32
    for leaf, ledger in ((7, 1), (0, 2)):
        row = {"site": SHOP, "leaf": leaf, "ledger": ledger, "hash": node}
        with pytest.raises(IntegrityError), database.atomic():
            Seal.insert(**row).execute(database)


def test_two_who_seal_at_once_do_not_seal_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one is done between reading and writing."""
    record_some(database, 3)
    write = seals.write

    def late(database: Database, action: Any) -> Any:
        monkeypatch.setattr(seals, "write", write)
        assert seal_next(database, SHOP, newest_record(database)) == 3
        return write(database, action)

    monkeypatch.setattr(seals, "write", late)
    seal_next(database, SHOP, newest_record(database))
    assert numbers(database) == [(0, 1), (1, 2), (2, 3)]


@on_postgresql
def test_a_record_that_commits_late_is_waited_for(database_url: str, database: Database) -> None:
    """On PostgreSQL it has a lower number than one that others see already."""
    person_of(database, SHOP)
    late = open_database(database_url)
    with late.connection_context(), late.atomic() as transaction:
        person_of(late, SHOP, "late@example.com")
        assert _early(database_url) == 3
        # Nobody may seal it while row 2 can still appear.
        with pytest.raises(Exception, match="lock"):
            _try_once(database)
        transaction.commit()
    late.close_all()
    assert seal(database) == 3


def _early(url: str) -> int:
    other = open_database(url)
    with other.connection_context():
        person_of(other, SHOP, "early@example.com")
        number = ConsentRecord.select(ConsentRecord.id).order_by(ConsentRecord.id.desc())
        newest = int(number.limit(1).scalar(other))
    other.close_all()
    return newest


def _try_once(database: Database) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("widget_backend.store.changes.TRIES", 1)
        newest_record(database)


# ── what a leaf is ──────────────────────────────────────────────────────────────────────────


def test_a_leaf_is_the_hash_of_the_whole_record(database: Database) -> None:
    """Written out, so that others can compute it."""
    person = person_of(database, SHOP)
    (row,) = ConsentRecord.select(*COLUMNS).tuples().execute(database)
    lines = [str(each) for each in row[:-1]] + [""]
    assert lines[:5] == [SHOP, person.ledger_key, "1", "1800000000", "hosted"]
    expected = sha256(b"\x00" + "\n".join(lines).encode()).digest()
    assert leaf_of(row) == expected


@pytest.mark.parametrize("column", Sealable._fields)
def test_another_value_in_any_column_makes_another_leaf(column: str) -> None:
    record = Sealable("shop", "k1", 3, 4, "hosted", "w", "sq", "d", None)
    other = record._replace(**{column: 5 if column in {"revision", "at", "undoes"} else "other"})
    assert leaf_of(other) != leaf_of(record)


def test_every_column_of_the_ledger_is_in_the_leaf() -> None:
    assert {*ConsentRecord._meta.fields} == {"id", *Sealable._fields}


def test_an_erased_record_keeps_its_leaf(database: Database) -> None:
    person = person_of(database, SHOP, ARTA)
    record_some(database, 2)
    seal(database)
    before = tree_of(database, SHOP, 3).root()
    erase(database, person, how(SHOP), HASHES)
    leaves = [leaf_of(row) for row in ConsentRecord.select(*COLUMNS).tuples().execute(database)]
    tree = Tree()
    for node in leaves[:3]:
        tree.add(node)
    assert tree.root() == before


# ── the tree of them ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [1, 3, 4, 5, 8, 11])
def test_the_tree_is_that_of_all_leaves_however_they_were_sealed(
    database: Database, small_blocks: None, size: int
) -> None:
    for count in (2, size - 2):
        record_some(database, max(count, 0))
        seal(database)
    size = sealed(database, SHOP).size
    leaves = [bytes(node) for (node,) in _hashes(database)]
    whole = Tree()
    for node in leaves:
        whole.add(node)
    assert tree_of(database, SHOP, size).root() == whole.root()
    for leaf, node in enumerate(leaves):
        spans = inclusion_spans(leaf, size)
        proof = tree_of(database, SHOP, size, spans).proof(spans)
        assert includes(whole.root(), size, leaf, node, proof)


def test_an_earlier_tree_is_that_of_the_first_leaves(
    database: Database, small_blocks: None
) -> None:
    record_some(database, 6)
    seal(database)
    earlier = tree_of(database, SHOP, 6).root()
    record_some(database, 7)
    seal(database)
    assert tree_of(database, SHOP, 6).root() == earlier


def _hashes(database: Database) -> Any:
    return Seal.select(Seal.hash).order_by(Seal.leaf).tuples().execute(database)
