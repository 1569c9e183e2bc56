"""Cells that hold something else than they should: how many there are, and the first."""

from __future__ import annotations

from widget_backend.contacts.times import is_as_a_day
from widget_backend.rules.phone_numbers import may_be_number


def is_personal(cell: str) -> bool:
    """Whether it may be an address or a number from another column, which are not printed."""
    return "@" in cell or (may_be_number(cell) and not is_as_a_day(cell))


def quoted(cell: str) -> str:
    """A cell as a message names it."""
    return "something" if is_personal(cell) else f"“{cell[:40]}”"


class Unreadable:
    """Cells of one kind. `one` and `many` say of one, and of several, what is wrong with them."""

    def __init__(self, one: str, many: str) -> None:
        self.count = 0
        self.first: tuple[int, str, str] | None = None
        self._one, self._many = one, many

    def add(self, line: int, column: str, value: str = "") -> None:
        """With the `value` if it may be printed."""
        self.count += 1
        self.first = self.first or (line, column, value)

    def __str__(self) -> str:
        if not self.first:
            return ""
        line, column, value = self.first
        word = f" {quoted(value)}" if value and not is_personal(value) else ""
        where = f"{word} in line {line} ({column})"
        if self.count == 1:
            return f"1 {self._one},{where}"
        return f"{self.count:,} {self._many}, the first{where}"


def unreadable_times() -> Unreadable:
    return Unreadable("time could not be read", "times could not be read")
