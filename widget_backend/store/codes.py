"""Codes: proof that whoever holds a link also reads the mail of the address on file.

A code belongs to the link that asked for it, and so do the tries: who has a forwarded mail cannot
use up those of the person it came from.
"""

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
"""Of a million codes; with the limit on mail that is fifty a day, for one person's."""


def make_digits() -> str:
    return f"{secrets.randbelow(10**6):06}"


def keep_code(database: Database, person: Person, token: str, digits: str, now: int) -> None:
    """In place of this link's earlier code. Must stand in the transaction that mails it."""
    link, salt = _name(token), new_key()
    replaced = (Code.link == link) | (Code.until <= now)
    Code.delete().where((Code.profile == person.id) & replaced).execute(database)
    row = {"profile": person.id, "link": link, "salt": salt, "digest": _digest(salt, digits)}
    Code.insert(**row, until=now + MINUTES * 60).execute(database)


def enter_code(database: Database, person: Person, token: str, digits: str, now: int) -> bool:
    """Whether this is the link's code. It works once, and each try counts, right or wrong."""
    mine = (Code.profile == person.id) & (Code.link == _name(token))
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


def _name(token: str) -> str:
    """A link without what opens it."""
    return hashlib.sha256(token.encode()).hexdigest()[:32]


def _digest(salt: str, digits: str) -> str:
    return hashlib.sha256(f"{salt}\n{digits}".encode()).hexdigest()
