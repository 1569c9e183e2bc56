"""The line between browsers and the backend: slow, or broken, when a test wants it so."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from threading import Event
from typing import Any

Cut = str
"""`requests`: what is sent does not arrive. `answers`: it arrives, but what comes back does not."""


class Gate:
    """Holds an answer back until a test opens it, and tells that the request has come."""

    def __init__(self) -> None:
        self._came, self._open, self._over = Event(), Event(), Event()

    def pass_through(self) -> None:
        self._came.set()
        self._open.wait(20)

    def wait_for_request(self) -> None:
        assert self._came.wait(20)

    def open(self) -> None:
        self._open.set()

    def close(self) -> None:
        """The request has had its effect."""
        self._over.set()

    def wait_until_over(self) -> None:
        """A request that nobody waits for any more has its effect all the same."""
        assert not self._came.is_set() or self._over.wait(20)


class Line:
    """Carries everything, until a test cuts it or holds it up."""

    def __init__(self) -> None:
        self._cut: Cut = ""
        self._gate: Gate | None = None
        self._method = ""

    @contextmanager
    def cut(self, what: Cut) -> Iterator[None]:
        """While this lasts. Browsers try again by themselves, so one lost request is not enough."""
        self._cut = what
        yield
        self._cut = ""

    @contextmanager
    def held_up(self, method: str) -> Iterator[Gate]:
        """The next fragment that is asked for (GET) or sent to (POST) waits until this is over."""
        gate = self._gate = Gate()
        self._method = method
        yield gate
        gate.open()
        gate.wait_until_over()

    def around(self, app: Any) -> Any:
        """The app at the other end of this line."""

        def carried(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            if not (self._gate and self._waits(environ)):
                return self._carry(app, environ, start)
            gate, self._gate = self._gate, None
            gate.pass_through()
            try:
                return self._carry(app, environ, start)
            finally:
                gate.close()

        return carried

    def _carry(
        self, app: Any, environ: dict[str, Any], start: Callable[..., Any]
    ) -> Iterable[bytes]:
        if self._cut == "requests":
            return _hang_up(environ, start)
        answer: Iterable[bytes] = app(environ, start)
        return _hang_up(environ, start) if self._cut == "answers" else answer

    def _waits(self, environ: dict[str, Any]) -> bool:
        is_fragment: bool = environ["PATH_INFO"].endswith("/fragment")
        return is_fragment and environ["REQUEST_METHOD"] == self._method


def _hang_up(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Ends the connection under the browser's hands, before a byte of an answer."""
    connection: socket.socket = environ["waitress.client_disconnected"].__self__.socket
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    start("500 Nobody hears this", [])
    return []
