"""Addresses made of the one that was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import request


def in_language(tag: str) -> str:
    """The page that was asked for, in another language."""
    return with_query(request.path, {**request.args.to_dict(), "lang": tag})


def page_of_the_fragment() -> str:
    """The page that shows by itself what was asked for as a fragment."""
    return with_query(request.path.removesuffix("/fragment"), request.args.to_dict())


def with_query(path: str, query: Mapping[str, object]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
