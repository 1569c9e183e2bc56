"""Dry runs: what an import would change, decided as by the import, with nothing written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from peewee import Database

from widget_backend.contacts.batches import in_batches
from widget_backend.contacts.csv_output import Rejects
from widget_backend.contacts.decisions import (
    ImportRun,
    contact_after,
    decide,
    look_up,
    unknown_contact,
)
from widget_backend.contacts.duplicates import NamelessTable
from widget_backend.contacts.entries import PlatformFile
from widget_backend.contacts.entry import Entry
from widget_backend.contacts.imports import ImportResult
from widget_backend.contacts.mapping import UnknownTags
from widget_backend.contacts.tally import Tally
from widget_backend.rules.later_words import Times
from widget_backend.rules.state import State
from widget_backend.store.contacts import Contact

AT_ONCE = 500
"""Entries that are looked up together."""


def try_file(
    database: Database,
    run: ImportRun,
    export: PlatformFile,
    rejects: Rejects,
    after_each: Callable[[], object] = lambda: None,
) -> ImportResult:
    """What `import_file` would return."""
    unknown_tags = UnknownTags(run.mapping)
    entries = unknown_tags.counted(export.entries(rejects))
    return ImportResult(try_entries(database, run, entries, rejects, after_each), unknown_tags)


def try_entries(
    database: Database,
    run: ImportRun,
    entries: Iterable[Entry],
    rejects: Rejects,
    after_each: Callable[[], object] = lambda: None,
) -> Tally:
    """What `import_entries` would return, if nobody else wrote meanwhile."""
    tally = Tally()
    with _Pretended(run) as pretended:
        for batch in in_batches(entries, AT_ONCE):
            contacts, out = look_up(database, run, batch)
            for entry in batch:
                earlier = pretended.contact(entry, contacts)
                decision = decide(run, entry, earlier, out)
                tally.add(entry, decision)
                if reason := decision.rejected_because:
                    rejects.add_entry(entry.row, reason)
                else:
                    fields = earlier.fields if earlier else {}
                    tally.judge(run.site, entry, fields, run.at)
                if decision.counts:
                    pretended.keep(contact_after(run, entry, earlier, decision))
            after_each()
    return tally


class _Pretended(NamelessTable):
    """People as they would be by now, for lines that name them again."""

    table = "person (email PRIMARY KEY, known)"

    def __init__(self, run: ImportRun) -> None:
        self._run = run

    def contact(self, entry: Entry, contacts: dict[str, Contact]) -> Contact | None:
        """The person of the entry: as an earlier line would have left them, or as they are."""
        stored = contacts.get(entry.email)
        if entry.earlier is None:
            return stored
        query = "SELECT known FROM person WHERE email = ?"
        row = self._rows.execute(query, [entry.email]).fetchone()
        return _read(stored or unknown_contact(self._run, entry), row[0]) if row else stored

    def keep(self, contact: Contact) -> None:
        row = [contact.email, _stored(contact)]
        self._rows.execute("INSERT OR REPLACE INTO person VALUES (?, ?)", row)


def _stored(contact: Contact) -> str:
    times, person = contact.times, contact.profile
    when = [dict(times.topics), times.overall, times.left, times.spoke]
    beside = [dict(contact.fields), sorted(contact.proved)]
    return json.dumps([person.state, person.roles, when, contact.undeliverable_at, *beside])


def _read(contact: Contact, stored: str) -> Contact:
    state, roles, when, undeliverable_at, fields, proved = json.loads(stored)
    known: Any = {"state": State(state), "roles": tuple(roles)}
    return contact._replace(
        profile=contact.profile._replace(**known),
        times=Times(*when),
        undeliverable_at=undeliverable_at,
        fields=fields,
        proved=frozenset(proved),
    )
