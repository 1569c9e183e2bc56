"""What the law where a person is says of a message: whether how they came to agree is consent, and
at which hours it may arrive. Not legal advice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from widget_backend.rules.basis import ground_of
from widget_backend.rules.check import Check, lasting
from widget_backend.rules.jurisdictions import Hours as LawHours
from widget_backend.rules.jurisdictions import Jurisdiction
from widget_backend.rules.jurisdictions import Rule as LawRule
from widget_backend.rules.law import law_of
from widget_backend.rules.law_of_basis import verdict_on
from widget_backend.rules.snapshot import Message, Snapshot
from widget_backend.site.channels import Channel
from widget_backend.site.clocks import Hours, quiet_until
from widget_backend.site.model import Site
from widget_backend.site.places import Zones, zones_of

_ASKED = Check("law", True, {})


def basis_check(site: Site, message: Message, person: Snapshot, at: int) -> Check:
    """Whether a consent counts by law for which the person was not simply asked. That it does not
    is a flat no: no time mends it."""
    ground = ground_of(person.state.preference(message.topic or ""))
    if ground.basis is None:
        return _ASKED
    verdict = verdict_on(ground.basis, message.channel, person.country, site.countries)
    facts = {"consent": ground.basis, "since": ground.at, "until": verdict.ends_at(ground)}
    if refusal := verdict.refusal_at(ground, at):
        known = _known(verdict.law, message.channel, verdict.rules)
        seen = known["seen"] and refusal != "not looked up"
        return Check("law", False, {**known, **facts, "is": refusal, "seen": seen})
    return Check("law", True, {**facts, "rules": verdict.rules})


def law_check(
    site: Site, message: Message, person: Snapshot, at: int, of_basis: Mapping[str, Any]
) -> Check:
    """What the law says where the person is: whether they must have agreed, and at which hours
    messages may arrive; `of_basis` is what it says of how they agreed. Not legal advice."""
    facts = dict(of_basis)
    rules = facts.pop("rules", ())
    hours, known = _law_of_channel(person.country, site.countries, message.channel, rules)
    facts |= known
    until = quiet_until(at, [_quiet_by_law(each, person) for each in hours])
    return Check("law", False, facts) if until is None else lasting("law", at, until, facts)


@cache
def _law_of_channel(
    country: str | None, declared: tuple[str, ...], channel: Channel, rules: tuple[LawRule, ...]
) -> tuple[Sequence[LawHours], Mapping[str, Any]]:
    """The hours of this channel by the law there, see `law_of`, and the facts of that law."""
    law = law_of(country, declared)
    hours = [each for each in law.hours if each.channel == channel]
    return hours, _known(law, channel, (*hours, *rules))


def _known(law: Jurisdiction, channel: Channel, rules: Sequence[LawRule]) -> dict[str, Any]:
    """The facts of a law, and of the rules in it that were looked at beside its basis."""
    basis = law.basis_of(channel)
    hours = [each for each in rules if isinstance(each, LawHours)]
    sources = [each.source for each in (basis, *rules)]
    return {
        "law": law.id,
        "name": law.name,
        "basis": basis.value,
        "hours": [f"{each.starts:%H:%M}–{each.ends:%H:%M}" for each in hours],
        "sources": list(dict.fromkeys(each.text for each in sources)),
        "seen": all(each.seen for each in sources),
    }


def _quiet_by_law(hours: LawHours, person: Snapshot) -> tuple[Hours, Zones]:
    """Outside the hours of a law it is quiet, by the clocks of its country."""
    zones = person.zones if person.country else zones_of(hours.country)
    return Hours(hours.ends, hours.starts), zones
