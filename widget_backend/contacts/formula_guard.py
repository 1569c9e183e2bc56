"""Cells: values on their way into and out of spreadsheets.

A spreadsheet runs a cell that begins with = + - @, a tab or a line end as a formula, and a formula
can send the whole sheet elsewhere (OWASP: CSV injection). A leading apostrophe stops it. Where
Chinese or Japanese is written, the wide forms of these signs begin a formula too: so do all signs
here of which Unicode makes one of the four, or a minus (NFKC), after whatever nobody sees.
"""

from __future__ import annotations

import re

_SIGNS = re.escape("=+-@\t\r\n−⁺⁻⁼₊₋₌⩵⩶﬩﹢﹣﹦﹫＋－＝＠")
_UNSEEN = r"\s\0-\x1f\x7f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
"""Spaces, controls, and signs without width."""

_WOULD_RUN = re.compile(f"'*[{_UNSEEN}]*[{_SIGNS}]")
_GUARDED = re.compile(f"'+[{_UNSEEN}]*[{_SIGNS}]")


def guard(value: str) -> str:
    """The value as a spreadsheet may be shown it."""
    return f"'{value}" if _WOULD_RUN.match(value) else value


def unguard(value: str) -> str:
    """What was guarded; `unguard(guard(value)) == value` for every value."""
    return value[1:] if _GUARDED.match(value) else value
