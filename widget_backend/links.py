"""Signed links: one link, one purpose.

A token is what itsdangerous' `URLSafeSerializer` reads as a JSON object, with HMAC-SHA256 and a
salt of its own for each purpose (`recipes/signing.md`): `s` the site, `p` the person's handle, `x`
when it expires (seconds since 1970; absent for links that never do), `l` the language of the mail
it stood in, `c` the campaign and `t` the topic of that mail, `g` the generation of the person's
links (absent for the first). The topic stands beside the campaign so that leaving works when nobody
knows the campaign any more.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from itsdangerous import BadData, URLSafeSerializer
from itsdangerous import Signer as ReadingSigner
from itsdangerous.encoding import base64_decode, base64_encode

from widget_backend.address_hashes import AddressHashes
from widget_backend.errors import LinkExpired, LinkForged, LinkWrongPurpose

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

LEAVING: frozenset[Purpose] = frozenset({"unsubscribe", "one-click"})
"""What no expiry, no revocation and no rotation of keys ever ends."""

OF_A_GENERATION: frozenset[Purpose] = frozenset({"preferences", "questions"})
"""Mailed links that end when a person's links are revoked. The others live for minutes or days."""

LONGEST = 1024
"""Characters. Ours have about 150; more is not worth checking."""
SHAPE = re.compile(r"\.?[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}")
"""Of every token: what it says, packed when it begins with a dot, and a signature of 32 bytes."""
LONGEST_TEXT = 255
"""Characters of each text in a link."""
END_OF_TIME = datetime(9000, 1, 1, tzinfo=UTC).timestamp()
"""Seconds since 1970: from here on a date cannot be reckoned with."""


@dataclass(frozen=True)
class Link:
    """What a signed link says: whom it is for, and in which language it was sent."""

    site: str
    handle: str
    language: str | None = None
    expires_at: datetime | None = None
    campaign: str | None = None
    topic: str | None = None
    generation: int = 0


class Signer:
    """Signs with the first key and reads with every key, so that keys can rotate.

    Retired keys, such as one that leaked, sign nothing and open nothing but the ways out.
    `addresses` knows erased people again, with the same keys.
    """

    def __init__(self, keys: Sequence[str], retired: Sequence[str] = ()) -> None:
        self._keys = {purpose: _key_of(purpose, keys[0]) for purpose in PATHS}
        self.addresses = AddressHashes(keys, retired)
        self._receipt_key = hmac.digest(keys[0].encode(), b"preference-widget receipt", "sha256")
        self._current = {purpose: _reader(purpose, keys) for purpose in PATHS}
        ways_out = {purpose: _reader(purpose, [*keys, *retired]) for purpose in LEAVING}
        self._readers = {**self._current, **ways_out}

    def token(self, purpose: Purpose, link: Link) -> str:
        (token,) = self.tokens((purpose,), link)
        return token

    def tokens(self, purposes: Iterable[Purpose], link: Link) -> list[str]:
        """A token of each purpose. Written out here: for a million contacts, itsdangerous takes
        five times as long to derive each key anew and to try whether packing would be shorter."""
        payload = base64_encode(_as_json(_said(link)))
        signatures = (hmac.digest(self._keys[each], payload, "sha256") for each in purposes)
        return [(payload + b"." + base64_encode(each)).decode() for each in signatures]

    def receipt(self, handle: str, revision: int) -> str:
        """For whoever made a save: with it they may take that back, and nobody else by a link."""
        return self._proof(f"{handle}\n{revision}")

    def opened(self, token: str) -> str:
        """For whoever was shown the form behind a link: with it the form leads on for as long as it
        saves, and nobody gets longer by a link alone."""
        return self._proof(f"{token}\nopened")

    def _proof(self, of: str) -> str:
        # Not hmac.digest: it lets go of the interpreter, and a busy server's threads then queue.
        proof = hmac.new(self._receipt_key, of.encode(), "sha256").digest()
        return base64_encode(proof[:16]).decode()

    def is_retired(self, purpose: Purpose, token: str) -> bool:
        """Whether it was signed with a key that opens nothing any more but the ways out."""
        return not self._current[purpose].validate(token)

    def mint(self, purpose: Purpose, link: Link, now: datetime) -> str:
        """A token that lives as long as its purpose allows, from now on."""
        return self.token(purpose, replace(link, expires_at=ends(purpose, now)))

    def read(self, purpose: Purpose, token: str) -> Link:
        """What the token says, whether or not its time is over.

        Raises LinkWrongPurpose for a link of ours made for something else, else LinkForged.
        """
        said = self._verified(purpose, token)
        if said is None:
            other = next((each for each in PATHS if self._verified(each, token)), None)
            raise LinkWrongPurpose(other, purpose) if other else LinkForged
        return _link(purpose, said)

    def is_ours(self, token: str) -> bool:
        """Whether its signature holds, whatever the link is for."""
        return any(self._verified(purpose, token) is not None for purpose in PATHS)

    def _verified(self, purpose: Purpose, token: str) -> dict[str, Any] | None:
        if len(token) > LONGEST or not SHAPE.fullmatch(token) or not _is_in_one_spelling(token):
            return None
        try:
            payload = self._readers[purpose].unsign(token)
            said: dict[str, Any] = _PAYLOADS.load_payload(payload)
        except BadData:
            return None
        return said


def ends(purpose: Purpose, now: datetime) -> datetime | None:
    """When a link of this purpose ends that is made now; None if never."""
    lifetime = LIFETIMES[purpose]
    return now + lifetime if lifetime else None


PROVING: frozenset[Purpose] = frozenset({"confirm", "address", "data"})
"""Made for who is to prove that they read there, or who just proved it with a code."""


def mailed_at(purpose: Purpose | None, link: Link | None, now: int) -> int | None:
    """When the message was mailed whose reader sends this; None where the link does not tell.

    One that never ends says nothing of when it was made, and one for a page was never mailed.
    Times are seconds since 1970.
    """
    if purpose in PROVING:
        return now
    if purpose not in OF_A_GENERATION or not link or not link.expires_at:
        return None
    mailed = int((link.expires_at - (LIFETIMES[purpose] or timedelta())).timestamp())
    return mailed if mailed <= now else None  # whoever signs without us may let it live longer


_as_json = json.JSONEncoder(separators=(",", ":")).encode


def _said(link: Link) -> dict[str, Any]:
    said: dict[str, Any] = {"s": link.site, "p": link.handle}
    if link.language:
        said["l"] = link.language
    if link.campaign:
        said["c"] = link.campaign
    if link.topic:
        said["t"] = link.topic
    if link.generation:
        said["g"] = link.generation
    if link.expires_at:
        said["x"] = int(link.expires_at.timestamp())
    return said


def _link(purpose: Purpose, payload: Any) -> Link:
    """Raises LinkForged for what whoever signs with our key got wrong: above all, when it ends.

    No more than these values reaches a database, a date or a page.
    """
    needed = {"s", "p"} if LIFETIMES[purpose] is None else {"s", "p", "x"}
    if not isinstance(payload, dict) or not needed <= payload.keys():
        raise LinkForged
    return Link(
        _text(payload["s"]),
        _text(payload["p"]),
        _text_if_any(payload.get("l")),
        _time(payload["x"]) if "x" in payload else None,
        _text_if_any(payload.get("c")),
        _text_if_any(payload.get("t")),
        _generation(payload.get("g", 0)),
    )


def _text(value: Any) -> str:
    """Printable: no half of a pair, which UTF-8 does not have, and no NUL, nor PostgreSQL."""
    if not isinstance(value, str) or not value.isprintable() or len(value) > LONGEST_TEXT:
        raise LinkForged
    return value


def _text_if_any(value: Any) -> str | None:
    return None if value is None else _text(value)


def _time(value: Any) -> datetime:
    """Seconds since 1970, also with a fraction, as JavaScript may give them; NaN is none."""
    if (
        not isinstance(value, int | float)
        or isinstance(value, bool)
        or not 0 <= value < END_OF_TIME
    ):
        raise LinkForged
    return datetime.fromtimestamp(value, UTC)


def _generation(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise LinkForged
    return value


def _key_of(purpose: Purpose, key: str) -> bytes:
    """The key of a purpose, as itsdangerous' key derivation `hmac` makes it."""
    return hmac.digest(key.encode(), f"preference-widget/{purpose}".encode(), "sha256")


def _reader(purpose: Purpose, keys: Sequence[str]) -> ReadingSigner:
    """Keys are derived once, and not anew for every link; itsdangerous wants the newest last."""
    derived = [_key_of(purpose, key) for key in reversed(keys)]
    return ReadingSigner(derived, key_derivation="none", digest_method=hashlib.sha256)


_PAYLOADS = URLSafeSerializer("")
"""Reads what is signed, packed or not."""


def _is_in_one_spelling(token: str) -> bool:
    """Whether the signature is written as we write it.

    Base64 is read leniently: signs outside its alphabet are passed over, and the last letter has
    bits that count for nothing.
    """
    signature = token.rpartition(".")[2]
    try:
        return base64_encode(base64_decode(signature)).decode() == signature
    except BadData:
        return False


def require_fresh(link: Link, now: datetime) -> None:
    """Raises LinkExpired, with its date, when the link's time is over."""
    if link.expires_at and now >= link.expires_at:
        raise LinkExpired(link.expires_at)


def address(url: str, purpose: Purpose, token: str) -> str:
    """The web address of a link on a site's own host."""
    return f"{url}/{PATHS[purpose]}/{token}"
