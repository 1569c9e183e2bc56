"""nginx and Caddy with the files of the recipes: what they hand on, hide, refuse and keep away."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.proxies import SOON, Proxy, caddy, nginx
from tests.support.serving import serving
from tests.support.systems import needs
from widget_backend.log_lines import REQUEST_ID_HEADER
from widget_backend.server import connections, listener

TOKEN = "aTokenThatOpensMyPreferences"
ADDRESS = "127.0.0.77"
"""Of a client: not that from which the proxy asks."""
MAILBOX = "arta@shop.example"
PERSONAL = (TOKEN, ADDRESS, MAILBOX, "MyBrowser", "http-equiv")

PROXIES: dict[str, Callable[[Path, str], AbstractContextManager[Proxy]]] = {
    "nginx": nginx,
    "caddy": caddy,
}
EACH = [pytest.param(name, marks=needs(name, name)) for name in PROXIES]


ASKED: list[str] = []
"""Paths that the application was asked for."""
NUMBER = "4cba9a455d3925e1"
"""Which the application gives each request."""


def what_arrives(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """An application that answers with what it was asked."""
    body = environ["wsgi.input"].read()
    ASKED.append(environ["PATH_INFO"])
    kind = ("Content-Type", "text/html")
    start_response("200 OK", [kind, ("Cache-Control", "no-store"), (REQUEST_ID_HEADER, NUMBER)])
    texts = {name: value for name, value in environ.items() if isinstance(value, str)}
    return [json.dumps({**texts, "length of body": len(body)}).encode()]


@dataclass
class Front:
    """A proxy before a server, and what they do."""

    proxy: Proxy
    asked: list[str]

    def arrives(self, path: str, **more: Any) -> dict[str, Any]:
        answer = self.proxy.ask(path, comes_from=ADDRESS, **more)
        assert answer.status == 200
        seen: dict[str, Any] = json.loads(answer.content)  # type: ignore[attr-defined]
        return seen


@pytest.fixture(params=EACH)
def front(
    request: pytest.FixtureRequest, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Front]:
    """By a Unix socket, at which few are let in, and stay as long as they like."""
    monkeypatch.setattr(listener, "MAX_CONNECTIONS", 20)
    monkeypatch.setattr(connections, "IDLE_TIMEOUT_WHEN_FULL", SOON)
    path = folder / "widget.sock"
    ASKED.clear()
    start = PROXIES[request.param]
    with serving(what_arrives, socket_path=path), start(folder, str(path)) as proxy:
        yield Front(proxy, ASKED)


def test_the_server_sees_who_asks_and_not_whom_they_claim_to_be(front: Front) -> None:
    claims = {
        "X-Forwarded-For": "203.0.113.7",
        "Forwarded": "for=203.0.113.7",
        "X-Real-IP": "203.0.113.7",
    }
    seen = front.arrives("/", headers=claims)
    assert seen["REMOTE_ADDR"] == ADDRESS
    assert "203.0.113.7" not in {seen.get("HTTP_X_FORWARDED_FOR"), seen.get("HTTP_FORWARDED")}


@pytest.mark.parametrize("name", PROXIES)
def test_by_a_port_it_sees_so_too_if_it_trusts_the_proxy(name: str, folder: Path) -> None:
    headers = {"X-Forwarded-For": "203.0.113.7"}
    with (
        serving(what_arrives, trusted_proxy="127.0.0.1") as port,
        PROXIES[name](folder, f"127.0.0.1:{port}") as proxy,
    ):
        seen = Front(proxy, ASKED).arrives("/", headers=headers)
    assert seen["REMOTE_ADDR"] == ADDRESS


def test_what_the_server_goes_by_is_handed_on_unchanged(front: Front) -> None:
    headers = {
        "Origin": "https://shop.example",
        "Sec-Fetch-Site": "cross-site",
        "Accept-Language": "sq",
        "Sec-GPC": "1",
    }
    seen = front.arrives(f"/p/{TOKEN}%2Fa?lang=sq&to=%C3%AB", headers=headers)
    for name, value in headers.items():
        assert seen[f"HTTP_{name.upper().replace('-', '_')}"] == value
    assert seen["HTTP_HOST"].partition(":")[0] == "localhost"
    assert seen["PATH_INFO"] == f"/p/{TOKEN}/a"
    assert seen["QUERY_STRING"] == "lang=sq&to=%C3%AB"


def test_the_answer_is_handed_on_unchanged_and_says_to_use_https(front: Front) -> None:
    answer = front.proxy.ask("/", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] is None
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@needs("nginx", "nginx")
def test_nginx_logs_the_number_that_the_server_gave_the_request(folder: Path) -> None:
    with (
        serving(what_arrives, trusted_proxy="127.0.0.1") as port,
        PROXIES["nginx"](folder, f"127.0.0.1:{port}") as proxy,
    ):
        answer = proxy.ask("/", headers={REQUEST_ID_HEADER: "9f2c4b7a1d3e58606b7c8d9eafb0c1d2"})
        assert answer.headers[REQUEST_ID_HEADER] == NUMBER
    (line,) = [each for each in proxy.written().splitlines() if " 200 " in each]  # it has ended
    assert line.endswith(f" {NUMBER}")


def test_nothing_personal_is_in_any_file_of_the_proxy(front: Front, folder: Path) -> None:
    """Neither of requests that are answered, nor of those that fail in whatever way."""
    path = f"/p/{TOKEN}?email={MAILBOX}"
    headers = {"User-Agent": "MyBrowser", "Referer": f"https://a/{TOKEN}", "Cookie": TOKEN}
    statuses = [front.proxy.ask(path, comes_from=ADDRESS, headers=headers).status]
    statuses.append(front.proxy.ask(f"/metrics?{TOKEN}", comes_from=ADDRESS).status)
    with suppress(OSError):  # the connection ends before all is sent
        front.proxy.ask(path, "POST", comes_from=ADDRESS, body=b"a" * 2_000_000)
    broken = front.proxy.connect(ADDRESS)
    broken.sendall(f"GET {path}\x01\r\nno header: {MAILBOX}\x00\r\n\r\n".encode())
    broken.recv(100)
    broken.close()
    assert statuses == [200, 404]
    written = front.proxy.written()
    assert not [each for each in PERSONAL if each in written], written
    assert "200" in written  # it does write that something was asked


@pytest.mark.parametrize("name", PROXIES)
@pytest.mark.parametrize("upstream", ["nobody.sock", "127.0.0.1:1"])
def test_nothing_personal_is_written_while_the_server_is_away(
    name: str, upstream: str, folder: Path
) -> None:
    place = str(folder / upstream) if upstream.endswith("sock") else upstream
    with PROXIES[name](folder, place) as proxy:
        one = proxy.client(ADDRESS)
        assert one.sock
        one.sock.settimeout(1 if name == "caddy" else None)
        one.request("GET", f"/p/{TOKEN}")
        with suppress(TimeoutError):
            assert one.getresponse().status == 502
        one.close()
    written = proxy.written()
    assert not [each for each in PERSONAL if each in written], written


def test_addresses_for_programs_are_nobodys_business(front: Front) -> None:
    for path in ("/healthz", "/readyz", "/readyz?exclude=letters", "/metrics", "/%6Detrics"):
        assert front.proxy.ask(path).status == 404, path


HEAD = "POST /u/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n"


def test_a_body_that_is_too_large_never_reaches_the_server(front: Front) -> None:
    assert front.proxy.ask("/", "POST", body=b"a" * 900_000).status == 200
    with front.proxy.connect() as one:
        one.sendall(HEAD.format(1_200_000).encode())
        with suppress(OSError):  # it may end the connection before it has read all
            one.sendall(b"a" * 1_200_000)
        with suppress(OSError):
            assert one.recv(100).split()[1] in {b"413", b"502"}  # the second is Caddy 2.6.2's
    assert len(front.asked) == 1


def test_half_a_form_is_not_taken_for_all_of_it(front: Front) -> None:
    """Of somebody who is cut off: what does not arrive would count as not wanted."""
    with front.proxy.connect() as one:
        one.sendall(HEAD.format(100).encode() + b"do=save&topic=offers")
        one.shutdown(socket.SHUT_WR)
        with suppress(OSError):
            assert b" 200 " not in one.recv(100)
    assert front.proxy.ask("/after").status == 200
    assert front.asked == ["/after"]


# ── limits and crowds ───────────────────────────────────────────────────────────────────────

SLOW = 200
HALF = HEAD.format(100).encode() + b"do="


def test_two_hundred_slow_clients_wait_in_the_proxy_and_stop_nobody(front: Front) -> None:
    """The server could take 20, and would let nobody else in as long as these are silent."""
    with ExitStack() as crowd:
        for number in range(SLOW):
            one = crowd.enter_context(front.proxy.connect(f"127.0.1.{number % 4 + 1}"))
            one.sendall(HALF)
        other = front.proxy.client(ADDRESS)
        assert other.sock
        other.sock.settimeout(10)  # the proxy ends the slow ones after 15 seconds
        other.request("GET", "/other")
        assert other.getresponse().status == 200
        other.close()
    assert front.asked == ["/other"]


def test_of_one_client_nginx_takes_a_hundred_requests_at_a_time(folder: Path) -> None:
    path = folder / "widget.sock"
    with (
        serving(what_arrives, socket_path=path),
        nginx(folder, str(path)) as proxy,
        ExitStack() as crowd,
    ):
        for _ in range(100):
            crowd.enter_context(proxy.connect("127.0.1.1")).sendall(HALF)
        assert proxy.ask("/", comes_from="127.0.1.1").status == 503
        assert proxy.ask("/", comes_from=ADDRESS).status == 200


def test_who_asks_nginx_too_often_may_still_unsubscribe(folder: Path) -> None:
    path = folder / "widget.sock"
    with serving(what_arrives, socket_path=path), nginx(folder, str(path)) as proxy:
        one = proxy.client(ADDRESS)

        def status(asked: str) -> int:
            one.request("GET", asked)
            answer = one.getresponse()
            answer.read()
            return answer.status

        statuses = [status("/p/a") for _ in range(400)]
        assert set(statuses) == {200, 429}
        assert statuses.index(429) > 200
        assert {status("/u/a"), status("/o/a")} == {200}
        assert proxy.ask("/p/a", comes_from="127.0.1.1").status == 200
        one.close()
