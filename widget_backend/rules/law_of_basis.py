"""What the law of a place makes of a consent that was not simply asked for and given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Literal

from widget_backend.rules.basis import Basis, Ground
from widget_backend.rules.jurisdictions import Jurisdiction, Rule
from widget_backend.rules.law import laws_for
from widget_backend.rules.periods import Period
from widget_backend.site.channels import Channel

Refusal = Literal["no implied consent", "pre-ticked", "rewarded", "not looked up", "ended"]


@dataclass(frozen=True)
class Verdict:
    """What one law says of a basis, or of several the strictest.

    `refusal` is why it does not count there; if None, it counts for so many `months`, or until the
    person says no. `rules` say so.
    """

    law: Jurisdiction
    rules: tuple[Rule, ...]
    refusal: Refusal | None = None
    months: int | None = None

    def ends_at(self, ground: Ground) -> int | None:
        """In seconds since 1970; None if it does not end by itself."""
        if self.months is None or ground.at is None:
            return None
        begun = datetime.fromtimestamp(ground.at, UTC)
        day = Period(self.months, "month").after(begun.date(), "")
        return int(datetime.combine(day, begun.timetz()).timestamp())

    def refusal_at(self, ground: Ground, at: int) -> Refusal | None:
        """Why it does not count at this moment."""
        if self.refusal or self.months is None:
            return self.refusal
        end = self.ends_at(ground)
        if end is None:
            return "no implied consent"
        return None if at < end else "ended"


@cache
def verdict_on(
    basis: Basis, channel: Channel, country: str | None, declared: tuple[str, ...]
) -> Verdict:
    """Of the law for somebody in this country (ISO 3166-1), or somewhere, if that is None.

    Of several that may hold, what counts must count by all of them: see `laws_for`.
    """
    verdicts = [_verdict(law, basis, channel) for law in laws_for(country, declared)]
    return min(verdicts, key=_leniency)


def _leniency(verdict: Verdict) -> tuple[bool, float]:
    return verdict.refusal is None, verdict.months or float("inf")


def _verdict(law: Jurisdiction, basis: Basis, channel: Channel) -> Verdict:
    asked_first = law.basis_of(channel)
    if asked_first.value == "opt-out":
        return Verdict(law, (asked_first,))
    if basis == "pre_ticked":
        box = law.may_preselect
        return _judged(law, box, box is not None and box.value, "pre-ticked")
    if basis in {"rewarded", "rewarded_free"}:
        reward = law.may_reward
        answers = {"yes", "if_free"} if basis == "rewarded_free" else {"yes"}
        return _judged(law, reward, reward is not None and reward.value in answers, "rewarded")
    implied = [
        rule
        for rule in law.implied_consent
        if rule.after == basis and (not rule.channels or channel in rule.channels)
    ]
    if not implied:
        return Verdict(law, (asked_first,), "no implied consent")
    return Verdict(law, tuple(implied), months=_fewest([rule.months for rule in implied]))


def _judged(law: Jurisdiction, rule: Rule | None, allows: bool, refusal: Refusal) -> Verdict:
    """What nobody has looked up is not taken for allowed."""
    if rule is None:
        return Verdict(law, (), "not looked up")
    return Verdict(law, (rule,), None if allows else refusal)


def _fewest(months: Sequence[int | None]) -> int | None:
    return min((each for each in months if each is not None), default=None)
