"""A check: what one rule of a decision says of a message to a person at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, get_args

Rule = Literal[
    "segment",
    "consent",
    "unsubscribed",
    "address",
    "law",
    "pause",
    "context",
    "frequency",
    "cap",
    "quiet_hours",
    "priority",
]
RULES: tuple[Rule, ...] = get_args(Rule)
"""In their order."""


class Check(NamedTuple):
    """What one rule says: whether it lets the message pass, and the facts that it looked at.

    Where it does not, `not_before` is the first moment at which it does, or None: it never does by
    itself.
    """

    rule: Rule
    passed: bool
    facts: Mapping[str, Any]
    not_before: int | None = None


def lasting(rule: Rule, at: int, not_before: int, facts: Mapping[str, Any]) -> Check:
    """Whether it passes at this moment; if not, it does from `not_before` on."""
    return Check(rule, not_before <= at, facts, None if not_before <= at else not_before)
