"""A lock on the folder of a file, for what one process at a time may do with the file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from widget_backend.errors import FileRefused
from widget_backend.file_errors import unwritable

try:
    import fcntl
except ImportError:  # Windows, where one process serves
    fcntl = None  # type: ignore[assignment]

WAIT = 10.0
"""Seconds for another process to sign and add: that takes far less."""


@contextmanager
def one_at_a_time(file: Path) -> Iterator[None]:
    """Of several processes that write the file, one at a time is in the block, so that the next
    sees what was written. Raises FileRefused if one stays in it.

    The lock is that of its folder, since the file may not be there yet.
    """
    if fcntl is None:
        yield
        return
    try:
        folder = os.open(file.resolve().parent, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise FileRefused(str(file), *unwritable(error)) from error
    try:
        _lock(folder, file)
        yield
    finally:
        os.close(folder)


def _lock(folder: int, file: Path) -> None:
    until = monotonic() + WAIT
    while True:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if monotonic() >= until:
                reason = f"another process has had the lock of its folder for {WAIT:g} seconds"
                raise FileRefused(str(file), reason, "end it, or run this again") from error
            sleep(0.02)
        except OSError:
            return  # a network drive without such locks, where one process must sign
        else:
            return
