"""Phone numbers: the one spelling in which each is stored, E.164 as `+355691234567`."""

from __future__ import annotations

import re
from contextlib import suppress

from widget_backend.text import latin_digits

_BETWEEN = re.compile(r"[\s().\-/\u200e\u200f\u202a-\u202c\u2066-\u2069]")
"""What people write between digits, and marks of direction that they copy along."""
_TYPED = re.compile(r"\+?\d{3,16}", re.ASCII)
_STORED = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
FEWEST = 7
"""Digits of a whole number."""


def may_be_number(typed: str) -> bool:
    """Whether it looks as a phone number of any country, which is not to be printed."""
    number = _BETWEEN.sub("", latin_digits(typed)).removeprefix("+")
    return number.isdigit() and len(number) >= FEWEST


def phone_number(typed: str, region: str = "") -> str | None:
    """The number with its country code and up to 15 digits; None for anything else.

    One without a country code is of the `region`, a country in two letters such as AL. Whether
    there is such a number is not asked: numbering plans change, and a person knows their own.
    """
    number = re.sub("^00", "+", _BETWEEN.sub("", latin_digits(typed)))
    if not _TYPED.fullmatch(number) or not (region or number.startswith("+")):
        return None
    # Imported late, because few requests need it.
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse

    with suppress(NumberParseException):  # it knows which zeros are dialled only within a country
        number = format_number(parse(number, region or None), PhoneNumberFormat.E164)
    return number if _STORED.fullmatch(number) else None
