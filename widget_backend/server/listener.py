"""The listener: its sockets, how many connections they take, and the proxy that is trusted."""

from __future__ import annotations

import errno
import logging
import re
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import waitress
from waitress.task import ThreadedTaskDispatcher

from widget_backend.errors import SettingInvalid
from widget_backend.fault_log import WithoutValues
from widget_backend.server.connections import Connection

log = logging.getLogger(__name__)

MAX_BODY = 4 * 1024 * 1024
"""Bytes that are read. The application refuses less than that, with a page that helps."""
MAX_HEADERS = 32 * 1024
"""Bytes; a signed link has about 300. For each new byte all headers are searched again."""
MAX_CONNECTIONS = 1000
"""At the same time. An idle one costs an open file and no thread; one with a large body, two."""
MIN_CONNECTIONS = 50
"""However few open files the system allows."""
OTHER_FILES = 300
"""Open files for everything else: databases of 64 threads, files that are read and sent."""
IDLE_TIMEOUT = 30
"""Seconds after which a silent connection is closed."""
IDLE_CHECK_INTERVAL = 5
"""Seconds between two searches for silent connections."""
ASSET_THREADS = 2

_WITHOUT_VALUES = WithoutValues()


def listen(
    app: Any, sockets: Sequence[socket.socket], threads: int = 4, trusted_proxy: str = ""
) -> Any:
    """A server at these sockets, one or more, which listen already.

    `trusted_proxy` is the address of the proxy whose X-Forwarded-For says who asks; only the last
    address in it counts, which this proxy itself has seen. The header is removed from all other
    requests, since with it a stranger could seem to come from a new network each time. At a Unix
    socket everybody is the proxy: who may write to it is told by the mode of the file.
    """
    # Requests that wait for a thread are no reason for a warning. Other messages quote addresses.
    logger = logging.getLogger("waitress")
    logger.setLevel(logging.ERROR)
    logger.addFilter(_WITHOUT_VALUES)
    # All in one loop, and with the same threads.
    options = {**_options(threads), "map": {}, "_dispatcher": ThreadPools(threads)}
    first, *_ = [_server(app, each, trusted_proxy, options) for each in sockets]
    return first


UNIX_PEER = "localhost"
"""As waitress calls whoever asks by a Unix socket; no client has such an address."""


def _options(threads: int) -> dict[str, Any]:
    return {
        "threads": threads,
        "connection_limit": connection_limit(MAX_CONNECTIONS),
        "channel_timeout": IDLE_TIMEOUT,
        "cleanup_interval": IDLE_CHECK_INTERVAL,
        "asyncore_use_poll": True,  # select() allows at most 1,024 files
        "max_request_header_size": MAX_HEADERS,
        "max_request_body_size": MAX_BODY,
        "ident": None,
        "clear_untrusted_proxy_headers": True,
    }


def _server(app: Any, bound: socket.socket, trusted_proxy: str, options: dict[str, Any]) -> Any:
    if bound.family not in (socket.AF_INET, socket.AF_INET6):
        trusted_proxy = UNIX_PEER
    proxy = {
        "trusted_proxy": trusted_proxy,
        "trusted_proxy_headers": {"x-forwarded-for"},
        "trusted_proxy_count": 1,
    }
    server = waitress.create_server(
        app, sockets=[bound], **options, **(proxy if trusted_proxy else {})
    )
    server.channel_class = Connection
    return server


class ThreadPools(ThreadedTaskDispatcher):
    """Two pools of threads: one for scripts, styles and logos, and one for everything else.

    Assets need no database. The script that a shop's page loads must not wait behind forms that
    wait for the database.
    """

    def __init__(self, threads: int) -> None:
        super().__init__()
        self.assets = ThreadedTaskDispatcher()
        self.assets.set_thread_count(ASSET_THREADS)
        self.set_thread_count(threads)

    def add_task(self, task: Any) -> None:
        if is_asset(getattr(task.requests[0], "path", "")):
            self.assets.add_task(task)
        else:
            super().add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        self.assets.shutdown(cancel_pending, timeout)
        return bool(super().shutdown(cancel_pending, timeout))


OF_A_SITE = re.compile(r"/s/[^/]+/(theme(\.[^/]+)?\.css|logo(\.[^/]+)?)")
"""Paths of a site's assets, by their plain names or with their content named."""


def is_asset(path: str) -> bool:
    """Whether it is an address of the blueprint of pages/assets.py, which needs no database."""
    begins = path.startswith(("/widget/", "/.well-known/")) or path in {"/healthz", "/favicon.ico"}
    return begins or OF_A_SITE.fullmatch(path) is not None


def connection_limit(wanted: int) -> int:
    """How many connections are possible, after asking the system for the open files they need.

    Logs a warning if there are fewer than wanted.
    """
    needed = 2 * wanted + OTHER_FILES
    files = _allow_open_files(needed)
    if files >= needed:
        return wanted
    limit = max((files - OTHER_FILES) // 2, MIN_CONNECTIONS)
    log.warning(
        "no more than %s connections at a time: only %s open files are allowed. "
        "Allow %s (ulimit -n, or LimitNOFILE= in a unit of systemd).",
        limit,
        files,
        needed,
    )
    return limit


def _allow_open_files(wanted: int) -> int:
    """Raise this process's limit of open files as far as the system allows; returns the limit."""
    try:
        import resource
    except ImportError:  # Windows, which has no such limit
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    possible = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    with suppress(OSError, ValueError):  # macOS has another limit besides
        resource.setrlimit(resource.RLIMIT_NOFILE, (possible, hard))
        return possible
    return soft


def bind(port: int, setting: str, host: str = "127.0.0.1") -> socket.socket:
    """A socket that listens there. `setting` is the name of the setting that the port comes from.

    Raises SettingInvalid if port or host cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            is_taken = error.errno == errno.EADDRINUSE
            why = "is used by another program" if is_taken else "may not be used by this user"
            cure = f"choose another, as {setting}={8080 if port != 8080 else 8081}"
            raise SettingInvalid(setting, f"port {port} {why}", cure) from error
        reason = f"cannot listen on {host}"
        raise SettingInvalid("WIDGET_HOST", reason, "name an address of this machine") from error
