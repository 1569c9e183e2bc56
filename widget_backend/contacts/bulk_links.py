"""Linking: a signed link of each purpose for each contact of a table (DESIGN 3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TextIO

from peewee import Database

from widget_backend import links
from widget_backend.contacts.csv_output import Rejects, csv_writer
from widget_backend.contacts.csv_reader import Row, Table
from widget_backend.contacts.imports import in_batches
from widget_backend.links import Link, Purpose, expiry
from widget_backend.rules.email_addresses import email_address
from widget_backend.signing import Signer
from widget_backend.site.model import Campaign, Site
from widget_backend.store.contacts import MOST_ASKED, Recipient, find_recipients

URLS: dict[str, Purpose] = {
    "preferences_url": "preferences",
    "unsubscribe_url": "unsubscribe",
    "questions_url": "questions",
}
HEADERS = ("list_unsubscribe", "list_unsubscribe_post")
"""Values of the headers List-Unsubscribe and List-Unsubscribe-Post (RFC 2369, RFC 8058)."""

LINK_COLUMNS = (*URLS, *HEADERS)
ONE_CLICK = "List-Unsubscribe=One-Click"

ENDING: tuple[Purpose, ...] = ("preferences", "questions")
"""Both live equally long, so that one payload serves for both."""
LASTING: tuple[Purpose, ...] = ("unsubscribe", "one-click")


class Linking:
    """Writes a table again, with links for those of its contacts that were imported."""

    def __init__(
        self, site: Site, signer: Signer, now: datetime, campaign: Campaign | None = None
    ) -> None:
        self._site = site
        self._signer = signer
        self._until = expiry("preferences", now)
        self._campaign = campaign.id if campaign else None
        self._topic = campaign.topic if campaign else None

    def write(
        self,
        database: Database,
        table: Table,
        text: TextIO,
        rejects: Rejects,
        after_each: Callable[[], object] = lambda: None,
    ) -> int:
        """The table with link columns, links of an earlier run replaced; returns how many rows.

        Rows without a known contact go to the rejects.
        """
        writer = csv_writer(text)
        # The address as mail needs it; what else is in the table goes on as it came.
        kept = [at for at, name in enumerate(table.header) if name not in LINK_COLUMNS]
        writer.writerow([*(table.header[at] for at in kept), *LINK_COLUMNS])
        count = 0
        for rows in in_batches(table.rows(), MOST_ASKED):
            for row, recipient in self._found(database, table, rows, rejects):
                cells = (row[at] if at == table.address else row.cells[at] for at in kept)
                writer.writerow([*cells, *self.links(recipient)])
                count += 1
            after_each()
        return count

    def links(self, recipient: Recipient) -> list[str]:
        """The cells of one contact, in the order of the columns."""
        signed = self._signed(ENDING, recipient, self._until)
        signed |= self._signed(LASTING, recipient, None)
        return [
            *(links.address(self._site.url, each, signed[each]) for each in URLS.values()),
            self._list_unsubscribe(signed["one-click"]),
            ONE_CLICK,
        ]

    def _signed(
        self, purposes: tuple[Purpose, ...], recipient: Recipient, until: datetime | None
    ) -> dict[Purpose, str]:
        link = Link(
            self._site.id,
            recipient.handle,
            recipient.language,
            until,
            self._campaign,
            self._topic,
            recipient.generation,
        )
        return dict(zip(purposes, self._signer.tokens(purposes, link), strict=True))

    def _list_unsubscribe(self, token: str) -> str:
        ways = [links.address(self._site.url, "one-click", token)]
        if self._site.unsubscribe_mail:
            ways.append(f"mailto:{self._site.unsubscribe_mail}?subject={token}")
        return ", ".join(f"<{each}>" for each in ways)

    def _found(
        self, database: Database, table: Table, rows: list[Row], rejects: Rejects
    ) -> list[tuple[Row, Recipient]]:
        emails = [None if row.problem else email_address(row[table.address]) for row in rows]
        known = find_recipients(database, self._site.id, {each for each in emails if each})
        found = []
        for row, email in zip(rows, emails, strict=True):
            if email and email in known:
                found.append((row, known[email]))
            else:
                reason = "not imported yet" if email else "has no email address"
                rejects.add(row, row.problem or reason)
        return found
