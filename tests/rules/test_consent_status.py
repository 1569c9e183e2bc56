"""The status of consent: what was ticked, what was left unticked, and what was taken back."""

from __future__ import annotations

from typing import Any

import pytest

from widget_backend.rules.basis import Ground, grounded
from widget_backend.rules.consent_status import Saved, TopicStatus, statuses
from widget_backend.rules.state import AS_CHOSEN, LESS_OF_ALL, OFF, Change

ON = {"on": True, "channel": "email", "frequency": "weekly"}
NOT = {**ON, "on": False}
BOUGHT = grounded(ON, Ground("purchase", 0))


def topic(name: str, before: Any, after: Any) -> Change:
    return Change(f"topic:{name}", before, after)


def overall(after: Any) -> Change:
    return Change("overall", None, after)


TICKED = topic("offers", None, ON)
CASES = {
    "a ticked topic is given": ([[TICKED]], {}, {"offers": ("given", 1)}),
    "one that was left unticked is refused": (
        [[TICKED]],
        {"offers", "news"},
        {"offers": ("given", 1), "news": ("refused", 1)},
    ),
    "one that was said no to is refused": (
        [[topic("offers", None, NOT)]],
        {},
        {"offers": ("refused", 1)},
    ),
    "one that was on is withdrawn": (
        [[TICKED], [topic("offers", ON, NOT)]],
        {},
        {"offers": ("withdrawn", 2)},
    ),
    "and stays withdrawn, though it is left unticked later": (
        [[TICKED], [topic("offers", ON, NOT)], [topic("offers", NOT, {**NOT, "channel": "sms"})]],
        {"offers"},
        {"offers": ("withdrawn", 2)},
    ),
    "another frequency is consent anew": (
        [[TICKED], [topic("offers", ON, {**ON, "frequency": "monthly"})]],
        {},
        {"offers": ("given", 2)},
    ),
    "what nobody asked for is implied since its day": (
        [[topic("offers", None, BOUGHT)]],
        {},
        {"offers": ("implied", 0)},
    ),
    "a yes to it later is given": (
        [[topic("offers", None, BOUGHT)], [topic("offers", BOUGHT, ON)]],
        {},
        {"offers": ("given", 2)},
    ),
    "to leave it is to refuse it, for it was never given": (
        [[topic("offers", None, BOUGHT)], [topic("offers", BOUGHT, NOT)]],
        {},
        {"offers": ("refused", 2)},
    ),
    "and so is to leave everything": (
        [[topic("offers", None, BOUGHT)], [overall(OFF)]],
        {},
        {"offers": ("refused", 2)},
    ),
    "a yes for a reward is given": (
        [[topic("offers", None, grounded(ON, Ground("rewarded", 0)))]],
        {},
        {"offers": ("given", 1)},
    ),
    "a yes that was undone is withdrawn": (
        [[TICKED], [topic("offers", ON, None)]],
        {},
        {"offers": ("withdrawn", 2)},
    ),
    "a no that was undone is none": (
        [[topic("offers", None, NOT)], [topic("offers", NOT, None)]],
        {},
        {},
    ),
    "what was chosen before keeps its time": (
        [[TICKED], [topic("news", None, ON)]],
        {"offers", "news"},
        {"offers": ("given", 1), "news": ("given", 2)},
    ),
    "who leaves everything withdraws all they gave": (
        [[TICKED, topic("news", None, NOT)], [overall(OFF)]],
        {},
        {"offers": ("withdrawn", 2), "news": ("refused", 1)},
    ),
    "until they come back": (
        [[TICKED], [overall(OFF)], [overall(AS_CHOSEN)]],
        {},
        {"offers": ("given", 1)},
    ),
    "fewer messages withdraw nothing": (
        [[TICKED], [overall(LESS_OF_ALL)]],
        {},
        {"offers": ("given", 1)},
    ),
    "nothing recorded is nothing refused": ([], {"offers"}, {}),
}


@pytest.mark.parametrize("name", CASES)
def test_the_status_of_each_topic(name: str) -> None:
    history, offered, expected = CASES[name]
    records = [Saved(at, "hosted", changes) for at, changes in enumerate(history, start=1)]
    known = {each: of[:3] for each, of in statuses(records, offered).items()}
    assert known == {
        each: TopicStatus(status, at, "hosted")[:3]  # type: ignore[arg-type]
        for each, (status, at) in expected.items()
    }
