"""The server bench: rows interleaved in one run, the server on one core and wrk on another."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import ours, peers
from tests.bench.child import ANY_CORE, ROOT, serving
from tests.bench.load import CONNECTIONS, Answers, Load, require_wrk, run
from tests.bench.people import TOPICS, full_form
from tests.bench.report import Goal, Say, middle, spread, table

READERS = 200
PAGE_RATIO = 0.65
SAVE_RATIO = 0.5
WARM_UP = 0.5
"""Seconds of load before anything counts: caches fill, as they do in the first second of a day."""
PEER_BODIES = ("frequency=monthly", "frequency=weekly")


@dataclass
class Row:
    """One line of the table: which server, what it is sent in each round, and what came back."""

    name: str
    server: str
    loads: Sequence[Load]
    answers: list[Answers] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return middle([each.rate for each in self.counted])

    @property
    def cpu_ms(self) -> float:
        """The server's own time for a request, whoever else was busy on its core."""
        spent = zip(self.cpu_seconds[1:], self.counted, strict=True)
        return middle([1000 * seconds / (each.good + each.wrong) for seconds, each in spent])

    @property
    def counted(self) -> list[Answers]:
        """All but the first, which was for warming up."""
        return self.answers[1:]

    @property
    def complaints(self) -> list[str]:
        return [
            f"{self.name}: {each.wrong} wrong answers (such as {each.other}), "
            f"{each.broken} broken connections"
            for each in self.answers
            if each.wrong or each.broken
        ]


def bench(rounds: int, seconds: float, say: Say) -> list[Goal]:
    """Measure, print the table, and return the goals with what was reached."""
    require_wrk()
    (ROOT / "var").mkdir(exist_ok=True)  # on the disk, where a durable write costs what it costs
    with TemporaryDirectory(dir=ROOT / "var", prefix="bench-") as name:
        folder = Path(name)
        rows = _rows(folder, rounds)
        before = ours.ledger_rows(folder)
        _measure(rows, folder, rounds, seconds, say)
        added = ours.ledger_rows(folder) - before
    _print(rows, say)
    return _goals(rows, added)


def _rows(folder: Path, rounds: int) -> dict[str, Row]:
    """The rows by name. Every writer of every round is a person of their own."""
    people = READERS + 2 * CONNECTIONS * (rounds + 1)
    handles = ours.fill(folder, people)
    peers.fill(folder / "peer.db", handles)
    readers, writers = handles[:READERS], _groups(handles[READERS:])
    few, all_changed = writers[: rounds + 1], writers[rounds + 1 :]
    rows = [
        Row("bare Flask route", "bare", [Load(["/"])]),
        Row("peewee page", "peer", [Load([f"/p/{handle}" for handle in readers])]),
        Row("our page", "ours", [Load(ours.paths(readers, "preferences"))]),
        Row("peewee write", "peer", [_peer_write(group) for group in few]),
        Row("our save", "ours", [_our_save(group, 2) for group in few]),
        Row("our save, all topics", "ours", [_our_save(each, len(TOPICS)) for each in all_changed]),
    ]
    return {row.name: row for row in rows}


def _groups(handles: Sequence[str]) -> list[Sequence[str]]:
    return [handles[at : at + CONNECTIONS] for at in range(0, len(handles), CONNECTIONS)]


def _peer_write(handles: Sequence[str]) -> Load:
    return Load([f"/p/{handle}" for handle in handles], 303, PEER_BODIES)


def _our_save(handles: Sequence[str], changed: int) -> Load:
    targets = ours.paths(handles, "preferences")
    return Load(targets, 303, full_form(changed), ours.FIRST_REVISION)


def _measure(rows: dict[str, Row], folder: Path, rounds: int, seconds: float, say: Say) -> None:
    server_core, load_core = cores(say)
    with ExitStack() as servers:
        running = {
            name: servers.enter_context(serving(name, folder, server_core))
            for name in ("bare", "peer", "ours")
        }
        for turn in range(rounds + 1):
            for row in rows.values():
                load, server = row.loads[turn % len(row.loads)], running[row.server]
                before = server.cpu_seconds()
                duration = seconds if turn else WARM_UP
                row.answers.append(run(load, server.url, load_core, duration, folder))
                row.cpu_seconds.append(server.cpu_seconds() - before)
            say(f"  {_progress(turn, rounds)}", True)


def _progress(turn: int, rounds: int) -> str:
    return f"round {turn} of {rounds}" if turn else "warm"


def cores(say: Say) -> tuple[int, int]:
    """A core for the server and another for the load, where the system can and has two."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) < 2:
        say("  no two cores to pin to: the load takes from the server, and ratios are less sure")
        return ANY_CORE, ANY_CORE
    return cores[0], cores[1]


def _print(rows: dict[str, Row], say: Say) -> None:
    scale = rows["bare Flask route"].rate
    lines = [
        (
            row.name,
            f"{row.rate:,.0f}",
            spread([each.rate for each in row.counted]),
            f"{row.rate / scale:.2f}",
            f"{row.cpu_ms:.2f}",
            f"{middle([each.p50 for each in row.counted]):.1f}",
            f"{middle([each.p99 for each in row.counted]):.1f}",
        )
        for row in rows.values()
    ]
    say(table(("server", "requests/s", "±", "of bare", "cpu ms", "p50 ms", "p99 ms"), lines))


def _goals(rows: dict[str, Row], added: int) -> list[Goal]:
    saves = [rows["our save"], rows["our save, all topics"]]
    acknowledged = sum(each.good for row in saves for each in row.answers)
    wrong = [complaint for row in rows.values() for complaint in row.complaints]
    return [
        _ratio(rows, "our page", "peewee page", PAGE_RATIO),
        _ratio(rows, "our save", "peewee write", SAVE_RATIO),
        Goal(
            "saves acknowledged = ledger rows",
            f"{acknowledged:,} = {added:,}",
            "equal",
            acknowledged == added,
        ),
        Goal("every answer as expected", "; ".join(wrong) or "yes", "yes", not wrong),
    ]


def _ratio(rows: dict[str, Row], name: str, peer: str, least: float) -> Goal:
    """Middle of the ratios of each round, in which both ran within seconds of each other."""
    pairs = zip(rows[name].counted, rows[peer].counted, strict=True)
    ratio = middle([mine.rate / theirs.rate for mine, theirs in pairs])
    return Goal(f"{name} / {peer}", f"{ratio:.2f}", f"≥ {least}", ratio >= least)
