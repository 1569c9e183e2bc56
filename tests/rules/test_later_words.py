"""Of a yes and a no the later one counts, in whatever order files come, and however often."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from math import inf

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.worlds import KUTIA
from widget_backend.rules.later_words import Times, agree, leave, times_after
from widget_backend.rules.state import State, applied

TODAY = date(2026, 11, 30)
SITE = KUTIA.site
TOPICS = [topic.id for topic in SITE.topics][:3]


@dataclass(frozen=True)
class Word:
    """A yes to a topic, or a no to it; a no to everything when it is None."""

    is_yes: bool
    topic: str | None
    at: int | None


@dataclass(frozen=True)
class Person:
    state: State = field(default_factory=State)
    times: Times = field(default_factory=Times)

    def hears(self, word: Word) -> Person:
        """What the store keeps when a file brings this word."""
        if word.is_yes:
            effect = agree(SITE, self.state, self.times, [str(word.topic)], word.at, TODAY)
        else:
            effect = leave(SITE, self.state, self.times, word.topic, word.at)
        return Person(applied(self.state, effect.changes), times_after(self.times, effect))

    @property
    def gets(self) -> set[str]:
        if self.state.reach == "off":
            return set()
        return {topic for topic in TOPICS if self.state.is_subscribed(topic)}


def expected(words: list[Word]) -> set[str]:
    """By hand: a topic comes if one yes to it is later than every no to it and to everything."""
    return {topic for topic in TOPICS if _comes([each for each in words if _is_about(each, topic)])}


def _is_about(word: Word, topic: str) -> bool:
    return word.topic in (topic, None)


def _comes(words: list[Word]) -> bool:
    yes = [-inf if each.at is None else each.at for each in words if each.is_yes]
    no = [inf if each.at is None else each.at for each in words if not each.is_yes]
    return bool(yes) and (not no or max(yes) > max(no))


times = st.none() | st.integers(1, 6)
words = st.builds(Word, st.just(True), st.sampled_from(TOPICS), times) | st.builds(
    Word, st.just(False), st.sampled_from([*TOPICS, None]), times
)


@settings(max_examples=2_000, deadline=None)
@given(st.lists(words, max_size=12))
@example([Word(False, None, 5), Word(True, TOPICS[0], 6), Word(True, TOPICS[1], 7)])
@example(
    [
        *(Word(False, None, 1), Word(True, TOPICS[0], 3)),
        *(Word(True, TOPICS[1], 2), Word(False, None, 2)),
    ]
)
@example(
    [
        *(Word(False, None, 2), Word(False, None, 4)),
        *(Word(True, TOPICS[0], 5), Word(True, TOPICS[1], 3)),
    ]
)
def test_whatever_the_order_a_topic_comes_if_the_last_word_on_it_is_a_yes(
    brought: list[Word],
) -> None:
    person = Person()
    for word in brought:
        person = person.hears(word)
    assert person.gets == expected(brought)


@settings(max_examples=500, deadline=None)
@given(st.lists(words, max_size=8))
def test_what_was_heard_before_changes_nothing(brought: list[Word]) -> None:
    person = Person()
    for word in brought:
        person = person.hears(word)
    for word in brought:
        assert person.hears(word) == person
