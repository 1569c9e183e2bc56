"""One-time codes: proof that the holder of a link also reads the mail of the address on file.

A code and its tries belong to the link that asked for it: the reader of a forwarded message cannot
use up the tries of the person it came from. A code works once; the same form pressed again within
a minute leads to the same page.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from peewee import Database, Expression, PostgresqlDatabase, fn

from widget_backend.errors import ProfileUnknown
from widget_backend.rate_limits import AHEAD, AT_ONCE, JUST_NOW
from widget_backend.store.deliverability import note_reached
from widget_backend.store.models import OneTimeCode
from widget_backend.store.profiles import Profile, new_key
from widget_backend.store.writing import violation_means

MINUTES = 15
TRIES = 5
"""Of a million codes. With the limit on mail, somebody can try fifty a day for one person."""


def make_digits() -> str:
    return f"{secrets.randbelow(10**6):06}"


def keep_code(database: Database, profile: Profile, token: str, digits: str, now: int) -> bool:
    """Store a code in place of the link's earlier one. Must stand in the transaction that mails it.

    False, with nothing stored, when another press of the same button was first: its code is coming.
    Raises ProfileUnknown when the person was erased meanwhile.
    """
    OneTimeCode.delete().where(
        (OneTimeCode.profile == profile.id) & (OneTimeCode.until <= now)
    ).execute(database)
    salt, until = new_key(), now + MINUTES * 60
    insert = OneTimeCode.insert(
        profile=profile.id,
        link=_name(token),
        salt=salt,
        digest=_digest(salt, digits),
        until=until,
    ).on_conflict(
        conflict_target=[OneTimeCode.profile, OneTimeCode.link],
        preserve=[OneTimeCode.salt, OneTimeCode.digest, OneTimeCode.until, OneTimeCode.attempts],
        where=(OneTimeCode.until <= until - AT_ONCE) | (OneTimeCode.until > until + AHEAD),
    )
    with violation_means(ProfileUnknown):
        return bool(insert.as_rowcount().execute(database))


def enter_code(database: Database, profile: Profile, token: str, digits: str, now: int) -> bool:
    """Whether this is the link's code. Wrong tries count; a right one ends it in a minute.

    Must stand in a transaction.
    """
    mine = (OneTimeCode.profile == profile.id) & (OneTimeCode.link == _name(token))
    still_good = mine & (OneTimeCode.until > now) & (OneTimeCode.attempts < TRIES)
    one_more = OneTimeCode.update(attempts=OneTimeCode.attempts + 1).where(still_good)
    if not one_more.execute(database):
        return False
    query = OneTimeCode.select(OneTimeCode.salt, OneTimeCode.digest).where(mine).tuples()
    ((salt, digest),) = query.execute(database)
    is_right = hmac.compare_digest(_digest(salt, digits), digest)
    if is_right:
        _end_soon(database, mine, now)
        note_reached(database, profile.id, now)
    return is_right


def _end_soon(database: Database, mine: Expression, now: int) -> None:
    """End the code a minute after it was right for the first time, for those who press twice."""
    soon = fn.LEAST if isinstance(database, PostgresqlDatabase) else fn.MIN
    OneTimeCode.update(
        until=soon(OneTimeCode.until, now + JUST_NOW), attempts=OneTimeCode.attempts - 1
    ).where(mine).execute(database)


def _name(token: str) -> str:
    """A hash of the link's token, which does not open the link."""
    return hashlib.sha256(token.encode()).hexdigest()[:32]


def _digest(salt: str, digits: str) -> str:
    return hashlib.sha256(f"{salt}\n{digits}".encode()).hexdigest()
