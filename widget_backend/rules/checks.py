"""The rules of a decision, in their order: what each says of a message to a person at a moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from widget_backend.rules.basis import ground_of
from widget_backend.rules.caps import counted, covers, next_within
from widget_backend.rules.check import RULES, Check, lasting
from widget_backend.rules.law_checks import basis_check, law_check
from widget_backend.rules.segments import is_in
from widget_backend.rules.snapshot import Ahead, Attempt, Message, Snapshot
from widget_backend.rules.topics import CONTACT_FOR
from widget_backend.rules.volume import most_often
from widget_backend.rules.windows import apart, earliest, longest, taken
from widget_backend.site.clocks import midnight, quiet_until
from widget_backend.site.model import Site
from widget_backend.site.sending import Cap


def checks(site: Site, message: Message, person: Snapshot, at: int) -> Iterator[Check]:
    """Every rule, also when an earlier one has refused the message."""
    yield from flat_checks(site, message, person, at)
    yield from later_checks(site, message, person, at)


def flat_checks(site: Site, message: Message, person: Snapshot, at: int) -> Iterator[Check]:
    """The rules that say a flat no: no time mends it, and what was sent does not matter."""
    for rule in (_address,) if message.service else (_segment, _consent, _unsubscribed, _address):
        yield rule(site, message, person, at)
    if not (basis := basis_check(site, message, person, at)).passed:
        yield basis


def later_checks(site: Site, message: Message, person: Snapshot, at: int) -> Iterator[Check]:
    """The rules after those, most of which say “not yet”."""
    if message.service:
        facts = {"ground": message.service.ground}
        yield from (Check(rule, True, facts) for rule in RULES if rule != "address")
        return
    if (basis := basis_check(site, message, person, at)).passed:
        yield law_check(site, message, person, at, basis.facts)
    for rule in (_pause, _context, _frequency):
        yield rule(site, message, person, at)
    for cap in site.caps:
        if covers(cap, message.topic, message.channel):
            yield _cap(cap, message, person, at)
    yield _quiet_hours(site, message, person, at)
    yield _priority(site, message, person, at)


# What holds nothing back is most often the same for everybody, and is made once.
_NO_SEGMENT = Check("segment", True, {"segment": None})
_HAS_NOT_LEFT = Check("unsubscribed", True, {"from_everything": False, "at": None})
_NO_PAUSE = Check("pause", True, {"until": None})
_NOT_BUSY = Check("context", True, {"context": None})
_NO_QUIET_HOURS = Check("quiet_hours", True, {"kept": False, "zones": []})
_NOTHING_AHEAD = Check("priority", True, {"campaigns": []})


# ── a flat no ───────────────────────────────────────────────────────────────────────────────


def _segment(_: Site, message: Message, person: Snapshot, _at: int) -> Check:
    """The campaign is for people like this one."""
    segment = message.segment
    if segment is None:
        return _NO_SEGMENT
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
    if person.state.reach != "off":
        return _HAS_NOT_LEFT
    return Check("unsubscribed", False, {"from_everything": True, "at": person.times.overall})


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


# ── not yet ─────────────────────────────────────────────────────────────────────────────────


def _pause(_: Site, _message: Message, person: Snapshot, at: int) -> Check:
    """A pause ends at the person’s midnight."""
    overall = person.state.overall
    if overall["reach"] != "paused":
        return _NO_PAUSE
    ends = midnight(date.fromisoformat(str(overall["until"])), person.zones)
    return lasting("pause", at, ends, {"until": overall["until"]})


def _context(_: Site, _message: Message, person: Snapshot, at: int) -> Check:
    if not person.contexts:
        return _NOT_BUSY
    kind, until = max(person.contexts.items(), key=lambda context: context[1])
    return lasting("context", at, until, {"context": kind if until > at else None})


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
    return lasting("frequency", at, not_before, facts)


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
    return lasting("cap", at, next_within(cap, times, at, person.zones), facts)


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
    return lasting("quiet_hours", at, until, facts)


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
            return lasting("priority", at, not_before, {"campaigns": campaigns})
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
