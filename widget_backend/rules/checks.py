"""The rules of a decision, in their order: what each says of a message to a person at a moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Literal, NamedTuple, get_args

from widget_backend.rules.basis import ground_of
from widget_backend.rules.caps import counted, covers, next_within
from widget_backend.rules.jurisdictions import Hours as LawHours
from widget_backend.rules.jurisdictions import Jurisdiction
from widget_backend.rules.jurisdictions import Rule as LawRule
from widget_backend.rules.law import law_of
from widget_backend.rules.law_of_basis import verdict_on
from widget_backend.rules.segments import is_in
from widget_backend.rules.snapshot import Ahead, Attempt, Message, Snapshot
from widget_backend.rules.topics import CONTACT_FOR
from widget_backend.rules.volume import most_often
from widget_backend.rules.windows import apart, earliest, longest, taken
from widget_backend.site.channels import Channel
from widget_backend.site.clocks import Hours, midnight, quiet_until
from widget_backend.site.model import Site
from widget_backend.site.places import Zones, zones_of
from widget_backend.site.sending import Cap

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


def checks(site: Site, message: Message, person: Snapshot, at: int) -> Iterator[Check]:
    """Every rule, also when an earlier one has refused the message."""
    yield from flat_checks(site, message, person, at)
    yield from later_checks(site, message, person, at)


def flat_checks(site: Site, message: Message, person: Snapshot, at: int) -> Iterator[Check]:
    """The rules that say a flat no: no time mends it, and what was sent does not matter."""
    for rule in (_address,) if message.service else (_segment, _consent, _unsubscribed, _address):
        yield rule(site, message, person, at)
    if not (basis := _basis(site, message, person, at)).passed:
        yield basis


def later_checks(site: Site, message: Message, person: Snapshot, at: int) -> Iterator[Check]:
    """The rules after those, most of which say “not yet”."""
    if message.service:
        facts = {"ground": message.service.ground}
        yield from (Check(rule, True, facts) for rule in RULES if rule != "address")
        return
    if (basis := _basis(site, message, person, at)).passed:
        yield _law(site, message, person, at, basis.facts)
    for rule in (_pause, _context, _frequency):
        yield rule(site, message, person, at)
    for cap in site.caps:
        if covers(cap, message.topic, message.channel):
            yield _cap(cap, message, person, at)
    yield _quiet_hours(site, message, person, at)
    yield _priority(site, message, person, at)


# ── a flat no ───────────────────────────────────────────────────────────────────────────────


def _segment(_: Site, message: Message, person: Snapshot, _at: int) -> Check:
    """The campaign is for people like this one."""
    segment = message.segment
    if segment is None:
        return Check("segment", True, {"segment": None})
    known = (person.state, person.roles, person.fields)
    passes = segment.where is not None and is_in(segment.where, *known)
    return Check("segment", passes, {"segment": segment.id, "in": passes})


def _consent(_: Site, message: Message, person: Snapshot, _at: int) -> Check:
    """The person agreed to this topic by this channel."""
    assert message.topic is not None
    preference = person.state.preference(message.topic)
    facts: dict[str, Any] = {"topic": message.topic, "at": person.times.topic(message.topic)}
    if person.is_pending:
        return Check("consent", False, {**facts, "is": "not confirmed"})
    if preference is None:
        return Check("consent", False, {**facts, "is": "never agreed"})
    if not preference["on"]:
        return Check("consent", False, {**facts, "is": "turned off"})
    if preference["channel"] != message.channel:
        return Check("consent", False, {**facts, "is": "by", "channel": preference["channel"]})
    if (ground := ground_of(preference)).basis:
        return Check("consent", True, {**facts, "is": ground.basis, "at": ground.at})
    return Check("consent", True, {**facts, "is": "agreed"})


def _unsubscribed(_: Site, _message: Message, person: Snapshot, _at: int) -> Check:
    is_off = person.state.reach == "off"
    at = person.times.overall if is_off else None
    return Check("unsubscribed", not is_off, {"from_everything": is_off, "at": at})


def _address(site: Site, message: Message, person: Snapshot, _at: int) -> Check:
    """There is an address for this channel that is the person’s, and that takes messages."""
    kind = CONTACT_FOR.get(message.channel, "email")
    address = person.addresses.get(kind)
    if address is None:
        return Check("address", False, {"kind": kind, "is": "missing"})
    if address.is_undeliverable:
        return Check("address", False, {"kind": kind, "is": "undeliverable"})
    is_theirs = address.is_confirmed or kind == "post"
    if not is_theirs and not (kind == "phone" and site.unverified_numbers):
        return Check("address", False, {"kind": kind, "is": "not confirmed"})
    return Check("address", True, {"kind": kind, "is": "known"})


_ASKED = Check("law", True, {})


def _basis(site: Site, message: Message, person: Snapshot, at: int) -> Check:
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


# ── not yet ─────────────────────────────────────────────────────────────────────────────────


def _law(
    site: Site, message: Message, person: Snapshot, at: int, of_basis: Mapping[str, Any]
) -> Check:
    """What the law says where the person is: whether they must have agreed, and at which hours
    messages may arrive; `of_basis` is what it says of how they agreed. Not legal advice."""
    facts = dict(of_basis)
    rules = facts.pop("rules", ())
    hours, known = _law_of_channel(person.country, site.countries, message.channel, rules)
    facts |= known
    until = quiet_until(at, [_quiet_by_law(each, person) for each in hours])
    return Check("law", False, facts) if until is None else _until("law", at, until, facts)


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


def _until(rule: Rule, at: int, not_before: int, facts: Mapping[str, Any]) -> Check:
    return Check(rule, not_before <= at, facts, None if not_before <= at else not_before)


# What holds nothing back is most often the same for everybody, and is made once.
_NO_PAUSE = Check("pause", True, {"until": None})
_NOT_BUSY = Check("context", True, {"context": None})
_NO_QUIET_HOURS = Check("quiet_hours", True, {"kept": False, "zones": []})
_NOTHING_AHEAD = Check("priority", True, {"campaigns": []})


def _pause(_: Site, _message: Message, person: Snapshot, at: int) -> Check:
    """A pause ends at the person’s midnight."""
    overall = person.state.overall
    if overall["reach"] != "paused":
        return _NO_PAUSE
    ends = midnight(date.fromisoformat(str(overall["until"])), person.zones)
    return _until("pause", at, ends, {"until": overall["until"]})


def _context(_: Site, _message: Message, person: Snapshot, at: int) -> Check:
    if not person.contexts:
        return _NOT_BUSY
    kind, until = max(person.contexts.items(), key=lambda context: context[1])
    return _until("context", at, until, {"context": kind if until > at else None})


def _frequency(_: Site, message: Message, person: Snapshot, at: int) -> Check:
    """As often as the person chose for the topic, and at most monthly if they want less."""
    preference = person.state.preference(message.topic or "")
    if preference is None:
        return Check("frequency", True, {"frequency": None})
    frequency = most_often(preference["frequency"], person.state.reach)
    of_topic = [each for each in person.attempts if each.topic == message.topic]
    seconds = apart(frequency)
    sent = [each.at for each in of_topic if not each.is_planned]
    near = [each.at for each in of_topic if each.is_planned and abs(each.at - at) < seconds]
    facts = {
        "frequency": frequency,
        "less": person.state.reach == "less",
        "last": sent[-1] if sent else None,
        "planned": near[0] if near else None,
    }
    not_before = earliest([each.at for each in of_topic], at, 1, seconds)
    return _until("frequency", at, not_before, facts)


def _cap(cap: Cap, _message: Message, person: Snapshot, at: int) -> Check:
    times = counted(cap, person.attempts)
    facts = {
        "most": cap.most,
        "window": cap.window or None,
        "calendar": cap.calendar,
        "channel": cap.channel,
        "topic": cap.topic,
        "taken": taken(times, at, cap, person.zones),
    }
    return _until("cap", at, next_within(cap, times, at, person.zones), facts)


def _quiet_hours(site: Site, message: Message, person: Snapshot, at: int) -> Check:
    quiet = [
        (each.hours, person.zones) for each in site.quiet_hours if message.channel in each.channels
    ]
    if not quiet:
        return _NO_QUIET_HOURS
    until = quiet_until(at, quiet)
    # Who it is that keeps them is asked only where they hold something back.
    zones = [
        zone.key
        for zone in (person.zones if until != at else ())
        if any(quiet_until(at, [(hours, (zone,))]) != at for hours, _ in quiet)
    ]
    facts = {"kept": True, "zones": zones}
    if until is None:
        return Check("quiet_hours", False, facts)
    return _until("quiet_hours", at, until, facts)


def _priority(site: Site, message: Message, person: Snapshot, at: int) -> Check:
    """What is planned with a higher priority, and will go to the person, finds its place."""
    if not message.more_important:
        return _NOTHING_AHEAD
    caps = [each for each in site.caps if covers(each, message.topic, message.channel)]
    end = at + longest(caps)
    planned = [each for each in message.more_important if at <= each.at < end]
    # Most often there is room for all of it, and nobody needs to know what will go.
    if planned and _room_beside(planned, caps, person, at) > at:
        ahead = _that_will_go(site, planned, person)
        not_before = _room_beside(ahead, caps, person, at)
        if not_before > at:
            campaigns = [each.message.campaign for each in ahead]
            return _until("priority", at, not_before, {"campaigns": campaigns})
    return _NOTHING_AHEAD


def _room_beside(ahead: Sequence[Ahead], caps: Sequence[Cap], person: Snapshot, at: int) -> int:
    """When every cap has room for one more beside these."""
    moments = [at]
    for cap in caps:
        mine = [each.at for each in ahead if covers(cap, each.message.topic, each.message.channel)]
        if mine:
            times = sorted([*counted(cap, person.attempts), *mine])
            moments.append(next_within(cap, times, at, person.zones))
    return max(moments)


def _that_will_go(site: Site, planned: Sequence[Ahead], person: Snapshot) -> list[Ahead]:
    """Those that may go to the person one after the other, each counting for the next."""
    ahead = []
    for each in sorted(planned, key=lambda each: each.at):
        if all(check.passed for check in checks(site, each.message, person, each.at)):
            ahead.append(each)
            attempt = Attempt(each.at, each.message.topic, each.message.channel, is_planned=True)
            attempts = sorted([*person.attempts, attempt], key=lambda other: other.at)
            person = person._replace(attempts=attempts)
    return ahead
