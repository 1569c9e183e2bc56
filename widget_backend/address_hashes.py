"""Keyed hashes of addresses: they recognise an address that is no longer stored.

Nobody without the key can guess addresses by trying. The key is derived from a signing key with its
own salt, and hashes of every earlier key are found as long as that key is kept.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import NamedTuple

SALT = b"preference-widget suppression"


def of_number(number: str) -> str:
    """What is hashed of a phone number, so that it is told from every address."""
    return f"phone\n{number}"


class AddressHash(NamedTuple):
    """`key_id` names the key that made the digest, 8 hexadecimal digits; `digest` has 64."""

    key_id: str
    digest: str


class AddressHashes:
    """Hashes with the newest signing key and all earlier ones."""

    def __init__(self, keys: Sequence[str], retired: Sequence[str] = ()) -> None:
        derived = [hmac.digest(key.encode(), SALT, "sha256") for key in (*keys, *retired)]
        self._keys = {hmac.digest(key, b"key id", "sha256").hex()[:8]: key for key in derived}

    @property
    def key_ids(self) -> frozenset[str]:
        return frozenset(self._keys)

    def newest(self, site: str, address: str) -> AddressHash:
        """The hash to store for an address, which is in its stored spelling."""
        return self.all(site, address)[0]

    def all(self, site: str, address: str) -> list[AddressHash]:
        """Every hash that may be stored for it, newest key first."""
        named = f"{site}\n{address}".encode()
        return [
            AddressHash(key_id, hmac.digest(key, named, "sha256").hex())
            for key_id, key in self._keys.items()
        ]
