"""Copies: what an export of this software says of a person, beside what we know of them ourselves.

Whoever is not known here comes in exactly as they are in the copy. Of the others the later word of
each choice counts, by the rules of `later_words.py`; what is the same already is no news.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from widget_backend.rules.basis import ground_of, strength, turned_off
from widget_backend.rules.do_not_track import is_later, is_wanted
from widget_backend.rules.later_words import (
    Effect,
    Times,
    come_back,
    leave,
    no_at,
    times_after,
    yes_at,
    yes_of,
)
from widget_backend.rules.state import (
    AS_CHOSEN,
    DO_NOT_TRACK,
    OVERALL,
    Change,
    Overall,
    Preference,
    State,
    Value,
    applied,
    difference,
    reduces_mail,
    squash,
    topic_subject,
)
from widget_backend.site.model import Site


@dataclass(frozen=True)
class Copy:
    """A person as an export has them: what they chose and answered, and `times` when.

    `unproved` are ids of topics that are on, of which nobody knows when the person agreed. Whoever
    `is_subscribed` gets mail there. Mail to them came back for good, if it `is_back`, at `back_at`
    if that is known. Of a row that is `refused` for this reason it holds the noes alone, which are
    for nobody but those who are known here if they are `only_of_known`.
    """

    state: State
    times: Times = field(default_factory=Times)
    unproved: frozenset[str] = frozenset()
    is_subscribed: bool = False
    is_back: bool = False
    back_at: int | None = None
    refused: str = ""
    only_of_known: bool = False

    def noes(self, refused: str, today: date) -> Copy | None:
        """What counts of it although its row is rejected: what they do not want or want less of,
        and that mail comes back. None if that is nothing."""
        topics = {topic: each for topic, each in self.state.preferences().items() if not each["on"]}
        is_less = reduces_mail(Change(OVERALL, None, self.overall), today)
        overall = _overall(self.state) if is_less else {}
        wish = {DO_NOT_TRACK: self.state.do_not_track} if is_wanted(self.state.do_not_track) else {}
        state = State({**overall, **_topics_of(topics), **wish})
        times = Times({topic: self.times.topic(topic) for topic in topics}, self.times.overall)
        if not state and not self.is_back:
            return None
        return Copy(state, times, is_back=self.is_back, back_at=self.back_at, refused=refused)

    @property
    def overall(self) -> Overall | None:
        """None where nothing is known of it."""
        overall: Overall | None = self.state.get(OVERALL)
        return overall

    def lacks_consent(self, effect: Effect) -> bool:
        """Whether it would turn a topic on to which nobody knows when the person agreed."""
        return any(
            change.kind == "topic" and change.name in self.unproved and change.after["on"]
            for change in effect.changes
        )

    def is_held_back(self, state: State, today: date) -> bool:
        """Whether a yes in it has no effect, where nothing of it changed this state."""
        if self.state.reach == "off":
            return False
        on = (topic for topic, each in self.state.preferences().items() if each["on"])
        theirs = self.overall or (AS_CHOSEN if self.is_subscribed else state.overall)
        is_less = reduces_mail(Change(OVERALL, theirs, state.overall), today)
        return is_less or not all(map(state.is_subscribed, on))


def merge(site: Site, state: State, times: Times, copy: Copy, today: date) -> Effect:
    """What the copy changes for a person in this state."""
    others = _others(state, copy)
    if not state.preferences() and OVERALL not in state and times.left is None:
        choices = difference(state, {**_topics(copy.state), **_overall(copy.state)})
        when = {topic_subject(topic): at for topic, at in copy.times.topics.items()}
        # Who is off has left when they said so.
        left = None if copy.state.reach == "off" else copy.times.left
        return Effect((*choices, *others), copy.times.overall, when, left, copy.times.spoke)
    effect = _Merging(site, state, times, copy, today).effect()
    return Effect((*effect.changes, *others), effect.at, effect.times, effect.left)


def _topics(state: State) -> dict[str, Preference]:
    return _topics_of(state.preferences())


def _topics_of(preferences: Mapping[str, Preference]) -> dict[str, Preference]:
    return {topic_subject(topic): each for topic, each in preferences.items()}


def _overall(state: State) -> dict[str, Overall]:
    return {OVERALL: state.overall} if OVERALL in state else {}


def _others(state: State, copy: Copy) -> list[Change]:
    """What the copy knows of which we know nothing, and what was said later than ours."""
    choices = {*_topics(copy.state), OVERALL}
    return [
        Change(subject, before, after)
        for subject, after in copy.state.items()
        if subject not in choices
        for before in [state.get(subject)]
        if _is_news(subject, before, after)
    ]


def _is_news(subject: str, before: Value, after: Value) -> bool:
    if subject == DO_NOT_TRACK:
        return is_later(after, before)
    return before is None or (subject.startswith("answer:") and after["at"] > before["at"])


@dataclass(frozen=True)
class _Merging:
    """A copy of somebody of whom we know something. `state` and `times` are ours."""

    site: Site
    state: State
    times: Times
    copy: Copy
    today: date

    def effect(self) -> Effect:
        leaving = self._of_leaving()
        rest = replace(
            self,
            state=applied(self.state, leaving.changes),
            times=times_after(self.times, leaving),
        )._since_then()
        when = {each.subject: leaving.at for each in leaving.changes} | dict(rest.times)
        left = leaving.left if rest.left is None else rest.left
        return Effect(tuple(squash([*leaving.changes, *rest.changes])), rest.at, when, left)

    def _of_leaving(self) -> Effect:
        """They left everything there once, and came back: what they had agreed to before is off
        here as well, but for what they have there now."""
        left, theirs = self.copy.times.left, self.copy.state
        is_known = self.times.left is not None and left is not None and left <= self.times.left
        if left is None or is_known or theirs.reach == "off":
            return Effect()
        came_back = OVERALL in self.state and yes_at(self.times.overall) > left
        if came_back and yes_at(self.times.spoke) > left:
            return Effect(left=left)
        refused = (
            Change(topic_subject(topic), mine, turned_off(mine))
            for topic, mine in self.state.preferences().items()
            if mine["on"]
            and not theirs.is_subscribed(topic)
            and yes_of(mine, self.times.topic(topic)) <= left
        )
        return Effect(tuple(refused), left, left=left)

    def _since_then(self) -> Effect:
        first = self._of_overall()
        after = applied(self.state, first.changes)
        known = times_after(self.times, first)
        when = {each.subject: first.at for each in first.changes if each.kind == "topic"}
        when |= first.times
        changes = [*first.changes]
        at = first.at
        news = list(self._of_topics(after, known))
        for change, said_at in news:
            when[change.subject] = said_at
            if change.before != change.after:
                changes.append(change)
        since = {
            change.subject: said_at
            for change, said_at in news
            if change.after["on"] and yes_of(change.after, said_at) > known.no(known.overall)
        }
        if after.reach == "off" and self.copy.state.reach != "off" and since:
            at = max(said_at for said_at in since.values() if said_at is not None)
            back, refused = come_back(after, known, since, AS_CHOSEN)
            changes += back
            when |= refused
        return Effect(tuple(squash(changes)), at, when, first.left)

    def _of_overall(self) -> Effect:
        """What the copy says of everything, if it is later than what we know."""
        theirs, at = self.copy.overall, self.copy.times.overall
        mine = self.state.overall_on(self.today)
        if theirs is None:
            return Effect()
        theirs = self.copy.state.overall_on(self.today)
        if theirs["reach"] == "off":
            is_same_word = mine == theirs and at is None
            return Effect() if is_same_word else leave(self.site, self.state, self.times, None, at)
        is_less = reduces_mail(Change(OVERALL, mine, theirs), self.today)
        if self.copy.refused and not is_less:
            return Effect()  # a longer pause here, or leaving, stands
        is_later = (
            not yes_at(self.times.overall) > no_at(at)
            if is_less
            else yes_at(at) > self.times.no(self.times.overall)
        )
        if mine == theirs or not is_later:
            return Effect()
        if mine["reach"] != "off":
            return Effect((Change(OVERALL, self.state.get(OVERALL), theirs),), at)
        on = {subject for subject, each in _topics(self.copy.state).items() if each["on"]}
        changes, refused = come_back(self.state, self.times, on, theirs)
        return Effect(tuple(changes), at, refused)

    def _of_topics(self, after: State, known: Times) -> Iterator[tuple[Change, int | None]]:
        """What the copy says of each topic that is news, and when it was said; `after` and `known`
        are how things stand once it has had its say of everything."""
        for topic, theirs in self.copy.state.preferences().items():
            mine, at = after.preference(topic), self.copy.times.topic(topic)
            change = Change(topic_subject(topic), mine, theirs)
            is_on = mine is not None and mine["on"]
            if mine is not None and not is_on and not theirs["on"]:
                if at is not None and at > no_at(known.topic(topic)):
                    yield Change(topic_subject(topic), mine, mine), at
            elif is_on and theirs["on"]:
                news = (strength(ground_of(theirs)), yes_at(at))
                if news > (strength(ground_of(mine)), yes_at(known.topic(topic))):
                    yield change, at
            elif theirs["on"]:
                if self._may_turn_on(topic, yes_of(theirs, at), after, known):
                    yield change, at
            elif mine is None or not yes_of(mine, known.topic(topic)) > no_at(at):
                yield Change(topic_subject(topic), mine, turned_off(mine or theirs)), at

    def _may_turn_on(self, topic: str, yes: float, after: State, known: Times) -> bool:
        """Whether a yes of then is later than every no to it, and nothing else holds it back."""
        noes = []
        if known.left is not None:
            noes.append(yes_at(known.left))
        if after.preference(topic) is not None:
            noes.append(known.no(known.topic(topic)))
        if self.copy.state.reach == "off":
            noes.append(no_at(self.copy.times.overall))
        if after.reach == "off":
            noes.append(known.no(known.overall))
        mine = after.overall_on(self.today)
        is_restrained = mine["reach"] in {"less", "paused"} and mine != self.copy.overall
        return not is_restrained and all(yes > each for each in noes)
