"""The pid file: by it a command finds the server that runs, and never another program.

It holds the number of the process, what wrote it, when the process started (of which the system
knows the same, where it has /proc), and the ids of the sites that are served: of those that a site
file has, and of those that none has any more. The server locks it for as long as it runs, and only
its user may write to it. Of a file that is left over, the lock is nobody’s or a stranger’s,
whichever program the system gave the number to since.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from widget_backend.errors import FileRefused
from widget_backend.file_errors import unreadable, unwritable

try:
    import fcntl
except ImportError:  # Windows, which has no locks of this kind, and no signal to reload by
    fcntl = None  # type: ignore[assignment]

OURS = "preference-widget serve"
"""The second line. Other programs have such files too, and some lock them."""
OTHER = "is no pid file of preference-widget serve"
NAME_OURS = "set WIDGET_PID_FILE to a file that nothing else uses, or remove this one"
START = "start preference-widget serve with this WIDGET_PID_FILE"
PROCESSES = Path("/proc")
LONGEST = 64 * 1024
"""Bytes that are read of it."""

NoteSites = Callable[[Iterable[str], Iterable[str]], None]
"""Has the file tell which sites are served, by their ids: those that a site file has, and those
that are kept without one."""


class Server(NamedTuple):
    """A server as its file tells of it. `started` is empty where the system does not know it."""

    number: int
    started: str = ""
    sites: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def is_still(self) -> bool:
        """Whether the process of this number is the one that wrote the file."""
        started = _started(self.number)
        if started is None:
            return _is_in_use(self.number)
        return bool(started) and started == self.started

    @property
    def text(self) -> str:
        sites, kept = " ".join(self.sites), " ".join(self.kept)
        return f"{self.number}\n{OURS}\n{self.started}\n{sites}\n{kept}\n"

    @classmethod
    def read(cls, text: str) -> Server | None:
        """None for what is no file of ours. What follows the fifth line is of a longer text."""
        number, ours, started, sites, kept, *_ = [*text.split("\n"), *[""] * 4]
        is_ours = ours.strip() == OURS and number.isascii() and number.isdigit()
        if not is_ours or not 0 < int(number) < 2**31:
            return None
        return cls(int(number), started, tuple(sites.split()), tuple(kept.split()))


@contextmanager
def pid_file(path: Path | None) -> Iterator[NoteSites]:
    """The number of this process stands in the file until the block ends.

    Raises FileRefused if another server has the file, or if it holds something else.
    """
    if path is None or fcntl is None:
        yield lambda sites, kept: None
        return
    file = _lock(path)
    us = Server(os.getpid(), _started(os.getpid()) or "")

    def note_sites(sites: Iterable[str], kept: Iterable[str]) -> None:
        # Not emptied first: whoever reads meanwhile would find nothing.
        text = us._replace(sites=tuple(sites), kept=tuple(kept)).text.encode()
        os.pwrite(file, text, 0)
        os.ftruncate(file, len(text))

    try:
        note_sites((), ())
        yield note_sites
    finally:
        path.unlink(missing_ok=True)  # before the lock ends: the next server's is not removed
        os.close(file)


def _lock(path: Path) -> int:
    """The open file, locked, and new or left over from one of ours. Raises FileRefused."""
    try:
        file = _of_earlier(path) if path.exists() else None
        if file is None:
            # Never somebody else's, not even if they were quicker.
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            fcntl.flock(file, fcntl.LOCK_EX)
    except OSError as error:
        raise FileRefused(str(path), *unwritable(error)) from error
    return file


def _of_earlier(path: Path) -> int | None:
    """The file of an earlier server, locked; None, and it is gone, if a stranger has its lock.
    Raises FileRefused and OSError."""
    file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        earlier = _read(file)
        if earlier is None or os.fstat(file).st_uid != os.geteuid():
            raise FileRefused(str(path), OTHER, NAME_OURS)
        is_locked = _is_locked(file, fcntl.LOCK_EX)
        if (is_locked and earlier.is_still) or not _is_of(path, file):
            cure = "stop that one first, or name another file"
            raise FileRefused(str(path), "another server runs with this file", cure)
        if not is_locked:
            os.fchmod(file, 0o600)
            return file
        path.unlink()
    except BaseException:
        os.close(file)
        raise
    os.close(file)
    return None


def running_server(path: Path) -> Server:
    """The server whose file this is, and which runs. Raises FileRefused."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise FileRefused(str(path), "no server runs with this file", START) from error
    except OSError as error:
        raise FileRefused(str(path), *unreadable(error)) from error
    try:
        server, about = _read(file), os.fstat(file)
        is_held = _is_locked(file, fcntl.LOCK_SH)
    finally:
        os.close(file)
    if server is None:
        raise FileRefused(str(path), OTHER, NAME_OURS)
    if about.st_mode & 0o022:
        reason = "others than its owner can write to it, so it may lead to any program"
        raise FileRefused(str(path), reason, f"remove it, and {START}")
    if not is_held or not server.is_still or not _is_by(about.st_uid, server.number):
        state = "belongs to another program now" if _is_in_use(server.number) else "has ended"
        reason = f"it is left over: process {server.number} {state}"
        raise FileRefused(str(path), reason, f"{START}, which replaces it")
    return server


def _read(file: int) -> Server | None:
    return Server.read(os.pread(file, LONGEST, 0).decode(errors="replace"))


def _is_locked(file: int, kind: int) -> bool:
    """Whether another process has the lock. If none has, this one has it until it closes."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _is_of(path: Path, file: int) -> bool:
    """Whether the file that was opened is the one of this name: a server that stops removes it."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file))
    except FileNotFoundError:
        return False


def _is_in_use(number: int) -> bool:
    """Whether any process has this number. Signal 0 is sent to nobody."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _started(number: int) -> str | None:
    """When the process started, in ticks since the system did; empty if there is none of this
    number, None where the system does not tell."""
    if not (PROCESSES / "self" / "stat").exists():
        return None
    with suppress(OSError):
        text = (PROCESSES / str(number) / "stat").read_text(errors="replace")
        return text.rpartition(")")[2].split()[19]  # field 22; the name before may hold anything
    return ""


def _is_by(user: int, number: int) -> bool:
    """Whether the process is the user’s, as far as the system tells."""
    with suppress(OSError):
        return (PROCESSES / str(number)).stat().st_uid == user
    return True
