"""The mailing bench: `links` beside a bare loop that signs, and its memory for a long table."""

from __future__ import annotations

import csv
import hmac
import os
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from peewee import Database

from tests.bench.child import ROOT
from tests.bench.people import SITE
from tests.bench.report import Goal, Say, middle, spread, table
from widget_backend.contacts.bulk_links import LINK_COLUMNS, BulkLinks
from widget_backend.contacts.csv_output import RejectsFile, output_file
from widget_backend.contacts.csv_reader import open_csv
from widget_backend.demo.run import DIMORA
from widget_backend.signing import Signer
from widget_backend.store.database import migrate, open_database, write_transaction
from widget_backend.store.new_contacts import NewContact, create_contacts

ROWS, MANY, FEW = 100_000, 1_000_000, 10_000
LEAST_RATIO = 0.25
MOST_GROWTH = 1.1
"""Of the memory at its peak, for a hundred times as many rows."""
KEY = "a key of the bench that is long enough"
HEADER = ("Email Address", "First Name", "Last Name")


@dataclass
class Loop:
    """One line of the table: what it does with a file, and how many rows a second it did."""

    name: str
    do: Callable[[Path, Path], None]
    rates: list[float] = field(default_factory=list)

    def measure(self, file: Path, out: Path) -> None:
        start = perf_counter()
        self.do(file, out)
        self.rates.append(ROWS / (perf_counter() - start))


def bench(rounds: int, say: Say) -> list[Goal]:
    (ROOT / "var").mkdir(exist_ok=True)
    with TemporaryDirectory(dir=ROOT / "var", prefix="bench-") as name:
        folder = Path(name)
        database = _filled(folder, MANY, say)
        ours = Loop("links", lambda file, out: _links(database, file, out))
        loop = Loop("bare loop", _bare)
        file = _contacts(folder / "contacts.csv", ROWS)
        for turn in range(rounds):
            for each in (loop, ours):
                each.measure(file, folder / "out.csv")
            say(f"  round {turn + 1} of {rounds}", True)
        database.close()
        peaks = [_peak(folder, _contacts(folder / f"{rows}.csv", rows)) for rows in (FEW, MANY)]
    say(table(("mailing", "rows/s", "±"), [_line(each) for each in (loop, ours)]))
    return [_ratio(ours, loop), _growth(*peaks)]


def _line(loop: Loop) -> tuple[str, str, str]:
    return loop.name, f"{middle(loop.rates):,.0f}", spread(loop.rates)


def _ratio(ours: Loop, loop: Loop) -> Goal:
    pairs = zip(ours.rates, loop.rates, strict=True)
    ratio = middle([mine / theirs for mine, theirs in pairs])
    return Goal("links / bare loop", f"{ratio:.2f}", f"≥ {LEAST_RATIO}", ratio >= LEAST_RATIO)


def _growth(few: int, many: int) -> Goal:
    """Kilobytes at the peak of `links` for few rows and for a hundred times as many."""
    reached = f"{few / 1024:.0f} MB, {many / 1024:.0f} MB"
    wanted = f"≤ {MOST_GROWTH} ×"
    return Goal(f"memory for {FEW:,} and {MANY:,}", reached, wanted, many <= MOST_GROWTH * few)


# ── what is compared ────────────────────────────────────────────────────────────────────────


def _bare(file: Path, out: Path) -> None:
    """Reads, signs what each of the four links says, and writes as many columns as we do."""
    purposes = ("preferences", "unsubscribe", "questions", "one-click")
    keys = [hmac.new(KEY.encode(), each.encode(), sha256).digest() for each in purposes]
    with file.open(newline="", encoding="utf-8") as read, out.open("w", encoding="utf-8") as text:
        rows, writer = csv.reader(read), csv.writer(text)
        writer.writerow([*next(rows), *LINK_COLUMNS])
        for row in rows:
            payload = urlsafe_b64encode(f'{{"s":"dimora","p":"{row[0]:032}"}}'.encode())
            signed = [
                f"https://prefs.example/x/{payload.decode()}."
                f"{urlsafe_b64encode(hmac.new(key, payload, sha256).digest()).decode()}"
                for key in keys
            ]
            writer.writerow([*row, *signed, "List-Unsubscribe=One-Click"])


def _links(database: Database, file: Path, out: Path) -> None:
    linking = BulkLinks(SITE.site, Signer([KEY]), datetime.now(UTC))
    with (
        database.connection_context(),
        open_csv(file) as rows,
        RejectsFile(rows) as rejects,
        output_file(out) as text,
    ):
        assert linking.write(database, rows, text, rejects) == ROWS


def _peak(folder: Path, file: Path) -> int:
    """Kilobytes that the command itself held at most (on macOS bytes)."""
    command = [Path(sys.executable).parent / "preference-widget", "links", DIMORA / "SITE.toml"]
    told = {
        "WIDGET_DATABASE_URL": f"sqlite:///{folder / 'widget.db'}",
        "WIDGET_SIGNING_KEYS": KEY,
    }
    with (folder / "peak.csv").open("wb") as out:
        child = subprocess.Popen(
            [*command, file], stdout=out, stderr=subprocess.DEVNULL, env=os.environ | told
        )
        _, status, used = os.wait4(child.pid, 0)
    assert status == 0, f"links ended with {status}"
    return used.ru_maxrss


# ── who is written to ───────────────────────────────────────────────────────────────────────


def _contacts(file: Path, count: int) -> Path:
    with file.open("w", newline="", encoding="utf-8") as text:
        writer = csv.writer(text)
        writer.writerow(HEADER)
        writer.writerows((_email(number), "Arta", "Hoxha") for number in range(count))
    return file


def _email(number: int) -> str:
    return f"contact{number}@example.com"


def _filled(folder: Path, count: int, say: Say) -> Database:
    database = open_database(f"sqlite:///{folder / 'widget.db'}")
    migrate(database)
    with database.connection_context():
        for start in range(0, count, 1000):
            some = [NewContact(_email(start + at)) for at in range(1000)]
            with write_transaction(database):
                create_contacts(database, SITE.id, 1, some)
            say(f"  {start:,} of {count:,} contacts", True)
    return database
