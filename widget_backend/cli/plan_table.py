"""A contact plan on a terminal of 80 columns: week by week, then topic by topic."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from widget_backend.calling import calling
from widget_backend.cli.table import aligned
from widget_backend.contacts.audience import reason_for
from widget_backend.rules.plan import Planned
from widget_backend.rules.plan_tally import CampaignTally, PeopleTally, PlanTally
from widget_backend.rules.topics import CONTACT_FOR

WIDTH = 80
CAMPAIGNS = ("when", "messages", "cap", "priority", "frequency", "others", "campaign")
TOPICS = ("week of", "messages", "promised", "could hear", "hear nothing", "topic")


def plan_lines(tally: PlanTally) -> Iterator[str]:
    """The whole plan."""
    for number, week in enumerate(tally.span):
        of_week = [(each, of) for each, of in tally.listed if each.week == number]
        yield from wrap(f"Week of {week.first}: {_people(tally.weeks[number])}", WIDTH)
        yield from _campaigns(tally, of_week)
        yield ""
    if tally.topic_ids:
        yield from aligned([TOPICS, *_topics(tally)])
        yield ""
    yield from wrap(f"In all: {_people(tally.whole)}", WIDTH)


def nothing_planned(tally: PlanTally) -> str:
    """That no campaign is in the plan, and the cure."""
    first, last = tally.span[0].first, tally.span[-1].last
    cure = (
        f"give one a time (at = …) in {tally.site.file}, or register it with "
        f"{calling('campaigns add … --at TIME')}"
    )
    return f"No campaign is planned from {first} to {last}: {cure}."


def _people(people: PeopleTally) -> str:
    if not people.could and not people.messages:
        return "nobody could hear anything"
    messages = "message" if people.messages == 1 else "messages"
    return (
        f"{people.messages:,} {messages}, at most {people.most:,} to one person; "
        f"{people.silent:,} of {people.could:,} people hear nothing; "
        f"a cap stops {people.capped:,}"
    )


def _campaigns(tally: PlanTally, of_week: list[tuple[Planned, CampaignTally]]) -> Iterator[str]:
    """A line of numbers for each, then what it is, and why others do not get it."""
    if not of_week:
        return
    header, *lines = aligned([CAMPAIGNS, *(_numbers(tally, *each) for each in of_week)])
    yield header
    for line, (planned, of) in zip(lines, of_week, strict=True):
        yield line
        campaign = planned.campaign
        facts = [campaign.topic, campaign.channel, f"priority {campaign.priority}"]
        yield from _indented(", ".join([*facts, *([campaign.sender] if campaign.sender else [])]))
        is_of_phone = CONTACT_FOR.get(campaign.channel) == "phone"
        counts = of.reasons.most_common()
        why = [f"{count:,}: {reason_for(*reason, is_of_phone)}" for reason, count in counts]
        yield from _indented("; ".join(why))


def _numbers(tally: PlanTally, planned: Planned, of: CampaignTally) -> tuple[str, ...]:
    stopped = [of.stopped_by(rule) for rule in ("cap", "priority", "frequency")]
    counts = [of.audience, *stopped, of.left_out - sum(stopped)]
    when = f"{tally.site.local_time(planned.at):%m-%d %H:%M}"
    return (when, *(f"{each:,}" for each in counts), planned.campaign.id)


def _indented(text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent="    ", subsequent_indent="    ")


def _topics(tally: PlanTally) -> Iterator[tuple[str, ...]]:
    for topic in tally.topic_ids:
        weeks = [(str(week.first), number) for number, week in enumerate(tally.span)]
        of_weeks = [(first, tally.topics[topic, number]) for first, number in weeks]
        for name, of in [*of_weeks, ("all weeks", tally.whole_topics[topic])]:
            counts = (of.messages, of.expected, of.could, of.silent)
            yield (name, *(f"{each:,}" for each in counts), topic)
