"""Random files of contacts for properties: what rows say, and by hand what must follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import count
from math import inf

from hypothesis import strategies as st

from widget_backend.contacts.entry import Entry
from widget_backend.contacts.mapping import TagMapping

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LISTS = TagMapping(lists={"A": "offers", "B": "news"})
NUMBERS = count()
WORDS = st.tuples(
    st.sampled_from(["subscribed", "unsubscribed", "cleaned"]),
    st.sampled_from(["A", "B", None]),
    st.none() | st.integers(1, 5),
)
"""What a file says of a person: the kind, the list that it is of, and when."""

Word = tuple[str, str | None, int | None]


def entries(rows: list[tuple[int, Word]], name: str | None, first: int) -> Iterator[Entry]:
    lines: dict[str, int] = {}
    for line, (person, (kind, _, at)) in enumerate(rows, 2):
        email = f"d{first}-{person}@example.com"
        earlier = lines.get(email)
        lines.setdefault(email, line)
        evidence = {"kind": kind}
        yield Entry(line, email, kind, (), evidence, at, earlier=earlier)  # type: ignore[arg-type]


def expected(words: Iterable[Word], topic: str, name: str) -> bool:
    """By hand: one yes to the topic is later than each no to it, and to everything."""
    yes, no = [], []
    for kind, of_list, at in words:
        if kind == "subscribed" and of_list in ((name, None) if topic == "offers" else (name,)):
            yes.append(-inf if at is None else at)
        elif kind == "unsubscribed" and of_list in (name, None):
            no.append(inf if at is None else at)
    return bool(yes) and (not no or max(yes) > max(no))
