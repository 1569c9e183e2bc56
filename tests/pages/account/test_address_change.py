"""An address changes only when it is confirmed there, and the old one is told."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.steps import NEW_ADDRESS, link_in, messages, prove
from tests.support.words import said
from tests.support.words.account import CONFIRMATION_SENT, NEW_EMAIL_ADDRESS, SEND_CONFIRMATION
from tests.support.words.subscribe import ADDRESS_CONFIRMED, CONFIRM
from tests.support.worlds import EMAIL, SAID, World
from widget_backend.store.contacts import find_contacts
from widget_backend.store.models import Identity
from widget_backend.store.profiles import Profile


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


def test_an_address_changes_only_when_confirmed_there_and_the_old_one_is_told(
    each_world: World, person: Profile, tag: str
) -> None:
    page = prove(each_world, person, tag)
    page.fill(said(tag, NEW_EMAIL_ADDRESS), NEW_ADDRESS)
    page.press(said(tag, SEND_CONFIRMATION))
    kind, recipient, text = messages(each_world)[-1]
    assert (kind, recipient) == ("new-address", NEW_ADDRESS)
    assert each_world.state(person)["contact:email"] == EMAIL
    confirm = Reader(each_world.client()).open(link_in(text))
    assert each_world.state(person)["contact:email"] == EMAIL
    confirm.press(said(tag, CONFIRM))
    assert confirm.says(said(tag, ADDRESS_CONFIRMED))
    assert each_world.state(person)["contact:email"] == NEW_ADDRESS
    assert NEW_ADDRESS in find_contacts(each_world.database, "kutia", [NEW_ADDRESS, EMAIL])
    assert EMAIL not in find_contacts(each_world.database, "kutia", [NEW_ADDRESS, EMAIL])
    kind, recipient, notice = messages(each_world)[-1]
    assert (kind, recipient) == ("address-changed", EMAIL)
    assert NEW_ADDRESS not in notice
    assert Reader(each_world.client()).open(link_in(text)).status == 410


def test_only_the_latest_wish_counts(each_world: World, person: Profile) -> None:
    page = prove(each_world, person)
    links = []
    for address in ("first@example.com", "second@example.com"):
        page.fill(NEW_EMAIL_ADDRESS, address).press(SEND_CONFIRMATION)
        links.append(link_in(messages(each_world)[-1][2]))
    assert Reader(each_world.client()).post(links[0], [("do", "move")]).status == 410
    Reader(each_world.client()).post(links[1], [("do", "move")])
    assert each_world.state(person)["contact:email"] == "second@example.com"


@pytest.mark.parametrize("how", ["used", "expired"])
def test_a_link_that_confirms_nothing_any_more_offers_no_button_that_does_nothing(
    each_world: World, person: Profile, how: str
) -> None:
    page = prove(each_world, person)
    page.fill(NEW_EMAIL_ADDRESS, NEW_ADDRESS).press(SEND_CONFIRMATION)
    link = link_in(messages(each_world)[-1][2])
    if how == "used":
        Reader(each_world.client()).open(link).press(CONFIRM)
    each_world.clock.pass_by(days=3)
    ended = Reader(each_world.client()).open(link)
    assert ended.status == 410
    assert not ended.document.all("button")


def test_an_address_that_leads_to_somebody_else_stays_theirs(
    each_world: World, person: Profile
) -> None:
    other = each_world.person(SAID, email="b@example.com")
    page = prove(each_world, person)
    page.fill(NEW_EMAIL_ADDRESS, "b@example.com").press(SEND_CONFIRMATION)
    assert page.says(CONFIRMATION_SENT), "which tells nothing of who is known"
    confirm = Reader(each_world.client()).open(link_in(messages(each_world)[-1][2])).press(CONFIRM)
    assert confirm.status == 409
    assert each_world.state(person)["contact:email"] == EMAIL
    assert each_world.state(other)["contact:email"] == "b@example.com"
    count = Identity.select().where(Identity.value == "b@example.com").count(each_world.database)
    assert count == 1


def test_an_undo_never_brings_an_address_back(each_world: World, person: Profile) -> None:
    page = prove(each_world, person)
    page.fill(NEW_EMAIL_ADDRESS, NEW_ADDRESS).press(SEND_CONFIRMATION)
    Reader(each_world.client()).post(link_in(messages(each_world)[-1][2]), [("do", "move")])
    now = each_world.read(person)
    link = each_world.link("preferences", now)
    undo = [("do", "undo"), ("revision", str(now.revision))]
    assert Reader(each_world.client()).post(link, undo).status == 409
    assert each_world.state(person)["contact:email"] == NEW_ADDRESS
