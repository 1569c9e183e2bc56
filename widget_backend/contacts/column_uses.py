"""What each column of a file is read for, to be said before anything is imported."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from widget_backend.contacts.entries import PlatformFile
from widget_backend.text import one_line


@dataclass(frozen=True)
class ColumnUse:
    """One column, and what it is read for; nothing if it is not read."""

    column: str
    uses: tuple[str, ...]

    def __str__(self) -> str:
        return one_line(f"“{self.column}”", " and ".join(self.uses) or "not read")


def column_uses(export: PlatformFile) -> list[ColumnUse]:
    """Each column of the file, in its order."""
    platform, read = export.platform, export.columns_read
    times: dict[str, Collection[str]] = {
        "status": (*export.status_columns, *platform.kinds),
        "when they agreed": platform.agreed,
        "when they left": platform.left,
        "when they left, at the latest": platform.left_by,
        "when email came back": platform.bounced,
        "evidence": (*platform.evidence, *platform.evidence_of_a_no),
    }
    uses: dict[int, list[str]] = {export.csv_file.address: [export.named_by]}
    for use, names in times.items():
        for at in (read[name] for name in names if name in read):
            each = uses.setdefault(at, [])
            each += [] if use in each else [use]
    for at, use in export.other_uses.items():
        each = uses.setdefault(at, [])
        each += [] if use in each else [use]
    if export.tags_column is not None:
        uses.setdefault(export.tags_column, []).append("tags")
    for at, field in export.fields.by_column.items():
        uses.setdefault(at, []).append(f"field {field.id}")
    return [
        ColumnUse(name, tuple(uses.get(at, ()))) for at, name in enumerate(export.csv_file.header)
    ]
