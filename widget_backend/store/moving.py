"""Moving to another address: asked for by who proved to be the person, confirmed at the new one."""

from __future__ import annotations

from peewee import Database

from widget_backend.rules.state import Change
from widget_backend.store.database import write_transaction
from widget_backend.store.ledger import Circumstances
from widget_backend.store.models import Identity, NewAddress, Profile
from widget_backend.store.outbox import Letter, post
from widget_backend.store.profiles import Person, new_key, revoke_links
from widget_backend.store.saves import save_within


def ask_to_move(database: Database, person: Person, address: str, until: int) -> str:
    """Remember the new address until it is confirmed; returns the name of the request.

    A later request takes the place of an earlier one. Must stand in a transaction.
    """
    name = new_key()
    NewAddress.delete().where(NewAddress.profile == person.id).execute(database)
    NewAddress.insert(profile=person.id, name=name, address=address, until=until).execute(database)
    return name


def find_move(database: Database, name: str, now: int) -> tuple[str, str] | None:
    """The person's handle and the new address of a request; None when it is over or replaced."""
    query = (
        NewAddress.select(Profile.handle, NewAddress.address)
        .join(Profile)
        .where((NewAddress.name == name) & (NewAddress.until > now))
    )
    return next(iter(query.tuples().execute(database)), None)


def move(
    database: Database, person: Person, address: str, how: Circumstances, letter: Letter | None
) -> None:
    """The address on file from now on; the letter tells the old one.

    Raises StaleRevision, and peewee.IntegrityError when the address is somebody else's here.
    """
    change = Change("contact:email", person.state.get("contact:email"), address)
    with write_transaction(database):
        save_within(database, person, [change], how)
        mine = (Identity.profile == person.id) & (Identity.kind == "email")
        Identity.update(confirmed=True).where(mine).execute(database)
        revoke_links(database, person)
        if letter:
            post(database, letter, how.at)
