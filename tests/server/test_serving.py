"""Serving: who asks, over a real socket, behind a proxy and without one."""

from __future__ import annotations

import socket
import sys
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from tests.support.processes import free_port
from tests.support.serving import KEY, SITE, serving
from widget_backend.app import create_app
from widget_backend.cli import main, serve
from widget_backend.demo.run import DIMORA
from widget_backend.mail.transports import SmtpTransport
from widget_backend.rate_limits import Limit, Limits
from widget_backend.signing import Signer
from widget_backend.store.database import open_database


class Refusing(Limits):
    """Lets nobody through, and remembers as whom they were counted."""

    def __init__(self) -> None:
        super().__init__()
        self.counted: list[str] = []

    def allows(self, limit: Limit, who: str, now: float) -> bool:
        self.counted.append(who)
        return False


@pytest.fixture
def limits() -> Refusing:
    return Refusing()


@pytest.fixture
def app(tmp_path: Path, limits: Refusing) -> Flask:
    made = create_app([SITE], open_database(f"sqlite:///{tmp_path}/widget.db"), Signer([KEY]))
    known = made.extensions["preference-widget"]
    made.extensions["preference-widget"] = replace(known, limits=limits)
    return made


def sign_up(port: int, forwarded: str, comes_from: str = "127.0.0.1") -> int:
    connection = HTTPConnection("127.0.0.1", port, source_address=(comes_from, 0))
    headers = {"X-Forwarded-For": forwarded, "Forwarded": "for=198.51.100.9"}
    connection.request("POST", "/s/dimora", headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status


ITSELF = "127.0.0.0/24"


@pytest.mark.parametrize(
    ("trusted", "forwarded", "counted"),
    [
        pytest.param("", "203.0.113.7", ITSELF, id="by default nobody is believed"),
        pytest.param("192.0.2.1", "203.0.113.7", ITSELF, id="another than the proxy is not"),
        pytest.param("127.0.0.1", "203.0.113.7", "203.0.113.0/24", id="the proxy is"),
        pytest.param("127.0.0.1", "203.0.113.7:4711", "203.0.113.0/24", id="with a port"),
        pytest.param("127.0.0.1", "2001:db8::7", "2001:db8::/64", id="of IPv6"),
        pytest.param("127.0.0.1", "192.0.2.9, 203.0.113.7", "203.0.113.0/24",
                     id="what a stranger told the proxy is not"),
        pytest.param("127.0.0.1", "nonsense", "unknown", id="a proxy that says nothing"),
    ],
)  # fmt: skip
def test_strangers_are_counted_as_who_the_trusted_proxy_says_they_are(
    app: Flask, limits: Refusing, trusted: str, forwarded: str, counted: str
) -> None:
    with serving(app, trusted) as port:
        assert sign_up(port, forwarded) == 429
    assert limits.counted == [counted]


@pytest.mark.skipif(sys.platform != "linux", reason="others have one loopback address only")
def test_who_asks_past_the_proxy_is_counted_as_themselves(app: Flask, limits: Refusing) -> None:
    with serving(app, "127.0.0.2") as port:
        sign_up(port, "203.0.113.7")
        sign_up(port, "203.0.113.7", comes_from="127.0.0.2")
    assert limits.counted == [ITSELF, "203.0.113.0/24"]


@pytest.mark.parametrize(
    ("trusted", "arrives"),
    [
        pytest.param("", {}, id="by default none"),
        pytest.param("192.0.2.1", {}, id="past the proxy none"),
        pytest.param("127.0.0.1", {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}, id="by the proxy one"),
    ],
)
def test_what_a_stranger_says_of_where_they_ask_from_never_reaches_the_application(
    trusted: str, arrives: dict[str, str]
) -> None:
    asked: list[dict[str, str]] = []

    def app(environ: dict[str, str], start_response: Any) -> list[bytes]:
        asked.append({name: said for name, said in environ.items() if "FORWARDED" in name})
        start_response("204 No Content", [])
        return []

    with serving(app, trusted) as port:
        assert sign_up(port, "192.0.2.9, 203.0.113.7") == 204
    assert asked == [arrives]


def test_a_header_that_is_malformed_is_not_quoted_in_a_log(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(app, "127.0.0.1") as port:
        assert sign_up(port, '"203.0.113.7') == 400
    assert "203.0.113.7" not in caplog.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_signs_too_many_are_read_as_programs_send_them_unquoted(app: Flask, method: str) -> None:
    request = f"{method} /s/dimora” HTTP/1.1\r\nHost: a\r\n\r\n".encode()
    with serving(app, "") as port, socket.create_connection(("127.0.0.1", port)) as one:
        one.sendall(request)
        answer = one.makefile("rb")
        assert answer.readline().split()[1] == {"GET": b"302", "POST": b"429"}[method]
        answer.close()


def test_serve_believes_the_proxy_and_asks_the_mail_server_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    options: dict[str, object] = {}
    transport = SmtpTransport("localhost", 25, "none")
    monkeypatch.setattr(serve, "smtp_transport", {"smtp://localhost:25": transport}.__getitem__)

    class Stopped(Exception):
        pass

    def stop(*arguments: object, **named: object) -> None:
        asked.extend(arguments)
        options.update(named)
        raise Stopped

    monkeypatch.setattr(serve, "listen", stop)
    settings = {
        "WIDGET_SITES": str(DIMORA / "SITE.toml"),
        "WIDGET_DATABASE_URL": f"sqlite:///{tmp_path}/widget.db",
        "WIDGET_SIGNING_KEYS": KEY,
        "WIDGET_SMTP_URL": "smtp://localhost:25",
        "WIDGET_TRUSTED_PROXY": "127.0.0.2",
        "WIDGET_PORT": str(free_port()),
    }
    assert isinstance(CliRunner().invoke(main, ["serve"], env=settings).exception, Stopped)
    assert options["trusted_proxy"] == "127.0.0.2"
    assert asked[0].extensions["preference-widget"].mail is transport.capabilities
