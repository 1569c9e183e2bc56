"""Links signed without us, and the published examples of them."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from typing import Any

from tests.support.template_engines import RECIPES

VECTORS: list[dict[str, Any]] = json.loads((RECIPES / "vectors.json").read_text(encoding="utf-8"))


def by_hand(key: str, purpose: str, said: Any) -> str:
    """How anybody signs a link without us, in any language that has HMAC-SHA256."""
    text = json.dumps(said, separators=(",", ":")).encode()
    payload = urlsafe_b64encode(text).rstrip(b"=")
    salted = hmac.digest(key.encode(), f"preference-widget/{purpose}".encode(), "sha256")
    signature = urlsafe_b64encode(hmac.digest(salted, payload, "sha256")).rstrip(b"=")
    return f"{payload.decode()}.{signature.decode()}"
