"""Who the benches' people are: what everybody chose, the same for us and for the peers."""

from __future__ import annotations

from urllib.parse import urlencode

from widget_backend.demo.run import DIMORA
from widget_backend.rules.state import Preference
from widget_backend.site.load import load_site

SITE = load_site(DIMORA / "SITE.toml")
TOPICS = SITE.site.topics
FIRST_REVISION = 1
"""Of everybody, who has chosen once."""


def preference_of(person: int, place: int) -> Preference:
    """What a person chose for the topic at a place; people differ, as they do in life."""
    topic = TOPICS[place]
    return {
        "on": (person + place) % 3 != 0,
        "channel": topic.channels[0],
        "frequency": topic.frequencies[(person + place) % len(topic.frequencies)],
    }


def full_form(changed: int) -> tuple[str, str]:
    """The whole preference form as a browser sends it, all topics on, in two states.

    They differ in so many topics, by turns in whether and how often these come.
    """
    return _form(changed, 0), _form(changed, 1)


def _form(changed: int, state: int) -> str:
    fields: list[tuple[str, str]] = []
    for place, topic in enumerate(TOPICS):
        differs = place < changed
        fields.append(("offered", topic.id))
        if not (differs and place % 2 == 0 and state == 1):
            fields.append((f"topic-{topic.id}", "on"))
        fields.append((f"channel-{topic.id}", topic.channels[0]))
        often = state if differs and place % 2 else 0
        fields.append((f"frequency-{topic.id}", topic.frequencies[often]))
    rest = [("phone", ""), ("post", ""), ("language", "en"), ("do", "save")]
    return urlencode(fields + rest)
