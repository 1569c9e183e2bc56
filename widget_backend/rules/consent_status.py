"""The status of consent for each topic: given, refused or withdrawn, after so many records."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

from widget_backend.rules.basis import ASKED, UNASKED, Ground, ground_of
from widget_backend.rules.state import OVERALL, Change

Status = Literal["given", "implied", "refused", "withdrawn"]
"""Implied: the topic is on, though nobody asked the person."""


class TopicStatus(NamedTuple):
    """Since when (seconds since 1970) the consent for a topic has its status, by which door, and
    what it rests on."""

    status: Status
    at: int
    door: str
    ground: Ground = ASKED


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
        ground = ground_of(change.after)
        status: Status = "implied" if ground.basis in UNASKED else "given"
        since = ground.at if status == "implied" else None
        at = record.at if since is None else since
        known[change.name] = TopicStatus(status, at, record.door, ground)
    elif change.before and change.before["on"]:
        was_given = ground_of(change.before).basis not in UNASKED
        known[change.name] = _status("withdrawn" if was_given else "refused", record)
    elif change.after:
        known.setdefault(change.name, _status("refused", record))
    else:
        known.pop(change.name, None)


def _withdrawn(known: TopicStatus, left: Saved) -> TopicStatus:
    if known.status == "implied":
        return _status("refused", left)
    return _status("withdrawn", left) if known.status == "given" else known


def _status(status: Status, record: Saved) -> TopicStatus:
    return TopicStatus(status, record.at, record.door)
