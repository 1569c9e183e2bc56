"""Whose word is the later: what another system recorded counts by when it was said.

Files come in any order, and the same file comes twice. So of a yes and a no the later one counts.
At the same time, or where nobody knows when one of them was said, the no counts. What a person says
on our own pages is said at that moment, and replaces what holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import inf

from widget_backend.rules.basis import ASKED, Ground, ground_of, grounded, strength, turned_off
from widget_backend.rules.state import (
    AS_CHOSEN,
    OVERALL,
    Change,
    Overall,
    Preference,
    State,
    topic_subject,
)
from widget_backend.rules.topics import email_preference
from widget_backend.rules.unsubscribing import unsubscribe
from widget_backend.site.channels import Channel
from widget_backend.site.model import Site


@dataclass(frozen=True)
class Times:
    """When a person said what their state holds, in seconds since 1970; None where nobody knows.

    `topics` has the choice of each topic, by its id, and `overall` the one that overrides them.
    `left` is when they left everything last, at the latest; None if they never did, or if `overall`
    is “off” since nobody knows when. `spoke` is when they last chose something on our own pages,
    with all that holds before their eyes: they said no again to what was off then.
    """

    topics: Mapping[str, int | None] = field(default_factory=dict)
    overall: int | None = None
    left: int | None = None
    spoke: int | None = None

    def topic(self, topic_id: str) -> int | None:
        return self.topics.get(topic_id)

    def no(self, at: int | None) -> float:
        """When a no was said last that holds, and that is known to have been said then."""
        return max(no_at(at), yes_at(self.spoke))


@dataclass(frozen=True)
class Effect:
    """What a word has changed: `changes`, which were said at `at`.

    `times` are the subjects whose time is another one: some of them stay as they are, but were said
    again later. `left` is when everything was left, if only some topics are off since then. `spoke`
    is when the person last chose something, where that is known of somebody new.
    """

    changes: tuple[Change, ...] = ()
    at: int | None = None
    times: Mapping[str, int | None] = field(default_factory=dict)
    left: int | None = None
    spoke: int | None = None


def times_after(times: Times, effect: Effect) -> Times:
    """When a person said what holds once the effect is stored."""
    topics, overall, left = dict(times.topics), times.overall, times.left
    for change in effect.changes:
        if change.kind == "topic":
            topics[change.name] = effect.at
        if change.subject != OVERALL:
            continue
        overall = effect.at
        comes_back = bool(change.before) and change.before["reach"] == "off"
        if change.after["reach"] == "off" or (comes_back and left is None):
            left = effect.at
    again = {topic.partition(":")[2]: at for topic, at in effect.times.items() if topic != OVERALL}
    left = left if effect.left is None else effect.left
    if OVERALL in effect.times:
        overall = left = effect.times[OVERALL]
    spoke = times.spoke if effect.spoke is None else effect.spoke
    return Times({**topics, **again}, overall, left, spoke)


def said_again(state: State, effect: Effect) -> list[Change]:
    """What a record of the effect holds beside its changes: each topic that stays as it is, and to
    which the person agreed again, as a change with two equal sides. The later yes is then the one
    that they get it by. `state` is that before the effect.
    """
    changed = {each.subject for each in effect.changes}
    topics = {topic_subject(topic): each for topic, each in state.preferences().items()}
    return [
        Change(subject, mine, mine)
        for subject in effect.times
        if subject not in changed and (mine := topics.get(subject)) and mine["on"]
    ]


def agree(
    site: Site,
    state: State,
    times: Times,
    topics: Collection[str],
    at: int | None,
    today: date,
    ground: Ground = ASKED,
) -> Effect:
    """Somebody agreed then to these topics by email, on this ground.

    A topic that is on keeps its channel and frequency. Who has paused everything, or gets less of
    it, gets no new topics. Only who was asked and agreed comes back after a no.
    """
    is_off = state.reach == "off"
    last_no = times.no(times.overall) if is_off else times.left
    yes = -inf if ground.basis else yes_at(at)
    if last_no is not None and yes <= last_no:
        return Effect()
    wanted = [each for each in site.topics if each.id in topics]
    on = [each.id for each in wanted if state.is_subscribed(each.id)]
    better = list(_better_grounds(state, on, ground))
    again = {
        topic_subject(topic): at
        for topic in on
        if yes_at(at) > yes_at(times.topic(topic))
        and ground_of(state.preference(topic)) == ground == ASKED
    }
    if not is_off and state.overall_on(today)["reach"] != "as_chosen":
        return Effect(tuple(better), at, again)
    changes = better + [
        Change(topic_subject(topic.id), preference, grounded(email_preference(topic), ground))
        for topic in wanted
        if (preference := state.preference(topic.id)) is None
        or (not preference["on"] and yes > times.no(times.topic(topic.id)))
    ]
    if is_off and (changes or again):
        since = {*again, *(each.subject for each in changes)}
        back, left_then = come_back(state, times, since, AS_CHOSEN)
        return Effect((*changes, *back), at, {**again, **left_then})
    return Effect(tuple(changes), at, again)


def _better_grounds(state: State, topics: Collection[str], ground: Ground) -> Iterator[Change]:
    """Of topics that are on: those for which this is the better ground."""
    for topic in topics:
        mine = state.preference(topic)
        if strength(ground) > strength(ground_of(mine)):
            yield Change(topic_subject(topic), mine, grounded(mine, ground))


def come_back(
    state: State, times: Times, wanted: Collection[str], overall: Overall
) -> tuple[list[Change], dict[str, int | None]]:
    """After leaving everything, no topic is on but those `wanted`, as subjects, and what was agreed
    to since then. What it changes, and when the topics that it turns off were left."""
    refused = [
        Change(topic_subject(topic), preference, turned_off(preference))
        for topic, preference in state.preferences().items()
        if preference["on"]
        and topic_subject(topic) not in wanted
        and yes_of(preference, times.topic(topic)) <= no_at(times.overall)
    ]
    back = Change(OVERALL, state.overall, overall)
    return [*refused, back], dict.fromkeys((each.subject for each in refused), times.overall)


def leave(site: Site, state: State, times: Times, topic_id: str | None, at: int | None) -> Effect:
    """Somebody left a topic then, or everything when it is None."""
    if topic_id is None:
        return _leave_everything(site, state, times, at)
    mine = state.preference(topic_id)
    if mine and mine["on"] and yes_of(mine, times.topic(topic_id)) > no_at(at):
        return Effect()
    changes = unsubscribe(site, state, topic_id)
    is_off_already = not changes and state.preference(topic_id) is not None
    if is_off_already and no_at(at) > no_at(times.topic(topic_id)):
        return Effect(times={topic_subject(topic_id): at})
    return Effect(tuple(changes), at)


def leave_channel(state: State, times: Times, channel: Channel, at: int) -> Effect:
    """Somebody wanted nothing more then through this channel: nothing comes, but what they agreed
    to since."""
    refused = tuple(
        Change(topic_subject(topic), each, turned_off(each))
        for topic, each in state.preferences().items()
        if each["on"] and each["channel"] == channel and yes_of(each, times.topic(topic)) <= at
    )
    return Effect(refused, at)


def complain(site: Site, state: State, times: Times, channel: Channel, at: int) -> Effect:
    """Somebody complained then about a message of this channel.

    An email that is complained about is also a no to the topics that are off or were never chosen,
    for files know of yeses by email, and may come later with one from before.
    """
    refused = leave_channel(state, times, channel, at)
    if channel != "email":
        return refused
    others = [
        leave(site, state, times, topic.id, at)
        for topic in site.topics
        if "email" in topic.channels and not state.is_subscribed(topic.id)
    ]
    changes = (change for each in (refused, *others) for change in each.changes)
    again = {subject: at for each in others for subject in each.times}
    return Effect(tuple(changes), at, again)


def _leave_everything(site: Site, state: State, times: Times, at: int | None) -> Effect:
    """Topics that were agreed to since then stay. For who has chosen something here since,
    everything does; a file that somebody came back by knows only of its own topics."""
    if state.reach == "off":
        return Effect(times={OVERALL: at} if no_at(at) > no_at(times.overall) else {})
    is_news = times.left is None or no_at(at) > times.left
    if state.get(OVERALL) is None and not is_news:
        return Effect()
    came_back = state.get(OVERALL) is not None and yes_at(times.overall) > no_at(at)
    if came_back and yes_at(times.spoke) > no_at(at):
        return Effect(left=at if is_news else None)
    on = {topic: each for topic, each in state.preferences().items() if each["on"]}
    older = [topic for topic in on if yes_of(on[topic], times.topic(topic)) <= no_at(at)]
    if len(older) == len(on) and not came_back:
        return Effect(tuple(unsubscribe(site, state, None)), at)
    refused = (Change(topic_subject(each), on[each], turned_off(on[each])) for each in older)
    return Effect(tuple(refused), at, left=at if is_news else None)


def yes_at(at: int | None) -> float:
    """When a yes was said: before everything, where nobody knows."""
    return -inf if at is None else at


def yes_of(preference: Preference, at: int | None) -> float:
    """When the yes of this choice was said, as against a no: before everything, unless the person
    was asked and agreed."""
    return -inf if ground_of(preference).basis else yes_at(at)


def no_at(at: int | None) -> float:
    """When a no was said: after everything, where nobody knows."""
    return inf if at is None else at
