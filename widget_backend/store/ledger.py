"""The ledger: consent records, only ever added (GDPR 7(1): being able to prove it)."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any, Literal, NamedTuple
from weakref import WeakKeyDictionary

from peewee import JOIN, Database

from widget_backend.rules.state import Change
from widget_backend.store import models
from widget_backend.store.json_field import dump
from widget_backend.store.models import ConsentRecord, ConsentValue
from widget_backend.store.prepared import PreparedInsert, PreparedQuery, parameter

Door = Literal[
    "hosted",
    "widget",
    "unsubscribe",
    "one-click",
    "mail",
    "sign-up",
    "confirmation",
    "new-address",
    "my-data",
    "import",
    "delivery",
    "phone",
    "letter",
    "staff",
]
"""Where it was said. `mail`: in a message to the site's address for unsubscribing; `delivery`: by
marking a message as spam; `phone`, `letter`: to the staff, who recorded it. `staff`: nobody said
it; an import was undone."""


@dataclass(frozen=True)
class Wording:
    """The texts that somebody had before them, in which language, named by their hash.

    Its row in the database is a `models.Wording`.
    """

    site: str
    language: str
    texts: Mapping[str, str]
    id: str

    @classmethod
    def of(cls, site: str, language: str, texts: Mapping[str, str]) -> Wording:
        name = hashlib.sha256(dump([site, language, texts]).encode()).hexdigest()[:32]
        return cls(site, language, texts, name)


@lru_cache
def no_wording(site: str, language: str) -> Wording:
    """The wording where nobody had a text before them."""
    return Wording.of(site, language, {})


@dataclass(frozen=True)
class ConsentContext:
    """When something is recorded (seconds since 1970), through which door, in view of what.

    `evidence` is what another system recorded, and `said_there` when the person said it there, None
    where nobody knows; what has no evidence is said as it is recorded. `said_at_of` has other times
    by topic, as subjects. `mailed_at` is when the message was mailed that is answered, if it is one
    that is. `undoes` is the revision that is undone, if one is.
    """

    at: int
    door: Door
    wording: Wording
    evidence: Mapping[str, str] | None = None
    mailed_at: int | None = None
    said_there: int | None = None
    undoes: int | None = None
    said_at_of: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def said_at(self) -> int | None:
        return self.at if self.evidence is None else self.said_there


@dataclass(frozen=True)
class Record:
    """A consent record as read back. Without `changes` and `evidence` when they were erased.

    `wording` names the texts that were shown; `evidence` is what another system recorded; `undoes`
    is the revision that the save undid. `id` is the number of its row.
    """

    revision: int
    at: int
    door: str
    language: str
    changes: tuple[Change, ...]
    evidence: Mapping[str, str] = field(default_factory=dict)
    wording: str = ""
    undoes: int | None = None
    id: int = field(default=0, compare=False)


def digest(salt: str, changes: str, evidence: str | None) -> str:
    """SHA-256 of the salt and the values as they are stored, so that they can be checked."""
    return hashlib.sha256(f"{salt}\n{changes}\n{evidence or ''}".encode()).hexdigest()


_RECORDS = PreparedInsert(
    ConsentRecord,
    (
        ConsentRecord.site,
        ConsentRecord.profile_key,
        ConsentRecord.revision,
        ConsentRecord.at,
        ConsentRecord.door,
        ConsentRecord.wording,
        ConsentRecord.language,
        ConsentRecord.digest,
        ConsentRecord.undoes,
    ),
    lambda insert: insert.returning(ConsentRecord.profile_key, ConsentRecord.id),
)
_VALUES = PreparedInsert(
    ConsentValue,
    (ConsentValue.ledger, ConsentValue.salt, ConsentValue.changes, ConsentValue.evidence),
)
_REMEMBER = PreparedQuery(
    models.Wording.insert(
        {
            models.Wording.id: parameter("id"),
            models.Wording.site: parameter("site"),
            models.Wording.language: parameter("language"),
            models.Wording.texts: parameter("texts"),
            models.Wording.first_used: parameter("first_used"),
        }
    ).on_conflict_ignore()
)


class NewRecord(NamedTuple):
    """One consent record that is still to be written: whose, and their revision after the save."""

    profile_key: str
    revision: int
    changes: Iterable[Change]
    consent: ConsentContext


def record(
    database: Database,
    profile_key: str,
    revision: int,
    changes: Iterable[Change],
    consent: ConsentContext,
) -> None:
    """Add one consent record. Must stand in the transaction of the change itself."""
    record_many(database, [NewRecord(profile_key, revision, changes, consent)])


def record_many(database: Database, new: Sequence[NewRecord]) -> None:
    """The same for several people, each once."""
    rows: list[tuple[Any, ...]] = []
    values: dict[str, tuple[str, str, str | None]] = {}
    for key, revision, changes, consent in new:
        _remember_wording(database, consent)
        salt = secrets.token_hex(16)
        changed = dump([[each.subject, each.before, each.after] for each in changes])
        evidence = dump(consent.evidence) if consent.evidence else None
        values[key] = (salt, changed, evidence)
        wording = (consent.wording.id, consent.wording.language)
        when = (revision, consent.at, consent.door)
        sealed = (digest(salt, changed, evidence), consent.undoes)
        rows.append((consent.wording.site, key, *when, *wording, *sealed))
    numbers = _RECORDS.run(database, rows)
    _VALUES.run(database, [(number, *values[key]) for key, number in numbers])
    doors = Counter(each.consent.door for each in new)
    database.after_commit(lambda: _count(database, doors))


_saves: WeakKeyDictionary[Database, Counter[Door]] = WeakKeyDictionary()
_counting = Lock()


def _count(database: Database, doors: Counter[Door]) -> None:
    with _counting:
        _saves.setdefault(database, Counter()).update(doors)


def saves_by_door(database: Database) -> dict[Door, int]:
    """How many records this process has committed."""
    with _counting:
        return dict(_saves.get(database, {}))


_remembered: WeakKeyDictionary[Database, set[str]] = WeakKeyDictionary()
"""The wordings that are stored for good, by database; it saves a query in every save."""


def _remember_wording(database: Database, consent: ConsentContext) -> None:
    """Store the texts that a record names, unless a transaction that was committed has done so."""
    known = _remembered.setdefault(database, set())
    if consent.wording.id in known:
        return
    _REMEMBER.run(
        database,
        id=consent.wording.id,
        site=consent.wording.site,
        language=consent.wording.language,
        texts=dump(consent.wording.texts),
        first_used=consent.at,
    )
    database.after_commit(lambda: known.add(consent.wording.id))


_SINCE = PreparedQuery(
    ConsentRecord.select(
        ConsentRecord.revision,
        ConsentRecord.at,
        ConsentRecord.door,
        ConsentRecord.language,
        ConsentRecord.wording,
        ConsentValue.changes,
        ConsentValue.evidence,
        ConsentRecord.undoes,
        ConsentRecord.id,
    )
    .join(ConsentValue, JOIN.LEFT_OUTER, on=(ConsentValue.ledger == ConsentRecord.id))
    .where(
        (ConsentRecord.profile_key == parameter("profile_key"))
        & (ConsentRecord.revision > parameter("after"))
        & (ConsentRecord.revision <= parameter("to"))
    )
    .order_by(ConsentRecord.revision)
)
NEWEST = 2**31 - 1


def records(
    database: Database, profile_key: str, after: int = -1, to: int = NEWEST
) -> list[Record]:
    """The records of a profile after one revision and up to another, oldest first."""
    rows: list[tuple[Any, ...]] = _SINCE.run(
        database, profile_key=profile_key, after=after, to=to
    ).fetchall()
    return [
        Record(revision, at, door, language, _changes(changes), _evidence(evidence), wording, *rest)
        for revision, at, door, language, wording, changes, evidence, *rest in rows
    ]


def _changes(stored: str | None) -> tuple[Change, ...]:
    return tuple(Change(*each) for each in json.loads(stored)) if stored else ()


def _evidence(stored: str | None) -> dict[str, str]:
    evidence: dict[str, str] = json.loads(stored) if stored else {}
    return evidence
