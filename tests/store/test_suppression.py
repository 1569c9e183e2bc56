"""Who was erased stays away: known again by a keyed hash, whichever key signs by now."""

from __future__ import annotations

from typing import Any

import pytest
from peewee import Database

from tests.support.people import ARTA, AT, NEW, how, person_of
from widget_backend.address_hashes import AddressHashes
from widget_backend.errors import StaleRevision
from widget_backend.rules.state import Change
from widget_backend.store import models
from widget_backend.store.address_changes import change_address
from widget_backend.store.erasure import erase
from widget_backend.store.models import Identity, Suppression
from widget_backend.store.profiles import Profile, read_profile
from widget_backend.store.saves import save
from widget_backend.store.sign_ups import confirm
from widget_backend.store.suppression import keeps_unreadable, suppress, suppressed

OLD_KEY, NEW_KEY, OTHER_KEY = ("k" * 32, "l" * 32, "m" * 32)
OLD, OTHER = AddressHashes([OLD_KEY]), AddressHashes([OTHER_KEY])
ROTATED = {
    "newer in front": AddressHashes([NEW_KEY, OLD_KEY]),
    "retired": AddressHashes([NEW_KEY], [OLD_KEY]),
}


def erased(database: Database, site: str = "shop") -> Profile:
    person = person_of(database, site)
    erase(database, person, how(site), OLD)
    return person


def sign_up_of(database: Database, email: str) -> Profile:
    return person_of(database, "shop", email, pending=True)


def test_an_erased_address_is_known_again_and_cannot_be_read(database: Database) -> None:
    erased(database)
    assert suppressed(database, "shop", [ARTA, NEW], OLD) == {ARTA}
    (row,) = Suppression.select().dicts().execute(database)
    assert ARTA not in repr(row)
    assert row == {"site": "shop", **OLD.newest("shop", ARTA)._asdict(), "at": AT, "run": None}


def test_of_another_site_nothing_is_known(database: Database) -> None:
    erased(database)
    assert suppressed(database, "inn", [ARTA], OLD) == set()
    assert OLD.newest("shop", ARTA).digest != OLD.newest("inn", ARTA).digest


@pytest.mark.parametrize("keys", ROTATED)
def test_rotating_keys_loses_nobody(database: Database, keys: str) -> None:
    erased(database)
    assert suppressed(database, "shop", [ARTA], ROTATED[keys]) == {ARTA}
    assert not keeps_unreadable(database, "shop", ROTATED[keys])


def test_a_key_that_was_thrown_away_is_missed(database: Database) -> None:
    assert not keeps_unreadable(database, "shop", OTHER)
    erased(database)
    assert keeps_unreadable(database, "shop", OTHER)
    assert not keeps_unreadable(database, "inn", OTHER)


def test_many_addresses_are_looked_up_under_many_keys(database: Database) -> None:
    emails = [f"{number}@example.com" for number in range(1200)]
    suppress(database, "shop", emails[::2], OLD, AT)
    keys = AddressHashes([NEW_KEY, OTHER_KEY], [OLD_KEY])
    assert suppressed(database, "shop", emails, keys) == set(emails[::2])


def test_every_address_that_was_theirs_is_remembered_and_nobody_elses(database: Database) -> None:
    person = person_of(database, "shop", "first@example.com")
    for address in ("second@example.com", ARTA):
        person = read_profile(database, "shop", person.handle)
        change_address(database, person, "n", address, how("shop"), None, OLD)
    confirm(database, sign_up_of(database, "second@example.com"), how("shop"), OLD)
    erase(database, read_profile(database, "shop", person.handle), how("shop"), OLD)
    asked = ["first@example.com", "second@example.com", ARTA]
    assert suppressed(database, "shop", asked, OLD) == {"first@example.com", ARTA}


def test_a_sign_up_lifts_it_once_it_is_confirmed(database: Database) -> None:
    erased(database)
    pending = sign_up_of(database, ARTA)
    assert suppressed(database, "shop", [ARTA], OLD) == {ARTA}, "anybody can sign an address up"
    confirm(database, pending, how("shop"), ROTATED["retired"])
    assert suppressed(database, "shop", [ARTA], OLD) == set()


def test_moving_to_the_address_lifts_it(database: Database) -> None:
    erased(database)
    other = person_of(database, "shop", NEW)
    change_address(database, other, "n", ARTA, how("shop"), None, OLD)
    assert suppressed(database, "shop", [ARTA], OLD) == set()


def test_an_address_that_was_moved_away_from_stays_away_until_somebody_comes_back_to_it(
    database: Database,
) -> None:
    person = person_of(database, "shop")
    change_address(database, person, "n", NEW, how("shop"), None, OLD)
    assert suppressed(database, "shop", [ARTA, NEW], OLD) == {ARTA}
    person = read_profile(database, "shop", person.handle)
    change_address(database, person, "m", ARTA, how("shop"), None, OLD)
    assert suppressed(database, "shop", [ARTA, NEW], OLD) == {NEW}


def test_what_is_not_erased_is_not_remembered(database: Database) -> None:
    person = person_of(database, "shop")
    save(database, person, [Change("language", "sq", "ar")], how("shop"))
    with pytest.raises(StaleRevision):
        erase(database, person, how("shop"), OLD)
    assert Suppression.select().count(database) == 0
    assert models.Profile.select().count(database) == 1


def test_somebody_without_an_address_leaves_no_hash(database: Database) -> None:
    person = person_of(database, "shop")
    Identity.delete().execute(database)
    erase(database, read_profile(database, "shop", person.handle), how("shop"), OLD)
    assert Suppression.select().count(database) == 0


def test_the_hash_is_the_documented_one() -> None:
    """HMAC-SHA-256; made here by hand, so that no change of ours forgets who was erased."""
    import hashlib
    import hmac

    def by_hand(key: bytes, message: bytes) -> Any:
        return hmac.new(key, message, hashlib.sha256)

    derived = by_hand(OLD_KEY.encode(), b"preference-widget suppression").digest()
    assert OLD.newest("shop", ARTA) == (
        by_hand(derived, b"key id").hexdigest()[:8],
        by_hand(derived, b"shop\narta@example.com").hexdigest(),
    )
