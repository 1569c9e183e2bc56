"""Load: wrk on a core of its own, told by `load.lua` what to send and what to expect."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.child import pin

SCRIPT = Path(__file__).with_name("load.lua")
CONNECTIONS = 8
"""Twice the server's threads: always something waiting, never a crowd."""
WITHOUT_WRK = "wrk is missing. Debian, Ubuntu: apt-get install wrk. macOS: brew install wrk."


@dataclass(frozen=True)
class Load:
    """What is sent: GET, or POST by turns with two bodies, of which each undoes the other.

    `status` is the only right answer. With a `revision`, bodies follow the revision of each answer.
    """

    targets: Sequence[str]
    status: int = 200
    bodies: tuple[str, str] | tuple[()] = ()
    revision: int | None = None


@dataclass(frozen=True)
class Answers:
    """How it went: right answers, wrong ones (and one such status), broken connections.

    `p50` and `p99` are milliseconds.
    """

    good: int
    wrong: int
    other: int
    broken: int
    seconds: float
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Right answers a second."""
        return self.good / self.seconds


def require_wrk() -> str:
    """Where wrk is. Ends the run, with the cure, where it is not."""
    found = shutil.which("wrk")
    if not found:
        raise SystemExit(WITHOUT_WRK)
    return found


def run(load: Load, url: str, core: int, seconds: float, folder: Path) -> Answers:
    """Send the load for so long, from this core."""
    targets = folder / "targets"
    targets.write_text("\n".join(load.targets) + "\n")
    revision = [] if load.revision is None else [str(load.revision)]
    wanted = [str(seconds), str(load.status), str(targets), *load.bodies, *revision]
    longest = f"-d{math.ceil(seconds) + 1}s"  # threads end by themselves, a second earlier
    each = [f"-t{CONNECTIONS}", f"-c{CONNECTIONS}", longest, "--timeout", "10s"]
    done = subprocess.run(
        [require_wrk(), *each, "-s", str(SCRIPT), url, "--", *wanted],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=seconds + 60,
        preexec_fn=lambda: pin(core),
    )
    return Answers(**json.loads(done.stdout.splitlines()[-1]))
