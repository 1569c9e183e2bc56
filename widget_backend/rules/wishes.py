"""Wishes: what somebody tells the staff by phone. It counts as said at that moment.

What only ends something is never refused. What brings more needs evidence: words of theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from widget_backend.rules import do_not_track
from widget_backend.rules.later_words import Effect, Times, come_back, leave, times_after
from widget_backend.rules.pauses import may_pause_until, pause_dates, paused_until
from widget_backend.rules.state import (
    AS_CHOSEN,
    OVERALL,
    Change,
    Preference,
    Reach,
    State,
    applied,
    difference,
    squash,
    topic_subject,
)
from widget_backend.rules.topics import CONTACT_FOR, first_preference, offered_topics
from widget_backend.rules.unsubscribing import pause
from widget_backend.site.channels import Channel, Frequency
from widget_backend.site.model import Site, Topic

LONGEST_WORDS = 500
"""Characters."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants: topics by their ids, and what overrides all of them.

    `channel` and `frequency` are for what is turned on; None keeps those that they chose before.
    `words` are what they said, as evidence.
    """

    off: tuple[str, ...] = ()
    on: tuple[str, ...] = ()
    channel: Channel | None = None
    frequency: Frequency | None = None
    leaves: bool = False
    pauses_until: date | None = None
    comes_back: bool = False
    is_not_tracked: bool = False
    words: str = ""

    @property
    def brings_more(self) -> bool:
        return bool(self.on) or self.comes_back

    @property
    def is_more_than_a_pause(self) -> bool:
        return bool(self.off) or self.leaves or self.is_not_tracked or self.brings_more

    def loses_its_pause(self, reach: Reach) -> bool:
        """Whether no pause is kept, by what holds above all topics after it: leaving everything has
        no end, and a pause would give it one."""
        return self.pauses_until is not None and reach == "off"


@dataclass(frozen=True)
class Person:
    """Who wants it: what they chose and when, their roles, and which contact details they have."""

    state: State
    times: Times
    roles: Collection[str] = ()
    addresses: Collection[str] = ()


class Refusal(NamedTuple):
    """Why a part of a wish cannot be kept, the option that says it, and what to do."""

    option: str
    reason: str
    cure: str


def judge(
    site: Site, person: Person, wish: Wish, at: int, today: date
) -> tuple[Effect, list[Refusal]]:
    """What the wish changes, and what of it is refused: then all that brings more is.

    It counts as said after everything that is stored: no clock is so right that a no on the phone
    may be taken for older than the yes of a minute ago.
    """
    times = person.times
    stored = (*times.topics.values(), times.overall, times.left, times.spoke)
    at = max([at, *(each for each in stored if each is not None)])
    refusals = [*_unknown(site, person.state, wish), *_bad_pause(person.state, wish, today)]
    if not wish.on and (wish.channel or wish.frequency):
        refusals.append(Refusal("--on", "--channel and --frequency belong to it", "leave them out"))
    less, state, times = _less(site, person, wish, at, today)
    if not wish.brings_more:
        return less, refusals
    refusals += _refusals(site, person, state, wish)
    if refusals:
        return less, refusals
    more = _more(site, state, times, wish, at)
    changes = squash((*less.changes, *more.changes))
    return Effect(tuple(changes), at, {**less.times, **more.times}, less.left), []


# ── what ends something ─────────────────────────────────────────────────────────────────────


def _less(
    site: Site, person: Person, wish: Wish, at: int, today: date
) -> tuple[Effect, State, Times]:
    """What ends, and what holds after it."""
    state, times, effects = person.state, person.times, list[Effect]()

    def add(effect: Effect) -> None:
        nonlocal state, times
        effects.append(effect)
        state, times = applied(state, effect.changes), times_after(times, effect)

    for topic in dict.fromkeys((*wish.off, *([None] if wish.leaves else ()))):
        add(leave(site, state, times, topic, at))
    if wish.pauses_until and may_pause_until(wish.pauses_until, today):
        add(Effect(tuple(pause(state, wish.pauses_until, today)), at))
    if wish.is_not_tracked:
        add(Effect(tuple(do_not_track.ask(state, wanted=True, at=at)), at))
    changes = squash(change for each in effects for change in each.changes)
    again = {subject: at for each in effects for subject in each.times}
    left = next((each.left for each in effects if each.left is not None), None)
    return Effect(tuple(changes), at, again, left), state, times


def _unknown(site: Site, state: State, wish: Wish) -> Iterator[Refusal]:
    """Who has a topic that the site no longer offers can leave it all the same."""
    offered = [each.id for each in site.topics]
    cure = f"choose one of {', '.join(offered)}"
    for option, topics in (("--off", wish.off), ("--on", wish.on)):
        for topic in topics:
            if topic not in offered and (option == "--on" or state.preference(topic) is None):
                yield Refusal(f"{option} {topic}", f"no topic is called “{topic}”", cure)


def _bad_pause(state: State, wish: Wish, today: date) -> Iterator[Refusal]:
    """Also one that would end what holds back more, or for longer."""
    until, overall = wish.pauses_until, state.overall_on(today)
    if until is None or wish.leaves:
        return
    option = f"--pause-until {until}"
    if not may_pause_until(until, today):
        reason = f"messages cannot be paused until {until}"
        last = pause_dates(today)[-1]
        yield Refusal(
            option, reason, f"name a day after today, {last} at the latest, or use --leave"
        )
    elif overall["reach"] == "less":
        reason = "they get fewer messages, and would get all of them again after a pause"
        yield Refusal(option, reason, "use --leave, or let them choose on their page")
    elif overall["reach"] == "paused" and str(overall["until"]) > until.isoformat():
        reason = f"they have paused until {overall['until']}, which is longer"
        yield Refusal(option, reason, "leave it so, or end it with --come-back")


# ── what brings more ────────────────────────────────────────────────────────────────────────


def _refusals(site: Site, person: Person, state: State, wish: Wish) -> Iterator[Refusal]:
    if not wish.words:
        yield Refusal("--words", "a yes needs evidence", "write what they said")
    if len(wish.words) > LONGEST_WORDS:
        yield Refusal("--words", f"is longer than {LONGEST_WORDS} characters", "shorten it")
    both = [f"--on {topic}" for topic in wish.on if wish.leaves or topic in wish.off]
    if wish.comes_back and (wish.leaves or wish.pauses_until):
        both.append("--come-back")
    for option in both:
        yield Refusal(option, "it says yes and no to the same", "record only what they said last")
    if wish.comes_back and state.reach == "off" and not wish.on:
        reason = "they left everything, and nothing would come"
        yield Refusal("--come-back", reason, "name with --on each topic that they want again")
    offered = offered_topics(site, person.roles, state)
    for topic in filter(None, map(site.topic, wish.on)):
        option = f"--on {topic.id}"
        if topic not in offered:
            roles = " or ".join(topic.roles)
            yield Refusal(option, f"“{topic.id}” is only for the roles {roles}", "leave it out")
        yield from _bad_choice(topic, person, state, wish)


def _bad_choice(topic: Topic, person: Person, state: State, wish: Wish) -> Iterator[Refusal]:
    """What the topic does not offer, or what the person cannot get."""
    if wish.channel and wish.channel not in topic.channels:
        cure = f"choose one of {', '.join(topic.channels)}"
        yield Refusal(f"--channel {wish.channel}", f"“{topic.id}” does not come by it", cure)
    if wish.frequency and wish.frequency not in topic.frequencies:
        cure = f"choose one of {', '.join(topic.frequencies)}"
        yield Refusal(
            f"--frequency {wish.frequency}", f"“{topic.id}” does not come {wish.frequency}", cure
        )
    channel = _wanted(topic, state, wish)["channel"]
    if CONTACT_FOR.get(channel, "email") not in person.addresses:
        reason = f"“{topic.id}” would come by {channel}, for which they have no address or number"
        yield Refusal(
            f"--on {topic.id}",
            reason,
            "choose another --channel, or let them give it on their page",
        )


def _wanted(topic: Topic, state: State, wish: Wish) -> Preference:
    """As they chose it before, as far as the topic still offers that."""
    first = first_preference(topic)
    mine = state.preference(topic.id) or first
    channel = mine["channel"] if mine["channel"] in topic.channels else first["channel"]
    is_offered = mine["frequency"] in topic.frequencies
    frequency = mine["frequency"] if is_offered else first["frequency"]
    return {
        "on": True,
        "channel": wish.channel or channel,
        "frequency": wish.frequency or frequency,
    }


def _more(site: Site, state: State, times: Times, wish: Wish, at: int) -> Effect:
    """Who comes back after leaving everything gets only what they name now."""
    topics = filter(None, map(site.topic, wish.on))
    wanted = {topic_subject(topic.id): _wanted(topic, state, wish) for topic in topics}
    changes = difference(state, wanted)
    again: dict[str, int | None] = dict.fromkeys(wanted, at)
    if state.reach == "off":
        until = wish.pauses_until
        overall = paused_until(until) if until else AS_CHOSEN
        back, left_then = come_back(state, times, wanted, overall)
        return Effect((*changes, *back), at, {**again, **left_then})
    if wish.comes_back and state.overall != AS_CHOSEN:
        changes.append(Change(OVERALL, state.overall, AS_CHOSEN))
    return Effect(tuple(changes), at, again)


def chosen_already(state: State, wish: Wish, changes: Collection[Change]) -> list[Change]:
    """The topics that a wish brings beside these changes, in the state after it, as they are.

    They come again with the end of a pause, or the person asks for what they have.
    """
    changed = {each.subject for each in changes}
    on = {topic: each for topic, each in state.preferences().items() if each["on"]}
    return [
        Change(topic_subject(topic), preference, preference)
        for topic, preference in on.items()
        if (wish.comes_back or topic in wish.on) and topic_subject(topic) not in changed
    ]
