"""Links: what each is for, how long it opens a page, and what its token says.

A link has one purpose. Its token is a JSON object, signed (`signing.py`; for other signers
`recipes/signing.md`): `s` is the site, `p` the person's handle, `x` when the link expires (seconds
since 1970; absent for links that never do), `l` the language of the mail it stood in, `c` the
campaign and `t` the topic of that mail, `g` the version of the person's links (absent for the
first), and `h` is true if staff handed it on instead of mailing it. The topic stands beside the
campaign, so that unsubscribing works even when the campaign is no longer known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from widget_backend.errors import LinkExpired, LinkForged

Purpose = Literal[
    "preferences",
    "questions",
    "unsubscribe",
    "one-click",
    "embed",
    "answers",
    "confirm",
    "data",
    "address",
]

PATHS: dict[Purpose, str] = {
    "preferences": "p",
    "questions": "q",
    "unsubscribe": "u",
    "one-click": "o",
    "embed": "e",
    "answers": "a",
    "confirm": "c",
    "data": "d",
    "address": "n",
}
"""The first step of the path at which each purpose is served."""

LIFETIMES: dict[Purpose, timedelta | None] = {
    # Mail is read late; a preference link in it should still open after a season.
    "preferences": timedelta(days=180),
    "questions": timedelta(days=180),
    # Leaving never expires.
    "unsubscribe": None,
    "one-click": None,
    # Minted by the site's server for the page it is about to show.
    "embed": timedelta(minutes=15),
    # Kept by a browser after a person's first save; may only add answers to a pending profile.
    "answers": timedelta(days=180),
    # For whoever reads mail once a week; a sign-up that nobody confirms is then over.
    "confirm": timedelta(days=14),
    # Given to whoever entered the code that was mailed; enough to read and decide.
    "data": timedelta(minutes=30),
    "address": timedelta(days=2),
}

UNSUBSCRIBING: frozenset[Purpose] = frozenset({"unsubscribe", "one-click"})
"""Links that no expiry, no revocation and no rotation of keys ever ends."""

REVOCABLE: frozenset[Purpose] = frozenset({"preferences", "questions"})
"""Mailed links that end when a person's links are revoked. The others live for minutes or days."""

PROVING: frozenset[Purpose] = frozenset({"confirm", "address", "data"})
"""Links for people who prove that they read this mailbox, or have just proved it with a code."""

LONGEST_TEXT = 255
"""Characters of each text in a link."""
END_OF_TIME = datetime(9000, 1, 1, tzinfo=UTC).timestamp()
"""Seconds since 1970: Python cannot calculate with much later dates."""


@dataclass(frozen=True)
class Link:
    """What a signed link says: whom it is for, and in which language it was sent."""

    site: str
    handle: str
    language: str | None = None
    expires_at: datetime | None = None
    campaign: str | None = None
    topic: str | None = None
    link_version: int = 0
    by_hand: bool = False
    """Whether staff handed it on: that it is used does not show that mail arrives."""


def expiry(purpose: Purpose, now: datetime) -> datetime | None:
    """When a link that is made now expires; None if never."""
    lifetime = LIFETIMES[purpose]
    return now + lifetime if lifetime else None


def mailed_at(purpose: Purpose | None, link: Link | None, now: int) -> int | None:
    """When the message with this link was mailed, in seconds since 1970; None if unknown.

    It is unknown for links that never expire. Links for a page, or by hand, were never mailed.
    """
    if purpose in PROVING:
        return now
    if purpose not in REVOCABLE or not link or link.by_hand or not link.expires_at:
        return None
    mailed = int((link.expires_at - (LIFETIMES[purpose] or timedelta())).timestamp())
    # Somebody who signs without us may choose a longer life.
    return mailed if mailed <= now else None


def payload_of(link: Link) -> dict[str, Any]:
    """What the token of a link says."""
    payload: dict[str, Any] = {"s": link.site, "p": link.handle}
    if link.language:
        payload["l"] = link.language
    if link.campaign:
        payload["c"] = link.campaign
    if link.topic:
        payload["t"] = link.topic
    if link.link_version:
        payload["g"] = link.link_version
    if link.by_hand:
        payload["h"] = True
    if link.expires_at:
        payload["x"] = int(link.expires_at.timestamp())
    return payload


def link_of(purpose: Purpose, payload: Any) -> Link:
    """The link that a token says. Raises LinkForged for a payload that no link may have.

    Somebody who signs with our key without us may have written anything, or no expiry: only
    checked values reach a database, a date or a page.
    """
    needed = {"s", "p"} if LIFETIMES[purpose] is None else {"s", "p", "x"}
    if not isinstance(payload, dict) or not needed <= payload.keys():
        raise LinkForged
    return Link(
        _text(payload["s"]),
        _text(payload["p"]),
        _text(payload["l"]) if payload.get("l") is not None else None,
        _time(payload["x"]) if "x" in payload else None,
        _text(payload["c"]) if payload.get("c") is not None else None,
        _text(payload["t"]) if payload.get("t") is not None else None,
        _version(payload.get("g", 0)),
        _flag(payload.get("h", False)),
    )


def _text(value: Any) -> str:
    """Printable text only: UTF-8 has no half surrogate pairs, and PostgreSQL has no NUL."""
    if not isinstance(value, str) or not value.isprintable() or len(value) > LONGEST_TEXT:
        raise LinkForged
    return value


def _time(value: Any) -> datetime:
    """Seconds since 1970, also with a fraction, as JavaScript may write them; not NaN."""
    if (
        not isinstance(value, int | float)
        or isinstance(value, bool)
        or not 0 <= value < END_OF_TIME
    ):
        raise LinkForged
    return datetime.fromtimestamp(value, UTC)


def _version(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise LinkForged
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise LinkForged
    return value


def check_not_expired(link: Link, now: datetime) -> None:
    """Raises LinkExpired, with its date."""
    if link.expires_at and now >= link.expires_at:
        raise LinkExpired(link.expires_at)


def address(url: str, purpose: Purpose, token: str) -> str:
    """The web address of a link on a site's own host."""
    return f"{url}/{PATHS[purpose]}/{token}"
