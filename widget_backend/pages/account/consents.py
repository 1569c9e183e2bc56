"""Agreements: since when and through which door a person gets a topic, read from the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from markupsafe import Markup

from widget_backend.actions.undo import UNDO_LASTS
from widget_backend.contacts.consents import consent_day
from widget_backend.i18n.languages import Language
from widget_backend.rules.state import Change
from widget_backend.store.ledger import Record
from widget_backend.web.labels import door_name


@dataclass(frozen=True)
class Agreement:
    """When a topic was last turned on, and where. `day` is None where only `recorded` is known."""

    day: date | None
    recorded: date
    door: str

    def sentence(self, language: Language) -> Markup:
        door = door_name(language, self.door)
        if self.day:
            day = language.date(self.day)
            return language.gettext(
                "You agreed to this on %(date)s, %(door)s.", date=day, door=door
            )
        recorded = language.date(self.recorded)
        return language.gettext(
            "You agreed to this before %(date)s, %(door)s.", date=recorded, door=door
        )


def agreements(records: Sequence[Record]) -> Mapping[str, Agreement]:
    """By id of topic, for those that are on; records are given oldest first."""
    agreed: dict[str, Agreement] = {}
    left: dict[str, _Left] = {}
    for record in records:
        for change in (each for each in record.changes if each.kind == "topic"):
            if turns_on(change):
                before = left.get(change.name)
                is_undo = before and before.is_undone_by(record, change)
                agreed[change.name] = before.agreed if before and is_undo else agreement(record)
            elif not _is_on(change.after) and change.name in agreed:
                left[change.name] = _Left(record.at, change, agreed.pop(change.name))
    return agreed


@dataclass(frozen=True)
class _Left:
    """A topic that was left, and the agreement that held until then."""

    at: int
    change: Change
    agreed: Agreement

    def is_undone_by(self, record: Record, change: Change) -> bool:
        """Whether it came back as it was, by an undo: what was agreed before that holds again."""
        return change.after == self.change.before and record.at <= self.at + UNDO_LASTS


def turns_on(change: Change) -> bool:
    """Whether a change is a yes to a topic."""
    return change.kind == "topic" and _is_on(change.after) and not _is_on(change.before)


def agreement(record: Record) -> Agreement:
    """Brought in from elsewhere, the consent is older than its record here."""
    recorded = datetime.fromtimestamp(record.at, UTC).date()
    is_import = record.door == "import"
    day = consent_day(record.evidence, recorded) if is_import else recorded
    return Agreement(day, recorded, record.door)


def _is_on(value: object) -> bool:
    return isinstance(value, dict) and bool(value["on"])
