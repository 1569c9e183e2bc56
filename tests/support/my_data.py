"""What tests of the page of somebody's own data share: who was brought in, and their download."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from tests.support.browsing import Reader
from tests.support.steps import record
from tests.support.words import said
from tests.support.words.account import DOWNLOAD_DATA
from tests.support.worlds import OFFERS, World
from widget_backend.i18n.languages import language
from widget_backend.store.profiles import Profile

MAILCHIMP = {
    "file": "subscribed.csv",
    "OPTIN_TIME": "2023-01-01 09:00:00",
    "CONFIRM_TIME": "2023-01-02 09:30:00",
    "OPTIN_IP": "192.0.2.7",
}
"""What a list of Mailchimp's says of a consent."""


def imported(world: World, evidence: dict[str, str] | None = None) -> Profile:
    """Somebody whom an import brought in, subscribed to the offers."""
    person = world.person()
    record(world, person, {"topic:offers": OFFERS}, evidence=evidence)
    return person


def day_in(tag: str, year: int, month: int, day: int) -> str:
    """A day as the page writes it."""
    return language(tag).date(date(year, month, day))


def downloaded(world: World, page: Reader, tag: str = "en") -> dict[str, Any]:
    """What is behind the link for a download on this page."""
    answer = world.client().get(page.links()[said(tag, DOWNLOAD_DATA)])
    content: dict[str, Any] = json.loads(answer.get_data())
    return content
