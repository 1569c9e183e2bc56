"""Cells: values on their way into and out of spreadsheets.

A spreadsheet runs a cell that begins with = + - @, a tab or a carriage return as a formula, and a
formula can send the whole sheet elsewhere (OWASP: CSV injection). A leading apostrophe stops it.
"""

from __future__ import annotations

import re

_WOULD_RUN = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guard(value: str) -> str:
    """The value as a spreadsheet may be shown it."""
    return f"'{value}" if _WOULD_RUN.match(value) else value


def unguard(value: str) -> str:
    """What was guarded; `unguard(guard(value)) == value` for every value."""
    return value[1:] if _GUARDED.match(value) else value
