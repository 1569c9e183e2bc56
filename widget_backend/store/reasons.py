"""Reasons for leaving, as counts: of a site, a topic and a month, and of nobody."""

from __future__ import annotations

from typing import NamedTuple

from peewee import Database

from widget_backend.store.models_of_nobody import ReasonCount
from widget_backend.store.rows import columns_of
from widget_backend.store.writing import write


class Reasons(NamedTuple):
    """How often a reason was told in a month (YYYY-MM) for leaving a topic; "" is everything."""

    month: str
    topic: str
    reason: str
    times: int


def count_reason(database: Database, site: str, topic: str, month: str, reason: str) -> None:
    """Count one more."""
    table = ReasonCount
    insert = table.insert(site=site, topic=topic, month=month, reason=reason, count=1).on_conflict(
        conflict_target=[table.site, table.topic, table.month, table.reason],
        update={table.count: table.count + 1},
    )
    write(database, lambda: insert.execute(database))


def reasons_told(database: Database, site: str, since: str = "") -> list[Reasons]:
    """Those of this month and later: newest month first, in it by topic, the most told first."""
    table = ReasonCount
    columns = columns_of(
        Reasons, month=table.month, topic=table.topic, reason=table.reason, times=table.count
    )
    query = table.select(*columns).where((table.site == site) & (table.month >= since))
    ordered = query.order_by(table.month.desc(), table.topic, table.count.desc(), table.reason)
    return [Reasons._make(row) for row in ordered.tuples().execute(database)]
