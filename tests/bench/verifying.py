"""The verifying bench: `evidence verify` beside a bare loop that hashes each record once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import psycopg

from tests.bench.child import ROOT
from tests.bench.importing import own_postgres
from tests.bench.many_people import insert
from tests.bench.report import Goal, Say, middle, spread, table
from widget_backend.actions.evidence import make_checkpoint, seal_all, verify
from widget_backend.demo.run import DIMORA
from widget_backend.store.checkpoints import read_checkpoints
from widget_backend.store.database import migrate, open_database, write_transaction
from widget_backend.store.evidence_key import EvidenceKey
from widget_backend.store.json_field import dump
from widget_backend.store.ledger import digest

FEW, RECORDS = 100_000, 1_000_000
LEAST_RATIO = 0.25
MOST_GROWTH = 1.1
"""Of the memory at its peak, for ten times as many records."""
SITE, AT = "dimora", 1_790_000_000
SECRET = "1" * 64
KEY = EvidenceKey(SECRET)

OFF, ON = (dump({"on": on, "channel": "email", "frequency": "weekly"}) for on in (False, True))
CHANGES = f'[["topic:offers",{OFF},{ON}]]'
EVERYTHING = """
SELECT ledger.*, salt, changes, evidence FROM ledger
LEFT JOIN ledgervalue ON ledgervalue.ledger_id = ledger.id ORDER BY ledger.id
"""


def bench(rounds: int, say: Say) -> list[Goal]:
    """Measure, print the table, and return the goals with what was reached."""
    (ROOT / "var").mkdir(exist_ok=True)
    goals: list[Goal] = []
    lines: list[tuple[str, str, str]] = []
    with TemporaryDirectory(dir=ROOT / "var", prefix="bench-") as name, own_postgres() as server:
        folder = Path(name)
        urls = {"SQLite": f"sqlite:///{folder / 'many.db'}", "PostgreSQL": server}
        for kind, url in urls.items():
            file = folder / f"{kind}-checkpoints"
            fill(url, RECORDS, file)
            rates: dict[str, list[float]] = {"bare loop": [], "verify": []}
            for turn in range(rounds):
                rates["bare loop"].append(_rate(_hash_all, url))
                rates["verify"].append(_rate(_verify, url, file))
                say(f"  {kind}: round {turn + 1} of {rounds}", True)
            for each, figures in rates.items():
                lines.append((f"{kind}, {each}", f"{middle(figures):,.0f}", spread(figures)))
            goals.append(_goal(kind, rates))
        goals.append(_growth(folder, urls["SQLite"]))
    say(table(("verifying", "records/s", "±"), lines))
    return goals


def fill(url: str, count: int, file: Path) -> None:
    """So many records, with a seal each, and a checkpoint of them all."""
    database = open_database(url)
    migrate(database)
    with database.connection_context():
        with write_transaction(database):
            columns = ("id", "site", "profile_key", "revision", "at", "door", "wording",
                       "language", "digest")  # fmt: skip
            insert(database, "ledger", columns, (_record(each) for each in range(1, count + 1)))
            values = ((each, *_values(each)) for each in range(1, count + 1))
            insert(database, "ledgervalue", ("ledger_id", "salt", "changes", "evidence"), values)
        for _ in seal_all(database, SITE):
            pass
        make_checkpoint(database, SITE, file, KEY, datetime.fromtimestamp(AT, UTC))
        database.execute_sql("ANALYZE")
    database.close()


def _record(number: int) -> tuple[Any, ...]:
    person = sha256(str(number // 4).encode()).hexdigest()[:32]
    how = ("hosted", "0" * 32, "sq", digest(*_values(number)))
    return number, SITE, person, number % 4, AT + number, *how


def _values(number: int) -> tuple[str, str, None]:
    return f"{number:032x}", CHANGES, None


def _hash_all(url: str) -> int:
    """The peer: read every record with its values, and hash it once."""
    count = 0
    with _rows(url) as rows:
        for row in rows:
            sha256("\n".join(map(str, row)).encode()).digest()
            count += 1
    return count


@contextmanager
def _rows(url: str) -> Iterator[Any]:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as lite:
            yield lite.execute(EVERYTHING)
    else:
        with psycopg.connect(url) as connection, connection.cursor("every") as cursor:
            cursor.itersize = 2_000
            yield cursor.execute(EVERYTHING)


def _verify(url: str, file: Path) -> int:
    database = open_database(url)
    with database.connection_context():
        checkpoints = read_checkpoints(file, SITE, {KEY.public.id: KEY.public})
        verdict = verify(database, SITE, checkpoints)
    database.close()
    assert verdict.is_good
    assert len(verdict.holds) == 1
    return verdict.size


def _rate(work: Any, *arguments: Any) -> float:
    start = perf_counter()
    count: int = work(*arguments)
    return count / (perf_counter() - start)


def _goal(kind: str, rates: dict[str, list[float]]) -> Goal:
    pairs = zip(rates["verify"], rates["bare loop"], strict=True)
    ratio = middle([ours / theirs for ours, theirs in pairs])
    wanted = f"≥ {LEAST_RATIO}"
    return Goal(f"{kind}: verify / bare loop", f"{ratio:.2f}", wanted, ratio >= LEAST_RATIO)


def _growth(folder: Path, url: str) -> Goal:
    """Kilobytes at the peak of the command, for few records and for many."""
    few_url, few_file = f"sqlite:///{folder / 'few.db'}", folder / "few-checkpoints"
    fill(few_url, FEW, few_file)
    few, many = _peak(few_url, few_file), _peak(url, folder / "SQLite-checkpoints")
    reached = f"{few / 1024:.0f} MB, {many / 1024:.0f} MB"
    wanted = f"≤ {MOST_GROWTH} ×"
    return Goal(f"memory for {FEW:,} and {RECORDS:,}", reached, wanted, many <= MOST_GROWTH * few)


def _peak(url: str, file: Path) -> int:
    command = [Path(sys.executable).parent / "preference-widget", "evidence", "verify"]
    settings = {"WIDGET_DATABASE_URL": url, "WIDGET_EVIDENCE_KEY": SECRET}
    child = subprocess.Popen(
        [*command, DIMORA / "SITE.toml", "--checkpoint", file],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **settings},
    )
    _, status, used = os.wait4(child.pid, 0)
    assert status == 0, f"verify ended with {status}"
    return used.ru_maxrss
