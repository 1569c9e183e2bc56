"""The status of consent for each topic: given, refused or withdrawn, after so many records."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

from widget_backend.rules.state import OVERALL, Change

Status = Literal["given", "refused", "withdrawn"]


class TopicStatus(NamedTuple):
    """Since when (seconds since 1970) the consent for a topic has its status, and by which door."""

    status: Status
    at: int
    door: str


class Saved(NamedTuple):
    """One record: when, through which door, and what changed by it."""

    at: int
    door: str
    changes: Sequence[Change]


def statuses(records: Sequence[Saved], offered: Collection[str]) -> dict[str, TopicStatus]:
    """By topic, after these records, oldest first.

    `offered` are the topics that the person had before them in the last one: what they left as it
    was, and never chose, they refused. Who unsubscribed from everything withdrew all they gave.
    """
    known: dict[str, TopicStatus] = {}
    left: Saved | None = None
    for record in records:
        for change in record.changes:
            if change.kind == "topic":
                _note(known, change, record)
            elif change.subject == OVERALL:
                left = record if change.after and change.after["reach"] == "off" else None
    if left:
        known = {topic: _withdrawn(each, left) for topic, each in known.items()}
    return {**{topic: _status("refused", records[-1]) for topic in offered if records}, **known}


def _note(known: dict[str, TopicStatus], change: Change, record: Saved) -> None:
    if change.after and change.after["on"]:
        known[change.name] = _status("given", record)
    elif change.before and change.before["on"]:
        known[change.name] = _status("withdrawn", record)
    elif change.after:
        known.setdefault(change.name, _status("refused", record))
    else:
        known.pop(change.name, None)


def _withdrawn(known: TopicStatus, left: Saved) -> TopicStatus:
    return _status("withdrawn", left) if known.status == "given" else known


def _status(status: Status, record: Saved) -> TopicStatus:
    return TopicStatus(status, record.at, record.door)
