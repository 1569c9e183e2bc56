"""What goes by itself: at its time and not before, in small steps, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from peewee import Database

from tests.support.people import ARTA, AT, HASHES, NEW, crowd, how, person_of
from widget_backend.links import LIFETIMES
from widget_backend.rules.state import Change
from widget_backend.store import models
from widget_backend.store.address_changes import request_change
from widget_backend.store.current_contexts import contexts_of, set_context
from widget_backend.store.database import write_transaction
from widget_backend.store.ledger import ConsentContext, records
from widget_backend.store.models import AddressChange, ConsentRecord, ConsentValue, Job, OneTimeCode
from widget_backend.store.one_time_codes import keep_code
from widget_backend.store.outbox import OutgoingMessage, claim_due, enqueue, finish
from widget_backend.store.profiles import Profile
from widget_backend.store.reservations import Reservation, places_of, take_many
from widget_backend.store.retention import (
    AT_ONCE,
    DAY,
    ENDED_STAY,
    MESSAGES_STAY,
    PLACES_STAY,
    SIGN_UPS_STAY,
    tidy,
)
from widget_backend.store.sign_ups import ask_again, confirm, sign_up

MESSAGE = OutgoingMessage("shop", "confirm", ARTA, "…", about="a" * 32)


def nothing_more() -> None:
    """No message with it."""


def tidy_all(database: Database, now: int) -> None:
    while tidy(database, now):
        pass


def test_what_somebody_is_busy_with_goes_when_it_ends_and_a_place_a_month_later(
    database: Database,
) -> None:
    person = person_of(database, "shop").id
    with write_transaction(database):
        set_context(database, person, "open-cart", AT)
        place = Reservation(person, "spring", "offers", "email", "shop", AT - 60, AT)
        take_many(database, [place])
    tidy_all(database, AT)
    assert contexts_of(database, person, AT - 1) == [("open-cart", AT)]
    tidy_all(database, AT + 1)
    assert contexts_of(database, person, AT - 1) == []
    tidy_all(database, AT + PLACES_STAY)
    assert places_of(database, person) == [place]
    tidy_all(database, AT + PLACES_STAY + 1)
    assert places_of(database, person) == []


def pending(database: Database, handle: str = "h") -> None:
    change = Change("language", None, "sq")
    answer = Change("answer:moved", None, {"said": "yes", "at": AT})
    how = ConsentContext(AT, "sign-up", HOW.wording)
    sign_up(database, "shop", handle, ARTA, [change, answer], how, nothing_more)


HOW = how("shop")


def test_a_sign_up_that_nobody_confirmed_goes_and_that_there_was_one_stays(
    database: Database,
) -> None:
    pending(database)
    (record,) = ConsentRecord.select().execute(database)
    tidy_all(database, AT + SIGN_UPS_STAY)
    assert models.Profile.select().count(database) == 1, "not before its time"
    tidy_all(database, AT + SIGN_UPS_STAY + 1)
    assert models.Profile.select().count(database) == 0
    assert ConsentValue.select().count(database) == 0
    assert [each.id for each in ConsentRecord.select().execute(database)] == [record.id]
    for table in ("identity", "preference", "answer"):
        assert database.execute_sql(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def test_who_asked_for_the_message_again_has_the_whole_time_again(database: Database) -> None:
    pending(database)
    again = AT + SIGN_UPS_STAY - 1
    ask_again(database, "h", again, nothing_more)
    tidy_all(database, again + SIGN_UPS_STAY)
    assert models.Profile.select().count(database) == 1
    tidy_all(database, again + SIGN_UPS_STAY + 1)
    assert models.Profile.select().count(database) == 0


def test_a_sign_up_stays_for_longer_than_the_link_that_confirms_it() -> None:
    lifetime = LIFETIMES["confirm"]
    assert lifetime is not None
    assert lifetime.total_seconds() + DAY < SIGN_UPS_STAY


def test_people_stay_and_what_became_part_of_them(database: Database) -> None:
    owner = person_of(database, "shop")
    joined = person_of(database, "shop", pending=True)
    confirm(database, joined, HOW, HASHES)
    tidy_all(database, AT + 10_000 * DAY)
    assert models.Profile.select().count(database) == 2
    assert records(database, owner.ledger_key)
    assert records(database, joined.ledger_key)[0].changes


@pytest.fixture
def person(database: Database) -> Profile:
    return person_of(database, "shop")


def a_code(database: Database, person: Profile) -> int:
    keep_code(database, person, "token", "123456", AT)
    return int(OneTimeCode.select(OneTimeCode.until).scalar(database)) + ENDED_STAY


def a_move(database: Database, person: Profile) -> int:
    with write_transaction(database):
        request_change(database, person, NEW, AT + 60)
    return AT + 60 + ENDED_STAY


def a_sent_message(database: Database, person: Profile) -> int:
    enqueue(database, MESSAGE, AT)
    (waiting,) = claim_due(database, AT)
    finish(database, waiting, AT + 9)
    return AT + MESSAGES_STAY


@pytest.mark.parametrize(
    ("table", "keep"), [(OneTimeCode, a_code), (AddressChange, a_move), (Job, a_sent_message)]
)
def test_what_is_over_goes_at_its_time(
    database: Database,
    person: Profile,
    table: type[OneTimeCode],
    keep: Callable[[Database, Profile], int],
) -> None:
    last = keep(database, person)
    tidy_all(database, last)
    assert table.select().count(database) == 1, "not before its time"
    tidy_all(database, last + 1)
    assert table.select().count(database) == 0
    assert models.Profile.select().count(database) == 1


def test_a_message_that_still_waits_is_not_thrown_away(database: Database) -> None:
    enqueue(database, MESSAGE, AT)
    tidy_all(database, AT + 10 * MESSAGES_STAY)
    assert Job.select().count(database) == 1


def test_one_step_does_so_much_and_no_more(database: Database) -> None:
    crowd(database, "shop", AT_ONCE + 5)
    models.Profile.update(pending=True).execute(database)
    later = AT + SIGN_UPS_STAY + 1
    assert tidy(database, later)
    assert models.Profile.select().count(database) == 5
    assert not tidy(database, later)
    assert models.Profile.select().count(database) == 0
