"""Deliveries: what became of a message that somebody sent."""

from __future__ import annotations

from typing import Literal, get_args

Outcome = Literal["sent", "delivered", "soft_bounce", "hard_bounce", "complaint"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
"""From the first that is known of a message to the last: a later report replaces an earlier one. A
soft bounce may be over by the next message, a hard one comes from a mailbox that is not there; a
complaint is a person who marked the message as spam."""


def is_later(outcome: Outcome, known: Outcome) -> bool:
    """Whether it tells more of a message than what was known of it."""
    return OUTCOMES.index(outcome) > OUTCOMES.index(known)
