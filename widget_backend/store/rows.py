"""Rows: what a query selects, written as the named tuple that its rows are read into.

So a column has the name of what it fills, and no order has to be kept in two places.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def columns_of(row: Callable[..., tuple[Any, ...]], **columns: Any) -> tuple[Any, ...]:
    """The columns in the order of the fields of `row`, which has one of each name."""
    return row(**columns)
