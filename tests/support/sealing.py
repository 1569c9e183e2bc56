"""Records of a shop that are sealed, and what somebody who can write to the database may do."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from click.testing import Result
from peewee import Database, SqliteDatabase

from tests.support.people import AT, how, person_of
from widget_backend.actions.evidence import seal_all
from widget_backend.rules.state import Change
from widget_backend.store.evidence_key import EvidenceKey
from widget_backend.store.models import ConsentRecord
from widget_backend.store.profiles import Profile, read_profile
from widget_backend.store.saves import save
from widget_backend.store.seals import COLUMNS, leaf_of

SHOP, INN = "shop", "inn"
SECRET, OTHER_SECRET = "1" * 64, "2" * 64
KEY, OTHER_KEY = EvidenceKey(SECRET), EvidenceKey(OTHER_SECRET)
NOW = datetime.fromtimestamp(AT, UTC)
TIME = NOW.isoformat()

Run = Callable[..., Result]
"""A command of `evidence` on the shop."""

ALL_IS_WELL = "No record was changed, added, moved or taken away."


def record_some(database: Database, count: int, site: str = SHOP) -> list[Profile]:
    """So many records, each of somebody new."""
    size = person_count(database)
    return [person_of(database, site, f"{size + each}@example.com") for each in range(count)]


def person_count(database: Database) -> int:
    return int(database.execute_sql("SELECT count(*) FROM profile").fetchone()[0])


def save_again(database: Database, person: Profile) -> None:
    current = read_profile(database, person.site, person.handle)
    save(database, current, [Change("language", "sq", "ar")], how(person.site))


def seal(database: Database, site: str = SHOP) -> int:
    return sum(seal_all(database, site))


def tamper(database: Database, *statements: str) -> None:
    """As whoever may drop triggers can."""
    is_sqlite = isinstance(database, SqliteDatabase)
    if is_sqlite:
        names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in database.execute_sql(names).fetchall():
            database.execute_sql(f"DROP TRIGGER {name}")
    guard = "PRAGMA foreign_keys = {}" if is_sqlite else "SET session_replication_role = {}"
    database.execute_sql(guard.format("0" if is_sqlite else "replica"))
    for statement in statements:
        database.execute_sql(statement)
    database.execute_sql(guard.format("1" if is_sqlite else "DEFAULT"))


def reseal(database: Database, ledger_id: int) -> None:
    """Give a record the seal that it has to have now."""
    query = ConsentRecord.select(*COLUMNS).where(ConsentRecord.id == ledger_id)
    (row,) = query.tuples().execute(database)
    node = leaf_of(row).hex()
    written = f"x'{node}'" if isinstance(database, SqliteDatabase) else f"'\\x{node}'"
    tamper(database, f"UPDATE seal SET hash = {written} WHERE ledger_id = {ledger_id}")


def prepare(run: Run, database: Database) -> None:
    """Three checkpoints, of 3, 6 and 9 records."""
    for _ in range(3):
        record_some(database, 3)
        assert run("checkpoint").exit_code == 0


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def refused(result: Result) -> str:
    """The one line that says why."""
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.endswith(".")
    return line
