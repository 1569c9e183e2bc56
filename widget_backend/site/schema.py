"""How a key of the site file is declared: as a field of a dataclass in `model.py`, once.

A field is a key when its type says how to read it: `Annotated` with a marshmallow field, a
dataclass for a table, a tuple of a dataclass for several tables. It is required when it has no
default. From these fields come the schema that checks a file, the texts that are translated, and
the objects that the rest of the software uses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args, get_origin, get_type_hints

from marshmallow import Schema, ValidationError
from marshmallow import fields as kinds

from widget_backend.site.values import IDENTIFIER, FileName

Key = kinds.Field[Any]
"""How marshmallow reads the value of a key."""


class Table(kinds.Nested):
    """A table of the file, by its dataclass."""

    def __init__(self, model: type, **options: Any) -> None:
        super().__init__(schema_of(model), **options)
        self.model = model


@cache
def keys_of(model: type) -> Mapping[str, Key]:
    """The keys of a table, in the order in which they are declared."""
    hints = get_type_hints(model, include_extras=True)
    keys = {each.name: _key(each, hints[each.name]) for each in fields(model)}
    return MappingProxyType({name: key for name, key in keys.items() if key is not None})


@cache
def schema_of(model: type) -> type[Schema]:
    return Schema.from_dict({**keys_of(model)}, name=f"{model.__name__}Schema")


def _key(field: Field[Any], hint: Any) -> Key | None:
    """The marshmallow field of a field of a dataclass; None if it is not a key of the file."""
    key = _kind(hint)
    if key is not None:
        key.required = field.default is MISSING and field.default_factory is MISSING
    return key


def _kind(hint: Any) -> Key | None:
    if isinstance(hint, type) and is_dataclass(hint):
        return Table(hint)
    for key in getattr(hint, "__metadata__", ()):
        copy: Key = deepcopy(key)  # many fields share a type such as `Words`
        return copy
    of = next(filter(None, map(_kind, get_args(hint))), None)
    return kinds.List(of) if of and get_origin(hint) is tuple else of


def build(model: type, data: Mapping[str, Any], folder: Path, **others: Any) -> Any:
    """The object that checked data declares. An empty list counts as absent, where a key may be.

    `folder` is where the files lie that the data names; `others` are fields that are no keys.
    Raises PictureRefused.
    """
    values = {
        name: _built(key, data[name], folder)
        for name, key in keys_of(model).items()
        if name in data and (key.required or data[name] != [])
    }
    return model(**values, **others)


def _built(key: Key, value: Any, folder: Path) -> Any:
    if isinstance(key, Table):
        return build(key.model, value, folder)
    if isinstance(key, kinds.List):
        return tuple(_built(key.inner, each, folder) for each in value)
    return key.read(folder, value) if isinstance(key, FileName) else value


def place(path: str, rows: Sequence[Any], position: int) -> str:
    """Where a row stands: `topics.offers`, or `topics[0]` when no id of its own names it."""
    ids = [row.get("id") if isinstance(row, dict) else None for row in rows]
    name = ids[position]
    named = isinstance(name, str) and re.fullmatch(IDENTIFIER, name) and ids.count(name) == 1
    return f"{path}.{name}" if named else f"{path}[{position}]"


def check_keys(model: type, data: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The data as the schema reads it, and marshmallow's messages for what it refuses."""
    try:
        return dict(schema_of(model)().load(data)), {}
    except ValidationError as error:
        messages = error.messages_dict
        return data, messages
