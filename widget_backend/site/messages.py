"""From marshmallow’s messages to findings: where, what is wrong, and how to write it instead."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import fields

from widget_backend.errors import Finding
from widget_backend.site.model import Site
from widget_backend.site.schema import Table, place
from widget_backend.site.values import Text

Messages = Mapping[Any, Any]

ROOT = Table(Site)


def complaints(
    messages: Messages, data: Any, field: Any = ROOT, path: str = ""
) -> Iterator[Finding]:
    """Each message about a site file's data as a finding.

    `field` is the marshmallow field that `data` is the value of, `path` where that stands.
    """
    for key, below_key in messages.items():
        if key == "_schema":
            yield Finding(path or "file", *_wrong_type(data, field, path))
            continue
        if isinstance(key, int):
            below, value, here = field.inner, data[key], place(path, data, key)
        else:
            below, value = field.schema.fields.get(key), data.get(key)
            here = f"{path}.{key}".lstrip(".")
        if isinstance(below_key, Mapping):
            yield from complaints(below_key, value, below, here)
            continue
        for message in below_key:
            yield Finding(here, *_explain(message, key, value, below, field))


def _explain(message: str, key: str | int, value: Any, field: Any, above: Any) -> tuple[str, str]:
    if cure := getattr(message, "cure", None):
        return str(message), cure
    if message == "Missing data for required field.":
        return "is missing", f"add {_example(str(key), field)}"
    if message == "Unknown field.":
        keys = list(above.schema.fields)
        near = difflib.get_close_matches(str(key), keys, n=1)
        hint = f"did you mean “{near[0]}”?" if near else "remove it."
        return "is not a known key", f"{hint} Known here: {', '.join(keys)}"
    return _wrong_type(value, field, str(key))


def beyond_texts(messages: Messages, field: Any = ROOT) -> dict[Any, Any]:
    """The messages without those about texts: how the parts fit does not depend on texts."""
    others: dict[Any, Any] = {}
    for key, below_key in messages.items():
        below = field.inner if isinstance(key, int) else field.schema.fields.get(key)
        if isinstance(below, Text):
            continue
        if isinstance(below_key, Mapping) and below and "_schema" not in below_key:
            below_key = beyond_texts(below_key, below)
        if below_key:
            others[key] = below_key
    return others


# ── wrong types ─────────────────────────────────────────────────────────────────────────────


def _wrong_type(value: Any, field: Any, path: str) -> tuple[str, str]:
    key = path.rpartition(".")[2]
    if isinstance(field, Table):
        return f"is {_kind(value)}, not a table", _as_table(key, value, field)
    if isinstance(field, fields.List):
        return f"is {_kind(value)}, not a list", f"write {_example(key, field, value)}"
    if isinstance(field, fields.Integer):
        return f"is {_kind(value)}, not a whole number", "write digits only, without quotes"
    return f"is {_kind(value)}, not a text", f"write it in quotes: {_quoted(value)}"


def _kind(value: Any) -> str:
    kinds = {bool: "true or false", str: "a text", list: "a list", dict: "a table"}
    kinds |= {int: "a number", float: "a number"}
    return kinds.get(type(value), "a date or time")


def _quoted(value: Any) -> str:
    plain = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    return f'"{value}"' if plain and len(str(value)) < 30 else '"…"'


def _example(key: str, field: Any, value: Any = None) -> str:
    """How the key is written: `name = …`, `channels = ["…"]`, `[[topics]]`."""
    if not isinstance(field, fields.List):
        return f"{key} = …"
    if not isinstance(field.inner, Table):
        return f"{key} = [{_quoted(value)}]"
    if key in ROOT.schema.fields:
        return f"[[{key}]], in two brackets, above the keys of each of them"
    return f"{key} = [{_row(field.inner)}]"


def _as_table(key: str, value: Any, field: Any) -> str:
    if key in ROOT.schema.fields:
        how = "in single brackets and once only" if isinstance(value, list) else "its keys below it"
        return f"write [{key}], {how}"
    table = key.partition("[")[0]
    if table in ROOT.schema.fields:
        return f"write [[{table}]], in two brackets, above the keys of each of them"
    return f"write {_row(field)}"


def _row(field: Any) -> str:
    needed = [name for name, each in field.schema.fields.items() if each.required]
    return "{ " + ", ".join(f'{name} = "…"' for name in needed) + " }"
