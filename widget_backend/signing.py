"""Signing: how the token of a link is made and read.

A token is what itsdangerous' `URLSafeSerializer` reads as a JSON object, with HMAC-SHA256 and a
salt of its own for each purpose.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from itsdangerous.encoding import base64_encode

from widget_backend.address_hashes import AddressHashes
from widget_backend.errors import LinkForged, LinkWrongPurpose
from widget_backend.links import PATHS, UNSUBSCRIBING, Link, Purpose, expiry, link_of, payload_of

LONGEST = 1024
"""Characters. Our tokens have about 150; longer ones are refused unread."""
SHAPE = re.compile(r"\.?[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}")
"""Of every token: the payload, packed when it begins with a dot, and a signature of 32 bytes."""

_as_json = json.JSONEncoder(separators=(",", ":")).encode
_PAYLOADS = URLSafeSerializer("")
"""Reads what is signed, packed or not."""


class Signer:
    """Signs with the first key and reads with every key, so that keys can rotate.

    Retired keys, such as a leaked one, sign nothing and open only links for unsubscribing.
    `addresses` recognises erased people, with the same keys.
    """

    def __init__(self, keys: Sequence[str], retired: Sequence[str] = ()) -> None:
        self._keys = {purpose: _key_of(purpose, keys[0]) for purpose in PATHS}
        self.addresses = AddressHashes(keys, retired)
        self._proof_key = hmac.digest(keys[0].encode(), b"preference-widget receipt", "sha256")
        self._current = {purpose: _keys_of(purpose, keys) for purpose in PATHS}
        everlasting = {each: _keys_of(each, [*keys, *retired]) for each in UNSUBSCRIBING}
        self._reading = {**self._current, **everlasting}

    def token(self, purpose: Purpose, link: Link) -> str:
        (token,) = self.tokens((purpose,), link)
        return token

    def tokens(self, purposes: Iterable[Purpose], link: Link) -> list[str]:
        """A token of each purpose.

        This does not call itsdangerous, which derives the key for each token and tries whether
        packing is shorter: for a million contacts that takes five times as long.
        """
        payload = base64_encode(_as_json(payload_of(link)))
        signatures = (hmac.digest(self._keys[each], payload, "sha256") for each in purposes)
        return [(payload + b"." + base64_encode(each)).decode() for each in signatures]

    def undo_token(self, handle: str, revision: int) -> str:
        """Proves that somebody made a save. A link alone does not allow undoing it."""
        return self._proof(f"{handle}\n{revision}")

    def open_proof(self, token: str) -> str:
        """Proves that a link was opened in time. The form behind it then works for as long as it
        can be saved; an expired link alone opens nothing."""
        return self._proof(f"{token}\nopened")

    def _proof(self, of: str) -> str:
        return base64_encode(_hmac(self._proof_key, of)[:16]).decode()

    def is_retired(self, purpose: Purpose, token: str) -> bool:
        """Whether it was signed with a retired key."""
        return not _is_signed(token, self._current[purpose])

    def mint(self, purpose: Purpose, link: Link, now: datetime) -> str:
        """A token that expires as late as its purpose allows, counted from now."""
        return self.token(purpose, replace(link, expires_at=expiry(purpose, now)))

    def read(self, purpose: Purpose, token: str) -> Link:
        """The link of a token, expired or not.

        Raises LinkWrongPurpose if it was signed for another purpose, LinkForged if it was not.
        """
        payload = self._verified(purpose, token)
        if payload is None:
            other = next((each for each in PATHS if self._verified(each, token)), None)
            raise LinkWrongPurpose(other, purpose) if other else LinkForged
        return link_of(purpose, payload)

    def is_ours(self, token: str) -> bool:
        """Whether the signature is valid, for any purpose."""
        return any(self._verified(purpose, token) is not None for purpose in PATHS)

    def _verified(self, purpose: Purpose, token: str) -> dict[str, Any] | None:
        if len(token) > LONGEST or not SHAPE.fullmatch(token):
            return None
        if not _is_signed(token, self._reading[purpose]):
            return None
        try:
            payload: dict[str, Any] = _PAYLOADS.load_payload(token.rpartition(".")[0].encode())
        except BadData:
            return None
        return payload


def _key_of(purpose: Purpose, key: str) -> bytes:
    """The key of a purpose, as itsdangerous' key derivation `hmac` makes it."""
    return hmac.digest(key.encode(), f"preference-widget/{purpose}".encode(), "sha256")


def _keys_of(purpose: Purpose, keys: Sequence[str]) -> list[bytes]:
    return [_key_of(purpose, key) for key in keys]


def _is_signed(token: str, keys: Sequence[bytes]) -> bool:
    """Whether one of the keys made the signature, in our spelling.

    The text is compared, not what it stands for: reading base64 is lenient about characters outside
    its alphabet, and about bits of the last letter.
    """
    payload, _, signature = token.rpartition(".")
    signatures = (base64_encode(_hmac(key, payload)) for key in keys)
    return any(hmac.compare_digest(signature.encode(), each) for each in signatures)


def _hmac(key: bytes, text: str) -> bytes:
    # Not hmac.digest: it releases the interpreter, and a busy server’s threads then queue.
    return hmac.new(key, text.encode(), "sha256").digest()
