"""The real backend and the demo shop, listening, and people to be in them."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import waitress
from waitress import wasyncore

from e2e.support.line import Line
from e2e.support.watch import Watch
from tests.support import worlds
from tests.support.worlds import Clock
from widget_backend import links
from widget_backend.app import create_app
from widget_backend.demo.run import prepare
from widget_backend.demo.shop import create_shop
from widget_backend.links import Link, Purpose
from widget_backend.rules.state import State, Value
from widget_backend.store.address_changes import request_change
from widget_backend.store.database import write_transaction
from widget_backend.store.profiles import Profile

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
EVERY_ROLE = ("professional", "owner-club")


def topic(channel: str = "email", frequency: str = "monthly", on: bool = True) -> Value:
    return {"on": on, "channel": channel, "frequency": frequency}


def skipped(*questions: str) -> dict[str, Value]:
    """The state of somebody who passed these questions over."""
    at = int(NOW.timestamp())
    return {f"answer:{each}": {"skipped": True, "at": at} for each in questions}


@dataclass
class World(worlds.World):
    """The world of the page tests, listening: both origins, and the demo's site as its home.

    `shop_app` is replaced when somebody signs in.
    """

    backend: str = ""
    shop: str = ""
    watch: Watch = field(default_factory=Watch)
    line: Line = field(default_factory=Line)
    shop_app: Any = None

    def person(  # type: ignore[override]
        self, state: State | None = None, roles: Sequence[str] = (), email: str = "", **known: Any
    ) -> Profile:
        """Somebody new, at an address of their own, who has said these things."""
        email = email or f"mira.{secrets.token_hex(8)}@example.com"
        return super().person(state, email=email, roles=roles, **known)

    def link(  # type: ignore[override]
        self,
        purpose: Purpose,
        person: Profile,
        tag: str = "en",
        lives: timedelta | None = None,
        topic: str | None = None,
    ) -> str:
        """The address of a signed link in a message written in this language."""
        return self._address(purpose, Link(person.site, person.handle, tag, topic=topic), lives)

    def address_link(self, person: Profile, tag: str = "en") -> str:
        """The link by which somebody confirms the other address that they gave."""
        until = int(self.clock.now.timestamp()) + 3600
        with write_transaction(self.database):
            name = request_change(self.database, person, "other@example.com", until)
        return self._address("address", Link(person.site, name, tag))

    def _address(self, purpose: Purpose, link: Link, lives: timedelta | None = None) -> str:
        if lives is None:
            token = self.signer.mint(purpose, link, self.clock.now)
        else:
            token = self.signer.token(purpose, replace(link, expires_at=self.clock.now + lives))
        return links.address(self.backend, purpose, token)

    def sign_in(self, handle: str) -> None:
        """From now on the shop takes its visitor for this person."""
        app = create_shop(self.home, self.backend, self.signer, handle, self.clock)
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
        clock, site = Clock(NOW), demo.site
        app = create_app([site], demo.database, demo.signer, clock)
        world = World(
            *(app, demo.database, demo.signer, clock, {site.id: site}, site.id, "hosted"),
            *(backend, shop),
        )
        world.sign_in(demo.customer)
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
