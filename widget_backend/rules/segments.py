"""Segments: whether somebody is in one (S2.3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from widget_backend.rules.state import State
from widget_backend.site.filters import Filter, Group, Test, Value


def is_in(one: Filter, state: State, roles: Collection[str], fields: Mapping[str, Value]) -> bool:
    """Whether the filter lets somebody pass. `fields` are the values that still hold."""
    if isinstance(one, Group):
        passes = (is_in(each, state, roles, fields) for each in one.filters)
        if one.how == "not":
            return not next(passes)
        return all(passes) if one.how == "all" else any(passes)
    if one.subject == "role":
        return one.name in roles
    if one.subject == "language":
        return state.language == one.name
    return _gets(one, state) if one.subject == "topic" else _has(one, fields)


def _gets(test: Test, state: State) -> bool:
    preference = state.preference(test.name)
    if preference is None or not preference["on"]:
        return False
    terms: Mapping[str, Any] = preference
    return all(terms[key] == wanted for key, wanted in test.terms.items())


def _has(test: Test, fields: Mapping[str, Value]) -> bool:
    """A field that is not known passes nothing but that it is not known."""
    value, terms = fields.get(test.name), test.terms
    if value is None:
        return terms == {"known": False}
    wanted = terms.get("is", value)
    return (
        terms.get("known", True)
        and (value in wanted if isinstance(wanted, list) else value == wanted)
        and terms.get("at_least", value) <= value
        and value <= terms.get("at_most", value)
    )
