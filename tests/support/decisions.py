"""A shop with caps and quiet hours, and people whom it wants to write to, for rules of sending."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.sites import site, topic
from widget_backend.rules.snapshot import Address, Attempt, Message, Snapshot
from widget_backend.rules.state import State
from widget_backend.site.sending import Cap, QuietHours, ServiceMessage

TIRANA, RIYADH = ZoneInfo("Europe/Tirane"), ZoneInfo("Asia/Riyadh")
OFFERS = Message("spring", "offers", "email")
SMS = Message("spring", "offers", "sms")
RECEIPT = Message(
    "receipt", None, "email", service=ServiceMessage("receipt", "Receipts", "contract")
)


def moment(text: str, zone: ZoneInfo = TIRANA) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


NOW = moment("2026-06-09 10:00")
"""A Tuesday."""

SHOP = replace(
    site((topic("offers"), topic("news"))),
    countries=("AL",),
    caps=(
        Cap(most=3, window="7 days", channel="email"),
        Cap(most=2, calendar="day"),
        Cap(most=1, window="30 days", topic="news"),
    ),
    quiet_hours=(QuietHours(("sms", "phone"), "21:00", "08:00"),),
)


def choice(frequency: str = "weekly", on: bool = True, channel: str = "email") -> dict[str, Any]:
    return {"on": on, "channel": channel, "frequency": frequency}


def person(*sent: str, zones: tuple[ZoneInfo, ...] = (TIRANA,), **known: Any) -> Snapshot:
    """Somebody who gets the offers once a week. `sent` are topics with the time, as in
    “news 2026-06-01 09:00”; what is `known` beside are subjects of the state, or parts of a
    snapshot."""
    parts = {name: known.pop(name) for name in ("contexts", "is_pending") if name in known}
    addresses = {"email": Address(True), "phone": Address(True), **known.pop("addresses", {})}
    subjects = {"offers": choice(), **known}
    state = State(
        {
            name if name == "overall" else f"topic:{name}": value
            for name, value in subjects.items()
            if value
        }
    )
    attempts = [Attempt(moment(at), name, "email") for name, _, at in map(_split, sent)]
    return Snapshot(
        state,
        zones,
        addresses={kind: each for kind, each in addresses.items() if each},
        attempts=sorted(attempts),
        **parts,
    )


def _split(text: str) -> tuple[str, str, str]:
    return text.partition(" ")


def less() -> dict[str, Any]:
    return {"reach": "less", "until": None}


CAPPED = replace(SHOP, caps=(Cap(most=2, window="7 days"),), quiet_hours=())
"""At most two messages a week, by whatever sender."""

OFTEN = choice("daily")
