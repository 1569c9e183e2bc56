"""The server bench: rows interleaved in one run, the server on one core and wrk on another."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import ours, peers
from tests.bench.child import ANY_CORE, ROOT, serving
from tests.bench.load import CONNECTIONS, Answers, Load, require_wrk, run
from tests.bench.people import FIRST_REVISION, TOPICS, full_form
from tests.bench.report import Goal, Say, middle, spread, table

READERS = 200
STEADY = 0.15
"""How far the bare route may be from its median, for a round to count."""
MOST_ROUNDS = 4
"""Times as many rounds as are wanted, at most, when the machine is busy."""
WARM_UP = 0.5
"""Seconds of load before anything counts: caches fill, as they do in the first second of a day."""
PEER_BODIES = ("frequency=monthly", "frequency=weekly")
BARE, BARE_AGAIN = "bare Flask route", "bare Flask route again"
RATIOS = [
    ("our page", "peewee page", 1.15),
    ("our page", BARE, 0.18),
    ("our save", "peewee write", 0.65),
    ("our save", "peewee save", 1.0),
    ("our save", BARE, 0.17),
    ("stripped page", "peewee page", 1.15),
    ("stripped page", BARE, 0.18),
    ("stripped save", "peewee write", 0.65),
    ("stripped save", "peewee save", 1.0),
    ("stripped save", BARE, 0.17),
]
"""Row, the row it is compared with, and the least ratio of their rates."""
MOST_FOR_A_LANGUAGE = 1.05
MOST_FOR_THE_SLOWEST = 2.0


@dataclass
class Row:
    """One line of the table: which server, what it is sent in each round, and what came back.

    `counted` are the numbers of the rounds that count, the same for all rows.
    """

    name: str
    server: str
    loads: Sequence[Load]
    counted: list[int]
    answers: list[Answers] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)

    def each(self, of: Callable[[Answers], float]) -> list[float]:
        """A figure of each round that counts."""
        return [of(self.answers[turn]) for turn in self.counted]

    @property
    def rate(self) -> float:
        return middle(self.each(lambda answers: answers.rate))

    @property
    def cpu_ms(self) -> float:
        """The server's own time for a request, whoever else was busy on its core."""
        requests = self.each(lambda answers: answers.good + answers.wrong)
        seconds = [self.cpu_seconds[turn] for turn in self.counted]
        return middle([1000 * took / of for took, of in zip(seconds, requests, strict=True)])

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
        rows = _rows(folder, MOST_ROUNDS * rounds)
        before = ours.ledger_rows(folder)
        _measure(rows, folder, rounds, seconds, say)
        added = ours.ledger_rows(folder) - before
    _print(rows, say)
    return _goals(rows, added, rounds)


def _rows(folder: Path, rounds: int) -> dict[str, Row]:
    """The rows by name, in their order. Every writer of every round is a person of their own."""
    groups = 2 * (rounds + 1)
    handles = ours.fill(folder, READERS + groups * CONNECTIONS)
    peers.fill(folder / "peer.db", handles)
    readers, writers = handles[:READERS], handles[READERS:]
    starts = range(0, len(writers), CONNECTIONS)
    every = [writers[at : at + CONNECTIONS] for at in starts]
    ones, others = every[: rounds + 1], every[rounds + 1 :]
    pages = ours.paths(readers, "preferences")
    counted: list[int] = []
    rows = [
        Row(BARE, "bare", [Load(["/"])], counted),
        Row("peewee page", "peer", [Load([f"/p/{handle}" for handle in readers])], counted),
        Row("stripped page", "stripped", [Load(pages)], counted),
        Row("our page", "ours", [Load([f"{page}?lang=en" for page in pages])], counted),
        Row("our page, sq", "ours", [Load([f"{page}?lang=sq" for page in pages])], counted),
        Row("our page, ar", "ours", [Load([f"{page}?lang=ar" for page in pages])], counted),
        Row("peewee write", "peer", [_peer_write(group) for group in ones], counted),
        Row("peewee save", "peer", [_peer_save(group) for group in ones], counted),
        Row("stripped save", "stripped", [_our_save(group, 2) for group in others], counted),
        Row("our save", "ours", [_our_save(group, 2) for group in ones], counted),
        Row("our save, all topics", "ours", [_our_save(g, len(TOPICS)) for g in others], counted),
        Row(BARE_AGAIN, "bare", [Load(["/"])], counted),
    ]
    return {row.name: row for row in rows}


def _peer_write(handles: Sequence[str]) -> Load:
    return Load([f"/p/{handle}" for handle in handles], 303, PEER_BODIES)


def _peer_save(handles: Sequence[str]) -> Load:
    paths = [f"/save/{handle}" for handle in handles]
    return Load(paths, 303, full_form(2), FIRST_REVISION)


def _our_save(handles: Sequence[str], changed: int) -> Load:
    targets = ours.paths(handles, "preferences")
    return Load(targets, 303, full_form(changed), FIRST_REVISION)


def _measure(rows: dict[str, Row], folder: Path, rounds: int, seconds: float, say: Say) -> None:
    """Until as many rounds as are wanted were steady, or there were too many in all."""
    server_core, load_core = cores(say)
    counted = rows[BARE].counted
    with ExitStack() as servers:
        running = {
            name: servers.enter_context(serving(name, folder, server_core))
            for name in dict.fromkeys(row.server for row in rows.values())
        }
        for turn in range(MOST_ROUNDS * rounds + 1):
            for row in rows.values():
                load, server = row.loads[turn % len(row.loads)], running[row.server]
                before = server.cpu_seconds()
                duration = seconds if turn else WARM_UP
                row.answers.append(run(load, server.url, load_core, duration, folder))
                row.cpu_seconds.append(server.cpu_seconds() - before)
            counted[:] = _steady(rows)
            say(f"  {f'round {turn}, {len(counted)} of {rounds} count' if turn else 'warm'}", True)
            if len(counted) == rounds:
                break
    if len(counted) < rounds:
        say(f"  the machine was busy: {len(counted)} of {turn} rounds count, or all if none does")
        counted[:] = counted or range(1, turn + 1)


def _steady(rows: dict[str, Row]) -> list[int]:
    """The rounds at whose begin and end the bare route was as fast as it usually is.

    The first, which is for warming up, never counts.
    """
    rates = [[each.rate for each in rows[name].answers[1:]] for name in (BARE, BARE_AGAIN)]
    usual = middle([rate for each in rates for rate in each]) if rates[0] else 0
    return [
        turn
        for turn, both in enumerate(zip(*rates, strict=True), start=1)
        if all(abs(rate - usual) <= STEADY * usual for rate in both)
    ]


def cores(say: Say) -> tuple[int, int]:
    """A core for the server and another for the load, where the system can and has two."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) < 2:
        say("  no two cores to pin to: the load takes from the server, and ratios are less sure")
        return ANY_CORE, ANY_CORE
    return cores[0], cores[1]


def _print(rows: dict[str, Row], say: Say) -> None:
    scale = rows[BARE].rate
    lines = [
        (
            row.name,
            f"{row.rate:,.0f}",
            spread(row.each(lambda answers: answers.rate)),
            f"{row.rate / scale:.2f}",
            f"{row.cpu_ms:.2f}",
            f"{middle(row.each(lambda answers: answers.p50)):.1f}",
            f"{middle(row.each(lambda answers: answers.p99)):.1f}",
        )
        for row in rows.values()
    ]
    say(table(("server", "requests/s", "±", "of bare", "cpu ms", "p50 ms", "p99 ms"), lines))


def _goals(rows: dict[str, Row], added: int, rounds: int) -> list[Goal]:
    saves = [rows["our save"], rows["our save, all topics"]]
    acknowledged = sum(each.good for row in saves for each in row.answers)
    wrong = [complaint for row in rows.values() for complaint in row.complaints]
    steady = len(_steady(rows))
    return [
        *(_at_least(rows, *each) for each in RATIOS),
        *(_language(rows, tag) for tag in ("sq", "ar")),
        _slowest(rows),
        Goal("rounds with a steady bare route", str(steady), f"≥ {rounds}", steady >= rounds),
        Goal(
            "saves acknowledged = ledger rows",
            f"{acknowledged:,} = {added:,}",
            "equal",
            acknowledged == added,
        ),
        Goal("every answer as expected", "; ".join(wrong) or "yes", "yes", not wrong),
    ]


def _ratio(one: Row, other: Row, of: Callable[[Answers], float]) -> float:
    """Middle of the ratios of each round, in which both ran within seconds of each other."""
    pairs = zip(one.each(of), other.each(of), strict=True)
    return middle([figure / others for figure, others in pairs])


def _at_least(rows: dict[str, Row], name: str, peer: str, least: float) -> Goal:
    ratio = _ratio(rows[name], rows[peer], lambda answers: answers.rate)
    return Goal(f"{name} / {peer}", f"{ratio:.2f}", f"≥ {least}", ratio >= least)


def _language(rows: dict[str, Row], tag: str) -> Goal:
    """How much longer a page takes in this language than in English."""
    ratio = _ratio(rows["our page"], rows[f"our page, {tag}"], lambda answers: answers.rate)
    most = MOST_FOR_A_LANGUAGE
    return Goal(f"time of our page, {tag} / en", f"{ratio:.2f}", f"≤ {most}", ratio <= most)


def _slowest(rows: dict[str, Row]) -> Goal:
    ratio = _ratio(rows["our save"], rows["peewee save"], lambda answers: answers.p99)
    most = MOST_FOR_THE_SLOWEST
    return Goal("p99 of our save / peewee save", f"{ratio:.2f}", f"≤ {most:g}", ratio <= most)
