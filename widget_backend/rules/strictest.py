"""Of several laws what keeps to all of them, where nobody knows which of them applies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from widget_backend.rules.jurisdictions import (
    CONTACTS,
    REWARDS,
    BasisRule,
    ImpliedConsent,
    Jurisdiction,
    NamedRule,
    PeriodRule,
)
from widget_backend.site.channels import CHANNELS

ID = "strictest"


def strictest(laws: Sequence[Jurisdiction], name: str) -> Jurisdiction:
    """One law out of several, of which each value names the law that it is from.

    - Opt-in is stricter than opt-out, no than yes, a shorter deadline than a longer one; a way out
      that works longer, and evidence that is kept longer, than one that ends sooner.
    - What one law asks for holds beside what another does: evidence, names, ways out.
    - Hours stay those of each country, by its own clocks: all of them hold.
    - An exemption of one law does not help against another, so there are none.
    - Consent is implied only where each law that asks for consent implies it, and within the limits
      of all of these.
    """
    basis = _stricter_basis(law.basis for law in laws)
    return Jurisdiction(
        id=ID,
        name=name,
        countries=tuple(country for law in laws for country in law.countries),
        basis=basis,
        other_bases=_other_bases(laws, basis),
        implied_consent=_implied(laws),
        hours=_all(laws, "hours"),
        opt_out_within=_shortest(laws, "opt_out_within"),
        answer_within=_shortest(laws, "answer_within"),
        link_works=_longest(laws, "link_works"),
        way_out=_all(laws, "way_out"),
        evidence=_all(laws, "evidence"),
        evidence_kept=_longest(laws, "evidence_kept"),
        must_name=_each_once(_all(laws, "must_name")),
        may_preselect=min(_known(laws, "may_preselect"), key=lambda at: at.value, default=None),
        may_reward=max(
            _known(laws, "may_reward"), key=lambda at: REWARDS.index(at.value), default=None
        ),
    )


def _known(laws: Sequence[Jurisdiction], key: str) -> list[Any]:
    values = (getattr(law, key) for law in laws)
    return [each for each in values if each is not None]


def _all(laws: Sequence[Jurisdiction], key: str) -> tuple[Any, ...]:
    return tuple(each for law in laws for each in getattr(law, key))


def _shortest(laws: Sequence[Jurisdiction], key: str) -> PeriodRule | None:
    return min(_known(laws, key), key=lambda at: at.value.least_days, default=None)


def _longest(laws: Sequence[Jurisdiction], key: str) -> PeriodRule | None:
    return max(_known(laws, key), key=lambda at: at.value.least_days, default=None)


def _stricter_basis(bases: Iterable[BasisRule]) -> BasisRule:
    return max(bases, key=lambda each: each.value == "opt-in")


def _other_bases(laws: Sequence[Jurisdiction], basis: BasisRule) -> tuple[BasisRule, ...]:
    of_channels = {each: _stricter_basis(law.basis_of(each) for law in laws) for each in CHANNELS}
    return tuple(
        replace(rule, channels=(channel,))
        for channel, rule in of_channels.items()
        if rule.value != basis.value
    )


def _implied(laws: Sequence[Jurisdiction]) -> tuple[ImpliedConsent, ...]:
    asking = [law for law in laws if law.basis.value == "opt-in"]
    return tuple(
        rule
        for contact in CONTACTS
        if all(any(rule.after == contact for rule in law.implied_consent) for law in asking)
        for rule in _all(asking, "implied_consent")
        if rule.after == contact
    )


def _each_once(rules: Sequence[NamedRule]) -> tuple[NamedRule, ...]:
    """The first law that asks for a thing is enough."""
    return tuple({rule.value: rule for rule in reversed(rules)}.values())[::-1]
