"""Linking: a signed link of each purpose for each contact of a table (DESIGN 3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TextIO

from peewee import Database

from widget_backend import links
from widget_backend.audience.imports import AT_ONCE, in_batches
from widget_backend.audience.outputs import Rejects, csv_writer
from widget_backend.audience.tables import Row, Table
from widget_backend.links import Link, Purpose, Signer
from widget_backend.rules.addresses import email_address
from widget_backend.site.model import Campaign, Site
from widget_backend.store.contacts import Contact, find_contacts
from widget_backend.store.profiles import Person

ADDRESS_COLUMNS = ("Email Address", "email")

URLS: dict[str, Purpose] = {
    "preferences_url": "preferences",
    "unsubscribe_url": "unsubscribe",
    "questions_url": "questions",
}
HEADERS = ("list_unsubscribe", "list_unsubscribe_post")
"""Values of the headers List-Unsubscribe and List-Unsubscribe-Post (RFC 2369, RFC 8058)."""

LINK_COLUMNS = (*URLS, *HEADERS)
ONE_CLICK = "List-Unsubscribe=One-Click"


class Linking:
    """Writes a table again, with links for those of its contacts that were imported."""

    def __init__(
        self, site: Site, signer: Signer, now: datetime, campaign: Campaign | None = None
    ) -> None:
        self._site = site
        self._signer = signer
        self._now = now
        self._campaign = (campaign.id, campaign.topic) if campaign else (None, None)

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
        kept = [at for at, name in enumerate(table.header) if name not in LINK_COLUMNS]
        writer.writerow([*(table.header[at] for at in kept), *LINK_COLUMNS])
        count = 0
        for rows in in_batches(table.rows(), AT_ONCE):
            for row, contact in self._found(database, table, rows, rejects):
                writer.writerow([*(row.cells[at] for at in kept), *self.links(contact)])
                count += 1
            after_each()
        return count

    def links(self, contact: Contact) -> list[str]:
        """The cells of one contact, in the order of the columns."""
        link = self._link(contact.person)
        return [
            *(self._address(purpose, link) for purpose in URLS.values()),
            self._list_unsubscribe(link),
            ONE_CLICK,
        ]

    def _link(self, person: Person) -> Link:
        campaign, topic = self._campaign
        return Link(
            person.site,
            person.handle,
            person.state.get("language"),
            campaign=campaign,
            topic=topic,
            generation=person.generation,
        )

    def _address(self, purpose: Purpose, link: Link) -> str:
        token = self._signer.mint(purpose, link, self._now)
        return links.address(self._site.url, purpose, token)

    def _list_unsubscribe(self, link: Link) -> str:
        token = self._signer.mint("one-click", link, self._now)
        ways = [links.address(self._site.url, "one-click", token)]
        if self._site.unsubscribe_mail:
            ways.append(f"mailto:{self._site.unsubscribe_mail}?subject={token}")
        return ", ".join(f"<{each}>" for each in ways)

    def _found(
        self, database: Database, table: Table, rows: list[Row], rejects: Rejects
    ) -> list[tuple[Row, Contact]]:
        column = table.column(*ADDRESS_COLUMNS) or 0
        emails = [None if row.problem else email_address(row[column]) for row in rows]
        contacts = find_contacts(database, self._site.id, {each for each in emails if each})
        found = []
        for row, email in zip(rows, emails, strict=True):
            if email and email in contacts:
                found.append((row, contacts[email]))
            else:
                reason = "not imported yet" if email else "has no email address"
                rejects.add(row, row.problem or reason)
        return found
