"""The formula guard: values on their way into and out of spreadsheets.

A spreadsheet runs a cell that begins with = + - @, a tab or a line end as a formula, and a formula
can send the whole sheet elsewhere (OWASP: CSV injection). A leading apostrophe prevents that. Where
Chinese or Japanese is written, the wide forms of these characters begin a formula too. So the guard
covers every character that Unicode turns into one of the four, or into a minus (NFKC), also after
invisible characters.
"""

from __future__ import annotations

import re

_STARTS = re.escape("=+-@\t\r\n−⁺⁻⁼₊₋₌⩵⩶﬩﹢﹣﹦﹫＋－＝＠")
_INVISIBLE = r"\s\0-\x1f\x7f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
"""Spaces, controls, and characters without width."""

_FORMULA = re.compile(f"'*[{_INVISIBLE}]*[{_STARTS}]")
_ESCAPED = re.compile(f"'+[{_INVISIBLE}]*[{_STARTS}]")


def escape_formula(value: str) -> str:
    """The value as it is safe in a spreadsheet."""
    return f"'{value}" if _FORMULA.match(value) else value


def unescape_formula(value: str) -> str:
    """The value without its guard; `unescape_formula(escape_formula(value)) == value`, always."""
    return value[1:] if _ESCAPED.match(value) else value


def escape_formula_once(value: str) -> str:
    """The same as escape_formula for a value that may be escaped already."""
    return value if value.startswith("'") else escape_formula(value)
