"""Files of an audience: who may get a message, with their links; and why the others may not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TextIO

from peewee import Database

from widget_backend.contacts.audience import Answer, reason
from widget_backend.contacts.bulk_links import LINK_COLUMNS, BulkLinks
from widget_backend.contacts.csv_output import csv_writer
from widget_backend.contacts.export_fields import Field, parts_of, time_text
from widget_backend.contacts.formula_guard import escape_formula
from widget_backend.contacts.platform import Platform
from widget_backend.store.contacts import Contact
from widget_backend.store.people import Person, people_named
from widget_backend.store.recipients import Recipient, note_links

PLAIN = ("language", "roles")
GONE = "nobody has this address here any more"


@dataclass(frozen=True)
class Shape:
    """What a file of an audience looks like.

    `address` is the field that holds the address of the channel, and `fields` what else is asked
    for. In the shape of a `platform` it has the columns of that, in which everybody is subscribed
    and has this `tag`; otherwise language and roles, and a guard against formulas.
    """

    address: Field
    fields: Sequence[Field] = ()
    platform: Platform | None = None
    tag: str = ""

    @property
    def own_cells(self) -> dict[str, str]:
        """Columns that have the same cell in each row."""
        if self.platform is None or self.platform.written is None:
            return {}
        assert self.platform.tags
        written = self.platform.written
        tags = written.join_tags([self.tag] if self.tag else [])
        return {**written.statuses["subscribed"], self.platform.tags[0]: tags}


@dataclass
class AudienceFile:
    """Writes those who may get a message, and notes that they have links."""

    text: TextIO
    shape: Shape
    links: BulkLinks
    at: int
    count: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        shape, platform = self.shape, self.shape.platform
        address = platform.address[0] if platform else shape.address.name
        beside = [*shape.own_cells] if platform else [*PLAIN]
        names = [each.name for each in shape.fields]
        written = platform.written if platform else None
        if written and written.byte_order_mark:
            self.text.write("\ufeff")
        separator = platform.separator if platform else ","
        self._writer = csv_writer(self.text, separator, written.line_end if written else "\n")
        self._writer.writerow([address, *beside, *names, *LINK_COLUMNS])

    def add(self, database: Database, contacts: Sequence[Contact]) -> None:
        """At most a page of them."""
        recipients = [_recipient(each) for each in contacts]
        # Before the links are written: a link that got out is known to be out.
        note_links(database, recipients, self.at)
        people = self._people(database, contacts)
        for contact, recipient in zip(contacts, recipients, strict=True):
            person = people.get(contact.profile.ledger_key)
            if person or not people:
                self._writer.writerow([*self._cells(contact, person), *self.links.links(recipient)])
                self.count += 1

    def _people(self, database: Database, contacts: Sequence[Contact]) -> dict[str, Person]:
        """What fields are read from; nobody, where an email is all that is asked for."""
        fields = [self.shape.address, *self.shape.fields]
        if [each.name for each in fields] == ["email"] or not contacts:
            return {}
        keys = [each.profile.ledger_key for each in contacts]
        return {each.row.person: each for each in people_named(database, keys, parts_of(fields))}

    def _cells(self, contact: Contact, person: Person | None) -> Iterator[str]:
        shape = self.shape
        if person is None:
            cells = [contact.written or contact.email or ""]
        else:
            cells = [_cell(shape.address, person)]
        if shape.platform:
            cells += shape.own_cells.values()
        else:
            cells += [contact.profile.state.language or "", ", ".join(contact.profile.roles)]
        cells += [_cell(each, person) for each in shape.fields if person]
        return iter(cells) if shape.platform else map(escape_formula, cells)


def _cell(field: Field, person: Person) -> str:
    known = field.value(person)
    return "" if known is None else field.text(known)


def _recipient(contact: Contact) -> Recipient:
    person = contact.profile
    return Recipient(person.id, person.handle, person.state.language, person.link_version)


class ReasonsFile:
    """Writes those who may not get a message, each with the rule, and when it lets it pass."""

    def __init__(self, text: TextIO) -> None:
        self._writer = csv_writer(text)
        self._writer.writerow(["person", "email", "rule", "reason", "not_before"])

    def add(self, answers: Iterable[Answer]) -> None:
        for contact, against in answers:
            if against:
                email = escape_formula(contact.written or contact.email or "")
                row = [contact.profile.ledger_key, email, against.rule, reason(against)]
                self._writer.writerow([*row, time_text(against.not_before) or ""])

    def add_gone(self, rows: Iterable[tuple[int, str | None]]) -> None:
        """Lines of an earlier file whose address leads to nobody here, or cannot be read."""
        for line, email in rows:
            why = GONE if email else f"line {line} has no address that can be read"
            self._writer.writerow(["", escape_formula(email or ""), "gone", why, ""])
