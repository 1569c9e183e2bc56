"""Saving: state and consent record go together, nothing is overwritten in silence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from peewee import Database, DatabaseError, IntegrityError

from widget_backend.errors import ProfileUnknown, StaleRevision
from widget_backend.rules.state import AS_CHOSEN, Change, State, difference, inverse
from widget_backend.store import models
from widget_backend.store.database import write_transaction
from widget_backend.store.json_field import dump
from widget_backend.store.ledger import ConsentContext, Wording, digest, records
from widget_backend.store.models import ConsentRecord, ConsentValue, Identity, Preference
from widget_backend.store.profiles import (
    Profile,
    create_profile,
    held_topics,
    new_key,
    read_profile,
    with_answers,
)
from widget_backend.store.saves import save

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


def say(database: Database, person: Profile, wanted: State) -> Profile:
    """Save what is wanted, from what the person was read with."""
    save(database, person, difference(person.state, wanted), HOW)
    return again(database, person)


def again(database: Database, person: Profile) -> Profile:
    return with_answers(database, read_profile(database, "shop", person.handle))


def test_a_new_person_has_said_nothing(database: Database, person: Profile) -> None:
    found = again(database, person)
    assert found == person
    assert (found.state, found.revision, found.roles) == ({}, 0, ("owner-club",))
    assert records(database, person.ledger_key) == []


def test_whatever_is_saved_is_read_back(database: Database, person: Profile) -> None:
    said = say(database, person, EVERYTHING)
    assert said.state == EVERYTHING
    assert said.revision == 1


def test_a_person_is_only_found_in_their_own_site(database: Database, person: Profile) -> None:
    for site, handle in (("other", person.handle), ("shop", new_key()), ("shop", "")):
        with pytest.raises(ProfileUnknown):
            read_profile(database, site, handle)


def test_a_save_is_recorded_from_what_to_what(database: Database, person: Profile) -> None:
    first = say(database, person, {"topic:offers": WEEKLY})
    second = say(database, first, {"topic:offers": {**WEEKLY, "on": False}, "language": "ar"})
    newest = records(database, person.ledger_key)[-1]
    assert (newest.revision, newest.at, newest.door, newest.language) == (2, AT, "hosted", "sq")
    assert newest.changes == (
        Change("topic:offers", WEEKLY, {**WEEKLY, "on": False}),
        Change("language", None, "ar"),
    )
    assert second.revision == 2


def test_records_are_told_between_two_revisions(database: Database, person: Profile) -> None:
    for language in ("en", "sq", "ar", "en"):
        person = say(database, person, {"language": language})
    told = records(database, person.ledger_key, after=1, to=3)
    assert [record.revision for record in told] == [2, 3]


def test_nothing_to_change_is_nothing_to_record(database: Database, person: Profile) -> None:
    said = say(database, person, {"topic:offers": WEEKLY})
    assert say(database, said, {"topic:offers": WEEKLY}).revision == 1
    assert len(records(database, person.ledger_key)) == 1


def test_undo_restores_what_was_there_and_is_recorded_too(
    database: Database, person: Profile
) -> None:
    before = say(database, person, {"topic:offers": WEEKLY})
    changes = difference(before.state, EVERYTHING)
    save(database, before, changes, HOW)
    save(database, again(database, person), inverse(changes), HOW)
    assert again(database, person).state == before.state
    assert len(records(database, person.ledger_key)) == 3


def test_everything_off_leaves_the_topics_for_the_return(
    database: Database, person: Profile
) -> None:
    said = say(database, person, {"topic:offers": WEEKLY})
    off = say(database, said, {"overall": OFF})
    assert off.state == {"topic:offers": WEEKLY, "overall": OFF}
    assert say(database, off, {"overall": AS_CHOSEN}).state["topic:offers"] == WEEKLY


def test_who_saves_second_at_the_same_revision_overwrites_nothing(
    database: Database, person: Profile
) -> None:
    say(database, person, {"topic:offers": WEEKLY})
    with pytest.raises(StaleRevision) as refused:
        say(database, person, {"topic:offers": MONTHLY, "topic:news": WEEKLY})
    assert refused.value.revision == 1
    assert again(database, person).state == {"topic:offers": WEEKLY}
    assert len(records(database, person.ledger_key)) == 1


def test_a_stale_save_says_which_revision_there_is_now(database: Database, person: Profile) -> None:
    now = person
    for language in ("en", "sq", "ar"):
        now = say(database, now, {"language": language})
    with pytest.raises(StaleRevision) as refused:
        say(database, person, {"topic:offers": WEEKLY})
    assert refused.value.revision == 3


def test_a_save_for_somebody_who_is_gone_says_so(database: Database, person: Profile) -> None:
    models.Profile.delete().execute(database)
    with pytest.raises(ProfileUnknown):
        say(database, person, {"topic:offers": WEEKLY})


def test_what_fails_midway_leaves_neither_state_nor_record(
    database: Database, person: Profile
) -> None:
    broken = [Change("topic:offers", None, WEEKLY), Change("topic:x", None, {"on": True})]
    with pytest.raises(KeyError):
        save(database, person, broken, HOW)
    assert again(database, person) == person
    assert ConsentRecord.select().count(database) == 0
    assert Preference.select().count(database) == 0


# ── the ledger ──────────────────────────────────────────────────────────────────────────────


def test_the_digest_of_every_record_verifies(database: Database, person: Profile) -> None:
    said = say(database, person, EVERYTHING)
    how = replace(HOW, evidence={"OPTIN_TIME": "2024-01-01 10:00:00", "file": "këtu.csv"})
    save(database, said, [Change("language", "sq", "ar")], how)
    rows = list(
        ConsentRecord.select(
            ConsentRecord.digest, ConsentValue.salt, ConsentValue.changes, ConsentValue.evidence
        )
        .join(ConsentValue, on=ConsentValue.ledger == ConsentRecord.id)
        .tuples()
        .execute(database)
    )
    assert len(rows) == 2
    for kept, salt, changes, evidence in rows:
        assert kept == digest(salt, dump(changes), dump(evidence) if evidence else None)
        assert kept != digest(salt, dump([*changes, ["language", None, "en"]]), None)
    assert len({salt for _, salt, _, _ in rows}) == 2


@pytest.mark.parametrize("act", ["UPDATE ledger SET door = 'hosted'", "DELETE FROM ledger"])
def test_the_ledger_is_append_only(database: Database, person: Profile, act: str) -> None:
    say(database, person, EVERYTHING)
    with pytest.raises(DatabaseError, match="append-only"), database.atomic():
        database.execute_sql(act)
    assert len(records(database, person.ledger_key)) == 1


def test_erased_values_leave_the_record_standing(database: Database, person: Profile) -> None:
    say(database, person, EVERYTHING)
    ConsentValue.delete().execute(database)
    assert [record.changes for record in records(database, person.ledger_key)] == [()]


def test_ledger_rows_hold_nothing_that_names_a_person(database: Database, person: Profile) -> None:
    email_of(database, person, "arta@example.com")
    say(database, person, EVERYTHING)
    (row,) = ConsentRecord.select().dicts().execute(database)
    assert "arta" not in str(row)
    assert "+355" not in str(row)
    assert person.handle not in str(row)
    assert row["profile_key"] == person.ledger_key


def test_a_wording_is_kept_once(database: Database, person: Profile) -> None:
    say(database, say(database, person, {"language": "sq"}), {"language": "ar"})
    (wording,) = models.Wording.select().execute(database)
    assert (wording.id, wording.language) == (HOW.wording.id, "sq")
    assert (wording.texts, wording.first_used) == ({"title": "Zgjedhjet"}, AT)


def test_equal_texts_are_one_wording_and_others_are_not() -> None:
    same = Wording.of("shop", "sq", {"b": "2", "a": "1"})
    assert same.id == Wording.of("shop", "sq", {"a": "1", "b": "2"}).id
    assert same.id != Wording.of("shop", "ar", {"a": "1", "b": "2"}).id


# ── identities ──────────────────────────────────────────────────────────────────────────────


def email_of(
    database: Database, person: Profile, value: str, confirmed: bool = True, site: str = "shop"
) -> None:
    row = {"site": site, "profile": person.id, "kind": "email", "value": value}
    Identity.insert(**row, confirmed=confirmed).execute(database)


def test_a_confirmed_email_leads_to_one_person_of_a_site(database: Database) -> None:
    first, second, elsewhere = (
        create_profile(database, site, AT) for site in ("shop", "shop", "other")
    )
    email_of(database, first, "arta@example.com")
    email_of(database, elsewhere, "arta@example.com", site="other")
    with pytest.raises(IntegrityError), database.atomic():
        email_of(database, second, "arta@example.com")


def test_anyone_may_sign_up_with_an_address_that_is_not_confirmed(database: Database) -> None:
    owner = create_profile(database, "shop", AT)
    email_of(database, owner, "arta@example.com")
    for _ in range(2):
        pending = create_profile(database, "shop", AT, pending=True)
        email_of(database, pending, "arta@example.com", confirmed=False)
        found = read_profile(database, "shop", pending.handle)
        assert found.pending
        assert found.state == {"contact:email": "arta@example.com"}


def test_a_contact_detail_that_was_typed_may_repeat_anothers(database: Database) -> None:
    for _ in range(2):
        person = create_profile(database, "shop", AT)
        said = say(database, person, {"contact:phone": "+355691234567"})
        assert said.state == {"contact:phone": "+355691234567"}


def test_people_are_counted_for_each_topic_they_hold(database: Database) -> None:
    for wanted in ({"topic:offers": WEEKLY}, {"topic:offers": WEEKLY, "topic:gone": MONTHLY}):
        say(database, create_profile(database, "shop", AT), wanted)
    off = {"topic:offers": {**WEEKLY, "on": False}}
    say(database, create_profile(database, "shop", AT), off)
    save(
        database,
        create_profile(database, "other", AT),
        difference({}, {"topic:offers": WEEKLY}),
        HOW,
    )
    assert held_topics(database, "shop") == {"offers": 2, "gone": 1}


def test_a_write_transaction_that_fails_takes_all_back(database: Database) -> None:
    def interrupted() -> None:
        with write_transaction(database):
            create_profile(database, "shop", AT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert database.execute_sql("SELECT count(*) FROM profile").fetchone() == (0,)
