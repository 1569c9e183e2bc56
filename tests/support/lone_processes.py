"""A process in a clean environment: nothing is set, its home is empty, all files are read-only."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from socket import socket

import pytest

from tests.support.processes import COMMAND, with_sockets

READ_ONLY = """
mount --make-rprivate / && mount --bind "$0" "$0" && mount -o remount,bind,ro / && exec "$@"
"""
"""A view of all files of its own, in which only one folder, the first argument, can be written."""


def read_only(writable: Path, command: Sequence[str]) -> list[str]:
    """The command, for which this folder is all that can be written. Skips where nobody may."""
    start = ["unshare", "--mount", "sh", "-c", READ_ONLY, str(writable)]
    if (
        not shutil.which("unshare")
        or subprocess.run([*start, "true"], capture_output=True).returncode
    ):
        pytest.skip("this user may mount nothing")
    return [*start, *command]


def _fails(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode != 0


@contextmanager
def alone(
    arguments: Sequence[str],
    settings: Mapping[str, str],
    folder: Path,
    sockets: Sequence[socket] = (),
) -> Iterator[subprocess.Popen[str]]:
    """`preference-widget` with these arguments and settings, and no others.

    It may write in `folder`/data only, where `tmp` stands for the /tmp of a container. Its home,
    `folder`/home, is empty, and it works there.
    """
    home, data = folder / "home", folder / "data"
    home.mkdir(exist_ok=True)
    (data / "tmp").mkdir(parents=True, exist_ok=True)
    command = [*COMMAND, *arguments]
    environment = {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(data / "tmp"),
        **settings,
    }
    with subprocess.Popen(
        read_only(data, with_sockets(command, sockets) if sockets else command),
        pass_fds=[each.fileno() for each in sockets],
        cwd=home,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        try:
            yield child
        finally:
            child.kill()
    assert not list(home.iterdir())
