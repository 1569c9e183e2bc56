"""The Unix socket: a file that only a proxy on the same machine may write to, so it is believed."""

from __future__ import annotations

import os
import socket
import stat
from contextlib import suppress
from pathlib import Path

from widget_backend.errors import SettingInvalid
from widget_backend.file_errors import unwritable

SETTING = "WIDGET_SOCKET"
MODE = 0o660
"""The server's user and group: the proxy must be in the group. Others could say any address."""
ANSWERS_WITHIN = 1
"""Seconds in which a server that listens takes a connection."""


class UnixSocket(socket.socket):
    """A socket in a file, which it takes away when it closes."""

    def __init__(self, path: Path) -> None:
        super().__init__(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self.bind(os.fspath(path))
            os.chmod(path, MODE)  # before it listens: until then nobody can connect
        except BaseException:
            super().close()
            raise
        self._path, self._file = path, os.stat(path)

    def close(self) -> None:
        """Not a file that somebody else has put in its place."""
        with suppress(OSError):
            if self.fileno() != -1 and os.path.samestat(os.stat(self._path), self._file):
                os.unlink(self._path)
        super().close()


def bind(path: Path) -> UnixSocket:
    """A socket that listens at this path, in place of one that a killed server has left there.

    Raises SettingInvalid if a server listens there, if another kind of file is there, and if none
    can be made.
    """
    try:
        _remove_left_behind(path)
        bound = UnixSocket(path)
        bound.listen()  # at once: one that does not looks left behind to the next server
        return bound
    except OSError as error:
        # Python itself refuses a path that is too long, without the number of an error.
        is_too_long = error.errno is None
        reason, cure = unwritable(error)
        if is_too_long:
            reason, cure = "is longer than paths of sockets may be", "name a shorter one"
        raise SettingInvalid(SETTING, f"{path}: {reason}", cure) from error
    except AttributeError as error:
        reason = "this system has no Unix sockets for Python"
        raise SettingInvalid(SETTING, reason, "use WIDGET_HOST and WIDGET_PORT only") from error


def _remove_left_behind(path: Path) -> None:
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise SettingInvalid(SETTING, f"{path} is there, and no socket", "name another file")
    if _listens(path):
        another = path.with_name(f"{path.stem}-2{path.suffix}")
        reason = f"{path} is used by another program, which listens there"
        cure = f"end that one, or choose another path, as {SETTING}={another}"
        raise SettingInvalid(SETTING, reason, cure)
    path.unlink()


def _listens(path: Path) -> bool:
    """Whether it may be somebody's. Only a socket that refuses everybody is nobody's."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as one:
        one.settimeout(ANSWERS_WITHIN)
        try:
            one.connect(os.fspath(path))
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except (BlockingIOError, TimeoutError):  # so many wait there that no more are taken
            return True
    return True
