"""Serving: the socket that listens, who may keep it busy, and which proxy is believed."""

from __future__ import annotations

import errno
import logging
import socket
import time
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import waitress
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ThreadedTaskDispatcher
from waitress.utilities import RequestEntityTooLarge

from widget_backend.errors import SettingInvalid
from widget_backend.fault_log import WithoutValues

log = logging.getLogger(__name__)

LARGEST_BODY = 4 * 1024 * 1024
"""Bytes that are read before the application may refuse them with a page that helps."""
LARGEST_IN_CHUNKS = 128 * 1024
"""Bytes of a body that is sent in chunks, sizes and trailer included. Browsers send no form so.

Each chunk may cost a write to disk, however small it is, and each new byte of a size or trailer has
all of it so far searched once more, by the one thread that reads from all connections: 3.6 MB in
chunks of one byte stopped it for 26 seconds.
"""
LARGEST_HEADERS = 32 * 1024
"""Bytes; a signed link has some 300. Each new byte has all headers so far searched once more."""
CONNECTIONS = 1000
"""At the same time. One that says nothing costs an open file and no thread; a large body, two."""
SILENT = 30
"""Seconds after which a connection that says nothing is closed."""
SILENT_WHEN_FULL = 5
"""Seconds that are enough for that while there may be no more connections: others wait for one."""
LOOK = 5
"""Seconds between two looks for such connections."""
IN_ALL = 60
"""Seconds in which a whole request must have come, and its answer gone, however slowly."""
ASSET_THREADS = 2
FEWEST = 50
"""Connections, however few files are allowed."""
OTHER_FILES = 300
"""Open files of everything else: databases of 64 threads, what is read and sent."""


_WITHOUT_VALUES = WithoutValues()
_ASCII = bytes(range(128))


def listen(
    app: Any,
    port: int,
    setting: str,
    host: str = "127.0.0.1",
    threads: int = 4,
    trusted_proxy: str = "",
) -> Any:
    """A server that listens already. Raises SettingInvalid when the port or host cannot be used.

    `trusted_proxy` is the address of the proxy whose X-Forwarded-For names who asks. Whatever
    anybody else says of that is taken out: a stranger could be a new network at every request.
    """
    # A queue is what threads are for; its length is no warning. Others would quote addresses.
    logger = logging.getLogger("waitress")
    logger.setLevel(logging.ERROR)
    logger.addFilter(_WITHOUT_VALUES)
    server = waitress.create_server(
        app,
        _dispatcher=Lanes(threads),
        sockets=[_bound(host, port, setting)],
        threads=threads,
        connection_limit=connections_for(CONNECTIONS),
        channel_timeout=SILENT,
        cleanup_interval=LOOK,
        asyncore_use_poll=True,  # select() takes no more than 1,024 files
        max_request_header_size=LARGEST_HEADERS,
        max_request_body_size=LARGEST_BODY,
        ident=None,
        clear_untrusted_proxy_headers=True,
        **(_believing(trusted_proxy) if trusted_proxy else {}),
    )
    server.channel_class = Channel
    return server


class Parser(HTTPRequestParser):
    """Answers 400 to an address that Python cannot take apart, such as `http://[/`, and 413 to a
    body in chunks that is too large."""

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if self.chunked and self.body_bytes_received > LARGEST_IN_CHUNKS:
            self.error = RequestEntityTooLarge(f"exceeds {LARGEST_IN_CHUNKS} bytes in chunks")
            self.completed = True
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        first_line, end, rest = header_plus.partition(b"\r\n")
        # Programs send signs beyond ASCII as they stand, which waitress refuses: `/u/…”`.
        first_line = quote(first_line, safe=_ASCII).encode()
        try:
            super().parse_header(first_line + end + rest)
        except ValueError as error:
            raise ParsingError("Bad URI") from error


class Lanes(ThreadedTaskDispatcher):
    """Threads of their own for scripts, styles and logos, which need no database.

    A shop's page loads the script whatever becomes of its form: it must not wait behind forms that
    wait for a database.
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


def is_asset(path: str) -> bool:
    """Whether it is an address of pages/assets.py."""
    return path.startswith("/widget/") or path.endswith(("/theme.css", "/logo"))


class Channel(HTTPChannel):
    """A connection that ends when a request takes too long to come, or its answer to be taken, and
    sooner when others wait for a connection.

    waitress itself waits for as long as a byte comes now and then: a few hundred such connections
    would be all that there may be.
    """

    parser_class = Parser

    def __init__(self, *arguments: Any, **more: Any) -> None:
        self.idle_since = time.monotonic()
        super().__init__(*arguments, **more)

    def service(self) -> None:
        try:
            super().service()
        finally:
            self.idle_since = time.monotonic()

    def writable(self) -> bool:
        """Asked in every round: at least once a second."""
        is_late = time.monotonic() - self.idle_since > IN_ALL
        is_silent = time.time() - self.last_activity > SILENT_WHEN_FULL
        if not self.requests and (is_late or (is_silent and self.server.in_connection_overflow)):
            self.will_close = True
        return bool(super().writable())


def connections_for(wanted: int) -> int:
    """How many connections there may be, after as many open files were asked for as they need.

    Says in the log when the system allows fewer.
    """
    needed = 2 * wanted + OTHER_FILES
    files = _allow_files(needed)
    if files >= needed:
        return wanted
    fewer = max((files - OTHER_FILES) // 2, FEWEST)
    log.warning(
        "no more than %s connections at a time: only %s open files are allowed. "
        "Allow %s (ulimit -n, or LimitNOFILE= in a unit of systemd).",
        fewer,
        files,
        needed,
    )
    return fewer


def _allow_files(wanted: int) -> int:
    """Raise what this process may have open as far as the system lets it; returns what it may."""
    try:
        import resource
    except ImportError:  # Windows, where files are not counted so
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    with suppress(OSError, ValueError):  # macOS counts against a limit of its own
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        return most
    return soft


def _believing(proxy: str) -> dict[str, Any]:
    """The last address in the header: the one that this proxy itself has seen."""
    return {
        "trusted_proxy": proxy,
        "trusted_proxy_headers": {"x-forwarded-for"},
        "trusted_proxy_count": 1,
    }


def _bound(host: str, port: int, setting: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            reason = f"port {port} cannot be used: {error.strerror}"
            raise SettingInvalid(setting, reason, f"choose another, as {setting}=8080") from error
        reason = f"cannot listen on {host}"
        raise SettingInvalid("WIDGET_HOST", reason, "name an address of this machine") from error
