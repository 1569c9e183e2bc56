"""What a person, and the page around, see of the element."""

from __future__ import annotations

from playwright.sync_api import Page, expect

STORED = "Object.entries(localStorage)"
LINK = "Choose how to hear from us"
"""The link inside the snippet (stub.py)."""


def check_events(page: Page, events: str) -> None:
    expect(page.locator("html")).to_have_attribute("data-seen", events)
