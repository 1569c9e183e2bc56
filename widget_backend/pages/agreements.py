"""Agreements: since when and through which door a person gets a topic, read from the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

from widget_backend.locales import Language
from widget_backend.pages.words import door_name
from widget_backend.store.ledger import Record


@dataclass(frozen=True)
class Agreement:
    """When a topic was last turned on, and where."""

    at: int
    door: str

    def sentence(self, language: Language) -> Markup:
        day = datetime.fromtimestamp(self.at, UTC).date()
        door = door_name(language, self.door)
        return language.say("You agreed on %(date)s: %(door)s.", date=language.date(day), door=door)


def agreements(records: Sequence[Record]) -> Mapping[str, Agreement]:
    """By id of topic, for those that are on; records are given oldest first."""
    found: dict[str, Agreement] = {}
    for record in records:
        for change in (each for each in record.changes if each.kind == "topic"):
            if not _is_on(change.after):
                found.pop(change.name, None)
            elif not _is_on(change.before):
                found[change.name] = Agreement(record.at, record.door)
    return found


def _is_on(value: object) -> bool:
    return isinstance(value, dict) and bool(value["on"])
