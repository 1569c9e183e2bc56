"""Lettering: how wide words are about, so that they fit into a drawing, which breaks no lines.

Nobody knows the font of the reader, so it is the width of letters in common ones, and rather more.
"""

from __future__ import annotations

from itertools import accumulate
from unicodedata import category, combining, east_asian_width

NARROW, WIDE = frozenset("ijlI.,:;'’|!()[] ·-ftr"), frozenset("mwMWQO@%&—…")
ISOLATED = "\u2068{}\u2069"
"""Whatever the direction of the text around."""


def width(text: str, size: float) -> float:
    """In the unit of the size of the letters."""
    return size * sum(map(_width, text))


def _width(sign: str) -> float:
    if combining(sign) or category(sign) in {"Cf", "Mn", "Me"}:
        return 0.0
    if east_asian_width(sign) in "WF":
        return 1.0
    if sign in NARROW:
        return 0.36
    if sign in WIDE:
        return 0.92
    if "\u0600" <= sign <= "\u06ff":  # Arabic letters are joined
        return 0.5
    return 0.7 if sign.isupper() else 0.58


def shortened(text: str, size: float, room: float) -> str:
    """The text, or as much of its beginning as there is room for; isolated."""
    if width(text, size) <= room:
        return ISOLATED.format(text)
    room -= width("…", size)
    widths = accumulate(width(sign, size) for sign in text)
    fitting = sum(each <= room for each in widths)
    return ISOLATED.format(f"{text[:fitting].rstrip(' -_')}…")


def in_lines(text: str, size: float, room: float, most: int) -> list[str]:
    """The text in so many lines at the most, broken after spaces and hyphens where it can be."""
    lines: list[str] = []
    rest = text
    while width(rest, size) > room and len(lines) < most - 1:
        end = _break(rest, size, room)
        lines.append(ISOLATED.format(rest[:end].rstrip()))
        rest = rest[end:]
    return [*lines, shortened(rest, size, room)]


def _break(text: str, size: float, room: float) -> int:
    """After how many signs the line ends: at the last place for a break, or where it is full."""
    full = 1
    while full < len(text) and width(text[: full + 1], size) <= room:
        full += 1
    places = [at for at in range(full // 3, full + 1) if at and text[at - 1] in " -_"]
    return max(places, default=full)
