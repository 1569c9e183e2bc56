"""The log: one line for each request, plain or JSON, made of a list of keys and nothing else.

No line holds an address, a token or anything that people typed: of a request it has the pattern of
its route and never its path, and what a library says is replaced by where it said so.
"""

from __future__ import annotations

import json
import logging
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

from widget_backend.fault_log import WithoutValues

OURS = __name__.partition(".")[0]
KEYS = ("time", "level", "request", "method", "route", "status", "ms", "site", "message")
"""All that a line may have. `ms` is the time until the answer was ready, in milliseconds."""
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"})
"""Others are words that a client may choose."""

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Of the request that is being answered; empty outside of requests."""

REQUEST_ID_HEADER = "X-Request-ID"
"""Of each answer, so that the log of a proxy can have the number too.

What comes with a request under this name is not read: a proxy may forward that of a client, and a
number that nginx makes cannot be told from a handle.
"""

log = logging.getLogger(f"{OURS}.requests")


@contextmanager
def numbered() -> Iterator[str]:
    """A new number, for the request that is answered in the block: its lines have it."""
    number = secrets.token_hex(8)
    token = request_id.set(number)
    try:
        yield number
    finally:
        request_id.reset(token)


def known_method(method: str) -> str:
    return method if method in METHODS else "other"


def log_request(method: str, route: str, status: int, seconds: float, site: str = "") -> None:
    """One line for a request. `route` is a pattern of ours, `site` the id of a site that is served;
    both may be empty."""
    if log.isEnabledFor(logging.INFO):
        known = {"method": known_method(method), "route": route or "none"}
        values = {**known, "status": status, "ms": round(seconds * 1000, 1), "site": site}
        log.info("request", extra={"values": values})


class JsonLines(logging.Formatter):
    """A JSON object a line, with those of the keys that it has a value for."""

    def format(self, record: logging.LogRecord) -> str:
        values = values_of(record)
        return json.dumps({key: values[key] for key in KEYS if values.get(key)})


class PlainLines(logging.Formatter):
    """The same for people: `time GET /p/<token> 200 12.3 ms site [request]`."""

    def format(self, record: logging.LogRecord) -> str:
        values = values_of(record)
        if "message" in values:
            text = "{time} {level} {message}".format_map(values)
        else:
            text = "{time} {method} {route} {status} {ms} ms {site}".format_map(values).rstrip()
        first, end, rest = text.partition("\n")
        request = values["request"]
        return f"{first} [{request}]{end}{rest}" if request else text


def values_of(record: logging.LogRecord) -> dict[str, Any]:
    """The values of a line by their keys."""
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    known = {"time": at.replace("+00:00", "Z"), "request": request_id.get()}
    values = getattr(record, "values", None)
    if record.name == log.name and values:
        return {**known, **values}
    return {**known, "level": record.levelname.lower(), "message": record.getMessage()}


class _OursOnly(WithoutValues):
    """What libraries say may quote anything, and only what is wrong is of interest."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] == OURS:
            return True
        return record.levelno >= logging.WARNING and super().filter(record)


FORMATS = {"plain": PlainLines, "json": JsonLines}


@contextmanager
def logging_to(stream: TextIO | None = None, form: str = "plain") -> Iterator[None]:
    """Everything that is logged goes to this stream (stderr if None) until the block ends.

    `form` is one of FORMATS.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(FORMATS[form]())
    handler.addFilter(_OursOnly())
    root, level = logging.getLogger(), log.level
    root.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.setLevel(level)
        root.removeHandler(handler)
