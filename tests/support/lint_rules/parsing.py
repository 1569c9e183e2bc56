"""Parses a page as a browser would, and the same page of somebody else only once.

To parse a page takes eight times as long as to make it, and tests fetch the same pages for ever new
people. Those differ in what nobody can guess, in signed links above all: whatever stands in the
place of such a secret, the tree is the same around it.
"""

from __future__ import annotations

import re
from copy import deepcopy
from functools import lru_cache
from xml.etree.ElementTree import Element

import html5lib

_SECRET = re.compile(r'(?<=[/="])[A-Za-z0-9_.-]{32,}(?=["/?])')
_STAND_IN = re.compile(r"~(\d+)~")

Tree = tuple[Element, list[str]]
"""The root of a document, and each mistake of its HTML in a sentence."""


def shape_of(text: str) -> tuple[str, list[str]]:
    """The text with a number instead of each secret, and the secrets by number.

    A text that holds the sign of these numbers keeps its secrets, so that none is mistaken.
    """
    if "~" in text:
        return text, []
    secrets: dict[str, int] = {}
    shape = _SECRET.sub(lambda secret: f"~{secrets.setdefault(secret[0], len(secrets))}~", text)
    return shape, [*secrets]


def parse(shape: str, secrets: list[str]) -> Tree:
    """The document of a shape with its secrets, which the caller may change."""
    parsed, errors = _parse(shape)
    root = deepcopy(parsed)
    if secrets:
        _fill_in(root, secrets)
    return root, errors


@lru_cache(maxsize=200)  # the cases of a test follow one another
def _parse(shape: str) -> Tree:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(shape)
    return root, [f"{code} {values} at {place}" for place, code, values in parser.errors]


def _fill_in(root: Element, secrets: list[str]) -> None:
    def filled(text: str) -> str:
        return _STAND_IN.sub(lambda number: secrets[int(number[1])], text)

    for element in root.iter():
        for name, value in element.attrib.items():
            if "~" in value:
                element.set(name, filled(value))
        for place in ("text", "tail"):
            if "~" in (getattr(element, place) or ""):
                setattr(element, place, filled(getattr(element, place)))
