"""Merkle trees: RFC 6962's definition, read as it stands, and proofs that hold and that do not."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget_backend.rules.merkle import (
    EMPTY,
    Tree,
    consistency_spans,
    extends,
    includes,
    inclusion_spans,
    leaf_hash,
)

REFERENCE = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
REFERENCE += ["606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The leaves, and the roots of one to eight of them, of Certificate Transparency's own tests."""

SIZES = st.integers(1, 200)


def root_by_the_letter(leaves: list[bytes]) -> bytes:
    """MTH(D[n]) as section 2.1 defines it."""
    if len(leaves) < 2:
        return sha256(b"\x00" + leaves[0]).digest() if leaves else sha256(b"").digest()
    width = max(1 << power for power in range(30) if 1 << power < len(leaves))
    left, right = (root_by_the_letter(part) for part in (leaves[:width], leaves[width:]))
    return sha256(b"\x01" + left + right).digest()


def leaves_of(size: int) -> list[bytes]:
    return [f"record {number}".encode() for number in range(size)]


def tree_of(size: int, spans: list[tuple[int, int]] | None = None) -> Tree:
    tree = Tree(spans or [])
    for each in leaves_of(size):
        tree.add(leaf_hash(each))
    return tree


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_certificate_transparency(size: int) -> None:
    tree = Tree()
    for each in REFERENCE[:size]:
        tree.add(leaf_hash(bytes.fromhex(each)))
    assert tree.root().hex() == ROOTS[size - 1]


@given(st.integers(0, 200))
def test_a_root_is_that_of_the_definition(size: int) -> None:
    assert tree_of(size).root() == root_by_the_letter(leaves_of(size))


def test_no_leaves_have_the_hash_of_nothing() -> None:
    assert Tree().root() == EMPTY


@given(st.integers(0, 12), st.integers(0, 15))
def test_whole_blocks_of_leaves_can_be_added_at_once(blocks: int, rest: int) -> None:
    size = blocks * 16 + rest
    tree = Tree()
    for block in range(blocks):
        part = leaves_of(size)[block * 16 : block * 16 + 16]
        tree.add(root_by_the_letter(part), 16)
    for each in leaves_of(size)[blocks * 16 :]:
        tree.add(leaf_hash(each))
    assert tree.root() == tree_of(size).root()


def test_a_million_leaves_need_the_memory_of_twenty() -> None:
    tree = Tree()
    tree.add(EMPTY, 1 << 19)
    for width in (1 << power for power in reversed(range(19))):
        tree.add(EMPTY, width)
    assert tree.size == 2**20 - 1
    assert len(tree._stack) == 20


@given(SIZES, st.data())
def test_a_leaf_is_shown_to_be_in_a_list(size: int, data: st.DataObject) -> None:
    leaf = data.draw(st.integers(0, size - 1))
    spans = inclusion_spans(leaf, size)
    tree = tree_of(size, spans)
    root, node = tree.root(), leaf_hash(leaves_of(size)[leaf])
    proof = tree.proof(spans)
    assert includes(root, size, leaf, node, proof)
    assert not includes(root, size, leaf, leaf_hash(b"another record"), proof)
    assert not includes(root, size, size, node, proof)
    assert not includes(root, size, leaf, node, [*proof, EMPTY])
    for place in range(len(proof)):
        assert not includes(root, size, leaf, node, [*proof[:place], EMPTY, *proof[place + 1 :]])


@given(SIZES, st.data())
def test_a_longer_list_is_shown_to_begin_with_a_shorter_one(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(0, size))
    spans = consistency_spans(old, size)
    tree = tree_of(size, spans)
    roots = tree_of(old).root(), tree.root()
    proof = tree.proof(spans)
    assert extends(old, roots[0], size, roots[1], proof)
    assert not extends(old, leaf_hash(b"another list"), size, roots[1], proof)
    assert not extends(old, roots[0], size, roots[1], [*proof, EMPTY])
    assert size == old or not extends(size, roots[1], old, roots[0], proof)
    if old:
        assert not extends(old, roots[0], size, leaf_hash(b"another list"), proof)
    for place in range(len(proof)):
        wrong = [*proof[:place], EMPTY, *proof[place + 1 :]]
        assert not extends(old, roots[0], size, roots[1], wrong)


def test_proofs_are_those_of_the_examples_in_the_rfc() -> None:
    """Section 2.1.3: the tree of seven leaves a to g, and those of three, four and six."""
    node = {"a": (0, 1), "b": (1, 2), "c": (2, 3), "d": (3, 4), "f": (5, 6), "j": (6, 7)}
    node |= {"g": (0, 2), "h": (2, 4), "i": (4, 6), "k": (0, 4), "l": (4, 7)}
    assert inclusion_spans(0, 7) == [node["b"], node["h"], node["l"]]
    assert inclusion_spans(3, 7) == [node["c"], node["g"], node["l"]]
    assert inclusion_spans(4, 7) == [node["f"], node["j"], node["k"]]
    assert inclusion_spans(6, 7) == [node["i"], node["k"]]
    assert consistency_spans(3, 7) == [node["c"], node["d"], node["g"], node["l"]]
    assert consistency_spans(4, 7) == [node["l"]]
    assert consistency_spans(6, 7) == [node["i"], node["j"], node["k"]]
