"""The schema of SITE.toml: which keys there are, what each may hold, and what to do about it.

A key enters here with the feature that gives it effect; unknown keys are errors. `Text` marks
what subscribers read and translators translate; everything else is for machines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from marshmallow import Schema, ValidationError, fields, validate

from widget_backend.site.model import CHANNELS, FREQUENCIES, QUESTION_KINDS, SOURCES, TERMS


class Complaint(str):
    """A reason that knows its cure; marshmallow carries it as the message of an error."""

    cure: str

    def __new__(cls, reason: str, cure: str) -> Complaint:
        self = super().__new__(cls, reason)
        self.cure = cure
        return self


def complain(reason: str, cure: str) -> ValidationError:
    return ValidationError(Complaint(reason, cure))


class Text(fields.String):
    """A text that subscribers read, in the site's source language."""


class YesNo(fields.Boolean):
    """TOML's own true or false, and nothing that merely looks like it."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if not isinstance(value, bool):
            raise complain(f"“{value}” is neither true nor false", "write true or false, unquoted")
        return value


class NonEmpty(validate.Validator):
    def __call__(self, value: str) -> str:
        if not value.strip():
            raise complain("is empty", "write the text, or remove the key")
        return value


def _matches(pattern: str, reason: str, cure: str) -> Callable[[str], None]:
    compiled = re.compile(pattern)

    def check(value: str) -> None:
        if not compiled.fullmatch(value):
            raise complain(f"“{value}” {reason}", cure)

    return check


def _one_of(allowed: tuple[str, ...], what: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        if value not in allowed:
            raise complain(f"“{value}” is not a {what}", f"choose one of {', '.join(allowed)}")

    return check


IDENTIFIER = r"[a-z][a-z0-9_-]{0,39}"

is_identifier = _matches(
    IDENTIFIER,
    "is not an identifier",
    "use up to 40 small Latin letters, digits, - and _, starting with a letter",
)


def is_name(value: str) -> bool:
    """Whether it could be the id of anything."""
    return bool(re.fullmatch(IDENTIFIER, value))


is_colour = _matches(
    r"#[0-9a-fA-F]{6}", "is not a colour", "write it as # and six hexadecimal digits, like #1f5a4c"
)
_is_language_tag = _matches(
    r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?",
    "is not a language tag",
    "write it as en, sq, ar or pt-BR",
)


def is_language(value: str) -> None:
    """A tag whose direction, dates and numbers are known (CLDR, as Babel carries it)."""
    _is_language_tag(value)
    if not _is_known_language(value):
        alone = value.partition("-")[0]
        shorter = alone != value and _is_known_language(alone)
        cure = f"write “{alone}” alone" if shorter else "write it as en, sq, ar or pt-BR"
        raise complain(f"no language “{value}” is known", cure)


def _is_known_language(tag: str) -> bool:
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def is_web_address(value: str) -> None:
    """An absolute http or https address, without a user name."""
    if not _is_absolute(value):
        raise complain(f"“{value}” is not a web address", "write it in full, like https://…")


def _is_absolute(value: str) -> bool:
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises where the port is no number
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc


def is_origin(value: str) -> None:
    """Scheme, host and port only, as browsers send it in the Origin header (RFC 6454)."""
    is_web_address(value)
    parts = urlsplit(value)
    if f"{parts.scheme}://{parts.netloc}" != value or value != value.lower():
        raise complain(
            f"“{value}” is not an origin", "write scheme, host and port only: https://shop.example"
        )


def is_mail_address(value: str) -> None:
    """An address that mail can be sent from; without a name, which is the site's."""
    if not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+", value):
        raise complain(f"“{value}” is not an email address", "write it like hello@shop.example")


def identifier(required: bool = True) -> fields.String:
    return fields.String(required=required, validate=is_identifier)


def wording(required: bool = True) -> Text:
    return Text(required=required, validate=NonEmpty())


def once_each(values: Sequence[str]) -> None:
    for value, count in Counter(values).items():
        if count > 1:
            raise complain(f"“{value}” is listed {count} times", "list it once")


def some(kind: Callable[[str], None], required: bool = False) -> fields.List[Any]:
    return fields.List(fields.String(validate=kind), required=required, validate=once_each)


def channels() -> fields.List[Any]:
    return some(_one_of(CHANNELS, "channel"))


def frequencies() -> fields.List[Any]:
    return some(_one_of(FREQUENCIES, "frequency"))


def many(schema: type[Schema], required: bool = False) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), required=required)


class ThemeSchema(Schema):
    logo = fields.String()
    accent = fields.String(validate=is_colour)
    on_accent = fields.String(validate=is_colour)


class RoleSchema(Schema):
    id = identifier()
    name = wording()
    owner = fields.String()


class TopicSchema(Schema):
    id = identifier()
    name = wording()
    benefit = wording()
    expect = wording()
    channels = channels()
    frequencies = frequencies()
    roles = some(is_identifier)


class OptionSchema(Schema):
    id = identifier()
    text = wording()
    colour = fields.String(validate=is_colour)
    picture = fields.String()


class ConditionSchema(Schema):
    question = identifier()
    answer = fields.String(required=True)


class QuestionSchema(Schema):
    id = identifier()
    kind = fields.String(required=True, validate=_one_of(QUESTION_KINDS, "kind of question"))
    text = wording()
    why = wording()
    term = fields.String(required=True, validate=_one_of(TERMS, "term"))
    hint = wording(required=False)
    lifespan_days = fields.Integer(strict=True, validate=validate.Range(min=1))
    sensitive = YesNo()
    options = many(OptionSchema)
    none = wording(required=False)
    minimum = fields.Integer(strict=True)
    maximum = fields.Integer(strict=True)
    ask_if = fields.Nested(ConditionSchema)


class StageSchema(Schema):
    id = identifier()
    title = wording()
    questions = some(is_identifier, required=True)


class FollowSchema(Schema):
    name = wording()
    url = fields.String(required=True, validate=is_web_address)


class SegmentSchema(Schema):
    id = identifier()
    sentence = wording()
    built_on = some(_one_of(SOURCES, "source"))


class CampaignSchema(Schema):
    id = identifier()
    topic = identifier()
    sentence = wording()
    segment = identifier(required=False)


class SiteSchema(Schema):
    id = identifier()
    name = wording()
    url = fields.String(required=True, validate=is_origin)
    source_language = fields.String(required=True, validate=is_language)
    locales = some(is_language, required=True)
    origins = some(is_origin)
    legal_address = wording()
    mail_from = fields.String(required=True, validate=is_mail_address)
    privacy_policy = fields.String(required=True, validate=is_web_address)
    why_we_write = wording()
    data_use = wording()
    theme = fields.Nested(ThemeSchema)
    channels = channels()
    frequencies = frequencies()
    roles = many(RoleSchema)
    topics = many(TopicSchema, required=True)
    questions = many(QuestionSchema)
    stages = many(StageSchema)
    follow = many(FollowSchema)
    segments = many(SegmentSchema)
    campaigns = many(CampaignSchema)
    unsubscribe_mail = fields.String(validate=is_mail_address)


def place(path: str, rows: Sequence[Any], position: int) -> str:
    """Where a row stands: `topics.offers`, or `topics[0]` when no id of its own names it."""
    ids = [row.get("id") if isinstance(row, dict) else None for row in rows]
    name = ids[position]
    named = isinstance(name, str) and re.fullmatch(IDENTIFIER, name) and ids.count(name) == 1
    return f"{path}.{name}" if named else f"{path}[{position}]"


def read(data: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The data as the schema knows it, and marshmallow's messages for what it refuses."""
    try:
        return dict(SiteSchema().load(data)), {}
    except ValidationError as error:
        messages = error.messages_dict
        return data, messages
