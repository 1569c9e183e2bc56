"""The outbox bench: a look for what is due, among very many messages that were settled long ago."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from peewee import Database

from tests.bench.child import ROOT
from tests.bench.report import Goal, Say, middle, spread, table
from widget_backend.store.database import migrate, open_database, write_transaction
from widget_backend.store.models import Job
from widget_backend.store.outbox import claim_due

SETTLED = 500_000
AT = 1_800_000_000
LOOKS = 300
"""In each round; one takes less than a millisecond."""
MOST_RATIO = 1.5


def bench(rounds: int, say: Say) -> list[Goal]:
    (ROOT / "var").mkdir(exist_ok=True)
    with TemporaryDirectory(dir=ROOT / "var", prefix="bench-") as name:
        outboxes = {count: _outbox(Path(name), count) for count in (0, SETTLED)}
        times: dict[int, list[float]] = {count: [] for count in outboxes}
        for _ in range(rounds):
            for count, database in outboxes.items():
                times[count].append(_look(database))
        for database in outboxes.values():
            database.close()
    lines = [
        (f"among {count:,} settled", f"{1000 * middle(each):.3f}", spread(each))
        for count, each in times.items()
    ]
    say(table(("a look for what is due", "ms", "±"), lines))
    ratio = middle([many / none for none, many in zip(*times.values(), strict=True)])
    wanted = f"≤ {MOST_RATIO}"
    return [Goal(f"among {SETTLED:,} / none", f"{ratio:.2f}", wanted, ratio <= MOST_RATIO)]


def _look(database: Database) -> float:
    """Seconds."""
    start = perf_counter()
    for _ in range(LOOKS):
        assert claim_due(database, AT) == []
    return (perf_counter() - start) / LOOKS


def _outbox(folder: Path, settled: int) -> Database:
    database = open_database(f"sqlite:///{folder}/{settled}.db")
    migrate(database)
    rows = [{"kind": "code", "queued_at": AT, "done_at": AT} for _ in range(1000)]
    with write_transaction(database):
        for _ in range(settled // 1000):
            Job.insert_many(rows).execute(database)
    return database
