"""The pid file: by it a command finds the server that runs, and never another program.

The server locks the file for as long as it runs. Of a file that is left over, nobody has the lock,
whichever program the system gave the number to since.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from widget_backend.errors import FileRefused
from widget_backend.file_errors import unreadable, unwritable

try:
    import fcntl
except ImportError:  # Windows, which has no locks of this kind, and no signal to reload by
    fcntl = None  # type: ignore[assignment]

OURS = "preference-widget serve"
"""The second line. Other programs have such files too, and some lock them."""
OTHER = "is no pid file of preference-widget serve"
NAME_OURS = "set WIDGET_PID_FILE to a file that nothing else uses"
START = "start preference-widget serve with this WIDGET_PID_FILE"


@contextmanager
def pid_file(path: Path | None) -> Iterator[None]:
    """The number of this process stands in the file until the block ends.

    Raises FileRefused if another server has the file, or if it holds something else.
    """
    if path is None or fcntl is None:
        yield
        return
    file = _lock(path)
    try:
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n{OURS}\n".encode(), 0)
        yield
    finally:
        path.unlink(missing_ok=True)  # before the lock ends: the next server's is not removed
        os.close(file)


def _lock(path: Path) -> int:
    """The open file, locked, and empty or one of ours. Raises FileRefused."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise FileRefused(str(path), *unwritable(error)) from error
    try:
        text = os.pread(file, 100, 0).decode(errors="replace")
        if text and _number_in(text) is None:
            raise FileRefused(str(path), OTHER, NAME_OURS)
        if _is_locked(file, fcntl.LOCK_EX) or not _is_still(path, file):
            cure = "stop that one first, or name another file"
            raise FileRefused(str(path), "another server runs with this file", cure)
    except BaseException:
        os.close(file)
        raise
    return file


def running_server(path: Path) -> int:
    """The number of the process whose file this is, and which runs. Raises FileRefused."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise FileRefused(str(path), "no server runs with this file", START) from error
    except OSError as error:
        raise FileRefused(str(path), *unreadable(error)) from error
    try:
        number = _number_in(os.pread(file, 100, 0).decode(errors="replace"))
        is_held = _is_locked(file, fcntl.LOCK_SH)
    finally:
        os.close(file)
    if number is None:
        raise FileRefused(str(path), OTHER, NAME_OURS)
    if not is_held:
        state = "belongs to another program now" if _is_in_use(number) else "has ended"
        reason = f"it is left over: process {number} {state}"
        raise FileRefused(str(path), reason, f"{START}, which replaces it")
    return number


def _number_in(text: str) -> int | None:
    number, _, rest = text.partition("\n")
    is_ours = rest.strip() == OURS and number.isascii() and number.isdigit()
    return int(number) if is_ours and 0 < int(number) < 2**31 else None


def _is_locked(file: int, kind: int) -> bool:
    """Whether another process has the lock. If none has, this one has it until it closes."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _is_still(path: Path, file: int) -> bool:
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
