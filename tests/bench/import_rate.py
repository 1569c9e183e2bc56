"""The importing bench's second part: rows a second, beside a bare loop on the driver."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from peewee import Database

from tests.bench.bare_import import import_bare
from tests.bench.child import ROOT
from tests.bench.importing import own_postgres
from tests.bench.people import SITE
from tests.bench.report import Goal, Say, middle, spread, table
from widget_backend.address_hashes import AddressHashes
from widget_backend.contacts.csv_output import Rejects
from widget_backend.contacts.csv_reader import open_csv
from widget_backend.contacts.decisions import ImportRun
from widget_backend.contacts.entries import PlatformFile
from widget_backend.contacts.imports import import_file
from widget_backend.contacts.recognise import recognise
from widget_backend.store.database import migrate, open_database

ROWS = 100_000
LEAST_RATIO = 0.15
HEADER = ("Email Address", "First Name", "OPTIN_TIME", "CONFIRM_TIME")
TIMES = ("2024-01-01 09:00:00", "2024-01-01 09:05:00")
HASHES = AddressHashes(["a key of the bench that is long enough"])


@dataclass
class Kind:
    """One kind of database: rows a second of both loops, and how many rows a transaction has."""

    name: str
    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    at_once: int = 0

    @property
    def ratio(self) -> float:
        return middle([ours / bare for ours, bare in zip(self.ours, self.bare, strict=True)])

    def measure(self, url: str, file: Path) -> None:
        """The import, and then the loop with as many rows to a transaction."""
        database = _empty(url)
        with database.connection_context():
            start = perf_counter()
            transactions = _import(database, file)
            self.ours.append(ROWS / (perf_counter() - start))
        database.close()
        self.at_once = round(ROWS / transactions)
        _empty(url).close()
        start = perf_counter()
        import_bare(url, file, self.at_once)
        self.bare.append(ROWS / (perf_counter() - start))


def bench(rounds: int, say: Say) -> list[Goal]:
    """Measure, print the table, and return the goals with what was reached."""
    (ROOT / "var").mkdir(exist_ok=True)  # on the disk, where a durable write costs what it costs
    with TemporaryDirectory(dir=ROOT / "var", prefix="bench-") as name, own_postgres() as server:
        file = _written(Path(name) / "contacts.csv")
        kinds = {"SQLite": f"sqlite:///{Path(name) / 'new.db'}", "PostgreSQL": server}
        measured = []
        for kind, url in kinds.items():
            measured.append(Kind(kind))
            for turn in range(rounds):
                measured[-1].measure(url, file)
                say(f"  {kind}: round {turn + 1} of {rounds}", True)
    lines = [line for kind in measured for line in _lines(kind)]
    say(table(("importing", "rows/s", "rows at once", "±"), lines))
    return [_goal(kind) for kind in measured]


def _written(file: Path) -> Path:
    with file.open("w", newline="", encoding="utf-8") as text:
        writer = csv.writer(text)
        writer.writerow(HEADER)
        writer.writerows((f"person{at}@example.com", "Arta", *TIMES) for at in range(ROWS))
    return file


def _empty(url: str) -> Database:
    """A new database in place of the last one."""
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        for each in file.parent.glob(f"{file.name}*"):
            each.unlink()
    database = open_database(url)
    if not url.startswith("sqlite"):
        with database.connection_context():
            database.execute_sql("DROP SCHEMA public CASCADE")
            database.execute_sql("CREATE SCHEMA public")
    migrate(database)
    return database


def _import(database: Database, file: Path) -> int:
    """How many transactions it took."""
    run = ImportRun(SITE.site, datetime.now(UTC), HASHES, topics=("news",))
    platform = recognise(file)
    with open_csv(file, None, platform) as csv_file:
        batches: list[None] = []
        export = PlatformFile(csv_file, platform)
        result = import_file(database, run, export, Rejects(), lambda: batches.append(None))
    assert result.outcomes == {"new": ROWS}
    return len(batches)


def _lines(kind: Kind) -> Iterator[tuple[str, ...]]:
    for name, rates in (("bare loop", kind.bare), ("import", kind.ours)):
        yield f"{kind.name}, {name}", f"{middle(rates):,.0f}", f"{kind.at_once}", spread(rates)


def _goal(kind: Kind) -> Goal:
    name, wanted = f"{kind.name}: import / bare loop", f"≥ {LEAST_RATIO}"
    return Goal(name, f"{kind.ratio:.2f}", wanted, kind.ratio >= LEAST_RATIO)
