"""No yes ever wins over a later no, whatever files come, in whatever order, and however often."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import Database

from tests.support.contacts import HASHES, found
from tests.support.random_files import LISTS, NOW, NUMBERS, WORDS, Word, expected
from tests.support.steady import Steady
from widget_backend.contacts.entry import Entry
from widget_backend.contacts.imports import ImportRun, import_entries
from widget_backend.site.model import Site

FILES = st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=1, max_size=5)


def bring_all(database: Database, site: Site, files: list[list[Word]], email: str) -> None:
    for words in files:
        for name, entries in _of_each_list(words, email):
            run = ImportRun(site, NOW, HASHES, () if name else ("offers",), LISTS, name)
            import_entries(database, run, entries, pace=Steady())


def _of_each_list(words: list[Word], email: str) -> Iterator[tuple[str | None, list[Entry]]]:
    for line, (kind, name, at) in enumerate(words, 2):
        yield name, [Entry(line, email, kind, (), {"kind": kind}, at)]  # type: ignore[arg-type]


def check_random_files(database: Database, site: Site, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=[*HealthCheck])
    @given(FILES, st.randoms(use_true_random=False))
    def check(files: list[list[Word]], chance: object) -> None:
        again = [*files, *files]
        chance.shuffle(again)  # type: ignore[attr-defined]
        email = f"a{next(NUMBERS)}@example.com"
        bring_all(database, site, again, email)
        state = found(database, email)[email].profile.state
        words = [word for file in files for word in file]
        for topic, name in (("offers", "A"), ("news", "B")):
            comes = state.reach != "off" and state.is_subscribed(topic)
            assert comes == expected(words, topic, name), topic

    check()


def test_the_last_word_on_a_topic_counts(database: Database, site: Site) -> None:
    check_random_files(database, site, examples=40)


@pytest.mark.long
def test_the_last_word_on_a_topic_counts_in_many_more_files(database: Database, site: Site) -> None:
    check_random_files(database, site, examples=2_000)
