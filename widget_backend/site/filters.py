"""Filters of segments: who is in one, by roles, choices, language and fields, in structured TOML.

A filter is a table with one test, such as `{ role = "trade" }`, or with `all`, `any` or `not` and
more filters in it. Programs that write filters need no parser for a language of our own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import fields

from widget_backend.site.channels import CHANNELS, FREQUENCIES
from widget_backend.site.values import complain

Value = str | int | float | bool
"""A text, a number, a day in ISO 8601, or yes or no, by the kind of the field."""

SUBJECTS = {
    "role": (),
    "language": (),
    "topic": ("channel", "frequency"),
    "field": ("is", "at_least", "at_most", "known"),
}
"""What a test is about, and the other keys that it may have."""
MOST_NESTED = 10


@dataclass(frozen=True)
class Test:
    """One test: `subject` is role, language, topic or field, and `name` which one.

    A person passes if they have the role, want this language, get the topic (by that `channel` and
    `frequency`), or if the field has a value that `is` one of these, is `at_least` or `at_most`
    this, or is `known` at all. These are the `terms`.
    """

    subject: str
    name: str
    terms: Mapping[str, Any]


@dataclass(frozen=True)
class Group:
    """Several filters: a person passes if `all`, `any`, or `not` the only one of them let them."""

    how: str
    filters: tuple[Filter, ...]


Filter = Test | Group


class FilterKey(fields.Field[Filter]):
    """A filter as a table of TOML."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Filter:
        return _read(value, 0)


def tests_in(one: Filter) -> Iterator[Test]:
    """Every test, in the order of the file."""
    if isinstance(one, Test):
        yield one
    else:
        for each in one.filters:
            yield from tests_in(each)


def _read(value: Any, depth: int) -> Filter:
    if not isinstance(value, dict) or not value:
        raise complain(f"“{value}” is no filter", 'write it like { role = "trade" }')
    if depth > MOST_NESTED:
        raise complain("has filters in each other ten times", "write it more simply")
    groups, subjects = value.keys() & {"all", "any", "not"}, value.keys() & SUBJECTS.keys()
    if len(groups) + len(subjects) != 1:
        cure = "give it one of all, any, not, role, language, topic and field"
        raise complain(f"a filter has {_listed(value)}", cure)
    key = next(iter(groups | subjects))
    return _group(value, key, depth) if groups else _test(value, key)


def _group(value: dict[str, Any], how: str, depth: int) -> Group:
    if len(value) > 1:
        raise complain(f"beside “{how}” there is {_listed({*value} - {how})}", "write it inside")
    inner = [value[how]] if how == "not" else value[how]
    if not isinstance(inner, list) or not inner:
        raise complain(f"“{how}” holds no list of filters", f'write {how} = [{{ role = "trade" }}]')
    return Group(how, tuple(_read(each, depth + 1) for each in inner))


def _test(value: dict[str, Any], subject: str) -> Test:
    allowed = SUBJECTS[subject]
    if unknown := value.keys() - {subject, *allowed}:
        cure = f"known here: {', '.join((subject, *allowed))}"
        raise complain(f"a test of a {subject} has {_listed(unknown)}", cure)
    if not isinstance(value[subject], str):
        raise complain(f"“{value[subject]}” is no {subject}", f'write it like {subject} = "…"')
    terms = {key: each for key, each in value.items() if key != subject}
    for key, known in (("channel", CHANNELS), ("frequency", FREQUENCIES)):
        if key in terms and terms[key] not in known:
            raise complain(f"“{terms[key]}” is no {key}", f"choose one of {', '.join(known)}")
    if subject == "field" and not terms:
        raise complain(
            f"nothing is said of the field “{value[subject]}”", "write is = … or known = true"
        )
    return Test(subject, value[subject], terms)


def _listed(keys: Any) -> str:
    return " and ".join(f"“{each}”" for each in sorted(keys)) or "nothing"
