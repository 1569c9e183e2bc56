"""What a server says when it starts with its settings."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from threading import Event

import pytest
from flask import Flask

from tests.support.people import choose, person_of
from tests.support.processes import free_port
from tests.support.settings import GOOD, start
from tests.support.small_site import SITE
from widget_backend.cli import serve
from widget_backend.cli.misfits import misfits
from widget_backend.config import read_settings
from widget_backend.demo.run import DIMORA
from widget_backend.doctor import files
from widget_backend.i18n import languages
from widget_backend.site.load import load_site
from widget_backend.store.database import open_database
from widget_backend.store.suppression_file import SuppressionFile


def test_without_a_mail_server_it_starts_only_when_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "listen", lambda *_, **__: None)
    monkeypatch.setattr(serve, "serve_until_stopped", lambda _, when_ready: when_ready())
    without = {"WIDGET_SMTP_URL": ""}
    assert start(tmp_path, without).exit_code == 1
    port = str(free_port())
    result = start(tmp_path, {**without, "WIDGET_PORT": port}, "--no-mail")
    assert result.exit_code == 0, result.output
    assert "no mail is sent" in result.stderr
    assert f"listening on http://127.0.0.1:{port}" in result.stdout


def test_the_file_of_suppressions_is_that_of_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apps: list[Flask] = []
    monkeypatch.setattr(serve, "listen", lambda app, *_, **__: apps.append(app))
    monkeypatch.setattr(serve, "serve_until_stopped", lambda *_: None)
    file = tmp_path / "suppressions"
    assert start(tmp_path, {"WIDGET_SUPPRESSIONS": str(file)}).exit_code == 0
    assert apps[0].extensions["preference-widget"].suppressions == SuppressionFile(file)


def test_a_disk_of_suppressions_that_is_not_there_stops_no_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People could not leave meanwhile. The log says that it cannot be written."""
    monkeypatch.setattr(serve, "listen", lambda *_, **__: None)
    monkeypatch.setattr(serve, "serve_until_stopped", lambda *_: None)
    assert start(tmp_path, {"WIDGET_SUPPRESSIONS": f"{tmp_path}/disk/file"}).exit_code == 0


def test_a_new_database_is_told_for_its_name_may_be_mistyped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "listen", lambda *_, **__: None)
    monkeypatch.setattr(serve, "serve_until_stopped", lambda _server, say: say())
    told = f"warning: {tmp_path}/widget.db is a new database, with nobody in it.\n"
    assert told in start(tmp_path, {}).stderr
    assert told not in start(tmp_path, {}).stderr


def test_people_of_a_site_without_a_file_are_told_at_each_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "listen", lambda *_, **__: None)
    monkeypatch.setattr(serve, "serve_until_stopped", lambda _server, say: say())
    warning = "warning: people of “inn” are in the database, and no site file here has that id. "
    assert warning not in start(tmp_path, {}).stderr
    database = open_database(f"sqlite:///{tmp_path}/widget.db")
    with database.connection_context():
        for site in ("inn", "dimora"):
            person_of(database, site)
    for _ in range(2):
        stderr = start(tmp_path, {}).stderr
        assert stderr.count("no site file here has that id") == stderr.count(warning) == 1


MISSED = "topics.ofers: is no longer declared, and 1 person has it. Their choice stays in the"


def test_topics_that_people_have_and_no_file_declares_are_told_at_each_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "listen", lambda *_, **__: None)
    monkeypatch.setattr(serve, "serve_until_stopped", lambda _server, say: say())
    assert "is no longer declared" not in start(tmp_path, {}).stderr
    database = open_database(f"sqlite:///{tmp_path}/widget.db")
    with database.connection_context():
        choose(database, person_of(database, "dimora"), "ofers")
    assert f"warning: {DIMORA / 'SITE.toml'}: {MISSED}" in start(tmp_path, {}).stderr
    log = start(tmp_path, {"WIDGET_LOG_FORMAT": "json"}).stderr
    lines = [json.loads(line)["message"] for line in log.splitlines()]
    assert any(MISSED in line for line in lines)


def test_the_start_does_not_wait_for_a_look_at_what_everybody_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_listening, were_listening = Event(), SimpleQueue[bool]()
    monkeypatch.setattr(serve, "listen", lambda *_, **__: None)
    monkeypatch.setattr(
        serve, "tell_missed_topics", lambda *_: were_listening.put(is_listening.wait(5))
    )

    def serve_until_stopped(_server: object, say: Callable[[], object]) -> None:
        say()
        is_listening.set()

    monkeypatch.setattr(serve, "serve_until_stopped", serve_until_stopped)
    assert start(tmp_path, {}).exit_code == 0
    assert were_listening.get(timeout=5)


def test_a_file_with_keys_that_everybody_can_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "listen", lambda *_, **__: None)
    monkeypatch.setattr(serve, "serve_until_stopped", lambda _server, say: say())
    monkeypatch.setattr(files, "everybody_reads", lambda file: file.stat().st_mode & 0o004)
    keys = tmp_path / "keys"
    keys.write_text("k" * 32)
    settings = {"WIDGET_SIGNING_KEYS": "", "WIDGET_SIGNING_KEYS_FILE": str(keys)}
    keys.chmod(0o644)
    told = f"warning: WIDGET_SIGNING_KEYS_FILE: everybody on this machine can read {keys}."
    assert told in start(tmp_path, settings).stderr
    keys.chmod(0o600)
    assert "can read" not in start(tmp_path, settings).stderr


def test_lines_with_todo_are_told_until_they_are_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "listen", lambda *_, **__: None)
    monkeypatch.setattr(serve, "serve_until_stopped", lambda _server, say: say())
    file, todo = tmp_path / "own.toml", "# what is TODO is said below\n  # TODO: all of it\n"
    file.write_text(f"{todo}{SITE}", encoding="utf-8")
    told = f"warning: {file}: line 2: the word TODO stands there, so what follows may be made up."
    assert told in start(tmp_path, {"WIDGET_SITES": str(file)}).stderr
    file.write_text(SITE, encoding="utf-8")
    assert "TODO" not in start(tmp_path, {"WIDGET_SITES": str(file)}).stderr


def test_sentences_of_the_operators_own_that_are_left_out_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "listen", lambda *_, **__: None)
    monkeypatch.setattr(serve, "serve_until_stopped", lambda _server, say: say())
    monkeypatch.setattr(languages, "_known", {})
    file = tmp_path / "own" / "translations" / "sq" / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    own = {"WIDGET_FOLDER": str(tmp_path / "own")}
    file.write_text('msgid "Save"\nmsgstr "Ruani %(name)s"\n', encoding="utf-8")
    told = f"warning: {file}: 1 sentence is fuzzy or wrong, and left out. "
    assert told in start(tmp_path, own).stderr
    file.write_text('msgid "Save"\nmsgstr "Mbajeni"\n', encoding="utf-8")
    assert "left out" not in start(tmp_path, own).stderr


MISFITS = [
    ("https://prefs.example", {}, "set WIDGET_TRUSTED_PROXY"),
    ("https://prefs.example", {"WIDGET_TRUSTED_PROXY": "127.0.0.1"}, None),
    ("https://prefs.example", {"WIDGET_SOCKET": "/run/widget.sock"}, None),
    (
        "https://prefs.example",
        {"WIDGET_TRUSTED_PROXY": "127.0.0.1", "WIDGET_HOST": "0.0.0.0"},
        "listens on 0.0.0.0 without TLS",
    ),
    ("http://127.0.0.1:8000", {}, None),
    ("http://127.0.0.1:9000", {}, "listens on port 8000"),
    ("http://prefs.example", {"WIDGET_PORT": "80"}, "others on the way could read"),
]


@pytest.mark.parametrize(("url", "changes", "warning"), MISFITS)
def test_an_address_that_does_not_lead_to_the_server_is_warned_of(
    url: str, changes: dict[str, str], warning: str | None
) -> None:
    lines = [*misfits([replace(load_site(DIMORA / "SITE.toml").site, url=url)],
                      read_settings({**GOOD, **changes}))]  # fmt: skip
    assert len(lines) == (warning is not None)
    assert warning is None or warning in lines[0].text
