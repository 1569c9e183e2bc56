"""Keys of the site file: what the value of each may be, as the type of a field of a dataclass."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from marshmallow import fields

from widget_backend.site import values
from widget_backend.site.time_values import DateTime, is_hour_of_day, is_stretch, is_time_zone
from widget_backend.site.values import (
    Text,
    is_at_least_one,
    is_colour,
    is_identifier,
    is_language,
    is_line,
    is_mail_address,
    is_not_empty,
    is_number_of_days,
    is_paragraph,
    is_region,
    is_unit,
    is_web_address,
    once_each,
)


def one(check: Callable[[str], None]) -> fields.String:
    """One word."""
    return fields.String(validate=check)


def some(check: Callable[[str], None]) -> fields.List[Any]:
    """A list without repetitions."""
    return fields.List(one(check), validate=once_each)


def origin() -> fields.String:
    return values.Origin(validate=values.is_origin)


Identifier = Annotated[str, one(is_identifier)]
Words = Annotated[str, Text(validate=[is_not_empty, is_line])]
Paragraph = Annotated[str, Text(validate=[is_not_empty, is_paragraph])]
Line = Annotated[str, one(is_line)]
Colour = Annotated[str, one(is_colour)]
WebAddress = Annotated[str, one(is_web_address)]
MailAddress = Annotated[str, one(is_mail_address)]
Number = Annotated[int, fields.Integer(strict=True)]
WholeNumber = Annotated[int, fields.Integer(strict=True, validate=is_at_least_one)]
Days = Annotated[int, fields.Integer(strict=True, validate=is_number_of_days)]
Identifiers = Annotated[tuple[str, ...], some(is_identifier)]
Origin = Annotated[str, origin()]
Origins = Annotated[tuple[str, ...], fields.List(origin(), validate=once_each)]
LanguageTag = Annotated[str, one(is_language)]
LanguageTags = Annotated[tuple[str, ...], some(is_language)]
TimeZone = Annotated[str, one(is_time_zone)]
Region = Annotated[str, one(is_region)]
Countries = Annotated[tuple[str, ...], some(is_region)]
HourOfDay = Annotated[str, one(is_hour_of_day)]
Stretch = Annotated[str, one(is_stretch)]
Moment = Annotated[datetime, DateTime()]
Unit = Annotated[str, one(is_unit)]
AnswerId = Annotated[str, fields.String()]
