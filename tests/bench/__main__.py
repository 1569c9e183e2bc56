"""`python -m tests.bench`: all benches, the goals, and exit code 1 when one is missed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from tests.bench import (
    audiences,
    deciding,
    embed,
    exporting,
    growth,
    import_rate,
    importing,
    mailing,
    month,
    outbox,
    rivals,
    server,
    verifying,
)
from tests.bench.report import Goal, verdict


def say(line: str, passing: bool = False) -> None:
    if not passing:
        print(line, flush=True)
    elif sys.stderr.isatty():
        print(f"\r{line:<60}", end="", file=sys.stderr, flush=True)


Bench = Callable[[argparse.Namespace], list[Goal]]
"""What the command line asks for, to the goals with what was reached."""

BENCHES: dict[str, tuple[str, Bench]] = {
    "mailing": (
        "Mailing: links for a table of contacts",
        lambda wanted: mailing.bench(wanted.rounds or 5, say),
    ),
    "outbox": (
        "Outbox: looking for messages that are due",
        lambda wanted: outbox.bench(wanted.rounds or 5, say),
    ),
    "growth": (
        "Growth: forms four times as long; the best of the rounds counts",
        lambda wanted: growth.bench(wanted.rounds or 3, say),
    ),
    "server": (
        "Server: one core for it, another for wrk",
        lambda wanted: server.bench(wanted.rounds or 7, wanted.seconds, say),
    ),
    "importing": (
        "Importing: 100,000 rows, with saves beside, and beside a loop on the driver",
        lambda wanted: [
            *importing.bench(wanted.rounds or 5, wanted.seconds, say),
            *import_rate.bench(wanted.rounds or 3, say),
        ],
    ),
    "exporting": (
        "Exporting: everything of 100,000 people",
        lambda wanted: exporting.bench(wanted.rounds or 5, say),
    ),
    "audience": (
        "Audience: the deciding rule for 100,000 people",
        lambda wanted: audiences.bench(wanted.rounds or 5, say),
    ),
    "deciding": (
        "Deciding: one decision for one person",
        lambda wanted: deciding.bench(wanted.rounds or 9, say),
    ),
    "month": (
        "Month: 40 campaigns to 200,000 people, replayed once",
        lambda _: month.bench(say),
    ),
    "verifying": (
        "Verifying: 1,000,000 records and their seals",
        lambda wanted: verifying.bench(wanted.rounds or 3, say),
    ),
    "embed": (
        "Embed: Chromium, Slow 4G, CPU × 4, cold cache",
        lambda wanted: embed.bench(wanted.rounds or 9, say),
    ),
}
"""By name, in the order in which they run: what it is, and the bench."""


def main() -> int:
    wanted = _arguments()
    if wanted.only in {None, "embed"}:
        rivals.fetch()  # first, so that a missing network is told at once
    goals: list[Goal] = []
    for name, (title, bench) in BENCHES.items():
        if wanted.only in {None, name}:
            say(f"\n{title}; medians of the rounds\n")
            goals += bench(wanted)
    say("\n" + verdict(goals))
    return 0 if all(goal.met for goal in goals) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=BENCHES)
    often = "how often each row runs (5, 5, 3, 7, 5, 5, 5, 9, 3 and 9)"
    parser.add_argument("--rounds", type=int, help=often)
    parser.add_argument("--seconds", type=float, default=2, help="of load, a row and round (2)")
    return parser.parse_args()


sys.exit(main())
