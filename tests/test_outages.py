"""Outages: a database that is frozen, full, held or gone; people are told, and lose nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from select import select

import pytest
from flask import Flask
from lint_rules import Document
from linting import LintingClient
from peewee import Database
from playhouse.pool import PooledPostgresqlDatabase
from waitress import wasyncore

from widget_backend import create_app
from widget_backend.demo.run import DIMORA
from widget_backend.errors import DatabaseUnavailable
from widget_backend.links import PATHS, Link, Purpose, Signer
from widget_backend.pages.assets import assets
from widget_backend.rules.state import difference
from widget_backend.serving import is_asset, listen
from widget_backend.site.load import load_site
from widget_backend.store import patience, postgres, sqlite
from widget_backend.store.database import migrate, open_database, write_transaction
from widget_backend.store.ledger import Circumstances, shown
from widget_backend.store.models import Ledger
from widget_backend.store.profiles import Person, create_profile, read_person
from widget_backend.store.saves import save

SHOP = "https://shop.example"
SITE = load_site(DIMORA / "SITE.toml").at("https://prefs.example", (SHOP,))
SIGNER = Signer(["k" * 32])
SOON = 60
"""Seconds after which a client gives up; the database is frozen for longer than any of these."""
FORM = {"do": "off"}


@dataclass
class House:
    """The app on a database, and somebody it knows."""

    app: Flask
    database: Database
    person: Person

    def path(self, purpose: Purpose = "unsubscribe") -> str:
        link = Link("dimora", self.person.handle, "en")
        return f"/{PATHS[purpose]}/{SIGNER.mint(purpose, link, datetime.now(UTC))}"

    def client(self) -> LintingClient:
        client = self.app.test_client()
        assert isinstance(client, LintingClient)
        return client

    def state(self) -> object:
        return read_person(self.database, "dimora", self.person.handle).state


@pytest.fixture
def house(empty_database: Database) -> Iterator[House]:
    migrate(empty_database)
    app = create_app([SITE], empty_database, SIGNER)
    app.test_client_class = type(
        "Client", (LintingClient,), {"inserted": [], "elsewhere": [SITE.site.privacy_policy]}
    )
    with empty_database.connection_context():
        person = create_profile(empty_database, "dimora", 1)
    yield House(app, empty_database, person)
    empty_database.close()


on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a lock of SQLite, or before trying again."""
    monkeypatch.setattr(patience, "BETWEEN_TRIES", 0)
    monkeypatch.setattr(sqlite, "WAIT", 0)
    monkeypatch.setattr(sqlite, "PRAGMAS", {**sqlite.PRAGMAS, "busy_timeout": 0})


@contextmanager
def impatient() -> Iterator[None]:
    """So does who waits for an answer; only while there is none: a busy machine is slow, too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patience, "OF_A_REQUEST", 0.6)
        patch.setattr(postgres, "PING", 0.3)
        yield


# ── what is told ────────────────────────────────────────────────────────────────────────────


@contextmanager
def held(house: House, database_url: str) -> Iterator[None]:
    """Somebody else holds what every save needs."""
    other = open_database(database_url)
    with other.connection_context(), write_transaction(other):
        if isinstance(other, PooledPostgresqlDatabase):
            other.execute_sql("LOCK TABLE profile IN ACCESS EXCLUSIVE MODE")
        with impatient():
            yield
    if isinstance(other, PooledPostgresqlDatabase):
        other.close_all()


@pytest.mark.parametrize("tag", ["en", "sq", "ar"])
def test_what_was_typed_is_kept_and_is_saved_by_the_button_that_tries_again(
    house: House, database_url: str, tag: str
) -> None:
    address = f"{house.path()}?lang={tag}"
    with held(house, database_url):
        refused = house.client().post(address, data={**FORM, "note": 'të "gjitha"\n<b>'})
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "10"
    assert refused.headers["Cache-Control"].startswith("no-store")
    (form,) = Document(refused.get_data(as_text=True)).all("form")
    assert form.get("action") == address
    sent = {each.get("name"): each.get("value") for each in form.iter() if each.get("name")}
    assert sent == {**FORM, "note": 'të "gjitha"\n<b>'}
    assert house.state() == {}
    house.database.close()
    assert house.client().post(address, data=sent).status_code == 303
    assert house.state() == {"overall": {"reach": "off", "until": None}}


def test_a_mail_program_that_presses_unsubscribe_is_told_to_ask_again(
    house: House, database_url: str
) -> None:
    client, address = house.app.test_client(), house.path("one-click")
    body = {"List-Unsubscribe": "One-Click"}
    with held(house, database_url):
        refused = client.post(address, data=body)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert client.post(address, data=body).status_code == 200


def test_the_widget_is_told_by_a_status_at_which_its_form_stays(
    house: House, database_url: str
) -> None:
    address = f"{house.path('embed')}/fragment"
    with held(house, database_url):
        refused = house.client().post(address, data=FORM, headers={"Origin": SHOP})
    assert refused.status_code == 503
    assert refused.headers["Access-Control-Allow-Origin"] == SHOP


@on_sqlite
def test_a_page_is_read_while_somebody_else_writes(house: House, database_url: str) -> None:
    with held(house, database_url):
        assert house.client().get(house.path()).status_code == 200


@on_sqlite
def test_after_one_waited_in_vain_for_another_program_all_others_are_told_at_once(
    house: House, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "BETWEEN_TRIES", SOON)
    with held(house, database_url):
        house.client().post(house.path(), data=FORM)
    # Nobody holds it any more: who is refused now was not even let try.
    assert house.client().post(house.path(), data=FORM).status_code == 503
    monkeypatch.setattr(patience, "BETWEEN_TRIES", 0)
    assert house.client().post(house.path(), data=FORM).status_code == 303
    assert house.client().post(house.path(), data=FORM).status_code == 303


# ── a full disk ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes, where this user may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("this user may mount no disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_loses_nothing_and_saves_again_when_there_is_room(small_disk: Path) -> None:
    database = open_database(f"sqlite:///{small_disk}/widget.db")
    _fills_up(database, lambda: _fill(small_disk / "filler"), (small_disk / "filler").unlink)


@on_sqlite
def test_a_database_that_may_not_grow_loses_nothing_either(house: House) -> None:
    database = house.database

    def stop_growing() -> None:
        ((pages,),) = database.execute_sql("PRAGMA page_count").fetchall()
        database.execute_sql(f"PRAGMA max_page_count = {pages}")

    _fills_up(
        database, stop_growing, lambda: database.execute_sql("PRAGMA max_page_count = 1000000000")
    )


def _fill(file: Path) -> None:
    with suppress(OSError), file.open("wb", buffering=0) as filler:
        while True:
            filler.write(b"x" * 512)


def _fills_up(
    database: Database, fill: Callable[[], object], make_room: Callable[[], object]
) -> None:
    """Saves until there is no room, and then once more when there is."""
    migrate(database)
    app = create_app([SITE], database, SIGNER)
    with database.connection_context():
        house = House(app, database, create_profile(database, "dimora", 1))
        fill()
        saved = _save_until_full(house)
        refused = app.test_client().post(house.path(), data=FORM)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
        assert app.test_client().get(house.path()).status_code == 200
        assert Ledger.select().count(database) == saved
        make_room()
        assert app.test_client().post(house.path(), data=FORM).status_code == 303
        assert Ledger.select().count(database) == saved + 1
        assert database.execute_sql("PRAGMA integrity_check").fetchone() == ("ok",)


def _save_until_full(house: House) -> int:
    """How many saves were acknowledged before there was no room for another."""
    how = Circumstances(2, "hosted", shown("dimora", "en", {}))
    for count in range(5000):
        person = read_person(house.database, "dimora", house.person.handle)
        wanted = {"language": "sq" if count % 2 else "en"}
        try:
            save(house.database, person, difference(person.state, wanted), how)
        except DatabaseUnavailable as full:
            kind = full.kind
            break
    assert kind == "full"
    return count


# ── a frozen server ─────────────────────────────────────────────────────────────────────────


@contextmanager
def frozen(house: House) -> Iterator[Callable[[], None]]:
    """All processes of the test's own PostgreSQL are stopped, until they are thawed."""
    ((folder,),) = house.database.execute_sql("SHOW data_directory").fetchall()
    server = int((Path(folder) / "postmaster.pid").read_text().split()[0])
    processes = [server, *_children(server)]

    def thaw() -> None:
        _send(processes, signal.SIGCONT)

    try:
        _send(processes, signal.SIGSTOP)
        yield thaw
    finally:
        thaw()


def _send(processes: list[int], number: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):  # a worker that was done
            os.kill(process, number)


def _children(parent: int) -> list[int]:
    children = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # gone before it was read
            _, ppid, *_ = status.read_text().rpartition(") ")[2].split()
            children += [int(status.parent.name)] if int(ppid) == parent else []
    return children


on_linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")


@contextmanager
def serving(app: Flask) -> Iterator[Callable[..., HTTPConnection]]:
    """A real server with four threads; sends requests to it whose answers are not waited for."""
    server = listen(app, 0, "WIDGET_PORT", threads=4)
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
    monkeypatch.setattr(patience, "OF_A_REQUEST", SOON)
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
        patience.at_most(0.3),
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


# ── a file that was moved ───────────────────────────────────────────────────────────────────


MOVES = {
    "moved": lambda file: file.rename(file.with_suffix(".old")),
    "deleted": lambda file: file.unlink(),
    "replaced by a copy": lambda file: _replace(file),
    "without its newest saves": lambda file: file.with_name(f"{file.name}-wal").unlink(),
    "without its memory": lambda file: file.with_name(f"{file.name}-shm").unlink(),
}


def _replace(file: Path) -> None:
    """As a backup is put back, or `mv` does."""
    copied = file.with_suffix(".new")
    shutil.copy(file, copied)
    copied.replace(file)


@on_sqlite
@pytest.mark.parametrize("how", MOVES)
def test_nothing_is_acknowledged_or_shown_of_a_file_that_its_path_does_not_name(
    house: House, tmp_path: Path, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = house.client()
    assert client.get(house.path()).status_code == 200
    file = tmp_path / "widget.db"
    MOVES[how](file)
    for answer in (client.post(house.path(), data=FORM), client.get(house.path())):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    lines = [each.getMessage() for each in caplog.records if each.name == sqlite.log.name]
    what = f"{file} was moved, replaced or deleted while it was open"
    cure = "Put it back, or restart the server."
    assert lines == [f"{what}: nothing is saved or shown. {cure}"]


@on_sqlite
def test_a_thread_that_comes_later_takes_no_other_file_for_the_one_that_was_opened(
    house: House, tmp_path: Path
) -> None:
    _replace(tmp_path / "widget.db")
    with ThreadPoolExecutor(1) as other, pytest.raises(DatabaseUnavailable) as caught:
        other.submit(house.database.execute_sql, "SELECT 1").result()
    assert caught.value.kind == "moved"


@on_sqlite
def test_a_file_that_is_back_is_used_again(house: House, tmp_path: Path) -> None:
    file, away = tmp_path / "widget.db", tmp_path / "away.db"
    client = house.client()
    file.rename(away)
    assert client.post(house.path(), data=FORM).status_code == 503
    away.rename(file)
    assert client.post(house.path(), data=FORM).status_code == 303


@on_sqlite
def test_a_link_that_leads_to_the_file_is_followed_and_missed_when_it_leads_elsewhere(
    house: House, tmp_path: Path
) -> None:
    link, elsewhere = tmp_path / "link.db", tmp_path / "elsewhere.db"
    link.symlink_to(tmp_path / "widget.db")
    shutil.copy(tmp_path / "widget.db", elsewhere)
    database = open_database(f"sqlite:///{link}")
    with database.connection_context():
        assert database.get_tables()
        link.unlink()
        link.symlink_to(elsewhere)
        with pytest.raises(DatabaseUnavailable):
            create_profile(database, "dimora", 1)
