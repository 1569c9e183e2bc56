"""Sockets handed over: whoever starts the server listens for it, as systemd does.

They outlive the server, so that between its end and the next one's start nobody is refused: who
connects then waits for the next one.
"""

from __future__ import annotations

import os
import socket
from collections.abc import MutableMapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from widget_backend.config import Settings
from widget_backend.errors import SettingInvalid

SETTING = "LISTEN_FDS"
FIRST = 3
"""The number of the first of them (sd_listen_fds(3)): those before are input, output and errors."""
FAMILIES = (socket.AF_INET, socket.AF_INET6, getattr(socket, "AF_UNIX", socket.AF_INET))


def handed_over(environment: MutableMapping[str, str] = os.environ) -> list[socket.socket]:
    """The sockets that this process was started with; none if that is not how it was started.

    Takes the variables out of the environment: they are not meant for processes started from here.
    Raises SettingInvalid if anything else was handed over.
    """
    names = ("LISTEN_PID", SETTING, "LISTEN_FDNAMES")
    process, count, _ = (environment.pop(name, "") for name in names)
    if process != str(os.getpid()):
        return []
    if not (count.isascii() and count.isdigit()) or not 1 <= int(count) <= 100:
        raise SettingInvalid(SETTING, f"“{count[:20]}” is no number from 1 to 100", "correct it")
    return [_listening(FIRST + each) for each in range(int(count))]


def _listening(number: int) -> socket.socket:
    try:
        one = socket.socket(fileno=number)
        is_usable = one.type == socket.SOCK_STREAM and one.family in FAMILIES
        if is_usable and one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            one.set_inheritable(False)
            return one
    except OSError:
        pass  # not open, or a file of another kind
    reason = f"file {number} is no socket that listens for connections"
    raise SettingInvalid(SETTING, reason, "in the unit, write ListenStream=, and no Accept=yes")


def where(settings: Settings, sockets: Sequence[socket.socket]) -> Settings:
    """The settings with the addresses of these sockets, if there are any, for those of their own.

    Without a port among them, `host` is empty and `port` 0.
    """
    if not sockets:
        return settings
    places: dict[str, Any] = {"host": "", "port": 0, "socket": None}
    for each in sockets:
        if each.family in (socket.AF_INET, socket.AF_INET6):
            places["host"], places["port"] = each.getsockname()[:2]
        else:
            places["socket"] = Path(os.fsdecode(each.getsockname()))
    return replace(settings, **places)
