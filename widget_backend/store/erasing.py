"""Erasing: a person's data goes, that there were records and that they were erased stays."""

from __future__ import annotations

from peewee import Database

from widget_backend.store.database import write_transaction
from widget_backend.store.ledger import Circumstances
from widget_backend.store.models import Identity, Ledger, LedgerValue, Outbox, Profile
from widget_backend.store.profiles import Person
from widget_backend.store.saves import save_within


def erase(database: Database, person: Person, how: Circumstances) -> None:
    """Delete the profile and every value in its records (GDPR 17).

    The ledger keeps when something was said and a salted hash of what, which without the salt
    tells nothing. Raises StaleRevision, with nothing deleted.
    """
    with write_transaction(database):
        save_within(database, person, [], how)
        theirs = _theirs(database, person)
        said = Ledger.select(Ledger.id).where(Ledger.profile_key.in_(list(theirs.values())))
        LedgerValue.delete().where(LedgerValue.ledger.in_(said)).execute(database)
        _stop_letters(database, person)
        Profile.delete().where(Profile.id.in_(list(theirs))).execute(database)


def _theirs(database: Database, person: Person) -> dict[int, str]:
    """The profile, what became part of it, and sign-ups of its address that nobody confirmed.

    By id, the key by which the ledger knows each.
    """
    email = person.state.get("contact:email")
    unconfirmed = Identity.select(Identity.profile).where(
        (Identity.site == person.site) & (Identity.kind == "email") & (Identity.value == email)
    )
    query = Profile.select(Profile.id, Profile.ledger_key).where(
        (Profile.id == person.id)
        | (Profile.became == person.id)
        | (Profile.pending & Profile.id.in_(unconfirmed))
    )
    return dict(query.tuples().execute(database))


def _stop_letters(database: Database, person: Person) -> None:
    """What still waits to be sent to them is not sent, and what failed is not kept."""
    to_them = Outbox.recipient == person.state.get("contact:email")
    nothing = {Outbox.recipient: None, Outbox.message: None, Outbox.next_at: None}
    Outbox.update(nothing).where(to_them).execute(database)
