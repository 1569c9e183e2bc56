"""People of the store, and a crowd around them."""

from __future__ import annotations

from typing import Any

from peewee import Database

from widget_backend.address_hashes import AddressHashes
from widget_backend.rules.state import Change
from widget_backend.store.address_changes import request_change
from widget_backend.store.database import write_transaction
from widget_backend.store.erasure import Erased, erase
from widget_backend.store.ledger import ConsentContext, Wording
from widget_backend.store.models import Identity
from widget_backend.store.new_contacts import NewContact, create_contacts
from widget_backend.store.outbox import OutgoingMessage, enqueue
from widget_backend.store.profiles import Profile, create_profile, read_profile
from widget_backend.store.saves import save, save_in_transaction

AT = 1_800_000_000
ARTA, NEW = "arta@example.com", "new@example.com"
HASHES = AddressHashes(["a key of the tests that is long enough"])


def person_of(database: Database, site: str, email: str = ARTA, **known: Any) -> Profile:
    person = create_profile(database, site, AT, **known)
    row = {"site": site, "profile": person.id, "kind": "email", "value": email}
    Identity.insert(**row, confirmed=not person.pending).execute(database)
    save(database, person, [Change("language", None, "sq")], how(site))
    return read_profile(database, site, person.handle)


def choose(database: Database, person: Profile, *topics: str) -> None:
    """They turn these topics on, whether the site file declares them or not."""
    on = {"on": True, "channel": "email", "frequency": "weekly"}
    save(database, person, [Change(f"topic:{each}", None, on) for each in topics], how(person.site))


def how(site: str) -> ConsentContext:
    return ConsentContext(AT, "hosted", Wording.of(site, "sq", {}))


def erase_people(database: Database, *people: Profile) -> list[Erased]:
    """Delete them; what a file of suppressions is to keep of each."""
    return [erase(database, each, how(each.site), HASHES) for each in people]


def crowd(database: Database, site: str, size: int = 800) -> None:
    """Enough others that no planner finds it quicker to read whole tables."""
    emails = [f"{number}@{site}.example" for number in range(size)]
    with write_transaction(database):
        people = create_contacts(database, site, AT, [NewContact(each) for each in emails])
        for email, person in people.items():
            save_in_transaction(database, person, [Change("language", None, "sq")], how(site))
            enqueue(database, OutgoingMessage(site, "link", email, "…", person.handle), AT)
            request_change(database, person, f"new-{email}", AT + 60)
