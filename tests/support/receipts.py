"""The shape of a receipt: which keys it has, and of which type each is.

Ours, since the standard's profile has none: after the draft of the guide to consent records of the
Data Privacy Vocabulary (w3c/dpv), with the keys that it calls mandatory. Where nobody knows the
time of a choice, its key is left out.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import RAISE, Schema, ValidationError, fields
from marshmallow.validate import Equal, Length, OneOf, Regexp

TEXT = Length(min=1)
TERM = Regexp(re.compile(r"dpv:[A-Z][A-Za-z]+\Z"))
HASH = Regexp(re.compile(r"[0-9a-f]{64}\Z"))
STATUSES = OneOf([f"dpv:Consent{each}" for each in ("Given", "Refused", "Withdrawn", "Unknown")])


def is_uuid(value: str) -> None:
    try:
        UUID(value)
    except ValueError as error:
        raise ValidationError("no UUID") from error


def is_time(value: str) -> None:
    """Or a day, where nobody knows more; the key is left out where nobody knows the day."""
    try:
        known = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValidationError("no time") from error
    if len(value) > len("2026-05-03") and known.tzinfo is None:
        raise ValidationError("a time without its zone")


def text(check: Any = TEXT, key: str | None = None) -> fields.String:
    return fields.String(required=True, validate=check, data_key=key)


def texts(check: Any = TEXT) -> fields.List[Any]:
    return fields.List(fields.String(validate=check), required=True)


def shape(name: str, **keys: fields.Field[Any]) -> type[Schema]:
    """There is no other key, and each is needed whose field is required. “__” stands for a colon,
    “at_” for “@”."""
    named = {re.sub("^at_", "@", each).replace("__", ":"): field for each, field in keys.items()}
    options = type("Meta", (), {"unknown": RAISE})
    return type(name, (Schema,), {**named, "Meta": options})


def some(of: type[Schema]) -> fields.List[Any]:
    return fields.List(fields.Nested(of), required=True, validate=Length(min=1))


PURPOSE = shape("Purpose", at_id=text(), skos__broader=text(TERM), skos__prefLabel=text())
STATUS = shape(
    "Status",
    at_type=text(STATUSES),
    dpv__isIndicatedAtTime=fields.String(validate=is_time),
    dpv__isExercisedAt=text(),
    skos__note=fields.String(validate=TEXT),
)
TOPIC = shape(
    "Topic",
    at_type=text(Equal("dpv:Process")),
    dpv__hasLegalBasis=fields.List(fields.String(validate=Equal("dpv:ImpliedConsent"))),
    dpv__hasPurpose=some(PURPOSE),
    dpv__hasPersonalData=texts(),
    dpv__hasDataSource=texts(TERM),
    dpv__hasConsentStatus=some(STATUS),
)
STORAGE = shape("Storage", dpv__hasDuration=text(), dpv__hasLocation=text())
NOTICE = shape("Notice", dpv__hasIdentifier=text(Length(equal=32)))
CONTROL = shape("Control", at_type=text(TERM), dpv__isExercisedAt=fields.Url(required=True))
PROCESS = shape(
    "Process",
    at_type=text(Equal("dpv:Process")),
    dpv__hasDataController=texts(),
    dpv__hasLegalBasis=texts(TERM),
    dpv__hasProcessing=texts(TERM),
    dpv__hasRecipient=texts(),
    dpv__hasStorageCondition=some(STORAGE),
    dpv__hasNotice=some(NOTICE),
    dpv__hasConsentControl=some(CONTROL),
    dpv__hasProcess=some(TOPIC),
)
SUBJECT = shape("Subject", dpv__hasIdentifier=text(Length(equal=32)))
RECEIPT = shape(
    "Receipt",
    at_context=fields.Dict(required=True, keys=fields.String(), values=fields.Url()),
    at_type=text(Equal("dpv:ConsentRecord")),
    dpv__hasIdentifier=text(is_uuid),
    dpv__hasDataSubject=fields.Nested(SUBJECT, required=True),
    dct__created=fields.AwareDateTime(required=True, format="iso"),
    dct__creator=text(),
    dct__language=text(Regexp(re.compile("[a-z]{2}"))),
    dpv__hasEntity=fields.Dict(required=True, keys=fields.String(), values=fields.Dict()),
    dpv__hasProcess=some(PROCESS),
)
ENTITY = {
    "dpv:DataController": {"@type", "dpv:hasName", "dpv:hasAddress", "dpv:hasContact"},
    "dpv:Recipient": {"@type", "dpv:hasName"},
    "dpv:DataProtectionAuthority": {"@type", "dpv:hasName"},
}


def mistakes_of(receipt: dict[str, Any]) -> list[str]:
    """What is wrong with the shape of a receipt."""
    wrong = [f"{key}: {each}" for key, each in RECEIPT().validate(receipt).items()]
    entities = receipt.get("dpv:hasEntity", {})
    for name, entity in entities.items():
        if ENTITY.get(entity.get("@type"), set()) != {*entity}:
            wrong.append(f"{name}: has other keys than its kind of entity")
    (process,) = receipt.get("dpv:hasProcess") or [{}]
    named = {receipt.get("dct:creator")}
    named.update(process.get("dpv:hasRecipient", []), process.get("dpv:hasDataController", []))
    return [*wrong, *(f"{each}: is no entity" for each in named if each not in entities)]
