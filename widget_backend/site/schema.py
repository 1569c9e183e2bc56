"""The schema of SITE.toml: which keys there are, and what each may hold.

A key enters here with the feature that gives it effect; unknown keys are errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from marshmallow import Schema, ValidationError, fields

from widget_backend.site.model import CHANNELS, FREQUENCIES, QUESTION_KINDS, SOURCES, TERMS
from widget_backend.site.values import (
    IDENTIFIER,
    Text,
    YesNo,
    is_colour,
    is_identifier,
    is_language,
    is_line,
    is_mail_address,
    is_not_empty,
    is_number_of_days,
    is_origin,
    is_paragraph,
    is_web_address,
    once_each,
    one_of,
)


def identifier(required: bool = True) -> fields.String:
    return fields.String(required=required, validate=is_identifier)


def wording(required: bool = True) -> Text:
    return Text(required=required, validate=[is_not_empty, is_line])


def paragraph() -> Text:
    return Text(required=True, validate=[is_not_empty, is_paragraph])


def line() -> fields.String:
    return fields.String(validate=is_line)


def some(kind: Callable[[str], None], required: bool = False) -> fields.List[Any]:
    return fields.List(fields.String(validate=kind), required=required, validate=once_each)


def channels() -> fields.List[Any]:
    return some(one_of(CHANNELS, "channel"))


def frequencies() -> fields.List[Any]:
    return some(one_of(FREQUENCIES, "frequency"))


def many(schema: type[Schema], required: bool = False) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), required=required)


class ThemeSchema(Schema):
    logo = line()
    accent = fields.String(validate=is_colour)
    on_accent = fields.String(validate=is_colour)


class RoleSchema(Schema):
    id = identifier()
    name = wording()
    owner = line()


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
    picture = line()


class ConditionSchema(Schema):
    question = identifier()
    answer = fields.String(required=True)


class QuestionSchema(Schema):
    id = identifier()
    kind = fields.String(required=True, validate=one_of(QUESTION_KINDS, "kind of question"))
    text = wording()
    why = wording()
    term = fields.String(required=True, validate=one_of(TERMS, "term"))
    hint = wording(required=False)
    lifespan_days = fields.Integer(strict=True, validate=is_number_of_days)
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
    built_on = some(one_of(SOURCES, "source"))


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
    frame_origins = some(is_origin)
    legal_address = paragraph()
    mail_from = fields.String(required=True, validate=is_mail_address)
    privacy_policy = fields.String(required=True, validate=is_web_address)
    why_we_write = paragraph()
    data_use = paragraph()
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
    prompt_returns_after_days = fields.Integer(strict=True, validate=is_number_of_days)


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
