"""Which topics a person is offered, and under which headings."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from itertools import groupby

from widget_backend.rules.state import Preference, State
from widget_backend.site.model import Group, Site, Topic


def offered_topics(site: Site, roles: Collection[str], state: State) -> tuple[Topic, ...]:
    """Topics for everyone, for one of the person's roles, or already turned on.

    The last, so that nobody is left with a topic that they cannot leave.
    """
    return tuple(
        topic
        for topic in site.topics
        if not topic.roles or set(topic.roles) & set(roles) or state.is_subscribed(topic.id)
    )


@lru_cache(maxsize=256)
def by_group(
    site: Site, topics: tuple[Topic, ...]
) -> tuple[tuple[Group | None, tuple[Topic, ...]], ...]:
    """These topics of the site under their groups, in order; None for those without a group.

    Without any topics, none without a group: a form has a place for them all the same. Remembered,
    since few different lists are offered, and each to many.
    """
    runs = tuple(
        (site.group(name) if name else None, tuple(of_group))
        for name, of_group in groupby(topics, key=lambda topic: topic.group)
    )
    return runs or ((None, ()),)


CONTACT_FOR = {"sms": "phone", "phone": "phone", "post": "post"}
"""Which contact detail a channel needs; everyone has an email."""


def unreachable_topics(state: State) -> frozenset[str]:
    """The ids of topics turned on whose channel lacks its contact detail."""
    return frozenset(
        topic_id
        for topic_id, preference in state.preferences().items()
        if preference["on"]
        and (kind := CONTACT_FOR.get(preference["channel"]))
        and state.contact(kind) is None
    )


def sign_up_topics(site: Site) -> tuple[Topic, ...]:
    """What a stranger may sign up for: topics for everyone that come by email."""
    return tuple(topic for topic in site.topics if not topic.roles and "email" in topic.channels)


def first_preference(topic: Topic) -> Preference:
    """What a person gets who only ticks the topic: its first channel and frequency."""
    return {"on": True, "channel": topic.channels[0], "frequency": topic.frequencies[0]}


def email_preference(topic: Topic) -> Preference:
    return {**first_preference(topic), "channel": "email"}
