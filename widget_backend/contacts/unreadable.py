"""Cells that hold something else than they should: how many there are, and the first."""

from __future__ import annotations


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
        # The cell may hold an address from another column, and addresses are not printed.
        quoted = f" “{value[:40]}”" if value and "@" not in value else ""
        where = f"{quoted} in line {line} ({column})"
        if self.count == 1:
            return f"1 {self._one},{where}"
        return f"{self.count:,} {self._many}, the first{where}"


def unreadable_times() -> Unreadable:
    return Unreadable("time could not be read", "times could not be read")
