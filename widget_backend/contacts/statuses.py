"""Statuses: the words with which a mail platform says whether a person may get email."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from widget_backend.contacts.columns import fold_name
from widget_backend.contacts.csv_reader import CsvFile, CsvRow
from widget_backend.contacts.platform import Kind, Meaning, Platform, Words
from widget_backend.contacts.unreadable import quoted
from widget_backend.errors import FileRefused

STRICTEST: tuple[Meaning, ...] = ("off", "undeliverable", "never asked", "pending", "on")
"""If two columns differ, the meaning that comes first here counts."""


KINDS: dict[Meaning, Kind] = {
    "off": "unsubscribed",
    "undeliverable": "cleaned",
    "on": "subscribed",
}
"""The kind of contact that a row with this status is. Rows with another status are rejected."""
MEANINGS = {kind: meaning for meaning, kind in KINDS.items()}
REJECTED: dict[Meaning, str] = {
    "never asked": "never subscribed there, by its status",
    "pending": "has not confirmed there, by its status",
}


class StatusColumns:
    """The status columns of a file. All of them count: if two differ, the stricter one does.

    Those of its platform come first, then `others`, by their folded names.
    """

    def __init__(self, csv_file: CsvFile, platform: Platform, others: Mapping[str, Words]) -> None:
        own = {fold_name(name): words for name, words in platform.statuses.items()}
        known = {**others, **own}
        self._words = {
            at: known[fold_name(name)]
            for at, name in enumerate(csv_file.header)
            if fold_name(name) in known
        }
        self._csv_file = csv_file

    @property
    def columns(self) -> dict[str, int]:
        """Their indexes, by their names in the file."""
        return {self._csv_file.header[at]: at for at in self._words}

    def refuse_unknown_words(self, rows: Iterable[CsvRow]) -> None:
        """Raises FileRefused for the first word that is no known status."""
        if not self._words:
            return
        for row in rows:
            for at, words in self._words.items():
                if row[at] and row[at].casefold() not in words:
                    column = self._csv_file.header[at]
                    where = f"line {row.line}: {quoted(row[at])} in the column “{column}”"
                    cure = (
                        f"known are {', '.join(words)}; say what other words mean with --columns, "
                        "which --describe drafts; a column that says something else needs another "
                        "name: rename it in the first line, with a text editor"
                    )
                    reason = f"{where} is no status known here"
                    raise FileRefused(str(self._csv_file.path), reason, cure)

    def meaning(self, row: CsvRow) -> Meaning | None:
        """The strictest meaning of the row's status words; None if a word is missing."""
        meanings = [words.get(row[at].casefold()) for at, words in self._words.items()]
        known = [meaning for meaning in meanings if meaning]
        return min(known, key=STRICTEST.index) if known and len(known) == len(meanings) else None
