"""A PostgreSQL server that does not answer: people are told, and the script is served."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from select import select

import pytest
from flask import Flask
from waitress import wasyncore

from tests.support.houses import SOON, House, impatient, on_postgresql
from widget_backend.errors import DatabaseUnavailable
from widget_backend.pages.assets import assets
from widget_backend.server.listener import bind, is_asset, listen
from widget_backend.store import postgres, timeouts


@contextmanager
def frozen(house: House) -> Iterator[Callable[[], None]]:
    """All processes of the PostgreSQL that these tests have are stopped, until they are thawed."""
    ((folder,),) = house.database.execute_sql("SHOW data_directory").fetchall()
    server = int((Path(folder) / "postmaster.pid").read_text().split()[0])
    processes = [server, *_children(server)]

    def thaw() -> None:
        _send(processes, signal.SIGCONT)

    try:
        _send(processes, signal.SIGSTOP)
        while not all(map(_is_stopped, processes)):
            pass  # on a busy machine the signal takes its time
        yield thaw
    finally:
        thaw()


def _send(processes: list[int], number: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):  # a worker that was done
            os.kill(process, number)


def _is_stopped(process: int) -> bool:
    """Or gone: a worker that was done."""
    try:
        state, *_ = _status(Path(f"/proc/{process}/stat"))
    except OSError:
        return True
    return state in "TZ"


def _children(parent: int) -> list[int]:
    children = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # gone before it was read
            _, ppid, *_ = _status(status)
            children += [int(status.parent.name)] if int(ppid) == parent else []
    return children


def _status(file: Path) -> list[str]:
    """State, parent and more: what stands behind the name, which may hold anything."""
    return file.read_text().rpartition(") ")[2].split()


on_linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")


@contextmanager
def serving(app: Flask) -> Iterator[Callable[..., HTTPConnection]]:
    """A real server with four threads; sends requests to it whose answers are not waited for."""
    server = listen(app, [bind(0, "WIDGET_PORT")], threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    with ExitStack() as stack:
        try:

            def ask(method: str, path: str, body: str = "") -> HTTPConnection:
                one = HTTPConnection("127.0.0.1", server.effective_port, timeout=SOON)
                stack.enter_context(closing(one))
                kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
                one.request(method, path, body, kind)
                return one

            yield ask
        finally:
            with suppress(OSError):
                close = partial(wasyncore.close_all, server._map, ignore_all=True)
                server.trigger.pull_trigger(close)
            thread.join()
            server.task_dispatcher.shutdown()


def statuses(asked: list[HTTPConnection]) -> list[int]:
    return [each.getresponse().status for each in asked]


@on_linux
@on_postgresql
def test_a_frozen_database_does_not_hold_the_script(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeouts, "OF_A_REQUEST", SOON)
    monkeypatch.setattr(postgres, "PING", SOON)
    with serving(house.app) as ask:
        assert statuses([ask("GET", house.path()) for _ in range(4)]) == [200] * 4
        with frozen(house) as thaw:
            pages = [ask("GET", house.path()) for _ in range(12)]
            script = [ask("GET", path) for path in ("/widget/v1.js", "/s/dimora/theme.css")]
            assert statuses(script) == [200, 200]
            assert select([each.sock for each in pages], [], [], 0)[0] == []  # still waiting
            thaw()
            assert statuses(pages) == [200] * 12


@on_linux
@on_postgresql
def test_who_watches_the_server_is_told_of_a_frozen_database(house: House) -> None:
    with serving(house.app) as ask:
        assert statuses([ask("GET", "/readyz"), ask("GET", "/healthz")]) == [200, 200]
        with frozen(house), impatient():
            assert statuses([ask("GET", "/healthz")]) == [200]
            answer = ask("GET", "/readyz").getresponse()
            checks = json.loads(answer.read())["checks"]
        assert answer.status == 503
        assert checks["database"] == "not known: the database is silent"
        assert checks["disk"] == "ok"


@on_linux
@on_postgresql
def test_a_frozen_database_is_told_to_everybody_and_works_again_when_it_is_back(
    house: House,
) -> None:
    with serving(house.app) as ask:
        assert statuses([ask("GET", house.path()) for _ in range(4)]) == [200] * 4
        with frozen(house), impatient():
            pages = [ask("GET", house.path()) for _ in range(6)]
            saves = [ask("POST", house.path(), "do=off") for _ in range(6)]
            assert statuses(pages + saves) == [503] * 12
        while statuses([ask("GET", house.path())]) == [503]:
            pass  # for a second nobody tries
        assert house.state() == {}
        assert statuses([ask("POST", house.path(), "do=off")]) == [303]
    assert house.state() == {"overall": {"reach": "off", "until": None}}


@on_linux
@on_postgresql
def test_who_has_a_connection_when_the_server_freezes_is_told_as_well(house: House) -> None:
    with (
        house.database.connection_context(),
        frozen(house),
        timeouts.at_most(0.3),
        pytest.raises(DatabaseUnavailable) as caught,
    ):
        house.database.execute_sql("SELECT 1")
    assert caught.value.kind == "silent"


@on_postgresql
def test_connections_that_the_server_has_closed_are_not_used_again(house: House) -> None:
    client = house.client()
    assert client.get(house.path()).status_code == 200
    with house.database.connection_context():
        house.database.execute_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert client.get(house.path()).status_code == 200


# ── the script's own threads ────────────────────────────────────────────────────────────────


def test_what_has_threads_of_its_own_is_what_needs_no_database(house: House) -> None:
    for rule in house.app.url_map.iter_rules():
        of_assets = str(rule.endpoint).startswith(f"{assets.name}.")
        assert is_asset(rule.rule) == of_assets, rule.rule
