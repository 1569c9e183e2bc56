"""Statuses: the words by which a mail platform says whether somebody may be written to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from widget_backend.contacts.columns import loosely
from widget_backend.contacts.csv_reader import Row, Table
from widget_backend.errors import FileRefused

Meaning = Literal["off", "undeliverable", "never asked", "pending", "on"]

STRICTEST: tuple[Meaning, ...] = ("off", "undeliverable", "never asked", "pending", "on")
"""Where two columns differ, the meaning that comes first here counts."""

WORDS: Mapping[str, Meaning] = {
    "subscribed": "on",
    "active": "on",
    "unsubscribed": "off",
    "cleaned": "undeliverable",
    "bounced": "undeliverable",
    "pending": "pending",
    "unconfirmed": "pending",
    "nonsubscribed": "never asked",
    "non-subscribed": "never asked",
    "never_subscribed": "never asked",
    "transactional": "never asked",
    # Put aside by the owner, whatever the person said: not known to be a yes.
    "archived": "never asked",
}
YES, NO = ("yes", "true", "1"), ("no", "false", "0")


def _flag(yes: Meaning, no: Meaning) -> Mapping[str, Meaning]:
    return {**dict.fromkeys(YES, yes), **dict.fromkeys(NO, no)}


COLUMNS: Mapping[str, Mapping[str, Meaning]] = {
    "Status": WORDS,  # Mailchimp's API, ActiveCampaign, beehiiv
    "Member Status": WORDS,
    "MEMBER_STATUS": WORDS,
    "Subscription Status": WORDS,
    "Email Marketing Consent": WORDS,  # Klaviyo
    "EMAIL_BLACKLISTED": _flag(yes="off", no="on"),  # Brevo
    "Unsubscribed from all email": _flag(yes="off", no="on"),  # HubSpot
    "email_disabled": _flag(yes="off", no="on"),  # Substack
    "subscribed_to_emails": _flag(yes="on", no="off"),  # Ghost
    "Accepts Email Marketing": _flag(yes="on", no="never asked"),  # Shopify
}
"""The columns that are obeyed, with what their words mean."""


class Statuses:
    """The status columns of a table."""

    def __init__(self, table: Table) -> None:
        # Each is obeyed that could be one: two that differ are no matter of which is meant.
        known = {loosely(name): words for name, words in COLUMNS.items()}
        self._columns = {
            at: known[loosely(name)]
            for at, name in enumerate(table.header)
            if loosely(name) in known
        }
        self._table = table

    @property
    def columns(self) -> dict[str, int]:
        """Where they stand, by the names that they have in the file."""
        return {self._table.header[at]: at for at in self._columns}

    def refuse_unknown_words(self, rows: Iterable[Row]) -> None:
        """Raises FileRefused for the first word that is no status: then nothing is known."""
        if not self._columns:
            return
        for row in rows:
            for at, words in self._columns.items():
                if row[at] and row[at].casefold() not in words:
                    raise self._unknown(row, at, words)

    def _unknown(self, row: Row, at: int, words: Mapping[str, Meaning]) -> FileRefused:
        word = "something" if "@" in row[at] else f"“{row[at][:40]}”"
        name = self._table.header[at]
        reason = f"line {row.line}: {word} in the column “{name}” is no status known here"
        known = ", ".join(words)
        cure = (
            f"known are {known}; a column that says something else needs another name: rename it "
            "in the first line, with a text editor"
        )
        return FileRefused(str(self._table.path), reason, cure)

    def meaning(self, row: Row) -> Meaning | None:
        """What the row says of its person, the strictest of its words; None if one is missing."""
        meanings = [words.get(row[at].casefold()) for at, words in self._columns.items()]
        known = [meaning for meaning in meanings if meaning]
        return min(known, key=STRICTEST.index) if known and len(known) == len(meanings) else None
