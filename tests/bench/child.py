"""One server in a process of its own: `python -m tests.bench.child NAME FOLDER CORE [ORIGIN]`.

It listens as `preference-widget serve` does, for us and for the peers alike, on any free port of
127.0.0.1, says which on its standard output, and ends with its parent's pipe.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.ours import ours
from tests.bench.peers import bare, peer
from tests.bench.stripped import Stripped
from widget_backend.server.listener import bind, listen

ROOT = Path(__file__).parents[2]
ANY_CORE = -1
PEERS: dict[str, Callable[[Path], Any]] = {"bare": bare, "peer": peer, "stripped": Stripped}


@dataclass(frozen=True)
class Server:
    """A server that listens, and the process it runs in."""

    url: str
    pid: int

    def cpu_seconds(self) -> float:
        """What its process has taken so far; 0 where the system does not tell (only Linux does)."""
        stat = Path(f"/proc/{self.pid}/stat")
        if not stat.exists():
            return 0.0
        ticks = stat.read_text().rpartition(") ")[2].split()[11:13]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(name: str, folder: Path, core: int = ANY_CORE, origin: str = "") -> Iterator[Server]:
    """A server that runs until the block ends."""
    command = [sys.executable, "-m", "tests.bench.child", name, str(folder), str(core), origin]
    server = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout
        port = server.stdout.readline().strip()
        if not port:
            raise RuntimeError(f"the server “{name}” did not start")
        yield Server(f"http://127.0.0.1:{port}", server.pid)
    finally:
        server.kill()
        server.communicate()


def pin(core: int) -> None:
    """Keep this process to one core, where the system can."""
    if core != ANY_CORE and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


def main(name: str, folder: Path, core: int, origin: str) -> None:
    app = ours(folder, origin) if name == "ours" else PEERS[name](folder)
    pin(core)
    server = listen(app, [bind(0, "WIDGET_PORT")])
    print(server.effective_port, flush=True)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    server.run()


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
