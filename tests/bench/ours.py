"""Our own rows: the real backend with the demo's site and people who chose for all its topics."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from peewee import Database

from tests.bench.people import SITE, TOPICS, preference_of
from widget_backend import links
from widget_backend.app import create_app
from widget_backend.links import Link, Purpose
from widget_backend.rules.state import Change
from widget_backend.signing import Signer
from widget_backend.store.database import migrate, open_database, write_transaction
from widget_backend.store.ledger import ConsentContext, Wording
from widget_backend.store.new_contacts import NewContact, create_contacts
from widget_backend.store.profiles import Profile
from widget_backend.store.saves import save_in_transaction

SIGNER = Signer(["a key for benches only, of no use elsewhere"])
NOBODY = "nobody"
"""An origin that asks for nothing."""
ROLES = ("owner-club", "professional")
"""With both, a person sees all eight topics."""


def fill(folder: Path, count: int, roles: tuple[str, ...] = ROLES) -> list[str]:
    """A database with so many people; returns their handles."""
    database = open_database(url(folder))
    migrate(database)
    emails = [f"person{number}@example.com" for number in range(count)]
    with database.connection_context(), write_transaction(database):
        contacts = [NewContact(email, roles) for email in emails]
        people = create_contacts(database, SITE.id, 0, contacts)
        for number, email in enumerate(emails):
            _choose(database, people[email], number)
    database.close()
    return [people[email].handle for email in emails]


def _choose(database: Database, person: Profile, number: int) -> None:
    changes = [
        Change(f"topic:{topic.id}", None, preference_of(number, place))
        for place, topic in enumerate(TOPICS)
    ]
    how = ConsentContext(0, "hosted", Wording.of(SITE.id, "en", {}))
    save_in_transaction(database, person, changes, how)


def paths(handles: Sequence[str], purpose: Purpose) -> list[str]:
    """Where these people's signed links lead, from the root of our host."""
    now = datetime.now(UTC)
    tokens = [SIGNER.mint(purpose, Link(SITE.id, handle, "en"), now) for handle in handles]
    return [links.address("", purpose, token) for token in tokens]


def ours(folder: Path, origin: str = NOBODY) -> Flask:
    site = SITE.at("http://127.0.0.1", (origin,))
    return create_app([site], open_database(url(folder)), SIGNER)


def ledger_rows(folder: Path) -> int:
    """How many saves the ledger holds, asked past the backend."""
    (rows,) = _ask(folder, "SELECT count(*) FROM ledger")
    return int(rows)


def changes_of_last_save(folder: Path) -> list[list[object]]:
    """What the newest save changed: subject, before, after."""
    (changes,) = _ask(folder, "SELECT changes FROM ledgervalue ORDER BY ledger_id DESC")
    found: list[list[object]] = json.loads(changes)
    return found


def _ask(folder: Path, query: str) -> tuple[Any, ...]:
    with closing(sqlite3.connect(_file(folder))) as connection:
        row: tuple[Any, ...] = connection.execute(query).fetchone()
    return row


def _file(folder: Path) -> Path:
    return folder / "ours.db"


def url(folder: Path) -> str:
    elsewhere = folder / "url"
    return elsewhere.read_text() if elsewhere.exists() else f"sqlite:///{_file(folder)}"


def keep_in(folder: Path, url: str) -> None:
    """What is said of this folder is kept in the database at `url`, not in an SQLite file."""
    (folder / "url").write_text(url)
