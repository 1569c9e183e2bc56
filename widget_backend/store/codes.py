"""Codes: proof that whoever holds a link also reads the mail of the address on file."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from peewee import Database

from widget_backend.store.database import write_transaction
from widget_backend.store.models import Code
from widget_backend.store.profiles import Person, new_key

MINUTES = 15
TRIES = 5
"""Of a million codes; with the limit on mail that is some hundred a day, for one person's."""


def make_digits() -> str:
    return f"{secrets.randbelow(10**6):06}"


def keep_code(database: Database, person: Person, digits: str, now: int) -> None:
    """In place of any earlier code. Must stand in the transaction that mails it."""
    salt = new_key()
    Code.delete().where(Code.profile == person.id).execute(database)
    Code.insert(
        profile=person.id, salt=salt, digest=_digest(salt, digits), until=now + MINUTES * 60
    ).execute(database)


def enter_code(database: Database, person: Person, digits: str, now: int) -> bool:
    """Whether this is the code. It works once, and each try counts, right or wrong."""
    mine = Code.profile == person.id
    still_good = mine & (Code.until > now) & (Code.attempts < TRIES)
    with write_transaction(database):
        counted = Code.update(attempts=Code.attempts + 1).where(still_good).execute(database)
        if not counted:
            return False
        ((salt, digest),) = (
            Code.select(Code.salt, Code.digest).where(mine).tuples().execute(database)
        )
        is_right = hmac.compare_digest(_digest(salt, digits), digest)
        if is_right:
            Code.delete().where(mine).execute(database)
    return is_right


def _digest(salt: str, digits: str) -> str:
    return hashlib.sha256(f"{salt}\n{digits}".encode()).hexdigest()
