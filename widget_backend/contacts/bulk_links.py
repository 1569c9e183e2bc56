"""Bulk links: the signed links of each contact in a CSV file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import TextIO

from peewee import Database

from widget_backend import links
from widget_backend.address_hashes import AddressHashes
from widget_backend.contacts.batches import in_batches
from widget_backend.contacts.columns import fold_name
from widget_backend.contacts.csv_output import RejectsFile, csv_writer
from widget_backend.contacts.csv_reader import CsvFile, CsvRow
from widget_backend.contacts.cures import without_address
from widget_backend.contacts.decisions import SUPPRESSED_BECAUSE
from widget_backend.links import Link, Purpose, expiry
from widget_backend.rules.email_addresses import email_address
from widget_backend.signing import Signer
from widget_backend.site.model import Site
from widget_backend.site.sending import Campaign
from widget_backend.store.recipients import MOST_ASKED, Recipient, find_recipients, note_links
from widget_backend.store.suppression import suppressed

URLS: dict[str, Purpose] = {
    "preferences_url": "preferences",
    "unsubscribe_url": "unsubscribe",
    "questions_url": "questions",
}
HEADERS = ("list_unsubscribe", "list_unsubscribe_post")
"""Values of the headers List-Unsubscribe and List-Unsubscribe-Post (RFC 2369, RFC 8058)."""

LANGUAGE = "language"
"""The column that is written where a file has none: email platforms choose words by it."""
LINK_COLUMNS = (*URLS, *HEADERS)
ONE_CLICK = "List-Unsubscribe=One-Click"

EXPIRING: tuple[Purpose, ...] = ("preferences", "questions")
"""Both expire after the same time, so that they share a payload."""
PERMANENT: tuple[Purpose, ...] = ("unsubscribe", "one-click")


Refused = Callable[[Database, Collection[str]], Mapping[str, str]]
NOBODY = "not imported yet, and has confirmed no sign-up"
"""Also of a sign-up that waits: whoever has a list of addresses need not know of it."""


class BulkLinks:
    """Writes a CSV file again, with links for each of its rows whose contact was imported."""

    def __init__(
        self,
        site: Site,
        signer: Signer,
        now: datetime,
        campaign: Campaign | None = None,
        refused: Refused = lambda *_: {},
        hashes: AddressHashes | None = None,
    ) -> None:
        """`refused` says of emails which may not be written to, and why not; `hashes` recognise
        whom no import brings back."""
        self._site = site
        self._signer = signer
        self._at = int(now.timestamp())
        self._expires_at = expiry("preferences", now)
        self._campaign = campaign.id if campaign else None
        self._topic = campaign.topic if campaign else None
        self._refused = refused
        self._hashes = hashes

    def write(
        self,
        database: Database,
        csv_file: CsvFile,
        text: TextIO,
        rejects: RejectsFile,
        after_each: Callable[[], object] = lambda: None,
    ) -> int:
        """Write the file with link columns, replacing earlier ones, and a column of languages if it
        has none; returns the number of rows.

        Rows without an imported contact go to the rejects. `after_each` is called after each batch.
        """
        writer = csv_writer(text, csv_file.separator)
        # The address is written as email needs it, all other cells as they are in the file.
        kept = [at for at, name in enumerate(csv_file.header) if name not in LINK_COLUMNS]
        adds_language = all(fold_name(name) != LANGUAGE for name in csv_file.header)
        added = (LANGUAGE,) if adds_language else ()
        writer.writerow([*(csv_file.header[at] for at in kept), *added, *LINK_COLUMNS])
        count = 0
        for rows in in_batches(csv_file.rows(), MOST_ASKED):
            for row, recipient in self._recipients(database, csv_file, rows, rejects):
                cells = (row[at] if at == csv_file.address else row.cells[at] for at in kept)
                spoken = (recipient.language or "",) if adds_language else ()
                writer.writerow([*cells, *spoken, *self.links(recipient)])
                count += 1
            after_each()
        return count

    def _recipients(
        self, database: Database, csv_file: CsvFile, rows: list[CsvRow], rejects: RejectsFile
    ) -> list[tuple[CsvRow, Recipient]]:
        emails = [None if row.problem else email_address(row[csv_file.address]) for row in rows]
        recipients = find_recipients(database, self._site.id, {each for each in emails if each})
        strangers = {each for each in emails if each} - recipients.keys()
        refused = {**self._gone(database, strangers), **self._refused(database, recipients)}
        recipients = {email: each for email, each in recipients.items() if email not in refused}
        # Before the links are written: a link that got out is known to be out.
        note_links(database, recipients.values(), self._at)
        matches = []
        for row, email in zip(rows, emails, strict=True):
            if email and email in recipients:
                matches.append((row, recipients[email]))
            else:
                cell = row[csv_file.address]
                reason = refused.get(email, NOBODY) if email else without_address(cell)
                rejects.add(row, row.problem or reason)
        return matches

    def _gone(self, database: Database, strangers: Collection[str]) -> dict[str, str]:
        """Those whom an import would not bring in either, and why not."""
        if not self._hashes or not strangers:
            return {}
        gone = suppressed(database, self._site.id, strangers, self._hashes)
        return dict.fromkeys(gone, SUPPRESSED_BECAUSE)

    def links(self, recipient: Recipient) -> list[str]:
        """The link cells of one contact, in the order of LINK_COLUMNS. Where a site asks no
        questions, none leads to them."""
        tokens = self._tokens(EXPIRING, recipient, self._expires_at)
        tokens |= self._tokens(PERMANENT, recipient, None)
        one_click = tokens["one-click"]
        unsubscribe = [links.address(self._site.url, "one-click", one_click)]
        if self._site.unsubscribe_mail:
            unsubscribe.append(f"mailto:{self._site.unsubscribe_mail}?subject={one_click}")
        urls = {each: links.address(self._site.url, each, tokens[each]) for each in URLS.values()}
        if not self._site.stages:
            urls["questions"] = ""
        return [
            *urls.values(),
            ", ".join(f"<{each}>" for each in unsubscribe),
            ONE_CLICK,
        ]

    def _tokens(
        self, purposes: tuple[Purpose, ...], recipient: Recipient, expires_at: datetime | None
    ) -> dict[Purpose, str]:
        link = Link(
            self._site.id,
            recipient.handle,
            recipient.language,
            expires_at=expires_at,
            campaign=self._campaign,
            topic=self._topic,
            link_version=recipient.link_version,
        )
        return dict(zip(purposes, self._signer.tokens(purposes, link), strict=True))
