"""Cells of fields: what a cell holds, by the kind of the field that its column is."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from widget_backend.contacts.platform import flag
from widget_backend.contacts.times import calendar_day
from widget_backend.site.filters import Value
from widget_backend.site.model import ProfileField
from widget_backend.site.time_values import is_known_zone
from widget_backend.site.values import is_country
from widget_backend.text import latin_digits

LONGEST_TEXT = 500
"""Characters."""
_NUMBER = re.compile(r"[+-]?([0-9]{1,15}|[0-9]{1,11}\.[0-9]{1,4})")
"""As many digits as a JSON number keeps exactly."""
_REGION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_YES_NO = {word: meaning == "on" for word, meaning in flag("on", "off").items()}


class Kind(NamedTuple):
    """How a cell is read: None for what is not of the kind, as `one` and `many` say of cells."""

    read: Callable[[str], Value | None]
    one: str
    many: str
    cure: str


def kind_of(field: ProfileField) -> Kind:
    return KINDS[field.gives or field.kind]


def _text(cell: str) -> str | None:
    text = " ".join(cell.split())
    return text if len(text) <= LONGEST_TEXT else None


def _number(cell: str) -> int | float | None:
    """Only with a point: what a comma means depends on the country."""
    digits = cell if cell.isascii() else latin_digits(cell)
    if not _NUMBER.fullmatch(digits):
        return None
    number = float(digits)
    return int(number) if number.is_integer() else number


def _date(cell: str) -> str | None:
    day = calendar_day(cell)
    return day.isoformat() if day else None


def _yes_no(cell: str) -> bool | None:
    return _YES_NO.get(cell.casefold())


def _country(cell: str) -> str | None:
    code = cell.upper()
    return code if is_country(code) else None


def _region(cell: str) -> str | None:
    code = cell.upper()
    return code if _REGION.fullmatch(code) and is_country(code[:2]) else None


@lru_cache(maxsize=1024)  # a file names few zones, each many times
def _time_zone(cell: str) -> str | None:
    return cell if is_known_zone(cell) else None


_LONG = f"longer than {LONGEST_TEXT} characters"
KINDS: dict[str, Kind] = {
    "text": Kind(_text, f"value is {_LONG}", f"values are {_LONG}", "shorten it"),
    "number": Kind(
        _number,
        "value is no number",
        "values are no numbers",
        "write it like 1234.50, with a point and without a unit",
    ),
    "date": Kind(_date, "value is no date", "values are no dates", "write it like 2024-03-01"),
    "yes_no": Kind(
        _yes_no,
        "value is neither yes nor no",
        "values are neither yes nor no",
        "write yes or no, true or false, 1 or 0",
    ),
    "country": Kind(
        _country,
        "value is no country",
        "values are no countries",
        "write its two letters (ISO 3166-1), like AL",
    ),
    "region": Kind(
        _region,
        "value is no region",
        "values are no regions",
        "write its code (ISO 3166-2), like US-CA",
    ),
    "time_zone": Kind(
        _time_zone,
        "value is no time zone",
        "values are no time zones",
        "write its name in the IANA database, like Europe/Tirane",
    ),
}
