"""Choices: what somebody asks for on the preference form, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from widget_backend.rules.basis import ASKED, ground_of, grounded, turned_off
from widget_backend.rules.state import (
    LANGUAGE,
    OVERALL,
    Change,
    Overall,
    State,
    Value,
    contact_subject,
    difference,
    is_visible,
    topic_subject,
)
from widget_backend.rules.topics import first_preference
from widget_backend.site.model import Topic


class TopicChoice(NamedTuple):
    """What is asked for one topic. A choice is None unless it was made exactly once."""

    on: bool
    channel: str | None
    frequency: str | None


@dataclass(frozen=True)
class Choices:
    """What a form asks for. Only the topics that stood on it are in `topics`.

    `contacts` holds new contact details by kind, `language` another language than the form showed.
    `declines_rest`: a topic that is left unticked is a no, also if it was never chosen.
    """

    topics: Mapping[Topic, TopicChoice]
    overall: Overall | None = None
    language: str | None = None
    contacts: Mapping[str, str] = field(default_factory=dict)
    declines_rest: bool = True

    def wanted(self, state: State, seen: State) -> dict[str, Value]:
        """The values that the person asks for who saw the other state on the form, by subject."""
        topics = {
            topic_subject(topic.id): _preference(topic, choice, state, seen)
            for topic, choice in self.topics.items()
            if self.declines_rest or choice.on or state.preference(topic.id)
        }
        contacts = {contact_subject(kind): value for kind, value in self.contacts.items()}
        language = {LANGUAGE: self.language} if self.language else {}
        overall = {OVERALL: self.overall} if self.overall else {}
        return {**topics, **language, **contacts, **overall}

    def conflicts(self, state: State, seen: State, concurrent: Sequence[Change]) -> list[Change]:
        """What changed since the form was shown and is not what the form asks for anyway."""
        if not concurrent:
            return []
        wanted = self.wanted(state, seen)
        subjects = {topic_subject(topic.id) for topic in self.topics} | {OVERALL, *wanted}
        return [
            change
            for change in concurrent
            if is_visible(change)
            and change.subject in subjects
            and _as_asked(change, state.get(change.subject))
            != _as_asked(change, wanted.get(change.subject, change.before))
        ]

    def reductions(self, state: State, seen: State) -> list[Change]:
        """The changes that only end something, judged by what the person saw.

        They can be saved whatever else is wrong with the form: unsubscribing is never blocked.
        """
        ended: dict[str, Value] = {
            topic_subject(topic.id): turned_off(state[topic_subject(topic.id)])
            for topic, choice in self.topics.items()
            if not choice.on and seen.is_subscribed(topic.id) and state.is_subscribed(topic.id)
        }
        overall = {OVERALL: self.overall} if self.overall else {}
        return difference(state, {**ended, **overall})

    def untouched(self, state: State, seen: State) -> frozenset[str]:
        """The topics that changed since and that the form has as they were when it was made."""
        return frozenset(
            topic.id
            for topic, choice in self.topics.items()
            if seen.preference(topic.id) != state.preference(topic.id)
            and choice == _as_shown(topic, seen)
        )


def _as_asked(change: Change, value: Value) -> Value:
    """A value as a form can ask for it: it shows no basis."""
    return grounded(value, ASKED) if value and change.kind == "topic" else value


def _as_shown(topic: Topic, seen: State) -> TopicChoice:
    """What a form has of a topic that nobody touches: of what is no longer offered, the first."""
    first = first_preference(topic)
    mine = seen.preference(topic.id) or {**first, "on": False}
    return TopicChoice(
        mine["on"],
        mine["channel"] if mine["channel"] in topic.channels else first["channel"],
        mine["frequency"] if mine["frequency"] in topic.frequencies else first["frequency"],
    )


def _preference(topic: Topic, choice: TopicChoice, state: State, seen: State) -> Value:
    """As ticked. Unticked is a no that counts, so that no import turns the topic on later.

    A box that was ticked before the person came is no consent if they leave it as it is (GDPR,
    recital 32; CJEU C-673/17): then the topic rests on what it rested on.
    """
    stored = state.preference(topic.id) or first_preference(topic)
    if not choice.on:
        return turned_off(stored)
    ticked = {"on": True, "channel": choice.channel, "frequency": choice.frequency}
    return grounded(ticked, ground_of(stored)) if choice == _as_shown(topic, seen) else ticked
