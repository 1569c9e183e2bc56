"""Consents: since when and through which door a person gets a topic, read from the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from widget_backend.contacts.consents import consent_day
from widget_backend.i18n.languages import Language
from widget_backend.rules.basis import Basis, Ground, ground_of
from widget_backend.rules.state import Change
from widget_backend.site.channels import Channel
from widget_backend.site.model import Site
from widget_backend.store.ledger import Record
from widget_backend.web.labels import door_name

STAFF = "staff"
"""The door of what nobody said: an import was undone."""


@dataclass(frozen=True)
class Consent:
    """When a topic was last turned on, or moved to the channel by which it comes, where, and on
    which basis, if they were not simply asked. `day` is None where only `recorded` is known."""

    day: date | None
    recorded: date
    door: str
    basis: Basis | None = None

    def sentence(self, language: Language) -> Markup:
        if self.basis:
            return basis_sentence(language, self.basis, self.day)
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


def basis_sentence(language: Language, basis: Basis, day: date | None) -> Markup:
    """Why a topic is on for somebody who was not simply asked and agreed. The day is that of the
    law: it is known of what may end."""
    gettext, on = language.gettext, language.date(day) if day else ""
    sentences = {
        "purchase": gettext(
            "We chose this for you because you bought something on %(date)s. We did not ask you "
            "first.",
            date=on,
        ),
        "inquiry": gettext(
            "We chose this for you because you asked about something on %(date)s. We did not ask "
            "you first.",
            date=on,
        ),
        "pre_ticked": gettext("The box for this was ticked beforehand."),
        "rewarded": gettext("You agreed to this because you got something for it."),
        "rewarded_free": gettext(
            "You agreed to this because you got something for it, and could have declined."
        ),
    }
    return sentences[basis]


def consents_by_topic(site: Site, records: Sequence[Record]) -> Mapping[str, Consent]:
    """By id of topic, for those that are on; records are given oldest first."""
    consents: dict[str, Consent] = {}
    replaced: defaultdict[str, list[_Replaced]] = defaultdict(list)
    for record in records:
        for change in (each for each in record.changes if each.kind == "topic"):
            topic, is_now_off = change.name, not _is_on(change.after)
            if not is_yes(change) and not is_now_off:
                continue
            earlier, before = replaced[topic], consents.pop(topic, None)
            is_undo = bool(earlier) and earlier[-1].is_undone_by(record)
            if not is_now_off:
                undone = earlier.pop().consent if is_undo else None
                consents[topic] = undone or consent_of(site, record, change)
            if before is not None and record.door != STAFF:
                earlier.append(_Replaced(record.revision, before))
    return consents


def was_on(topic_id: str, records: Sequence[Record]) -> bool:
    """Whether the person ever said yes to a topic, as far as the records say."""
    changes = (change for record in records for change in record.changes)
    return any(turns_on(change) and change.name == topic_id for change in changes)


@dataclass(frozen=True)
class _Replaced:
    """The save that turned a topic off or moved it, or a later yes, and the consent until then.

    Once it is undone, that consent holds again. Whoever ticks the topic again agrees anew.
    """

    revision: int
    consent: Consent

    def is_undone_by(self, record: Record) -> bool:
        """By the undo button, or by staff who undid the import that had turned or moved it."""
        return record.undoes == self.revision or record.door == STAFF


def turns_on(change: Change) -> bool:
    """Whether a change is a yes to a topic."""
    return change.kind == "topic" and _is_on(change.after) and not _is_on(change.before)


def is_yes(change: Change) -> bool:
    """The same, or that they agreed again (`said_again`), or that a yes rests on something else
    from then on: who agrees to another channel was asked about that, as in a decision, which counts
    from then, too."""
    is_on = change.kind == "topic" and _is_on(change.before) and _is_on(change.after)
    is_again = change.before == change.after
    is_other = is_on and _rests_on(change.before) != _rests_on(change.after)
    return turns_on(change) or (is_on and is_again) or is_other


def _rests_on(preference: Mapping[str, Any]) -> tuple[Channel, Ground]:
    return preference["channel"], ground_of(preference)


def consent_of(site: Site, record: Record, change: Change) -> Consent:
    """The consent of a record with such a yes. That of an import is older than its record.

    Days are those of the site's time zone, as in the history. Where another system recorded a day
    without a time, it is that day.
    """
    recorded, ground = site.local_time(record.at).date(), ground_of(change.after)
    if ground.basis:
        day = None if ground.at is None else site.local_day(ground.at)
        return Consent(day, recorded, record.door, ground.basis)
    if record.door != "import":
        return Consent(recorded, recorded, record.door)
    day = consent_day(record.evidence, recorded, site.zone, change.name)
    return Consent(day, recorded, record.door)


def _is_on(value: object) -> bool:
    return isinstance(value, dict) and bool(value["on"])
