"""Saving what another system recorded of many people at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from peewee import Database

from widget_backend.rules.state import State, difference
from widget_backend.store import models
from widget_backend.store.database import write_transaction
from widget_backend.store.ledger import ConsentContext, Wording, records
from widget_backend.store.many_saves import Save, save_many
from widget_backend.store.profiles import (
    Profile,
    create_profile,
    read_profile,
    with_answers,
)
from widget_backend.store.saves import save_in_transaction

AT = 1_790_000_000
HOW = ConsentContext(AT, "hosted", Wording.of("shop", "sq", {"title": "Zgjedhjet"}))

WEEKLY = {"on": True, "channel": "email", "frequency": "weekly"}
MONTHLY = {"on": True, "channel": "sms", "frequency": "monthly"}
OFF = {"reach": "off", "until": None}
EVERYTHING = {
    "overall": {"reach": "paused", "until": "2027-01-31"},
    "language": "sq",
    "topic:offers": WEEKLY,
    "topic:news": {**MONTHLY, "on": False},
    "answer:moved": {"said": "yes", "at": AT},
    "contact:phone": "+355691234567",
}


@pytest.fixture
def person(database: Database) -> Profile:
    return create_profile(database, "shop", AT, roles=["owner-club"])


def again(database: Database, person: Profile) -> Profile:
    return with_answers(database, read_profile(database, "shop", person.handle))


THERE = replace(HOW, door="import", evidence={"file": "old.csv"}, said_there=AT - 60)


def test_what_many_say_is_saved_as_if_each_had_been_saved_alone(database: Database) -> None:
    wanted: list[State] = [
        State({"topic:offers": WEEKLY, "topic:news": MONTHLY}),
        State({"overall": OFF, "topic:offers": {**WEEKLY, "on": False}}),
        State({"language": "sq"}),
        State(),
    ]
    alone, together = ([create_profile(database, "shop", AT) for _ in wanted] for _ in range(2))
    with write_transaction(database):
        for person, state in zip(alone, wanted, strict=True):
            save_in_transaction(database, person, difference(person.state, state), THERE)
        saves = [
            Save(person, difference(person.state, state), THERE)
            for person, state in zip(together, wanted, strict=True)
        ]
        save_many(database, saves)
    for each, other, save_of_other in zip(alone, together, saves, strict=True):
        assert again(database, other).state == again(database, each).state
        assert again(database, other).revision == save_of_other.revision == 1
        assert records(database, other.ledger_key) == records(database, each.ledger_key)
    rows = models.Preference.select(models.Preference.said_at, models.Preference.door)
    assert {*rows.tuples().execute(database)} == {(AT - 60, "import")}


def test_nobody_is_saved_together_with_somebody_who_is_gone(
    database: Database, person: Profile
) -> None:
    gone = person._replace(id=person.id + 1)
    with pytest.raises(AssertionError), write_transaction(database):
        save_many(database, [Save(person, [], THERE), Save(gone, [], THERE)])
    assert again(database, person).revision == 0
