"""Whether the fields of a site file fit each other and the rest of it."""

from __future__ import annotations

from collections.abc import Iterator

from widget_backend.errors import Finding
from widget_backend.site.export_columns import CHANGE_COLUMNS, PERSON_COLUMNS
from widget_backend.site.parts import Parts, Row


def field_findings(parts: Parts) -> Iterator[Finding]:
    """An id names one thing in exports and maps; a country, region or zone has one source."""
    taken = {
        **dict.fromkeys((*PERSON_COLUMNS, *CHANGE_COLUMNS), "a column of exports"),
        **dict.fromkeys(parts.ids("topics"), "a topic"),
        **dict.fromkeys(parts.ids("questions"), "a question"),
    }
    gives: dict[str, str] = {}
    for path, field in parts.rows("fields"):
        if other := taken.get(field["id"]):
            reason = f"“{field['id']}” is the name of {other} already"
            yield Finding(f"{path}.id", reason, "choose another id")
        yield from _field(path, field)
        if thing := field.get("gives"):
            if thing in gives:
                reason = f"the field “{gives[thing]}” gives the {thing} already"
                yield Finding(f"{path}.gives", reason, "leave it at one of them")
            gives.setdefault(thing, field["id"])


def _field(path: str, field: Row) -> Iterator[Finding]:
    kind = field["kind"]
    if field.get("unit") and kind != "number":
        yield Finding(f"{path}.unit", "is only for fields of kind “number”", "remove it")
    if field.get("gives") and kind != "text":
        yield Finding(f"{path}.gives", "is only for fields of kind “text”", 'write kind = "text"')
