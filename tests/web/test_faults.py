"""Faults of our own: an answer all the same, and a log that holds nothing anybody sent."""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask
from waitress.task import WSGITask

from tests.support.serving import KEY, SITE, serving
from tests.support.words.errors import OUR_FAULT
from widget_backend.app import create_app
from widget_backend.errors import LinkForged
from widget_backend.fault_log import without_values
from widget_backend.links import Link
from widget_backend.pages.preferences import views as preferences
from widget_backend.signing import Signer
from widget_backend.store.database import migrate, open_database
from widget_backend.store.profiles import create_profile
from widget_backend.web import error_handlers, headers

CANARY = "canary5up3rs3cr3t"
SIGNER = Signer([KEY])


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    database = open_database(f"sqlite:///{tmp_path}/widget.db")
    migrate(database)
    yield create_app([SITE], database, SIGNER)
    database.close()


@pytest.fixture
def token(app: Flask) -> str:
    """Of a person's unsubscribe link: what is signed in it leads to the person as well."""
    database = app.extensions["preference-widget"].database
    handle = create_profile(database, "dimora", 0).handle
    database.close()
    return SIGNER.token("unsubscribe", Link("dimora", handle, topic=CANARY))


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """All that was logged, or written to where logs go."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("peewee").setLevel(logging.INFO)  # it tells its SQL to who turns DEBUG on

    def everything() -> str:
        written = capfd.readouterr()
        return f"{caplog.text} {written.out} {written.err}"

    return everything


def send(port: int, raw: bytes) -> bytes:
    """What comes back for these bytes, until the connection ends, in whichever way."""
    answer = b""
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    with connection, suppress(ConnectionResetError):  # of who has sent more than was read
        connection.sendall(raw)
        with suppress(OSError):  # it may be closed there already
            connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(65_536):
            answer += piece
    return answer


def request(first: bytes, *more: bytes, body: bytes = b"") -> bytes:
    lines = [first + b" HTTP/1.1", b"Connection: close", *more]
    if not any(each.lower().startswith((b"host:", b"x-no-host:")) for each in more):
        lines.append(b"Host: prefs.example")
    if body:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join([*lines, b"", body])


C = CANARY.encode()
FORM = b"Content-Type: application/x-www-form-urlencoded"
STRANGE = {
    "a query of raw bytes behind a doubled slash": request(b"GET //p/" + C + b"?\xff"),
    "a query of raw bytes": request(b"GET /p/" + C + b"?" + C + b"=\xff\xfe"),
    "a query of broken codes": request(b"GET /s/dimora?lang=%f&" + C + b"=%GG%ff"),
    "a path of raw bytes": request(b"GET /p/" + C + b"\xff\xfe"),
    "a path of broken codes": request(b"GET /p/%ff%f" + C),
    "a path of control signs": request(b"GET /u/%00%0d%0a" + C),
    "an address that is none": request(b"GET http://[" + C + b"/"),
    "an address of another host": request(b"GET http://" + C + b"@evil.example:99999999/x"),
    "a host that is none": request(b"GET /p/" + C, b"Host: a]b " + C + b"\xff"),
    "no host": request(b"GET /p/" + C, b"X-No-Host: 1"),
    "languages that are none": request(b"GET /", b"Accept-Language: " + C + b";q=\xff,;;q=1e999"),
    "cookies that are none": request(b"GET /", b"Cookie: \xff=" + C + b"; ;;=" + C),
    "codings that are none": request(b"GET /", b"Accept-Encoding: " + C + b";q=nan, br;q=-1"),
    "a form of raw bytes": request(b"POST /s/dimora", FORM, body=b"email=\xff" + C),
    "a form of another kind": request(
        b"POST /s/dimora", b"Content-Type: multipart/form-data; boundary=" + C, body=b"--x" + C
    ),
    "a form in no charset": request(b"POST /s/dimora", FORM + b"; charset=" + C, body=b"a=" + C),
    "a form of a million fields": request(b"POST /s/dimora", FORM, body=b"&" * 60_000 + C),
    "a length that is none": request(b"POST /s/dimora", b"Content-Length: " + C),
    "a coding that is none": request(b"POST /s/dimora", b"Transfer-Encoding: " + C),
    "broken pieces": request(b"POST /s/dimora", b"Transfer-Encoding: chunked") + C + b"\r\n",
    "a header that is none": request(b"GET /", b" " + C + b" \xff : x"),
    "headers without end": request(b"GET /p/" + C, b"X: " + C * 5000),
    "another protocol": C + b" / HTTP/9.9\r\n\r\n",
    "no protocol": b"\x16\x03\x01" + C + b"\r\n\r\n",
    "another method": request(C.upper() + b" /p/" + C),
    "a proxy that is none": request(b"GET /", b'X-Forwarded-For: "' + C),
}


def test_whatever_is_sent_is_answered_and_nothing_of_it_logged(
    app: Flask, token: str, log: Callable[[], str]
) -> None:
    strange = dict(STRANGE)
    for path in ("", "/why", "/data", "?lang=%ff", "?saved=" + CANARY):
        strange[f"a link of ours {path}"] = request(f"GET /u/{token}{path}".encode())
    strange["leaving"] = request(f"POST /u/{token}".encode(), FORM, body=b"do=" + C)
    with serving(app, "127.0.0.1") as port:
        answers = {name: send(port, raw) for name, raw in strange.items()}
    for name, answer in answers.items():
        assert re.match(rb"HTTP/1\.[01] ([234]\d\d|431|501) ", answer), (name, answer[:300])
    told = log()
    for secret in (CANARY, CANARY.upper(), token, token.partition(".")[0]):
        assert secret not in told


def fail(*_: object, **__: object) -> None:
    raise ValueError(f"cannot handle {CANARY}")


def fail_over(*_: object, **__: object) -> None:
    try:
        fail()
    except ValueError:
        raise KeyError(CANARY) from None


BREAKS = {
    "a page": (preferences, "render", OUR_FAULT.encode()),
    "a refusal": (error_handlers, "render_template", b"Something went wrong on our side.\n"),
    "the headers": (headers, "_policy", b"Something went wrong on our side.\n"),
    "what a page asks first": (
        preferences, "check_not_expired", OUR_FAULT.encode(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BREAKS)
def test_a_fault_is_answered_by_a_page_and_logged_without_values(
    app: Flask,
    token: str,
    log: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    module, name, words = BREAKS[what]
    monkeypatch.setattr(module, name, fail_over)
    now = app.extensions["preference-widget"].clock()
    link = SIGNER.read("unsubscribe", token)
    door = SIGNER.mint("preferences", link, now)
    path = "/p/x" if module is not preferences else f"/p/{door}"
    with serving(app, "") as port:
        answer = send(port, request(f"GET {path}?{CANARY}".encode()))
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert words in answer
    for header in (b"Cache-Control: no-store, no-transform", b"Referrer-Policy: no-referrer"):
        assert header in answer
    told = log()
    assert "KeyError" in told
    assert re.search(r"test_faults\.py:\d+ fail_over", told)
    for secret in (CANARY, door, link.handle):
        assert secret not in told


def test_a_fault_of_the_server_itself_is_logged_without_values(
    app: Flask, log: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WSGITask, "execute", fail)
    with serving(app, "") as port:
        assert send(port, request(f"GET /p/{CANARY}".encode())).startswith(b"HTTP/1.1 500 ")
    told = log()
    assert re.search(r"ValueError at waitress .*\n(.*\n)* .*test_faults\.py:\d+ fail", told)
    assert CANARY not in told


def test_a_fault_tells_what_led_to_it_first() -> None:
    try:
        try:
            fail()
        except ValueError as error:
            raise LinkForged(CANARY) from error
    except LinkForged as error:
        told = without_values(error, "a place").splitlines()
    heads = [each for each in told if not each.startswith(" ")]
    assert heads == ["ValueError", "widget_backend.errors.LinkForged at a place"]


def test_a_fault_without_end_is_told_in_a_page() -> None:
    def again() -> None:
        again()

    with pytest.raises(RecursionError) as raised:
        again()
    assert len(without_values(raised.value).splitlines()) <= 41
