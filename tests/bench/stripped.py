"""What Python leaves room for: the work of our page and our save with everything else left out.

WSGI alone, without a framework and an ORM: the signature of the link is checked, the person read in
one query, the page put together from pieces that were rendered before, and a save recorded in one
commit for all that wait. There are no safety headers, error pages or languages. A goal that these
rows miss is a wrong goal.
"""

from __future__ import annotations

import hmac
import json
import sqlite3
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from concurrent.futures import Future
from functools import lru_cache
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs

from tests.bench import ours
from tests.bench.people import TOPICS
from widget_backend.i18n.languages import language
from widget_backend.pages.preferences.rendering import Row, topic_markup

Environ = dict[str, Any]
Start = Callable[[str, list[tuple[str, str]]], Any]
Choice = tuple[bool, str, str]
Save = tuple[Callable[[sqlite3.Connection], Any], Future[Any]]

PERSON = """
SELECT p.id, p.revision, i.topic, i."on", i.channel, i.frequency
FROM profile p JOIN preference i ON i.profile_id = p.id WHERE p.handle = ?
"""
CHOOSE = (
    'UPDATE preference SET "on" = ?, channel = ?, frequency = ? WHERE profile_id = ? AND topic = ?'
)
ADVANCE = "UPDATE profile SET revision = revision + 1 WHERE id = ? AND revision = ?"
RECORD = "INSERT INTO record (profile_id, revision, at, changes) VALUES (?, ?, 0, ?)"
MOST = 32
"""Saves to a commit."""


class Stripped:
    """The application: `GET` and `POST /p/<token>` of the peers' database with our links."""

    def __init__(self, folder: Path) -> None:
        self._file = str(folder / "peer.db")
        self._mine = threading.local()
        self._head, self._tail = _page_without_topics()
        self._saves: SimpleQueue[Save] = SimpleQueue()
        threading.Thread(target=self._write, daemon=True).start()

    def __call__(self, environ: Environ, start: Start) -> list[bytes]:
        path = environ["PATH_INFO"]
        profile, revision, choices = self._read(_handle(path.rpartition("/")[2]))
        if environ["REQUEST_METHOD"] == "GET":
            topics = [_block(topic, choices[topic.id]) for topic in TOPICS]
            body = "".join((self._head, *topics, self._tail)).encode()
            kind = [("Content-Type", "text/html; charset=utf-8")]
            start("200 OK", [*kind, ("Content-Length", str(len(body)))])
            return [body]
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        form = parse_qs(body.decode("ascii"), keep_blank_values=True)
        if form["revision"] != [str(revision)]:
            start("409 Conflict", [("Content-Length", "0")])
            return []
        self._save(profile, revision, list(_changes(form, choices)))
        start(
            "303 See Other",
            [("Location", f"{path}?saved={revision + 1}&"), ("Content-Length", "0")],
        )
        return []

    def _read(self, handle: str) -> tuple[int, int, dict[str, Choice]]:
        if not hasattr(self._mine, "connection"):
            self._mine.connection = sqlite3.connect(self._file)
        rows = self._mine.connection.execute(PERSON, (handle,)).fetchall()
        return rows[0][0], rows[0][1], {row[2]: (bool(row[3]), row[4], row[5]) for row in rows}

    def _save(self, profile: int, revision: int, changes: list[tuple[str, Choice, Choice]]) -> None:
        def action(connection: sqlite3.Connection) -> None:
            assert connection.execute(ADVANCE, (profile, revision)).rowcount == 1
            for topic, _before, after in changes:
                connection.execute(CHOOSE, (*after, profile, topic))
            connection.execute(RECORD, (profile, revision + 1, json.dumps(changes)))

        done: Future[Any] = Future()
        self._saves.put((action, done))
        done.result()

    def _write(self) -> None:
        """The thread that writes: all that wait in one durable commit."""
        connection = sqlite3.connect(self._file, isolation_level=None)
        connection.execute("PRAGMA synchronous = full")
        while True:
            batch = [self._saves.get()]
            connection.execute("BEGIN IMMEDIATE")
            for action, _done in batch:
                action(connection)
                if not self._saves.empty() and len(batch) < MOST:
                    batch.append(self._saves.get())
            connection.execute("COMMIT")
            for _action, done in batch:
                done.set_result(None)


def _handle(token: str) -> str:
    """Of the person that the link names. Raises AssertionError where the signature is not ours."""
    payload, _, signature = token.partition(".")
    key = ours.SIGNER._keys["preferences"]
    right = hmac.new(key, payload.encode(), "sha256").digest()
    assert hmac.compare_digest(urlsafe_b64encode(right).rstrip(b"="), signature.encode())
    return str(json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["p"])


def _changes(
    form: dict[str, list[str]], choices: dict[str, Choice]
) -> list[tuple[str, Choice, Choice]]:
    wanted = {
        topic: (
            f"topic-{topic}" in form,
            form[f"channel-{topic}"][0],
            form[f"frequency-{topic}"][0],
        )
        for topic in form["offered"]
    }
    return [(topic, choices[topic], to) for topic, to in wanted.items() if to != choices[topic]]


@lru_cache(maxsize=4096)
def _block(topic: Any, choice: Choice) -> str:
    return topic_markup(language("en"), topic, Row(*choice)) + "\n"


def _page_without_topics() -> tuple[str, str]:
    """Our page of somebody, up to the first topic and from the end of the last one."""
    with TemporaryDirectory() as name:
        (path,) = ours.paths(ours.fill(Path(name), 1), "preferences")
        page = ours.ours(Path(name)).test_client().get(path).get_data(as_text=True)
    head, _, rest = page.partition('<li class="topic">')
    end = rest.rindex("</details>\n</li>\n") + len("</details>\n</li>\n")
    return head, rest[end:]
