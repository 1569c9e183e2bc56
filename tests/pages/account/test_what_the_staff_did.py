"""What the staff did about a person is told to them, beside what they did themselves."""

from __future__ import annotations

import json

import pytest

from tests.support.my_data import downloaded
from tests.support.steps import prove, record
from tests.support.words import Text, said
from tests.support.words.account import (
    STAFF_CANCELLED_LINKS,
    STAFF_LOOKED,
    STAFF_MADE_LINK,
    STAFF_MAILED_LINK,
    STAFF_NOTED_RETURNS,
    STAFF_RECORDED,
)
from tests.support.worlds import OFFERS, World, no
from widget_backend.i18n.languages import language
from widget_backend.store.database import write_transaction
from widget_backend.store.profiles import Profile
from widget_backend.store.staff_uses import Use, What, note_use
from widget_backend.web.labels import door_name

SENTENCES: dict[What, Text] = {
    "looked": STAFF_LOOKED,
    "made link": STAFF_MADE_LINK,
    "mailed link": STAFF_MAILED_LINK,
    "ended links": STAFF_CANCELLED_LINKS,
    "undeliverable": STAFF_NOTED_RETURNS,
}


def do(world: World, person: Profile, what: What) -> None:
    at = int(world.clock().timestamp())
    with write_transaction(world.database):
        note_use(world.database, person, Use(what, at, "Mira Hoxha"))


@pytest.mark.parametrize("what", SENTENCES)
def test_each_use_is_in_the_history_without_the_name_of_who_it_was(
    each_world: World, tag: str, what: What
) -> None:
    person = each_world.person()
    do(each_world, person, what)
    page = prove(each_world, person, tag)
    (entry,) = page.items("history")
    assert said(tag, SENTENCES[what]) in entry
    assert door_name(language(tag), "staff") in entry
    assert not page.says("Mira")


def test_it_stands_where_it_belongs_by_its_time(world: World) -> None:
    person = world.person()
    do(world, person, "looked")
    world.clock.pass_by(hours=1)
    record(world, person, {"topic:offers": OFFERS}, "hosted")
    world.clock.pass_by(hours=1)
    do(world, person, "made link")
    newest, _, oldest = prove(world, person).items("history")
    assert STAFF_MADE_LINK in newest
    assert STAFF_LOOKED in oldest


def test_the_download_lists_it(each_world: World) -> None:
    person = each_world.person()
    do(each_world, person, "looked")
    page = prove(each_world, person)
    content = downloaded(each_world, page)
    (use,) = content["done_by_our_staff"]
    assert use["what"] == "looked"
    assert "Mira" not in json.dumps(content)


def test_what_the_staff_wrote_down_is_told_to_be_theirs(each_world: World, tag: str) -> None:
    person = each_world.person({"topic:offers": OFFERS})
    evidence = {"how": "by phone, to Mira"}
    record(each_world, person, {"topic:offers": no(OFFERS)}, "phone", evidence=evidence)
    page = prove(each_world, person, tag)
    assert page.says(said(tag, STAFF_RECORDED))
    assert page.says("by phone, to Mira")
