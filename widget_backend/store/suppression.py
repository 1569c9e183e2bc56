"""Suppression: no import brings an erased person back, until they sign up again themselves.

The same holds for an address that somebody replaced, and for a stranger’s on a list of people not
to write to. Only keyed hashes are kept (`address_hashes.py`), so that nobody can read who it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from peewee import Database, Tuple

from widget_backend.address_hashes import AddressHash, AddressHashes
from widget_backend.store.models import Suppression
from widget_backend.store.prepared import PreparedQuery, is_one_of, parameter

AT_ONCE = 500
"""How many hashes are looked up by one query."""


def suppress(
    database: Database,
    site: str,
    addresses: Iterable[str],
    hashes: AddressHashes,
    at: int,
    run: int | None = None,
) -> None:
    """Must stand in the transaction that erases or moves, or that imports a list: then `run` is its
    number, and undoing it lifts the suppression."""
    newest = [hashes.newest(site, address) for address in addresses]
    suppress_hashes(database, site, newest, at, run)


def suppress_hashes(
    database: Database,
    site: str,
    hashes: Iterable[AddressHash],
    at: int,
    run: int | None = None,
) -> None:
    """The same, where the addresses themselves are not known any more."""
    rows = [{"site": site, "at": at, "run": run, **each._asdict()} for each in hashes]
    if rows:
        key = [Suppression.site, Suppression.key_id, Suppression.digest]
        insert = Suppression.insert_many(rows)
        # Who is suppressed for a second reason stays so, whichever run is undone.
        insert.on_conflict(conflict_target=key, update={Suppression.run: None}).execute(database)


def keep_suppressed(
    database: Database, site: str, addresses: Collection[str], hashes: AddressHashes
) -> None:
    """A second list names them: no undo of a run lifts it. Must stand in a transaction."""
    digests = [each.digest for address in addresses for each in hashes.all(site, address)]
    for start in range(0, len(digests), AT_ONCE):
        some = _of(site, hashes, digests[start : start + AT_ONCE])
        is_of_a_run = Suppression.run.is_null(False)
        Suppression.update(run=None).where(some & is_of_a_run).execute(database)


def lift_some(database: Database, run: int, most: int) -> int:
    """End suppressions that only this run made; how many. Must stand in a transaction."""
    key = (Suppression.site, Suppression.key_id, Suppression.digest)
    some = Suppression.select(*key).where(Suppression.run == run).limit(most)
    return int(Suppression.delete().where(Tuple(*key).in_(some)).execute(database))


def lift(database: Database, site: str, address: str, hashes: AddressHashes) -> None:
    """Somebody proved to read there and asked for mail. Must stand in that transaction."""
    digests = [each.digest for each in hashes.all(site, address)]
    Suppression.delete().where(_of(site, hashes, digests)).execute(database)


def suppressed(
    database: Database, site: str, addresses: Collection[str], hashes: AddressHashes
) -> set[str]:
    """Those of the addresses that belong to somebody who was erased or moved away from them."""
    addresses_of = {
        each.digest: address for address in addresses for each in hashes.all(site, address)
    }
    rows = _KEPT.run(database, site=site, keys=hashes.key_ids, digests=addresses_of)
    return {addresses_of[digest] for (digest,) in rows}


_KEPT = PreparedQuery(
    Suppression.select(Suppression.digest).where(
        (Suppression.site == parameter("site"))
        & is_one_of(Suppression.key_id, "keys")
        & is_one_of(Suppression.digest, "digests")
    )
)


def _of(site: str, hashes: AddressHashes, digests: list[str]) -> Any:
    """With the ids of the keys, by which the index is ordered."""
    is_known_key = Suppression.key_id.in_(sorted(hashes.key_ids))
    return (Suppression.site == site) & is_known_key & Suppression.digest.in_(digests)


def keeps_unreadable(database: Database, site: str, hashes: AddressHashes) -> bool:
    """Whether somebody was erased under a key that is not among these: they would not be known."""
    query = Suppression.select(Suppression.key_id).where(Suppression.site == site).distinct()
    return any(key_id not in hashes.key_ids for (key_id,) in query.tuples().execute(database))
