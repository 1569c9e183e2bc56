"""The log: a line for each request, with its number, and nothing that anybody typed or was sent."""

from __future__ import annotations

import io
import json
import logging
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from peewee import Database

from tests.support.addresses import addresses
from tests.support.everything import CANARIES, somebody
from tests.support.serving import serving
from tests.support.words.errors import OUR_FAULT
from tests.support.worlds import EMAIL, SHOP, World, make_world
from widget_backend.fault_log import WithoutValues
from widget_backend.links import PATHS
from widget_backend.log_lines import FORMATS, KEYS, logging_to
from widget_backend.pages.preferences import views as preferences
from widget_backend.store.models import Identity

CANARY = "canary5up3rs3cr3t"
ADDRESS, NAME, ANSWER = f"{CANARY}@example.com", f"{CANARY} Fieldman", f"{CANARY}, my wish"
FORM = {
    "do": "save",
    "email": ADDRESS,
    "phone": "+355697770001",
    "post": NAME,
    "topics": "offers",
    "wish": ANSWER,
    CANARY: CANARY,
    "List-Unsubscribe": "One-Click",
}
SENT = {
    "Referer": f"https://shop.example/{CANARY}",
    "User-Agent": CANARY,
    "Cookie": f"session={CANARY}",
    "Accept-Language": CANARY,
    "Authorization": f"Bearer {CANARY}",
    "X-Request-ID": CANARY,
}
LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (GET|POST|other) (/\S*( \S+)*|none) "
    r"\d{3} [\d.]+ ms( kutia| dimora)? \[[0-9a-f]{16}\]"
)


@pytest.fixture(params=FORMATS)
def form(request: pytest.FixtureRequest) -> str:
    """Both formats of the log."""
    chosen: str = request.param
    return chosen


@contextmanager
def logged(form: str) -> Iterator[Callable[[], list[str]]]:
    """The lines that are logged in the block."""
    stream = io.StringIO()
    with logging_to(stream, form):
        yield lambda: stream.getvalue().splitlines()


def ask_everything(world: World, paths: list[str]) -> int:
    """Each address is read, and written to with a form full of canaries; returns how many asked."""
    client, count = world.hurried_client(), 0
    for address in paths:
        headers = {**SENT, **({"Origin": SHOP} if "/fragment" in address else {})}
        sign = "&" if "?" in address else "?"
        client.get(f"{address}{sign}{CANARY}={ADDRESS}", headers=headers)
        client.post(address, headers=headers, data=FORM)
        count += 2
    client.open("/", method=CANARY.upper())
    return count + 1


def secrets_of(paths: list[str]) -> set[str]:
    """Canaries, and every step of a path that may be a token."""
    tokens = {
        step for path in paths for step in path.partition("?")[0].split("/") if len(step) > 30
    }
    assert len(tokens) > 20
    return {CANARY, CANARY.upper(), *CANARIES, *tokens, *FORM.values()} - {"save", "offers"}


def test_each_request_has_one_line_and_no_line_has_anything_of_anybody(
    world: World, form: str
) -> None:
    person = somebody(world)
    # The people of all addresses have that one, too.
    Identity.update(value=ADDRESS).where(Identity.value == EMAIL).execute(world.database)
    theirs = [world.link(purpose, person) for purpose in PATHS]
    nowhere = [f"/{CANARY}", f"/s/{CANARY}", f"/u/{CANARY}?{CANARY}=1"]
    paths = [*addresses(world), *theirs, *nowhere]
    with logged(form) as lines:
        count = ask_everything(world, paths)
    assert len(lines()) == count
    text = "\n".join(lines())
    found = [each for each in secrets_of(paths) if each in text]
    assert not found
    assert person.handle not in text
    for line in lines():
        if form == "json":
            assert {*json.loads(line)} <= {*KEYS} - {"message"}
        else:
            assert LINE.fullmatch(line), line


def test_a_line_tells_how_a_request_ended(world: World) -> None:
    with logged("json") as lines:
        for path in ("/s/kutia", "/s/nobody", "/nothing"):
            world.client().get(path)
        world.hurried_client().open("/s/kutia", method="PROPFIND")
    told = [[json.loads(line).get(key) for key in KEYS[3:5] + KEYS[5:8:2]] for line in lines()]
    assert told == [
        ["GET", "/s/<site_id>", 200, "kutia"],
        ["GET", "/s/<site_id>", 404, None],
        ["GET", "none", 404, None],
        ["other", "none", 405, None],
    ]


def test_a_fault_has_the_number_of_its_request(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    world = make_world(sqlite, is_quick=True)
    monkeypatch.setattr(preferences, "render", lambda *_: 1 / 0)
    link = world.link("preferences", world.person({}))
    with logged(form) as lines:
        page = world.hurried_client().get(link, headers=SENT)
    assert OUR_FAULT in page.get_data(as_text=True)
    if form == "json":
        fault, request = map(json.loads, lines())
        assert fault["message"].startswith("ZeroDivisionError at ")
        assert (fault["level"], request["status"]) == ("error", 500)
        assert fault["request"] == request["request"]
    else:
        first, *frames, last = lines()
        assert " error ZeroDivisionError at " in first
        assert all(each.startswith("  ") for each in frames)
        assert first[-18:] == last[-18:]


def test_what_a_library_says_is_not_quoted(form: str) -> None:
    with logged(form) as lines:
        logging.getLogger("some.library").warning("cannot send to %s", ADDRESS)
        logging.getLogger("some.library").info("sent to %s", ADDRESS)
        logging.getLogger("widget_backend.jobs").warning("the outbox cannot be read")
    first, second = lines()
    assert "something went wrong at some.library" in first
    assert "the outbox cannot be read" in second
    assert CANARY not in first


def test_where_a_library_failed_is_told_once_it_was_made_clean(form: str) -> None:
    logger, clean = logging.getLogger("some.library"), WithoutValues()
    logger.addFilter(clean)
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        known = error
    with logged(form) as lines:
        logger.error("cannot send to %s", ADDRESS, exc_info=known)
    logger.removeFilter(clean)
    text = "\n".join(lines())
    assert "ValueError at some.library" in text
    assert "test_log_lines.py" in text
    assert CANARY not in text


# ── over a socket ───────────────────────────────────────────────────────────────────────────


def send(port: int, raw: bytes) -> bytes:
    """What is answered."""
    answer = b""
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    with connection as one, suppress(ConnectionResetError):
        one.sendall(raw)
        # The connection is reset for who has sent more than was read.
        while part := one.recv(65_536):
            answer += part
    return answer


@pytest.mark.parametrize(
    "sent",
    ["9f2c4b7a1d3e58606b7c8d9eafb0c1d2", "00355-69-123-45-67", CANARY],
    ids=["a handle", "a phone number", "a word"],
)
def test_the_number_of_a_request_is_ours_and_the_answer_has_it(world: World, sent: str) -> None:
    """Also where a proxy that is trusted forwards what the client has sent under its name."""
    with logged("json") as lines, serving(world.app, "127.0.0.1") as port:
        head = f"GET /healthz HTTP/1.1\r\nX-Request-ID: {sent}\r\nConnection: close\r\n\r\n"
        answer = send(port, head.encode())
    (line,) = map(json.loads, lines())
    assert line["route"] == "/healthz"
    assert re.fullmatch(r"[0-9a-f]{16}", line["request"])
    assert f"\r\nX-Request-ID: {line['request']}\r\n".encode().lower() in answer.lower()


REFUSED: dict[str, tuple[int, bytes]] = {
    "headers without end": (431, f"GET / HTTP/1.1\r\nX: {CANARY * 3000}\r\n\r\n".encode()),
    "another protocol": (400, f"{CANARY} / HTTP/9.9\r\nContent-Length: {CANARY}\r\n\r\n".encode()),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_the_server_refuses_itself_has_a_line_too(world: World, what: str, form: str) -> None:
    status, raw = REFUSED[what]
    with logged(form) as lines, serving(world.app) as port:
        answer = send(port, raw + b"\r\n")
    (line,) = lines()
    assert CANARY not in line
    (number,) = re.findall(rb"(?i)\r\nX-Request-ID: ([0-9a-f]{16})\r\n", answer)
    assert number.decode() in line
    known: dict[str, Any] = json.loads(line) if form == "json" else {"status": status}
    assert known["status"] == status
    assert f"{status}" in line
