"""Merkle trees of RFC 6962 (section 2.1): one hash that stands for a list, and short proofs of it.

An inclusion proof shows that a leaf is in the list; a consistency proof, that a longer list begins
with a shorter one. A node is the hash of the leaves from `start` up to `end`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

Span = tuple[int, int]
"""The leaves below a node: the number of the first one, and that after the last one."""

EMPTY = sha256(b"").digest()
"""The root of no leaves."""


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that grows to the right. It holds one node for each digit of its size in binary.

    `nodes` has those of the nodes in `wanted` that are known by now. Nodes that the last leaf ends
    are known when `root` was called at that size.
    """

    def __init__(self, wanted: Iterable[Span] = ()) -> None:
        self.size = 0
        self.nodes: dict[Span, bytes] = {}
        self._wanted = frozenset(wanted)
        self._stack: list[tuple[int, bytes]] = []
        """From the left, each node's first leaf and hash; each is smaller than the one before."""

    def add(self, node: bytes, width: int = 1) -> None:
        """Add a leaf, or a node of so many leaves: a power of two that divides the size."""
        start, stack = self.size, self._stack
        self.size += width
        if self._wanted:
            self._note(start, self.size, node)
        while stack and start - stack[-1][0] == self.size - start:
            start, left = stack.pop()
            node = node_hash(left, node)
            if self._wanted:
                self._note(start, self.size, node)
        stack.append((start, node))

    def root(self) -> bytes:
        """The hash of all leaves so far."""
        if not self._stack:
            return EMPTY
        node = self._stack[-1][1]
        for start, left in reversed(self._stack[:-1]):
            node = node_hash(left, node)
            self._note(start, self.size, node)
        return node

    def _note(self, start: int, end: int, node: bytes) -> None:
        if (start, end) in self._wanted:
            self.nodes[start, end] = node

    def proof(self, spans: Iterable[Span]) -> list[bytes]:
        """The nodes of a proof, all of which are known."""
        return [self.nodes[span] for span in spans]


def inclusion_spans(leaf: int, size: int) -> list[Span]:
    """The nodes that show that a leaf is among the first `size`, from the leaf up."""
    start, end = 0, size
    spans = []
    while end - start > 1:
        middle = _middle(start, end)
        if leaf < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """The nodes that show that the tree of `new` leaves begins with that of `old`, bottom up.

    None for an old tree without leaves, with which any tree begins.
    """
    start, end = 0, new if old else 0
    spans = []
    while end > old:
        middle = _middle(start, end)
        if old <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return [*([(start, old)] if start else []), *spans[::-1]]


def includes(root: bytes, size: int, leaf: int, node: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that `node` is the leaf of that number in the tree of this root."""
    spans = inclusion_spans(leaf, size)
    if not 0 <= leaf < size or len(spans) != len(proof):
        return False
    for (start, _), other in zip(spans, proof, strict=True):
        node = node_hash(node, other) if start > leaf else node_hash(other, node)
    return node == root


def extends(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of `new` leaves begins with that of `old`."""
    spans = consistency_spans(old, new)
    if old > new or len(spans) != len(proof):
        return False
    if old == 0:
        return old_root == EMPTY
    steps = list(zip(spans, proof, strict=True))
    # The first node is left out where it would be the root of the old tree.
    has_first = bool(spans) and spans[0][1] == old
    before = after = steps.pop(0)[1] if has_first else old_root
    for (start, _), other in steps:
        if start < old:
            before = node_hash(other, before)
            after = node_hash(other, after)
        else:
            after = node_hash(after, other)
    return before == old_root and after == new_root


def _middle(start: int, end: int) -> int:
    """Where the left part ends: it has the largest power of two of leaves that leaves a rest."""
    width: int = 1 << (end - start - 1).bit_length() - 1
    return start + width
