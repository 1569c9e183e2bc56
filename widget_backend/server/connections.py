"""A connection: what it may send, for how long it may be silent, and the tasks it brings."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask
from waitress.utilities import RequestEntityTooLarge

from widget_backend.log_lines import REQUEST_ID_HEADER, log_request, numbered

MAX_CHUNKED_BODY = 128 * 1024
"""Bytes of a body sent in chunks, with their sizes and the trailer. No browser sends a form so.

Each chunk may cost a write to disk, however small it is, and for each new byte of a size or trailer
all of it is searched again, by the one thread that reads from all connections: 3.6 MB in chunks of
one byte stopped it for 26 seconds.
"""
IDLE_TIMEOUT_WHEN_FULL = 5
"""Seconds after which a silent connection is closed while all are in use, and others wait."""
EXCHANGE_TIMEOUT = 60
"""Seconds in which a whole request must arrive, or its answer be taken, however slowly."""
_ASCII = bytes(range(128))


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


class Refusing(ErrorTask):
    """A request that the application never sees, such as one with too many headers."""

    def execute(self) -> None:
        with numbered() as number:
            self.response_headers.append((REQUEST_ID_HEADER, number))
            super().execute()
            log_request("", "", self.request.error.code, time.time() - self.start_time)


class Connection(HTTPChannel):
    """A connection that is closed when a request takes too long to arrive, or its answer to be
    taken, and sooner if others wait for a connection.

    waitress itself waits for as long as a byte arrives now and then, so that a thousand slow
    connections would leave none for anybody else.
    """

    parser_class = RequestParser
    error_task_class = Refusing

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.idle_since = time.monotonic()
        self.has_asked = False
        super().__init__(*arguments, **options)

    def service(self) -> None:
        self.has_asked = True
        try:
            super().service()
        finally:
            self.idle_since = time.monotonic()

    def handle_close(self) -> None:
        if self.request:  # half of one, whose body may lie in a file
            self.request.close()
        super().handle_close()

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
