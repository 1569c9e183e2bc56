"""The contact plan: what the campaigns of the coming weeks would bring to one person (S0.12, S4.5).

The campaigns are played in the order of time. Each message that would go counts as an attempt for
those after it, as it will when it is sent. Nothing is sent or kept.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter

from widget_backend.rules.check import Check
from widget_backend.rules.checks import flat_checks, later_checks
from widget_backend.rules.decision import deciding_of
from widget_backend.rules.snapshot import Attempt, Message, Sent, Snapshot
from widget_backend.rules.volume import messages_a_week
from widget_backend.site.clocks import midnight
from widget_backend.site.model import Site
from widget_backend.site.sending import Campaign

ONE_WEEK = timedelta(days=7)
_at = attrgetter("at")


@dataclass(frozen=True)
class Week:
    """A week by the site's clock, and from when until when it counts, in seconds since 1970.

    It counts from its first midnight on, or from where the plan begins.
    """

    first: date
    begins: int
    ends: int

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)

    def share_after(self, moment: int) -> float:
        """How much of a whole week is left of it after this moment."""
        left = self.ends - max(self.begins, moment)
        return max(0.0, min(1.0, left / ONE_WEEK.total_seconds()))


def weeks_from(site: Site, day: date, count: int, first_day: int, now: int) -> tuple[Week, ...]:
    """So many weeks, of which the first holds the `day`: nothing before it or before `now` counts.

    They begin on `first_day` (0 is Monday), which depends on the language of the reader.
    """
    zones = (site.zone,)
    first = day - timedelta(days=(day.weekday() - first_day) % 7)
    days = [first + number * ONE_WEEK for number in range(count + 1)]
    turns = [midnight(each, zones) for each in days]
    begins = max(now, midnight(day, zones))
    return tuple(
        Week(each, max(begins, turn), ends)
        for each, turn, ends in zip(days, turns, turns[1:], strict=False)
    )


@dataclass(frozen=True)
class Planned:
    """A campaign of the plan, with the message that it sends, and when (seconds since 1970).

    `week` is the number of its week. One that goes out before the first week has none: it is not
    part of the plan, but what it sends counts.
    """

    campaign: Campaign
    message: Message
    at: int
    week: int | None


def flat_refusals(
    site: Site, planned: Sequence[Planned], known: Sequence[Snapshot]
) -> list[Check | None]:
    """The flat no to each campaign, whatever was sent; `known` is the person when each goes out."""
    return [
        deciding_of(flat_checks(site, each.message, person, each.at))
        for each, person in zip(planned, known, strict=True)
    ]


def play(
    site: Site,
    planned: Sequence[Planned],
    known: Sequence[Snapshot],
    flat: Sequence[Check | None],
    sent: Sent,
) -> Iterator[Check | None]:
    """What decides against each campaign, in their order; None if its message would go.

    The place that a campaign has taken is its own: when its turn comes, its message takes it, or
    nobody does.
    """
    # All snapshots hold this list, and it grows from one campaign to the next.
    attempts = sent.all_attempts
    for each, person, refusal in zip(planned, known, flat, strict=True):
        for place in sent.places.get(each.campaign.id, ()):
            attempts.remove(place)
        if refusal:
            yield refusal
            continue
        complete = person._replace(attempts=attempts, contexts=sent.contexts)
        against = deciding_of(later_checks(site, each.message, complete, each.at))
        if against is None:
            attempt = Attempt(each.at, each.message.topic, each.message.channel)
            insort(attempts, attempt, key=_at)
        yield against


def expected_of(site: Site, person: Snapshot, at: int) -> dict[str, float]:
    """The topics of which somebody could hear, and how many messages a week they expect of each.

    They agreed to it, have not left everything, and take messages by the channel that they chose.
    """
    expected = {}
    for topic in site.topics:
        preference = person.state.preference(topic.id)
        if preference and preference["on"]:
            message = Message("", topic.id, preference["channel"])
            if deciding_of(flat_checks(site, message, person, at)) is None:
                expected[topic.id] = messages_a_week(preference, person.state.reach)
    return expected


def free_from(person: Snapshot) -> int:
    """The moment from which nothing is paused; 0 without a pause. In seconds since 1970."""
    overall = person.state.overall
    if overall["reach"] != "paused":
        return 0
    return midnight(date.fromisoformat(str(overall["until"])), person.zones)
