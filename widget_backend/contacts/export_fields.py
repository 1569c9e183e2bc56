"""Fields: what an export can say of a person, each by the name of its column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from widget_backend.rules.fields import holds
from widget_backend.rules.state import Overall, Reach, is_pause_over
from widget_backend.site.export_columns import CONTACT_COLUMNS, PERSON_COLUMNS
from widget_backend.site.filters import Value
from widget_backend.site.model import ProfileField, Site
from widget_backend.store.field_values import Known
from widget_backend.store.people import Answered, Choice, Part, Person, Row

STATUS_OF_REACH: dict[Reach, str] = {
    "as_chosen": "subscribed",
    "less": "less",
    "paused": "paused",
    "off": "unsubscribed",
}
"""The overall choice in the words of mail platforms; see also `_status`."""


@dataclass(frozen=True)
class Field:
    """One column of a CSV file, and one place in the JSON object of a person.

    `value` is a JSON value, None where there is nothing to say; `path` is where it stands. `text`
    makes a cell of a value that is not None. `part` is what must have been read for it.
    """

    name: str
    path: tuple[str, ...]
    value: Callable[[Person], Any]
    text: Callable[[Any], str] = str
    part: Part | None = None


def all_fields(site: Site, now: datetime) -> dict[str, Field]:
    """By name: the person's own, then those of each topic, question and field of the site."""
    fields = [
        *_of_person(now.date()),
        *(field for topic in site.topics for field in _of_topic(topic.id)),
        *(field for question in site.questions for field in _of_question(question.id)),
        *(field for each in site.fields for field in _of_field(each, int(now.timestamp()))),
    ]
    return {field.name: field for field in fields}


def usual_fields(site: Site, fields: Mapping[str, Field]) -> list[Field]:
    """Current choices, one column a topic."""
    return [fields[name] for name in (*CONTACT_COLUMNS, *(topic.id for topic in site.topics))]


def parts_of(fields: Iterable[Field]) -> set[Part]:
    return {field.part for field in fields if field.part}


# ── the person ──────────────────────────────────────────────────────────────────────────────


def _of_person(today: date) -> list[Field]:
    fields = (
        Field("person", ("person",), lambda person: person.row.person),
        Field("email", ("email", "address"), lambda person: person.row.written or person.row.email),
        _yes_no("email_confirmed", ("email", "confirmed"), lambda row: row.email_confirmed),
        _yes_no("undeliverable", ("email", "undeliverable"), lambda row: row.undeliverable),
        Field(
            "undeliverable_at",
            ("email", "undeliverable_at"),
            lambda person: time_text(person.row.undeliverable_at),
        ),
        Field(
            "customer",
            ("customer",),
            lambda person: next(iter(person.customers), None),
            part="customers",
        ),
        Field("phone", ("phone", "number"), lambda person: person.row.phone),
        _yes_no("phone_confirmed", ("phone", "confirmed"), lambda row: row.phone_confirmed),
        Field(
            "phone_undeliverable_at",
            ("phone", "undeliverable_at"),
            lambda person: time_text(person.row.phone_undeliverable_at),
        ),
        Field("post", ("post", "address"), lambda person: person.row.post),
        _yes_no("post_confirmed", ("post", "confirmed"), lambda row: row.post_confirmed),
        Field("language", ("language",), lambda person: person.row.language),
        Field("roles", ("roles",), lambda person: person.roles or None, _list, "roles"),
        Field("status", ("status",), lambda person: _status(person, today)),
        Field("paused_until", ("paused_until",), lambda person: _overall(person, today)["until"]),
        Field("overall", ("overall",), lambda person: _reach(person, today)),
        _time("overall_at", lambda row: row.overall_at),
        _time("left_at", lambda row: row.left_at),
        _time("spoke_at", lambda row: row.spoke_at),
        _yes_no("do_not_track", ("do_not_track",), lambda row: row.do_not_track),
        _time("do_not_track_at", lambda row: row.do_not_track_at),
        _time("created_at", lambda row: row.created_at),
    )
    assert tuple(field.name for field in fields) == PERSON_COLUMNS
    return list(fields)


def _time(name: str, of: Callable[[Row], int | None]) -> Field:
    return Field(name, (name,), lambda person: time_text(of(person.row)))


def _yes_no(name: str, path: tuple[str, ...], of: Callable[[Any], Any]) -> Field:
    """SQLite keeps 0 and 1."""

    def value(person: Person) -> bool | None:
        stored = of(person.row)
        return None if stored is None else bool(stored)

    return Field(name, path, value, lambda is_so: "yes" if is_so else "no")


def _overall(person: Person, today: date) -> Overall:
    """What is in effect today: a pause that is over has none."""
    reach: Any = person.row.reach or "as_chosen"
    overall: Overall = {"reach": reach, "until": person.row.paused_until}
    if is_pause_over(overall, today):
        return {"reach": "as_chosen", "until": None}
    return overall


def _reach(person: Person, today: date) -> Reach | None:
    """The same in our own words, also of who is undeliverable; None for who has never said."""
    return _overall(person, today)["reach"] if person.row.reach else None


def _status(person: Person, today: date) -> str:
    """One word for whether email goes out. A person's own “no” counts more than a bounce."""
    reach = _overall(person, today)["reach"]
    return (
        "undeliverable" if person.row.undeliverable and reach != "off" else STATUS_OF_REACH[reach]
    )


def time_text(at: int | None) -> str | None:
    """Seconds since 1970 as ISO 8601 in UTC."""
    # Half as long as strftime takes, which millions of cells feel.
    return None if at is None else f"{datetime.fromtimestamp(at, UTC).isoformat()[:19]}Z"


def _list(values: list[str]) -> str:
    return ", ".join(values)


# ── topics, questions and fields ────────────────────────────────────────────────────────────────


def _of_topic(topic: str) -> Iterator[Field]:
    place = ("topics", topic)

    def of(value: Callable[[Choice], Any]) -> Callable[[Person], Any]:
        def of_person(person: Person) -> Any:
            choice = person.choices.get(topic)
            return choice and value(choice)

        return of_person

    at, source = of(lambda choice: time_text(choice.at)), of(lambda choice: choice.door)
    yield Field(topic, place, of(_choice), _choice_text, part="choices")
    yield Field(f"{topic}:at", (*place, "at"), at, part="choices")
    yield Field(f"{topic}:source", (*place, "source"), source, part="choices")


def _choice(choice: Choice) -> dict[str, Any]:
    chosen = {"on": bool(choice.on), "channel": choice.channel, "frequency": choice.frequency}
    if not choice.basis:
        return chosen
    since = time_text(choice.basis_at)
    return {**chosen, "basis": choice.basis, **({"basis_at": since} if since else {})}


def _choice_text(choice: dict[str, Any]) -> str:
    """The basis stands in the same cell, so that no file tells of a choice without it."""
    if not choice["on"]:
        return "off"
    basis = " ".join(choice[each] for each in ("basis", "basis_at") if each in choice)
    return f"{choice['channel']} {choice['frequency']}" + (f", {basis}" if basis else "")


def _of_question(question: str) -> Iterator[Field]:
    name, place = f"answer:{question}", ("answers", question)

    def of(value: Callable[[Answered], Any]) -> Callable[[Person], Any]:
        def of_person(person: Person) -> Any:
            answer = person.answers.get(question)
            return answer and value(answer)

        return of_person

    kind, at = of(lambda answer: answer.kind), of(lambda answer: time_text(answer.at))
    yield Field(name, (*place, "said"), of(lambda answer: answer.value), _answer_text, "answers")
    yield Field(f"{name}:kind", (*place, "kind"), kind, part="answers")
    yield Field(f"{name}:at", (*place, "at"), at, part="answers")


def _of_field(declared: ProfileField, now: int) -> Iterator[Field]:
    name, place = f"field:{declared.id}", ("fields", declared.id)

    def of(value: Callable[[Known], Any]) -> Callable[[Person], Any]:
        def of_person(person: Person) -> Any:
            known = person.fields.get(declared.id)
            return value(known) if known and holds(declared, known.at, now) else None

        return of_person

    source, at = of(lambda known: known.source), of(lambda known: time_text(known.at))
    yield Field(name, (*place, "value"), of(lambda known: known.value), _value_text, "fields")
    yield Field(f"{name}:source", (*place, "source"), source, part="fields")
    yield Field(f"{name}:at", (*place, "at"), at, part="fields")


def _value_text(value: Value) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _answer_text(answer: Any) -> str:
    return _list(answer) if isinstance(answer, list) else str(answer)
