"""In which engine a test runs, and in which window: everything in Chromium, elsewhere what differs.

What one engine lays out well in all windows, the others lay out alike. What they do with focus,
keys, storage and policies is their own; such tests ask for `tab`, which is one of each engine.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

in_chromium = pytest.mark.parametrize("tab", ["chromium"], indirect=True)


def tab_and_device(devices: Iterable[str]) -> pytest.MarkDecorator:
    """Chromium in all windows, Firefox in the one of a desktop, WebKit in that of a small phone."""
    pairs = [("chromium", device) for device in devices]
    others = [("firefox", "desktop"), ("webkit", "small phone")]
    pairs += [each for each in others if each[1] in devices]
    return pytest.mark.parametrize(("tab", "device"), pairs, indirect=["tab"])


tab_and_tag = pytest.mark.parametrize(
    ("tab", "tag"),
    [*(("chromium", tag) for tag in ("en", "sq", "ar")), ("firefox", "en"), ("webkit", "ar")],
    indirect=["tab"],
)
"""Chromium in all languages, the others in one each."""
