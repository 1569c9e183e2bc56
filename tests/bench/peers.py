"""The peers: what a good developer writes in an afternoon with Flask, peewee and Jinja.

Plain and idiomatic, neither tuned nor hobbled. Each thread keeps its SQLite connection, which is
faster than peewee's own advice of one a request, so that the comparison is not won by that.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask, abort, redirect, render_template, request
from peewee import (
    AutoField,
    BooleanField,
    CharField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)
from werkzeug.wrappers import Response

from tests.bench.people import FIRST_REVISION, SITE, TOPICS, preference_of

LANGUAGES = [("en", "English"), ("sq", "Shqip"), ("ar", "العربية")]
NAMES = {
    "email": "email",
    "sms": "SMS",
    "phone": "phone call",
    "post": "post",
    "daily": "daily",
    "weekly": "weekly",
    "every_two_weeks": "every two weeks",
    "monthly": "monthly",
    "quarterly": "quarterly",
}

database = SqliteDatabase(
    None, pragmas={"journal_mode": "wal", "synchronous": "full", "foreign_keys": 1}
)


class Profile(Model):
    id = AutoField()
    handle = CharField(unique=True)
    email = CharField()
    language = CharField(default="en")
    frequency = CharField(default="weekly")
    revision = IntegerField(default=FIRST_REVISION)

    class Meta:
        database = database


class Preference(Model):
    profile = ForeignKeyField(Profile, backref="preferences")
    topic = CharField()
    on = BooleanField()
    channel = CharField()
    frequency = CharField()

    class Meta:
        database = database
        indexes = ((("profile", "topic"), True),)


class Record(Model):
    """One row of a ledger: what a save has changed."""

    profile = ForeignKeyField(Profile, backref="records")
    revision = IntegerField()
    at = IntegerField()
    changes = TextField()

    class Meta:
        database = database


def fill(file: Path, handles: list[str]) -> None:
    """A database with these people, who chose what ours chose."""
    database.init(str(file))
    with database.connection_context(), database.atomic():
        database.create_tables([Profile, Preference, Record])
        for number, handle in enumerate(handles):
            profile = Profile.create(handle=handle, email=f"person{number}@example.com")
            for place, topic in enumerate(TOPICS):
                choice = preference_of(number, place)
                Preference.create(profile=profile, topic=topic.id, **choice)


def bare(_folder: Path) -> Flask:
    """For scale: what Flask and waitress take for themselves."""
    app = Flask(__name__)

    @app.get("/")
    def hello() -> str:
        return "Hello"

    return app


def peer(folder: Path) -> Flask:
    """A page of one query and one template, a write of one row, and a save of the whole form."""
    database.init(str(folder / "peer.db"))
    app = Flask(__name__)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.add_url_rule("/p/<handle>", view_func=_page)
    app.add_url_rule("/p/<handle>", view_func=_write, methods=["POST"])
    app.add_url_rule("/save/<handle>", view_func=_save, methods=["POST"])
    return app


def _page(handle: str) -> str:
    found = Preference.select(Preference, Profile).join(Profile).where(Profile.handle == handle)
    preferences = {preference.topic: preference for preference in found}
    if not preferences:
        abort(404)
    today = datetime.now(UTC).date()
    return render_template(
        "peer.html",
        site=SITE.site,
        topics=TOPICS,
        languages=LANGUAGES,
        names=NAMES,
        preferences=preferences,
        profile=next(iter(preferences.values())).profile,
        pauses=[today + timedelta(days=days) for days in (30, 91, 182)],
    )


def _write(handle: str) -> Response:
    with database.atomic():
        changed = (
            Profile.update(frequency=request.form["frequency"])
            .where(Profile.handle == handle)
            .execute()
        )
    if changed != 1:
        abort(404)
    return redirect(f"/p/{handle}", 303)


def _save(handle: str) -> Response:
    """The work of our save: the same form read, what changed written, a revision and a record."""
    form = request.form
    with database.atomic(
        "IMMEDIATE"
    ):  # two that read before they write would be in each other's way
        profile = Profile.get_or_none(Profile.handle == handle) or abort(404)
        if profile.revision != int(form["revision"]):
            abort(409)
        stored = {preference.topic: preference for preference in profile.preferences}
        changes = []
        for topic in form.getlist("offered"):
            preference = stored[topic]
            before = [preference.on, preference.channel, preference.frequency]
            preference.on = f"topic-{topic}" in form
            preference.channel = form[f"channel-{topic}"]
            preference.frequency = form[f"frequency-{topic}"]
            after = [preference.on, preference.channel, preference.frequency]
            if before != after:
                preference.save()
                changes.append([topic, before, after])
        profile.revision += 1
        profile.save(only=[Profile.revision])
        now = int(datetime.now(UTC).timestamp())
        Record.create(
            profile=profile, revision=profile.revision, at=now, changes=json.dumps(changes)
        )
    return redirect(f"/p/{handle}?saved={profile.revision}&", 303)
