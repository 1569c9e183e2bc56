"""The parts of a site file that is being checked, of which some may be wrong already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from widget_backend.site.messages import Messages
from widget_backend.site.schema import place

Row = dict[str, Any]


class Parts:
    """The parts of a site file, of which some may be wrong already."""

    def __init__(self, data: Row, wrong: Messages) -> None:
        """`wrong` is what the schema refused, by table and position."""
        self._data = data
        self._wrong = wrong

    def sound(self, *keys: str) -> bool:
        """Whether the schema takes the whole of these."""
        return not self._wrong.keys() & set(keys)

    def get(self, key: str) -> Any:
        return self._data.get(key)

    def rows(self, table: str) -> Iterator[tuple[str, Row]]:
        """The sound rows of a table, each with where it stands."""
        wrong = self._wrong.get(table, {})
        if isinstance(wrong, Mapping):
            rows = rows_of(table, self._data)
            yield from (each for at, each in enumerate(rows) if at not in wrong)

    def by_id(self, table: str) -> dict[str, Row]:
        return {row["id"]: row for _, row in self.rows(table)}

    def ids(self, table: str) -> list[str]:
        """The ids of all rows, of wrong ones too."""
        rows = self._data.get(table, [])
        tables = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        return [row["id"] for row in tables if isinstance(row.get("id"), str)]

    def lacks(self, table: str, name: str) -> bool:
        """Whether no row has this id; False when the id of some row cannot be known."""
        wrong = self._wrong.get(table, {})
        if not isinstance(wrong, Mapping) or any({"id", "_schema"} & {*e} for e in wrong.values()):
            return False
        return name not in self.ids(table)


def rows_of(table: str, data: Row, path: str = "") -> Iterator[tuple[str, Row]]:
    """The rows of a table, each with where it stands."""
    rows = data.get(table, [])
    for position, row in enumerate(rows):
        yield place(f"{path}{table}", rows, position), row
