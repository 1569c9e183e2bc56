"""The file of a contact plan: a row for each campaign, each topic in a week, and each week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from widget_backend.contacts.audience import REASONS
from widget_backend.contacts.csv_output import csv_writer
from widget_backend.contacts.formula_guard import escape_formula
from widget_backend.rules.plan import Planned
from widget_backend.rules.plan_tally import CampaignTally, PeopleTally, PlanTally, TopicTally

COLUMNS = (
    "row",
    "week",
    "at",
    "campaign",
    "topic",
    "channel",
    "sender",
    "priority",
    "messages",
    "promised",
    "could_hear",
    "hear_nothing",
    "stopped_by_a_cap",
    "most_to_one_person",
)
"""Then a column for each reason why people do not get a campaign."""


def write_plan(text: TextIO, tally: PlanTally) -> None:
    """A cell that says nothing of its kind of row is empty. Times are by the site’s clock."""
    writer = csv_writer(text)
    writer.writerow([*COLUMNS, *REASONS.values()])
    for each in _rows(tally):
        cells = [each.get(name, "") for name in (*COLUMNS, *REASONS)]
        writer.writerow([_guarded(cell) for cell in cells])


def _guarded(cell: object) -> object:
    return cell if isinstance(cell, int) else escape_formula(str(cell))


def _rows(tally: PlanTally) -> Iterator[dict[Any, Any]]:
    for planned, campaign in tally.listed:
        yield _campaign(tally, planned, campaign)
    for number, week in enumerate(tally.span):
        for topic in tally.topic_ids:
            about = {"row": "topic", "week": week.first, "topic": topic}
            yield about | _topic(tally.topics[topic, number])
    for topic in tally.topic_ids:
        yield {"row": "topic, all weeks", "topic": topic} | _topic(tally.whole_topics[topic])
    for week, people in zip(tally.span, tally.weeks, strict=True):
        yield {"row": "week", "week": week.first} | _people(people)
    yield {"row": "all weeks"} | _people(tally.whole)


def _campaign(tally: PlanTally, planned: Planned, of: CampaignTally) -> dict[Any, Any]:
    campaign, week = planned.campaign, tally.span[planned.week or 0]
    return {
        "row": "campaign",
        "week": week.first,
        "at": tally.site.local_time(planned.at).isoformat(timespec="minutes"),
        "campaign": campaign.id,
        "topic": campaign.topic,
        "channel": campaign.channel,
        "sender": campaign.sender,
        "priority": campaign.priority,
        "messages": of.audience,
        **{reason: of.reasons[reason] for reason in REASONS},
    }


def _topic(topic: TopicTally) -> dict[Any, Any]:
    return {
        "messages": topic.messages,
        "promised": topic.expected,
        "could_hear": topic.could,
        "hear_nothing": topic.silent,
    }


def _people(people: PeopleTally) -> dict[Any, Any]:
    return {
        "messages": people.messages,
        "could_hear": people.could,
        "hear_nothing": people.silent,
        "stopped_by_a_cap": people.capped,
        "most_to_one_person": people.most,
    }
