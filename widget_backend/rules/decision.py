"""The decision: may this message go to this person at this moment, and why not (S0.9, S1.2, S4.5).

It is made from a snapshot of what is known, by rules that stand in one order. Every rule is looked
at, with the fact that it looked at: who asks why gets all of them. A flat no counts before a “not
yet”.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from widget_backend.rules.check import Check, Rule
from widget_backend.rules.checks import checks
from widget_backend.rules.snapshot import Message, Snapshot
from widget_backend.site.model import Site

LONGEST_LOOK = 100
"""How many moments are tried to find one at which everything allows the message."""


@dataclass(frozen=True)
class Decision:
    """Whether the message may go, the rule that decided it, and what every rule says.

    Where it may not, `not_before` is the first moment at which everything lets it pass, as far as
    it is known now; None if no moment does, or none of the first hundred that are tried.
    """

    allowed: bool
    checks: tuple[Check, ...]
    deciding: Check | None = None
    not_before: int | None = None


def decide(site: Site, message: Message, person: Snapshot, at: int) -> Decision:
    """The decision at a moment, in seconds since 1970."""
    all_checks = tuple(checks(site, message, person, at))
    deciding = deciding_of(all_checks)
    if deciding is None:
        return Decision(True, all_checks)
    return Decision(False, all_checks, deciding, _not_before(site, message, person, deciding))


def deciding_of(results: Iterable[Check]) -> Check | None:
    """The first flat no, or else the “not yet” that lasts longest; None if all pass.

    After a flat no, no other result is asked for.
    """
    latest: Check | None = None
    for check in results:
        if check.passed:
            continue
        if check.not_before is None:
            return check
        if latest is None or check.not_before > (latest.not_before or 0):
            latest = check
    return latest


def refusal_of(decision: Decision, but_for: Collection[Rule] = ()) -> Check | None:
    """The first flat no of a decision, of other rules than these; None if there is none."""
    refusals = (each for each in decision.checks if not each.passed and each.not_before is None)
    return next((each for each in refusals if each.rule not in but_for), None)


def _not_before(site: Site, message: Message, person: Snapshot, deciding: Check) -> int | None:
    """When one rule lets the message pass, another may hold it back: quiet hours begin."""
    for _ in range(LONGEST_LOOK):
        at = deciding.not_before
        later = None if at is None else deciding_of(checks(site, message, person, at))
        if later is None:
            return at
        deciding = later
    return None
