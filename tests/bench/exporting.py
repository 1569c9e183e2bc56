"""The exporting bench: `export --fields all` beside a bare loop on the driver, and its memory."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from filecmp import cmp
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.bench.bare_export import export_bare
from tests.bench.child import ROOT
from tests.bench.importing import own_postgres
from tests.bench.many_people import fill
from tests.bench.people import SITE
from tests.bench.report import Goal, Say, middle, spread, table
from widget_backend.contacts.csv_output import output_file
from widget_backend.contacts.export_fields import all_fields
from widget_backend.contacts.exports import CsvOutput, write_people
from widget_backend.demo.run import DIMORA
from widget_backend.store.database import open_database

PEOPLE, FEW = 100_000, 10_000
LEAST_RATIO = 0.15
MOST_GROWTH = 1.1
"""Of the memory at its peak, for ten times as many people."""


@dataclass
class Loop:
    """One line of the table: what it writes, and how many people a second."""

    name: str
    write: Callable[[str, Path], object]
    out: Path
    rates: list[float] = field(default_factory=list)

    def measure(self, url: str) -> None:
        start = perf_counter()
        self.write(url, self.out)
        self.rates.append(PEOPLE / (perf_counter() - start))


def bench(rounds: int, say: Say) -> list[Goal]:
    """Measure, print the table, and return the goals with what was reached."""
    (ROOT / "var").mkdir(exist_ok=True)
    goals: list[Goal] = []
    lines: list[tuple[str, str, str]] = []
    with TemporaryDirectory(dir=ROOT / "var", prefix="bench-") as name, own_postgres() as server:
        folder = Path(name)
        urls = {"SQLite": f"sqlite:///{folder / 'many.db'}", "PostgreSQL": server}
        for kind, url in urls.items():
            fill(url, PEOPLE)
            bare = Loop(f"{kind}, bare loop", export_bare, folder / "bare.csv")
            ours = Loop(f"{kind}, export", _export, folder / "ours.csv")
            for turn in range(rounds):
                bare.measure(url)
                ours.measure(url)
                say(f"  {kind}: round {turn + 1} of {rounds}", True)
            lines += map(_line, (bare, ours))
            goals += _goals(kind, ours, bare)
        goals.append(_growth(folder, urls["SQLite"]))
    say(table(("exporting", "people/s", "±"), lines))
    return goals


def _export(url: str, out: Path) -> None:
    database = open_database(url)
    fields = list(all_fields(SITE.site, datetime.now(UTC)).values())
    with database.connection_context(), output_file(out) as text:
        assert write_people(database, SITE.site, fields, CsvOutput(text, fields)) == PEOPLE


def _line(loop: Loop) -> tuple[str, str, str]:
    return loop.name, f"{middle(loop.rates):,.0f}", spread(loop.rates)


def _goals(kind: str, ours: Loop, bare: Loop) -> Iterator[Goal]:
    pairs = zip(ours.rates, bare.rates, strict=True)
    ratio = middle([mine / theirs for mine, theirs in pairs])
    wanted = f"≥ {LEAST_RATIO}"
    yield Goal(f"{kind}: export / bare loop", f"{ratio:.2f}", wanted, ratio >= LEAST_RATIO)
    is_same = cmp(ours.out, bare.out, shallow=False)
    yield Goal(f"{kind}: both write one file", "equal" if is_same else "differ", "equal", is_same)


def _growth(folder: Path, url: str) -> Goal:
    """Kilobytes at the peak of the command, for few people and for many."""
    few_url = f"sqlite:///{folder / 'few.db'}"
    fill(few_url, FEW)
    few, many = _peak(few_url), _peak(url)
    reached = f"{few / 1024:.0f} MB, {many / 1024:.0f} MB"
    wanted = f"≤ {MOST_GROWTH} ×"
    return Goal(f"memory for {FEW:,} and {PEOPLE:,}", reached, wanted, many <= MOST_GROWTH * few)


def _peak(url: str) -> int:
    command = [Path(sys.executable).parent / "preference-widget", "export", DIMORA / "SITE.toml"]
    child = subprocess.Popen(
        [*command, "--fields", "all", "-o", os.devnull],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "WIDGET_DATABASE_URL": url},
    )
    _, status, used = os.wait4(child.pid, 0)
    assert status == 0, f"export ended with {status}"
    return used.ru_maxrss
