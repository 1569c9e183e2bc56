"""The moment at which a message may go, for random people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from tests.support.decisions import (
    NOW,
    OFFERS,
    SHOP,
    choice,
    less,
    person,
)
from widget_backend.rules.decision import Decision, decide
from widget_backend.rules.snapshot import Attempt

CHOICES = some.builds(
    choice,
    some.sampled_from(["daily", "weekly", "monthly"]),
    some.booleans(),
    some.sampled_from(["email", "sms"]),
)
SENT = some.lists(
    some.builds(
        Attempt,
        some.integers(NOW - 40 * 86_400, NOW + 10 * 86_400),
        some.sampled_from(["offers", "news", None]),
        some.sampled_from(["email", "sms"]),
        some.booleans(),
    ),
    max_size=8,
).map(lambda sent: sorted(sent, key=lambda each: each.at))
OVERALL = some.sampled_from(
    [None, less(), {"reach": "paused", "until": "2026-06-20"}, {"reach": "off", "until": None}]
)
BUSY = some.dictionaries(
    some.sampled_from(["open-cart", "service-case"]), some.integers(NOW - 60, NOW + 90_000)
)


@given(
    offers=CHOICES,
    overall=OVERALL,
    sent=SENT,
    busy=BUSY,
    channel=some.sampled_from(["email", "sms"]),
)
def test_the_moment_that_is_named_is_the_first_at_which_it_may_go(
    offers: Any, overall: Any, sent: list[Attempt], busy: Any, channel: Any
) -> None:
    who = person(offers=offers, overall=overall, contexts=busy)._replace(attempts=sent)
    what = replace(OFFERS, channel=channel)
    decision: Decision = decide(SHOP, what, who, NOW)
    failed = [each for each in decision.checks if not each.passed]
    assert decision.allowed == (not failed)
    if decision.not_before is not None:
        assert decide(SHOP, what, who, decision.not_before).allowed
        assert not decide(SHOP, what, who, decision.not_before - 1).allowed
    elif failed:
        assert any(each.not_before is None for each in failed)
