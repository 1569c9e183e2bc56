"""The real backend and the demo shop, listening, and people to be in them."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import waitress
from peewee import Database
from waitress import wasyncore

from e2e.support.line import Line
from e2e.support.watch import Watch
from widget_backend import links
from widget_backend.app import create_app
from widget_backend.demo.run import prepare
from widget_backend.demo.shop import create_shop
from widget_backend.links import Link, Purpose
from widget_backend.rules.state import Value, difference
from widget_backend.signing import Signer
from widget_backend.site.load import SiteInLanguages
from widget_backend.site.model import Site
from widget_backend.store.address_changes import ask_to_move
from widget_backend.store.contacts import NewContact, create_contacts
from widget_backend.store.database import write_transaction
from widget_backend.store.ledger import ConsentContext, Record, Wording, records
from widget_backend.store.models import Identity
from widget_backend.store.profiles import create_profile, read_profile
from widget_backend.store.saves import save

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
EVERY_ROLE = ("professional", "owner-club")


def topic(channel: str = "email", frequency: str = "monthly", on: bool = True) -> Value:
    return {"on": on, "channel": channel, "frequency": frequency}


def skipped(*questions: str) -> dict[str, Value]:
    """The state of somebody who passed these questions over."""
    at = int(NOW.timestamp())
    return {f"answer:{each}": {"skipped": True, "at": at} for each in questions}


@dataclass
class Clock:
    """The time as the servers see it; tests set it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class World:
    """Both origins and the store behind them. `shop_app` is replaced when somebody signs in."""

    site: SiteInLanguages
    database: Database
    signer: Signer
    backend: str
    shop: str
    clock: Clock = field(default_factory=Clock)
    watch: Watch = field(default_factory=Watch)
    line: Line = field(default_factory=Line)
    shop_app: Any = None

    def texts(self, tag: str) -> Site:
        """The site's own texts in a language."""
        return self.site.in_locale[tag]

    # ── people ──

    def person(self, state: dict[str, Value] | None = None, roles: tuple[str, ...] = ()) -> str:
        """A new contact who has said this much already; returns their handle."""
        email = f"mira.{secrets.token_hex(8)}@example.com"
        with self.database.connection_context(), write_transaction(self.database):
            at = int(self.clock.now.timestamp())
            people = create_contacts(self.database, self.site.id, at, [NewContact(email, roles)])
        handle = people[email].handle
        if state:
            self.change(handle, state)
        return handle

    def change(self, handle: str, wanted: dict[str, Value]) -> int:
        """What the person says on another device meanwhile; returns the revision it makes."""
        how = ConsentContext(
            int(self.clock.now.timestamp()),
            "hosted",
            Wording.of(self.site.id, "en", {"for": "a test"}),
        )
        with self.database.connection_context():
            person = read_profile(self.database, self.site.id, handle)
            return save(self.database, person, difference(person.state, wanted), how)

    def sign_up(self) -> str:
        """Somebody who asked for news and has not confirmed yet; returns their handle."""
        at = int(self.clock.now.timestamp())
        with self.database.connection_context(), write_transaction(self.database):
            known = {"handle": secrets.token_hex(16), "pending": True}
            person = create_profile(self.database, self.site.id, at, **known)
            row = {"site": self.site.id, "profile": person.id, "kind": "email"}
            Identity.insert(**row, value="new@example.com").execute(self.database)
        self.change(person.handle, {"topic:news": topic()})
        return person.handle

    def move(self, handle: str) -> str:
        """The person asks for mail at another address; returns the name of that wish."""
        until = int(self.clock.now.timestamp()) + 3600
        with self.database.connection_context(), write_transaction(self.database):
            person = read_profile(self.database, self.site.id, handle)
            return ask_to_move(self.database, person, "other@example.com", until)

    def dump(self) -> dict[str, list[str]]:
        """Every row of every table. Nothing goes on in the background here."""
        with self.database.connection_context():
            return {
                table: sorted(map(repr, self.database.execute_sql(f'SELECT * FROM "{table}"')))
                for table in self.database.get_tables()
            }

    def saves(self, handle: str) -> list[Record]:
        """What the ledger holds of a person, oldest first."""
        with self.database.connection_context():
            person = read_profile(self.database, self.site.id, handle)
            return records(self.database, person.ledger_key)

    def state(self, handle: str) -> dict[str, Value]:
        with self.database.connection_context():
            return dict(read_profile(self.database, self.site.id, handle).state)

    # ── ways in ──

    def link(
        self,
        purpose: Purpose,
        handle: str,
        tag: str = "en",
        lives: timedelta | None = None,
        topic: str | None = None,
    ) -> str:
        """The address of a signed link in a message written in this language."""
        if lives is None:
            said = Link(self.site.id, handle, tag, topic=topic)
            token = self.signer.mint(purpose, said, self.clock.now)
        else:
            said = Link(self.site.id, handle, tag, self.clock.now + lives)
            token = self.signer.token(purpose, said)
        return links.address(self.backend, purpose, token)

    def sign_in(self, handle: str) -> None:
        """From now on the shop takes its visitor for this person."""
        app = create_shop(self.site.id, self.backend, self.signer, handle, self.clock)
        app.after_request(self.watch.listen_for_script_errors)
        self.shop_app = app


@contextmanager
def running(folder: Path) -> Iterator[World]:
    """A world of its own, with a fresh database in the folder, on ports nobody else has."""
    with _listening() as backend_socket, _listening() as shop_socket:
        backend, shop = (_address(each) for each in (backend_socket, shop_socket))
        demo = prepare(folder, backend, shop)
        # No browser waits for the disk; that a save is durable is shown by the tests of the store.
        demo.database.pragma("synchronous", "off", permanent=True)
        world = World(demo.site, demo.database, demo.signer, backend, shop)
        world.sign_in(demo.customer)
        app = create_app([demo.site], demo.database, demo.signer, world.clock)
        with (
            _serving(world.line.around(world.watch.around(app)), backend_socket),
            _serving(world.watch.around(lambda *call: world.shop_app(*call)), shop_socket),
        ):
            yield world


@contextmanager
def _listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        yield opened


def _address(opened: socket.socket) -> str:
    return f"http://127.0.0.1:{opened.getsockname()[1]}"


@contextmanager
def served(app: Any) -> Iterator[str]:
    """An app on a free port; its origin."""
    with _listening() as opened, _serving(app, opened):
        yield _address(opened)


@contextmanager
def _serving(app: Any, opened: socket.socket) -> Iterator[None]:
    everything: dict[int, Any] = {}
    server = waitress.create_server(app, map=everything, sockets=[opened], threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield
    # In the server's own thread: it must not wait on what is closed under its hands. It may be
    # awake already, and have closed the trigger before it is pulled.
    with suppress(OSError):
        server.trigger.pull_trigger(lambda: wasyncore.close_all(everything, ignore_all=True))
    thread.join()
    server.task_dispatcher.shutdown()
