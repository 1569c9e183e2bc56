"""Unsubscribing in one step, from a topic or from everything, and what brings less mail instead.

A link that unsubscribes never ends, and mail gets forwarded. So whatever is pressed behind it only
brings less mail than what holds, now and later; anything else changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from widget_backend.rules.basis import turned_off
from widget_backend.rules.pauses import pause_dates, paused_until
from widget_backend.rules.state import (
    LESS_OF_ALL,
    OFF,
    OVERALL,
    Change,
    Overall,
    State,
    difference,
    reduces_mail,
    topic_subject,
)
from widget_backend.rules.topics import first_preference
from widget_backend.rules.volume import is_rarer
from widget_backend.site.channels import FREQUENCIES, Frequency
from widget_backend.site.model import Site, Topic

REASONS = ("many", "use", "asked", "elsewhere", "other")
"""Why people leave, in the order in which they are asked. Their words are in `web/labels.py`."""

BUTTONS = ("leave", "less", "pause", "off")
"""What the unsubscribe page can have, in the order in which it has it."""

Press = Callable[[State], list[Change]]
"""What a button changes of a state; nothing where that would not bring less."""


def unsubscribe(site: Site, state: State, topic_id: str | None) -> list[Change]:
    """What unsubscribing from a topic changes; from everything when it is None.

    Nothing when the person is unsubscribed already. A topic that was never chosen is refused too:
    unticked is a no that counts. A topic that the site no longer has, and for which the person has
    no preference, cannot be left.
    """
    if topic_id is None:
        return difference(state, {OVERALL: OFF})
    topic = site.topic(topic_id)
    preference = state.preference(topic_id) or (first_preference(topic) if topic else None)
    if preference is None:
        return []
    return difference(state, {topic_subject(topic_id): turned_off(preference)})


def get_fewer(site: Site, state: State, topic_id: str | None, today: date) -> list[Change]:
    """What getting a topic at most once a month changes; each topic when it is None.

    Nothing where it comes no more often already, where it does not come, and where the site offers
    nothing so rare for this topic.
    """
    if state.overall_on(today)["reach"] != "as_chosen":
        return []
    if topic_id is None:
        return difference(state, {OVERALL: LESS_OF_ALL})
    topic, preference = site.topic(topic_id), state.preference(topic_id)
    if topic is None or preference is None or not preference["on"]:
        return []
    rare = rarer_frequency(topic)
    if rare is None or not is_rarer(rare, preference["frequency"]):
        return []
    return difference(state, {topic_subject(topic_id): {**preference, "frequency": rare}})


def rarer_frequency(topic: Topic) -> Frequency | None:
    """Of what the topic offers, the most frequent of at most once a month; None without one."""
    rare = [each for each in topic.frequencies if not is_rarer("monthly", each)]
    return min(rare, key=FREQUENCIES.index, default=None)


def pause(state: State, until: date, today: date) -> list[Change]:
    """What pausing all messages changes.

    Nothing where a pause lasts as long already. Nothing after “fewer messages” and after leaving
    either: they have no end, and would be over together with the pause.
    """
    if until <= today or not _is_longer(until, state.overall_on(today)):
        return []
    return difference(state, {OVERALL: paused_until(until)})


def _is_longer(until: date, overall: Overall) -> bool:
    """Whether a pause until this day lasts longer than what holds."""
    if overall["reach"] == "paused":
        return until.isoformat() > str(overall["until"])
    return overall["reach"] == "as_chosen"


@dataclass(frozen=True)
class PageButtons:
    """The buttons of the unsubscribe page for somebody, each because it brings less mail.

    `leave` is for the topic of the link, or for everything where it has none; `off` stands beside
    a topic and is for everything. `pauses` are the days until which messages can be paused.
    """

    leave: bool
    off: bool
    less: bool = False
    pauses: tuple[date, ...] = ()

    @property
    def names(self) -> list[str]:
        """Of BUTTONS those that the page has, in the same order."""
        has = {"leave": self.leave, "less": self.less, "pause": self.pauses, "off": self.off}
        return [name for name in BUTTONS if has[name]]


def page_buttons(site: Site, state: State, topic_id: str | None, today: date) -> PageButtons:
    """Who has left what the link is for gets no button but the one to leave everything."""
    has_left_all = not unsubscribe(site, state, None)
    if has_left_all or (topic_id is not None and not unsubscribe(site, state, topic_id)):
        return PageButtons(leave=False, off=not has_left_all)
    overall = state.overall_on(today)
    return PageButtons(
        leave=True,
        off=topic_id is not None,
        less=bool(get_fewer(site, state, topic_id, today)),
        pauses=tuple(day for day in pause_dates(today) if _is_longer(day, overall)),
    )


def only_unsubscribes(changes: Sequence[Change], topic_id: str | None, today: date) -> bool:
    """Whether a save did nothing but unsubscribe from everything, or from this topic.

    Pausing or receiving less is something else.
    """
    return bool(changes) and all(
        reduces_mail(each, today)
        and (each.after == OFF if each.subject == OVERALL else each.name == topic_id)
        for each in changes
    )


def only_reduces(changes: Sequence[Change], topic_id: str | None, today: date) -> bool:
    """Whether a save did nothing but what an unsubscribe link of this topic offers."""
    return bool(changes) and all(
        reduces_mail(each, today)
        if each.subject == OVERALL
        else each.subject == topic_subject(topic_id or "")
        and (reduces_mail(each, today) or _comes_less_often(each))
        for each in changes
    )


def _comes_less_often(change: Change) -> bool:
    """Whether a topic stays on, and comes through the same channel but less often."""
    if not (change.before and change.after):
        return False
    before, after = change.before["frequency"], change.after["frequency"]
    stays = {**change.before, "frequency": change.after["frequency"]} == change.after
    return bool(change.after["on"]) and stays and is_rarer(after, before)
