"""Keyed hashes of addresses: knowing an address again without keeping it.

Without the key nobody can try addresses until one fits. The key is derived from a signing key with
a salt of its own, and hashes of every earlier key are found for as long as that key is kept.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import NamedTuple

SALT = b"preference-widget suppression"


class AddressHash(NamedTuple):
    """`key_id` names the key that made the digest, 8 hexadecimal digits; `digest` has 64."""

    key_id: str
    digest: str


class AddressHashes:
    """Hashes with the newest signing key, and with every key that ever signed."""

    def __init__(self, keys: Sequence[str], retired: Sequence[str] = ()) -> None:
        self._keys = {_id_of(key): key for key in map(_derived, (*keys, *retired))}

    @property
    def key_ids(self) -> frozenset[str]:
        return frozenset(self._keys)

    def newest(self, site: str, address: str) -> AddressHash:
        """What to keep of an address, in the spelling in which it is stored."""
        return self.all(site, address)[0]

    def all(self, site: str, address: str) -> list[AddressHash]:
        """Whatever may be kept of it, newest key first."""
        named = f"{site}\n{address}".encode()
        return [
            AddressHash(key_id, hmac.digest(key, named, "sha256").hex())
            for key_id, key in self._keys.items()
        ]


def _derived(key: str) -> bytes:
    return hmac.digest(key.encode(), SALT, "sha256")


def _id_of(key: bytes) -> str:
    return hmac.digest(key, b"key id", "sha256").hex()[:8]
