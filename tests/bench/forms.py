"""Every form that the backend takes: where it is sent, what is in it, and what may stand there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from flask import Flask
from peewee import Database
from werkzeug.test import TestResponse

from tests.bench.ours import SIGNER, fill, ours
from tests.bench.people import SITE, TOPICS
from widget_backend import links
from widget_backend.links import Link, Purpose
from widget_backend.site.model import Stage
from widget_backend.store.address_changes import request_change
from widget_backend.store.database import write_transaction
from widget_backend.store.models import Identity
from widget_backend.store.profiles import create_profile, read_profile

ORIGIN = "https://shop.example"
NOW = datetime.now(UTC)
HEADERS = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
ANSWERED = {200, 303, 400, 409, 422}
"""What a form of any content gets: done, on to another page, or back with what is wrong."""


@dataclass(frozen=True)
class Form:
    """One form at one address. `sound` is a whole one; `names` are the fields that it has."""

    endpoint: str
    path: str
    names: tuple[str, ...]
    sound: Mapping[str, str] = field(default_factory=dict)

    def body(self, name: str, value: str) -> bytes:
        """The form with this in one of its fields, in UTF-8 as it is: as few bytes as can be."""
        return "&".join(
            f"{key}={each}" for key, each in {**self.sound, name: value}.items()
        ).encode()


@dataclass
class Sender:
    """Sends forms, each from another network: no limit on strangers stands in the way."""

    app: Flask
    forms: list[Form]
    networks: Iterator[int] = field(default_factory=lambda: count(1))

    def send(self, form: Form, body: bytes) -> TestResponse:
        number = next(self.networks)
        return self.app.test_client().post(
            form.path,
            data=body,
            content_type="application/x-www-form-urlencoded",
            headers=HEADERS,
            environ_base={
                "REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
            },
        )


def sender(folder: Path) -> Sender:
    """An app with somebody behind each kind of link, and all its forms."""
    handle, mover = fill(folder, 2)
    app = ours(folder, ORIGIN)
    backend = app.extensions["preference-widget"]
    # The clock stands still: an address change is over a minute after it was confirmed.
    app.extensions["preference-widget"] = replace(backend, clock=lambda: NOW)
    with backend.database.connection_context():
        waiting, confirmed = (_pending(backend.database) for _ in range(2))
        change = _address_change(backend.database, mover)
    return Sender(app, list(_forms(handle, waiting, confirmed, change)))


def _pending(database: Database) -> str:
    """Somebody who signed up and has not confirmed that yet."""
    with write_transaction(database):
        person = create_profile(database, SITE.id, 0, pending=True)
        row = {"site": SITE.id, "profile": person.id, "kind": "email", "value": "new@example.com"}
        Identity.insert(row).execute(database)
    return person.handle


def _address_change(database: Database, handle: str) -> str:
    person = read_profile(database, SITE.id, handle)
    with write_transaction(database):
        return request_change(database, person, "moved@example.com", int(NOW.timestamp()) + 3600)


PREFERENCES = (
    *(
        "revision",
        "do",
        "offered",
        "reach",
        "language",
        "language-shown",
        "phone",
        "post",
        "receipt",
        "as-of-1",
    ),
    *(f"{part}-{TOPICS[0].id}" for part in ("topic", "channel", "frequency")),
)
SAVED = {"revision": "1", "do": "save", "offered": TOPICS[0].id, "language": "en"}
SIGN_UP = {"form": "ab" * 16, "email": "x@y.al", "topics": TOPICS[0].id, "do": "save"}
NOTHING = ("do", "x")
"""Of a form with nothing but a button."""


def _forms(handle: str, waiting: str, confirmed: str, change: str) -> Iterator[Form]:
    def path(purpose: Purpose, whose: str = handle) -> str:
        token = SIGNER.mint(purpose, Link(SITE.id, whose, "en"), NOW)
        return links.address("", purpose, token)

    page = f"/s/{SITE.id}"
    yield Form("hosted.preferences_page", path("preferences"), PREFERENCES, SAVED)
    yield Form("hosted.embedded", path("embed"), PREFERENCES, SAVED)
    yield Form("fragments.embedded", f"{path('embed')}/fragment", PREFERENCES, SAVED)
    yield from (
        _stage("hosted.questions_page", path("questions"), each) for each in SITE.site.stages
    )
    # Behind other links it is the same form: one stage is enough.
    first = SITE.site.stages[0]
    yield _stage("fragments.embedded", f"{path('embed')}/fragment?view=questions", first)
    yield _stage("hosted.answers_page", path("answers", waiting), first)
    yield _stage("fragments.answers_page", f"{path('answers', waiting)}/fragment", first)
    yield Form(
        "hosted.unsubscribe_page",
        path("unsubscribe"),
        ("do", "revision", "receipt", "why"),
        {"do": "undo"},
    )
    yield Form("hosted.one_click", path("one-click"), ("List-Unsubscribe", "do"))
    yield Form("hosted.data_code", f"{path('preferences')}/data", ("do", "code"), {"do": "save"})
    yield Form("hosted.data_page", path("data"), ("do", "email"), {"do": "save"})
    yield Form("hosted.sign_up_page", page, tuple(SIGN_UP), SIGN_UP)
    yield Form("fragments.sign_up_page", f"{page}/fragment", tuple(SIGN_UP), SIGN_UP)
    yield Form("hosted.lost_link", f"{page}/link", ("do", "email"))
    yield Form("hosted.renew_preferences", f"{path('preferences')}/renew", NOTHING)
    yield Form("hosted.renew_questions", f"{path('questions')}/renew", NOTHING)
    yield Form("hosted.confirm_page", path("confirm", confirmed), NOTHING)
    yield Form("hosted.new_address", path("address", change), NOTHING)


def _stage(endpoint: str, address: str, stage: Stage) -> Form:
    answers = (f"{part}-{each}" for each in stage.questions for part in ("answer", "decline"))
    names = ("revision", "do", "stage", "asked", *answers)
    return Form(endpoint, address, names, {"revision": "1", "do": "save", "stage": stage.id})
