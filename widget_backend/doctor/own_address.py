"""The server’s own address, asked as anybody would: what comes through the proxy, both ways.

Nothing is written: the one form that is sent is empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from widget_backend.doctor.outcomes import Outcome, ok, unsure, wrong

TIMEOUT = 10
"""Seconds."""
AHEAD = 5
"""Seconds by which clocks may differ: codes and links count in minutes."""
STRANGER = "https://not-listed.invalid"
"""An origin that no site lists."""


class Answer(NamedTuple):
    status: int
    headers: Message


class _Staying(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def ask(url: str, headers: Mapping[str, str] | None = None, form: bytes | None = None) -> Answer:
    """What answers, without following it elsewhere. Raises OSError or HTTPException."""
    request = Request(url, form, dict(headers or {}))  # noqa: S310 - site files have only http(s)
    try:
        with build_opener(_Staying).open(request, timeout=TIMEOUT) as answer:
            return Answer(answer.status, answer.headers)
    except HTTPError as error:
        error.close()
        return Answer(error.code, error.headers)


def own_address(url: str, site: str, now: float) -> Iterator[Outcome]:
    """What is wrong between people and the server. `url` and `site` are those of a site file;
    `now` is the time here, in seconds since 1970."""
    page = f"{url}/s/{site}"
    try:
        answer = ask(page)
        if answer.status != 200:
            reason = f"answers with {answer.status} where people sign up"
            cure = "see that the server runs with this site, and that the proxy leads to it"
            yield wrong(page, reason, cure)
            return
        yield ok(page, "answers")
        yield _clock(page, answer, now)
        yield from _headers(page, answer)
    except (OSError, HTTPException) as error:
        yield wrong(page, f"does not answer ({_reason(error)})", "start the server and the proxy")


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", None) or reason or type(error).__name__).lower()


def _clock(page: str, answer: Answer, now: float) -> Outcome:
    try:
        away = parsedate_to_datetime(answer.headers.get("Date", "")).timestamp() - now
    except ValueError:
        return unsure("clock", f"{page} says no time", "have the proxy pass on the header Date")
    return clock(f"that of {page}", away)


def clock(whose: str, away: float) -> Outcome:
    """`away` is by how many seconds the other clock is ahead of ours."""
    if abs(away) > AHEAD:
        seconds = f"{abs(away):,.0f} seconds"
        reason = f"{whose} is {seconds} {'ahead of' if away > 0 else 'behind'} the one here"
        return wrong("clock", reason, "have both machines set their clocks by NTP")
    return ok("clock", f"{whose} and the one here agree")


def _headers(page: str, answer: Answer) -> Iterator[Outcome]:
    caching = answer.headers.get("Cache-Control", "")
    if "no-transform" not in caching:
        cure = "have the proxy leave the header Cache-Control as it is"
        yield wrong("proxy", f"{page} may be changed on the way (“{caching}”)", cure)
    refused = ask(f"{page}/fragment", {"Origin": STRANGER})
    yield _arrives("Origin", refused)
    # Browsers send it with each form; a server that does not see it would accept any.
    yield _arrives("Sec-Fetch-Site", ask(page, {"Sec-Fetch-Site": "cross-site"}, form=b""))


def _arrives(name: str, refused: Answer) -> Outcome:
    if refused.status == 403:
        return ok("proxy", f"{name} arrives at the server")
    reason = f"{name} does not arrive at the server, which answers with {refused.status}"
    return wrong("proxy", reason, f"have the proxy pass on {name} unchanged")
