"""What tests of requests by phone or letter share."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from click.testing import Result

from tests.support.contacts import ARTA

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
BY_MIRA = ("--by", "Mira")

Due = Callable[..., Result]


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


def ask(due: Due, what: str, *options: str, received: str = "2026-11-30", who: str = ARTA) -> str:
    """Record that somebody asked for it, by phone unless `options` differ; returns the output."""
    how = options or ("--by-phone",)
    result = due("add", who, "--what", what, *how, "--received", received, *BY_MIRA)
    assert result.exit_code == 0, result.output
    return result.stdout


def listed(due: Due, *options: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in due(*options, "--json").stdout.splitlines()]


def states(due: Due, *options: str) -> list[str]:
    """The last column of the table."""
    header, *rows = due(*options).stdout.splitlines()[:-1]
    at = header.index("state")
    return [row[at:] for row in rows if not row.startswith("*")]
