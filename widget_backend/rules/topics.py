"""Which topics a person is shown."""

from __future__ import annotations

from collections.abc import Collection

from widget_backend.rules.state import Preference, State, is_on
from widget_backend.site.model import Site, Topic


def offered_topics(site: Site, roles: Collection[str], state: State) -> tuple[Topic, ...]:
    """Topics for everyone, for one of the person's roles (S2.4), or already turned on.

    The last, so that nobody is left with a topic they cannot leave.
    """
    return tuple(
        topic
        for topic in site.topics
        if not topic.roles or set(topic.roles) & set(roles) or is_on(state, topic.id)
    )


CONTACT_FOR = {"sms": "phone", "phone": "phone", "post": "post"}
"""Which contact detail a channel needs; everyone has an email."""


def unreachable(state: State) -> frozenset[str]:
    """The subjects of topics turned on whose channel lacks its contact detail."""
    return frozenset(
        subject
        for subject, preference in state.items()
        if subject.startswith("topic:")
        and preference["on"]
        and (contact := CONTACT_FOR.get(preference["channel"]))
        and f"contact:{contact}" not in state
    )


def sign_up_topics(site: Site) -> tuple[Topic, ...]:
    """What a stranger may sign up for: topics for everyone that come by email."""
    return tuple(topic for topic in site.topics if not topic.roles and "email" in topic.channels)


def first_preference(topic: Topic) -> Preference:
    """What a person gets who only ticks the topic: its first channel and frequency."""
    return {"on": True, "channel": topic.channels[0], "frequency": topic.frequencies[0]}


def email_preference(topic: Topic) -> Preference:
    return {**first_preference(topic), "channel": "email"}
