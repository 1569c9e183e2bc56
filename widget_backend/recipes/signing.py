"""Signs links as the preference centre does, with nothing but Python’s own library.

signing.md explains each step. Run it on your server only: anyone who has the key can open
everybody’s choices.
"""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

DAY = 86_400
PURPOSES: dict[str, tuple[str, int | None]] = {
    "preferences": ("p", 180 * DAY),
    "questions": ("q", 180 * DAY),
    "unsubscribe": ("u", None),
    "one-click": ("o", None),
    "embed": ("e", 15 * 60),
}
"""The path of each purpose, and how many seconds its links work. Unsubscribe links never expire."""


def sign(key: str, purpose: str, link: Mapping[str, Any], now: float | None = None) -> str:
    """A token for one purpose.

    `link` holds `site` and `person`, and may hold `language`, `campaign`, `topic` and `generation`.
    `now` is in seconds since 1970. Raises KeyError for a purpose that is not for senders.
    """
    lives = PURPOSES[purpose][1]
    content = {
        "s": link["site"],
        "p": link["person"],
        "l": link.get("language"),
        "c": link.get("campaign"),
        "t": link.get("topic"),
        "g": link.get("generation"),
        "x": int(time.time() if now is None else now) + lives if lives else None,
    }
    filled = {name: value for name, value in content.items() if value}
    text = json.dumps(filled, ensure_ascii=False, separators=(",", ":"))
    payload = _base64url(text.encode())
    key_of_purpose = hmac.digest(key.encode(), f"preference-widget/{purpose}".encode(), "sha256")
    return f"{payload}.{_base64url(hmac.digest(key_of_purpose, payload.encode(), 'sha256'))}"


def address(url: str, purpose: str, token: str) -> str:
    """The address of a token; `url` is the `url` of the site file."""
    return f"{url}/{PURPOSES[purpose][0]}/{token}"


def _base64url(binary: bytes) -> str:
    return urlsafe_b64encode(binary).rstrip(b"=").decode()
