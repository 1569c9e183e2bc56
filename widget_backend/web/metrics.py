"""What is counted for Prometheus: requests and how long they took, saves, letters that wait.

Labels are routes, statuses and doors: never a site, a person or anything that anybody typed.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

from peewee import Database, PeeweeException

from widget_backend.context import Clock
from widget_backend.errors import DatabaseUnavailable, SettingInvalid
from widget_backend.installation import installing
from widget_backend.log_lines import known_method
from widget_backend.store.ledger import saves_by_door
from widget_backend.store.outbox import waiting
from widget_backend.store.readiness import PATIENCE
from widget_backend.store.timeouts import at_most

if TYPE_CHECKING:
    from prometheus_client import Metric

PREFIX = "preference_widget"
IN_APP = "preference-widget.metrics"
"""Where the application has them, if they are counted."""
SETTING = "WIDGET_METRICS_KEY"


def prometheus() -> Any:
    """The library that counts. Raises SettingInvalid where it is missing."""
    try:
        return import_module("prometheus_client")
    except ImportError as error:
        reason = "is set, but prometheus_client, which counts, is missing"
        cure = f"install it: {installing('metrics')}"
        raise SettingInvalid(SETTING, reason, cure) from error


class Metrics:
    """Counted since this process started, and only by it; what waits is counted in the database.

    Raises SettingInvalid where the library is missing.
    """

    def __init__(self, key: str, database: Database, clock: Clock) -> None:
        library = prometheus()
        self._key, self._database, self._clock = key.encode(), database, clock
        library.disable_created_metrics()
        self._registry = library.CollectorRegistry()
        self._write: Callable[[Any], bytes] = library.generate_latest
        self._requests = library.Counter(
            f"{PREFIX}_requests",
            "Requests that were answered.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._seconds = library.Histogram(
            f"{PREFIX}_request_seconds",
            "Seconds until an answer was ready.",
            ["route"],
            registry=self._registry,
        )
        self._registry.register(_Stored(self))

    def note_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """`route` is a pattern of ours; empty if the address led nowhere."""
        route = route or "none"
        self._requests.labels(known_method(method), route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def may_be_read_with(self, authorization: str) -> bool:
        """Whether the header of that name holds the key, compared in constant time."""
        scheme, _, key = authorization.partition(" ")
        is_right = hmac.compare_digest(key.strip().encode(), self._key)
        return is_right and scheme.lower() == "bearer"

    def text(self) -> bytes:
        """All of it, in the text format of Prometheus."""
        return self._write(self._registry)

    def stored(self) -> Iterator[Metric]:
        """What is not counted request by request, as it is now."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        saves = CounterMetricFamily(
            f"{PREFIX}_saves", "Saves that were recorded, by where they were made.", labels=["door"]
        )
        for door, count in saves_by_door(self._database).items():
            saves.add_metric([door], count)
        yield saves
        try:
            with at_most(PATIENCE):
                letters = waiting(self._database)
        except (DatabaseUnavailable, PeeweeException):
            return  # a number that is not known is left out
        now = int(self._clock().timestamp())
        age = 0 if letters.queued_at is None else max(0, now - letters.queued_at)
        about = "Letters in the outbox that were not sent yet."
        yield GaugeMetricFamily(f"{PREFIX}_letters_waiting", about, letters.count)
        about = "Seconds since the oldest of them was written; 0 if none waits."
        yield GaugeMetricFamily(f"{PREFIX}_oldest_letter_seconds", about, age)


class _Stored:
    """As the library asks for it."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        return self._metrics.stored()
