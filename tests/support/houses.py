"""The app on a database that a test takes away, and whoever cannot wait for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask
from peewee import Database

from tests.support.linting import LintingClient
from widget_backend.demo.run import DIMORA
from widget_backend.links import PATHS, Link, Purpose
from widget_backend.signing import Signer
from widget_backend.site.load import load_site
from widget_backend.store import postgres, timeouts
from widget_backend.store.profiles import Profile, read_profile

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
    person: Profile

    def path(self, purpose: Purpose = "unsubscribe") -> str:
        link = Link("dimora", self.person.handle, "en")
        return f"/{PATHS[purpose]}/{SIGNER.mint(purpose, link, datetime.now(UTC))}"

    def client(self) -> LintingClient:
        client = self.app.test_client()
        assert isinstance(client, LintingClient)
        return client

    def state(self) -> object:
        return read_profile(self.database, "dimora", self.person.handle).state


on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@contextmanager
def impatient() -> Iterator[None]:
    """So does who waits for an answer; only while there is none: a busy machine is slow, too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timeouts, "OF_A_REQUEST", 0.6)
        patch.setattr(postgres, "PING", 0.3)
        yield
