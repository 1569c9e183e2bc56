"""JSON values, kept as text in one spelling."""

from __future__ import annotations

import json
from typing import Any

from peewee import TextField


class JsonField(TextField):
    """A JSON value kept as text, the same in SQLite and PostgreSQL."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else dump(value)

    def python_value(self, value: str | None) -> Any:
        return None if value is None else json.loads(value)


_spelling = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def dump(value: Any) -> str:
    """The one spelling of a JSON value, so that equal values have equal hashes."""
    return _spelling.encode(value)
