"""The basis of consents in a file: how they came about, for each row or for all of them."""

from __future__ import annotations

from widget_backend.contacts.consents import AGREED, by_column
from widget_backend.contacts.csv_reader import CsvFile, CsvRow
from widget_backend.contacts.platform import Kind, Platform, StatedBasis
from widget_backend.contacts.stated_consent import STILL_TO_COME
from widget_backend.errors import FileRefused
from widget_backend.rules.basis import ASKED, DATED, Basis, Ground

WORDS: dict[Basis, str] = {
    "purchase": "bought something, and nobody asked them",
    "inquiry": "asked about something, and nobody asked them",
    "pre_ticked": "left a box that was ticked beforehand",
    "rewarded": "agreed for a reward, and to decline was not free",
    "rewarded_free": "agreed for a reward, and to decline was free",
}
"""What people did, for whoever imports."""
SAY_DAY = "fill the column of `agreed`, or say the day with --consent and --consented-on"
FILL_IT = "write one of the words of the map into the cell"
EXPLAIN_IT = "add the word to [basis] in the map"


class BasisColumn:
    """Reads the ground of each consent in a file of this platform."""

    def __init__(self, csv_file: CsvFile, platform: Platform) -> None:
        """Raises FileRefused if the file lacks the column."""
        self._stated = stated = platform.basis or StatedBasis()
        self._at = csv_file.column(stated.column) if stated.column else None
        if stated.column and self._at is None:
            reason = f"line 1: no column is called “{stated.column}”"
            cure = "name the column in the map as the first line does"
            raise FileRefused(str(csv_file.path), reason, cure)

    @property
    def uses(self) -> dict[int, str]:
        """What the column is read for, by its index."""
        return {} if self._at is None else {self._at: "how they came to agree"}

    def ground(
        self,
        row: CsvRow,
        kind: Kind,
        at: int | None,
        evidence: dict[str, str],
        lacking: str = "",
    ) -> Ground | str:
        """That of a yes that was said then, or why the row is rejected; `lacking` says why none of
        its own times shows it. Adds to the evidence."""
        if kind != "subscribed":
            return ASKED
        cell = "" if self._at is None else row[self._at]
        basis = self._stated.usual
        if self._at is not None and (cell or basis is None):
            words = self._stated.words
            if cell.casefold() not in words:
                return self._unclear(cell)
            evidence |= by_column({self._stated.column: cell})
            basis = words[cell.casefold()]
        if basis is None:
            return ASKED
        if basis in DATED and at is None:
            return f"has no day on which they {WORDS[basis].partition(',')[0]}; {SAY_DAY}"
        if lacking == STILL_TO_COME:
            return lacking
        evidence.pop(AGREED, None)  # for they did not
        evidence["basis"] = basis
        return Ground(basis, at)

    def _unclear(self, cell: str) -> str:
        column = self._stated.column
        if not cell:
            return f"does not say in “{column}” how they came to agree; {FILL_IT}"
        # The cell stays in the rejects: reports name no cell of a person.
        return f"has a word in “{column}” that the map does not explain; {EXPLAIN_IT}"
