"""The four sizes of window that every key screen is shown in."""

from __future__ import annotations

DEVICES = {
    "small phone": (320, 568),
    "large phone": (412, 915),
    "tablet": (820, 1180),
    "desktop": (1280, 800),
}
