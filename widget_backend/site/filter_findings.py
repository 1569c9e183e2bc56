"""Whether the filter of a segment is about what the site declares."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from widget_backend.errors import Finding
from widget_backend.site.filters import Filter, Test, tests_in
from widget_backend.site.parts import Parts

TABLES = {"role": "roles", "topic": "topics", "field": "fields"}
KINDS: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float),
    "date": (str,),
    "yes_no": (bool,),
}


def filter_findings(parts: Parts) -> Iterator[Finding]:
    kinds = {name: field["kind"] for name, field in parts.by_id("fields").items()}
    languages = parts.get("locales") if parts.sound("locales") else None
    for path, segment in parts.rows("segments"):
        # Where the file has other mistakes, filters are what was written, and were not read.
        where = segment.get("where")
        for test in tests_in(where) if isinstance(where, Filter) else ():
            here = f"{path}.where"
            if test.subject in TABLES and parts.lacks(TABLES[test.subject], test.name):
                reason = f"no {test.subject} is called “{test.name}”"
                yield Finding(here, reason, f"declare it under [[{TABLES[test.subject]}]]")
            elif test.subject == "language" and languages and test.name not in languages:
                reason = f"the site does not speak “{test.name}”"
                yield Finding(here, reason, f"choose one of {', '.join(languages)}")
            elif kind := kinds.get(test.name) if test.subject == "field" else None:
                yield from _values(here, test, kind)


def _values(where: str, test: Test, kind: str) -> Iterator[Finding]:
    """What a field is compared with is of its kind, and has an order where that is asked for."""
    for key, value in test.terms.items():
        values = value if isinstance(value, list) else [value]
        if key == "known":
            if not isinstance(value, bool):
                yield Finding(where, f"“{value}” is neither true nor false", "write true or false")
        elif key != "is" and kind not in {"number", "date"}:
            reason = f"“{key}” is only for numbers and dates, and “{test.name}” is neither"
            yield Finding(where, reason, "write is = … instead")
        elif not all(_is_of(each, kind) for each in values):
            reason = f"“{value}” is no {kind} as “{test.name}” is"
            yield Finding(where, reason, 'write dates as "2026-12-01", numbers without quotes')


def _is_of(value: Any, kind: str) -> bool:
    if kind == "date":
        try:
            return isinstance(value, str) and bool(date.fromisoformat(value))
        except ValueError:
            return False
    is_flag = isinstance(value, bool)
    return isinstance(value, KINDS[kind]) and is_flag == (kind == "yes_no")
