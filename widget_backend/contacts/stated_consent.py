"""Stated consent: where and when people agreed whose row does not say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from widget_backend.contacts.platform import Kind, Platform
from widget_backend.contacts.times import read_time

SAY_WHEN = "say where and when they agreed with --consent"
NO_TIME = f"has no opt-in or confirmation time; {SAY_WHEN}"
NO_READABLE_TIME = (
    "has no opt-in or confirmation time that can be read; write a day that exists as 2024-03-01, "
    "or a time as 2024-03-01 09:00:00, or export it again and import the file as it is, if a "
    f"spreadsheet rewrote it, or {SAY_WHEN}"
)
STILL_TO_COME = (
    "has an opt-in or confirmation time that is still to come; put it right where it comes from, "
    f"or {SAY_WHEN}"
)


@dataclass(frozen=True)
class StatedConsent:
    """Where and when people agreed, as the importer states it, for rows without a time of their
    own. `on` is the day, if it was one."""

    text: str
    on: date | None = None

    @property
    def evidence(self) -> dict[str, str]:
        return {"consent": self.text, **({"consented_on": self.on.isoformat()} if self.on else {})}

    @property
    def at(self) -> int | None:
        """Its beginning, in UTC and seconds since 1970: a no of the same day is taken as later."""
        return int(datetime.combine(self.on, time.min, UTC).timestamp()) if self.on else None


def lacking_consent(
    platform: Platform, kind: Kind, at: int | None, recorded: Mapping[str, str]
) -> str:
    """Why no time of a row shows that the person agreed; empty if one does, or if they did not."""
    if kind != "subscribed" or at is not None:
        return ""
    cells = [recorded[name] for name in platform.agreed if name in recorded]
    if any(map(read_time, cells)):
        return STILL_TO_COME
    return NO_READABLE_TIME if cells else NO_TIME
