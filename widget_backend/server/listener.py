"""The listener: the socket, the limits on connections, and the proxy that is trusted."""

from __future__ import annotations

import errno
import logging
import re
import socket
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import waitress
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ThreadedTaskDispatcher
from waitress.utilities import RequestEntityTooLarge

from widget_backend.errors import SettingInvalid
from widget_backend.fault_log import WithoutValues
from widget_backend.server import unix_socket

log = logging.getLogger(__name__)

MAX_BODY = 4 * 1024 * 1024
"""Bytes that are read. The application refuses less than that, with a page that helps."""
MAX_CHUNKED_BODY = 128 * 1024
"""Bytes of a body sent in chunks, with their sizes and the trailer. No browser sends a form so.

Each chunk may cost a write to disk, however small it is, and for each new byte of a size or trailer
all of it is searched again, by the one thread that reads from all connections: 3.6 MB in chunks of
one byte stopped it for 26 seconds.
"""
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
IDLE_TIMEOUT_WHEN_FULL = 5
"""The same while all connections are in use, and others wait for one."""
IDLE_CHECK_INTERVAL = 5
"""Seconds between two searches for silent connections."""
EXCHANGE_TIMEOUT = 60
"""Seconds in which a whole request must arrive, or its answer be taken, however slowly."""
ASSET_THREADS = 2

_WITHOUT_VALUES = WithoutValues()
_ASCII = bytes(range(128))


def listen(
    app: Any,
    port: int,
    setting: str,
    host: str = "127.0.0.1",
    threads: int = 4,
    trusted_proxy: str = "",
    socket_path: Path | None = None,
) -> Any:
    """A server that already listens. Raises SettingInvalid if port, host or path cannot be used.

    `setting` is the name of the setting that the port comes from. `trusted_proxy` is the address of
    the proxy whose X-Forwarded-For says who asks; only the last address in it counts, which this
    proxy itself has seen. The header is removed from all other requests, since with it a stranger
    could seem to come from a new network each time. At the Unix socket of `socket_path`, if there
    is one, everybody is the proxy: who may write to it is told by the mode of the file.
    """
    # Requests that wait for a thread are no reason for a warning. Other messages quote addresses.
    logger = logging.getLogger("waitress")
    logger.setLevel(logging.ERROR)
    logger.addFilter(_WITHOUT_VALUES)
    pools = ThreadPools(threads)
    options = _options(threads)
    with ExitStack() as if_it_fails:
        unix = unix_socket.bind(socket_path) if socket_path else None
        if unix:
            if_it_fails.callback(unix.close)
        server = _server(app, _bind(host, port, setting), trusted_proxy, pools, options)
        if_it_fails.pop_all()
    if unix:
        # In the loop of the first one, and with its threads.
        _server(app, unix, UNIX_PEER, pools, {**options, "map": server._map})
    return server


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


def _server(
    app: Any, bound: socket.socket, trusted_proxy: str, pools: ThreadPools, options: dict[str, Any]
) -> Any:
    proxy = {
        "trusted_proxy": trusted_proxy,
        "trusted_proxy_headers": {"x-forwarded-for"},
        "trusted_proxy_count": 1,
    }
    server = waitress.create_server(
        app, _dispatcher=pools, sockets=[bound], **options, **(proxy if trusted_proxy else {})
    )
    server.channel_class = Connection
    return server


class RequestParser(HTTPRequestParser):
    """Answers 400 to an address that Python cannot parse, such as `http://[/`, and 413 to a chunked
    body that is too large."""

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if self.chunked and self.body_bytes_received > MAX_CHUNKED_BODY:
            self.error = RequestEntityTooLarge(f"exceeds {MAX_CHUNKED_BODY} bytes in chunks")
            self.completed = True
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        first_line, end, rest = header_plus.partition(b"\r\n")
        # Some programs send characters beyond ASCII unencoded, which waitress refuses: `/u/…”`.
        if not first_line.isascii():
            first_line = quote(first_line, safe=_ASCII).encode()
        try:
            super().parse_header(first_line + end + rest)
        except ValueError as error:
            raise ParsingError("Bad URI") from error


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
    begins = path.startswith(("/widget/", "/.well-known/")) or path == "/healthz"
    return begins or OF_A_SITE.fullmatch(path) is not None


class Connection(HTTPChannel):
    """A connection that is closed when a request takes too long to arrive, or its answer to be
    taken, and sooner if others wait for a connection.

    waitress itself waits for as long as a byte arrives now and then, so that a thousand slow
    connections would leave none for anybody else.
    """

    parser_class = RequestParser

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.idle_since = time.monotonic()
        super().__init__(*arguments, **options)

    def service(self) -> None:
        try:
            super().service()
        finally:
            self.idle_since = time.monotonic()

    def writable(self) -> bool:
        """Closes the connection if it is time: waitress asks this at least once a second."""
        if not self.requests and (self._is_slow or self._is_in_the_way):
            self.will_close = True
        return bool(super().writable()) and not self._is_being_sent

    @property
    def _is_being_sent(self) -> bool:
        """Whether a thread sends right now. It wakes the loop when it has ended its request.

        Until then the loop could only ask again, at once and for ever: on one core that was 40 % of
        all work. But where so much waits that the thread waits too, the loop has to send.
        """
        if self.total_outbufs_len > self.adj.outbuf_high_watermark:
            return False
        is_free: bool = self.outbuf_lock.acquire(blocking=False)
        if is_free:
            self.outbuf_lock.release()
        return not is_free

    @property
    def _is_slow(self) -> bool:
        return time.monotonic() - self.idle_since > EXCHANGE_TIMEOUT

    @property
    def _is_in_the_way(self) -> bool:
        is_full: bool = self.server.in_connection_overflow
        return is_full and time.time() - self.last_activity > IDLE_TIMEOUT_WHEN_FULL


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


def _bind(host: str, port: int, setting: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            reason = f"port {port} cannot be used: {error.strerror}"
            raise SettingInvalid(setting, reason, f"choose another, as {setting}=8080") from error
        reason = f"cannot listen on {host}"
        raise SettingInvalid("WIDGET_HOST", reason, "name an address of this machine") from error
