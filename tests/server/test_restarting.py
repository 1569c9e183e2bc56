"""Restarting under load: each request by way of a proxy is answered, each save is kept."""

from __future__ import annotations

import signal
import socket
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Semaphore

import pytest
from peewee import Database

from tests.support.processes import free_port, serve_process
from tests.support.proxies import SOON, Proxy, caddy, caddy_version, nginx
from tests.support.serving import KEY
from widget_backend.links import Link
from widget_backend.signing import Signer
from widget_backend.store.database import write_transaction
from widget_backend.store.models import ConsentRecord
from widget_backend.store.profiles import create_profile

READERS = 16
"""Who ask at the same time, each over one connection that they keep."""
WARM = 200
"""Requests that are answered before the server is stopped; twice as many are after."""
PEOPLE = 1000
"""More than can unsubscribe before the test ends."""
FORM = "do=off"
OF_A_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def paths(database: Database) -> list[str]:
    signer, now = Signer([KEY]), datetime.now(UTC)
    with write_transaction(database):
        people = [create_profile(database, "dimora", 1) for _ in range(PEOPLE)]
    return [
        f"/u/{signer.mint('unsubscribe', Link('dimora', each.handle, 'en'), now)}"
        for each in people
    ]


class Load:
    """Each reader opens the page of one person after another, and unsubscribes, until it ends."""

    def __init__(self, proxy: Proxy, paths: list[str]) -> None:
        self.answered = Semaphore(0)
        self._ends = Event()
        self._proxy, self._paths = proxy, paths
        self._pool = ThreadPoolExecutor(READERS)
        self._readers = [self._pool.submit(self._read) for _ in range(READERS)]

    def wait_for(self, requests: int) -> None:
        for _ in range(requests):
            assert self.answered.acquire(timeout=SOON)

    def end(self) -> Counter[str]:
        """What they were answered, and how often."""
        self._ends.set()
        with self._pool:
            return sum((each.result() for each in self._readers), Counter())

    def _read(self) -> Counter[str]:
        seen: Counter[str] = Counter()
        client = self._proxy.client()
        while not self._ends.is_set():
            path = self._paths.pop()
            for method, form in (("GET", None), ("POST", FORM)):
                client.request(method, path, form, OF_A_FORM if form else {})
                answer = client.getresponse()
                answer.read()
                seen[f"{method} {answer.status}"] += 1
                self.answered.release()
        client.close()
        return seen


@pytest.mark.parametrize("proxy", [nginx, caddy])
def test_no_request_is_lost_when_the_server_restarts(
    proxy: Callable[[Path, str], AbstractContextManager[Proxy]],
    database: Database,
    database_url: str,
    paths: list[str],
    folder: Path,
) -> None:
    path = folder / "widget.sock"
    with socket.socket(socket.AF_UNIX) as unix, socket.create_server(("127.0.0.1", 0)) as inet:
        unix.bind(str(path))
        unix.listen(100)
        with proxy(folder, str(path)) as running:
            with serve_process(database_url, [inet, unix]) as (first, _):
                load = Load(running, paths)
                load.wait_for(WARM)
                first.send_signal(signal.SIGTERM)
                assert first.wait(SOON) == 0
            with serve_process(database_url, [inet, unix]):
                load.wait_for(2 * WARM)
                answers = load.end()
    assert set(answers) == {"GET 200", "POST 303"}, answers
    assert ConsentRecord.select().count(database) == answers["POST 303"]


WAITS = [2, 11, 4]
"""The first Caddy of which we know that it keeps the forms of those who wait."""


def test_requests_wait_in_caddy_while_nobody_listens(
    database_url: str,
    database: Database,
    paths: list[str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As when a container is replaced: the port is the same, and closed in between."""
    if caddy_version() < WAITS:
        pytest.skip("requests wait in Caddy 2.11.4, not before")
    monkeypatch.setenv("WIDGET_WAIT", "40s")
    port = free_port()
    settings = {"WIDGET_TRUSTED_PROXY": "127.0.0.1", "WIDGET_PORT": str(port)}
    with caddy(folder, f"127.0.0.1:{port}") as running:
        with serve_process(database_url, **settings) as (first, _):
            load = Load(running, paths)
            load.wait_for(WARM)
            first.send_signal(signal.SIGTERM)
            assert first.wait(SOON) == 0
        with pytest.raises(ConnectionRefusedError), socket.socket() as one:
            one.connect(("127.0.0.1", port))
        with serve_process(database_url, **settings):
            load.wait_for(2 * WARM)
            answers = load.end()
    assert set(answers) == {"GET 200", "POST 303"}, answers
    assert ConsentRecord.select().count(database) == answers["POST 303"]
