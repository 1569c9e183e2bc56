"""The four sizes of window that every key screen is shown in."""

from __future__ import annotations

DEVICES = {
    "small phone": (320, 568),
    "large phone": (412, 915),
    "tablet": (820, 1180),
    "desktop": (1280, 800),
}
RARER = {
    "folded": (344, 882),
    "unfolded": (690, 829),
    "laptop": (1366, 768),
    "wide desktop": (1920, 1080),
}
"""Sizes at which a few screens are looked at: the others stand between them."""
WITH_KEYBOARD = {
    "small phone": (320, 290),
    "large phone": (412, 500),
}
"""What a keyboard on the screen leaves of it."""
