"""The importing bench's peer: a loop on the database's own driver that reads the same CSV.

It upserts the address and one preference, and the profile row that both point to, with the random
keys that every profile has. It checks nothing, keeps no record, and could not be undone.
"""

from __future__ import annotations

import csv
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.bench.people import SITE
from widget_backend.contacts.batches import in_batches

AT = 1_790_000_000
PROFILE = """
INSERT INTO profile (site, handle, ledger_key, pending, revision, created_at, generation)
VALUES (?, ?, ?, FALSE, 0, ?, 0) RETURNING id
"""
ADDRESS = """
INSERT INTO identity (site, profile_id, kind, value, confirmed, undeliverable)
VALUES (?, ?, 'email', ?, TRUE, FALSE)
ON CONFLICT (site, kind, value) WHERE confirmed DO UPDATE SET undeliverable = FALSE
"""
PREFERENCE = """
INSERT INTO preference (profile_id, topic, "on", channel, frequency, said_at, door)
VALUES (?, 'news', TRUE, 'email', 'weekly', ?, 'import')
ON CONFLICT (profile_id, topic) DO UPDATE SET "on" = TRUE, said_at = excluded.said_at
"""

Execute = Callable[[str, tuple[Any, ...]], Any]


def import_bare(url: str, file: Path, rows_at_once: int) -> None:
    """So many rows to a durable transaction."""
    with file.open(encoding="utf-8", newline="") as text, _connected(url) as (execute, commit):
        rows = csv.reader(text)
        next(rows)
        for some in in_batches(rows, rows_at_once):
            for row in some:
                keys = (secrets.token_hex(16), secrets.token_hex(16))
                (profile,) = execute(PROFILE, (SITE.id, *keys, AT)).fetchone()
                execute(ADDRESS, (SITE.id, profile, row[0]))
                execute(PREFERENCE, (profile, AT))
            commit()


@contextmanager
def _connected(url: str) -> Iterator[tuple[Execute, Callable[[], None]]]:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as lite:
            lite.execute("PRAGMA synchronous = FULL")
            lite.execute("PRAGMA foreign_keys = ON")
            yield lite.execute, lite.commit
    else:
        with psycopg.connect(url) as server:
            yield lambda sql, values: server.execute(sql.replace("?", "%s"), values), server.commit
