"""`python -m tests.bench`: all benches, the goals, and exit code 1 when one is missed."""

from __future__ import annotations

import argparse
import sys

from tests.bench import (
    audiences,
    embed,
    exporting,
    growth,
    import_rate,
    importing,
    mailing,
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


def main() -> int:
    wanted = _arguments()
    goals: list[Goal] = []
    if wanted.only in {None, "embed"}:
        rivals.fetch()  # first, so that a missing network is told at once
    if wanted.only in {None, "mailing"}:
        say("\nMailing: links for a table of contacts; medians of the rounds\n")
        goals += mailing.bench(wanted.rounds or 5, say)
    if wanted.only in {None, "outbox"}:
        say("\nOutbox: looking for messages that are due; medians of the rounds\n")
        goals += outbox.bench(wanted.rounds or 5, say)
    if wanted.only in {None, "growth"}:
        say("\nGrowth: forms four times as long; the best of the rounds\n")
        goals += growth.bench(wanted.rounds or 3, say)
    if wanted.only in {None, "server"}:
        say("\nServer: one core for it, another for wrk; medians of the rounds\n")
        goals += server.bench(wanted.rounds or 7, wanted.seconds, say)
    if wanted.only in {None, "importing"}:
        say("\nImporting: saves beside an import of 100,000 rows; medians of the rounds\n")
        goals += importing.bench(wanted.rounds or 5, wanted.seconds, say)
        goals += import_rate.bench(wanted.rounds or 3, say)
    if wanted.only in {None, "exporting"}:
        say("\nExporting: everything of 100,000 people; medians of the rounds\n")
        goals += exporting.bench(wanted.rounds or 5, say)
    if wanted.only in {None, "audience"}:
        say("\nAudience: the deciding rule for 100,000 people; medians of the rounds\n")
        goals += audiences.bench(wanted.rounds or 5, say)
    if wanted.only in {None, "verifying"}:
        say("\nVerifying: 1,000,000 records and their seals; medians of the rounds\n")
        goals += verifying.bench(wanted.rounds or 3, say)
    if wanted.only in {None, "embed"}:
        say("\nEmbed: Chromium, Slow 4G, CPU × 4, cold cache; medians of the rounds\n")
        goals += embed.bench(wanted.rounds or 9, say)
    say("\n" + verdict(goals))
    return 0 if all(goal.met for goal in goals) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    names = ("mailing", "outbox", "growth", "server", "importing", "exporting")
    names += ("audience", "verifying", "embed")
    parser.add_argument("--only", choices=names)
    often = "how often each row runs (5, 5, 3, 7, 5, 5, 5, 3 and 9)"
    parser.add_argument("--rounds", type=int, help=often)
    parser.add_argument("--seconds", type=float, default=2, help="of load, a row and round (2)")
    return parser.parse_args()


sys.exit(main())
