"""Mail that came back, and who then shows that it arrives again: by what was mailed since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.browsing import Reader
from tests.support.steps import NEW_ADDRESS, link_in, messages, prove
from tests.support.words.account import DATA_HEADING, NEW_EMAIL_ADDRESS, SEND_CONFIRMATION
from tests.support.words.preferences import SAVE
from tests.support.words.questions import SKIP
from tests.support.words.subscribe import CONFIRM, EMAIL_ADDRESS, SIGN_UP
from tests.support.words.unsubscribe import UNSUBSCRIBE
from tests.support.worlds import EMAIL, MONDAY, OFFERS_NAME, SAID, World
from widget_backend.links import PATHS, Link, Purpose
from widget_backend.store.contacts import find_contacts
from widget_backend.store.models import Identity
from widget_backend.store.profiles import Profile

PRESSED = {"preferences": SAVE, "questions": SKIP}


def bounced(world: World, **ago: float) -> Profile:
    """Somebody whose mail came back that long ago."""
    person = world.person(SAID)
    at = int((world.clock() - timedelta(**ago)).timestamp())
    values = {Identity.undeliverable: True, Identity.undeliverable_at: at}
    Identity.update(values).execute(world.database)
    return person


def is_undeliverable(world: World, email: str = EMAIL) -> bool:
    return find_contacts(world.database, "kutia", [email])[email].undeliverable


def token(world: World, person: Profile, purpose: Purpose, **mailed_ago: float) -> str:
    mailed = world.clock() - timedelta(**mailed_ago)
    said = Link("kutia", person.handle, link_version=person.link_version)
    return f"/{PATHS[purpose]}/{world.signer.mint(purpose, said, mailed)}"


@pytest.mark.parametrize("purpose", ["preferences", "questions"])
def test_a_save_through_a_link_mailed_since_makes_reachable_again(
    each_world: World, purpose: Purpose
) -> None:
    person = bounced(each_world, days=2)
    link = token(each_world, person, purpose, days=1)
    page = Reader(each_world.client()).open(link)
    assert is_undeliverable(each_world), "opening it changes nothing"
    assert page.press(PRESSED[purpose]).status < 400
    assert not is_undeliverable(each_world)


def test_a_save_through_a_link_that_staff_handed_on_shows_nothing_of_mail(
    each_world: World,
) -> None:
    person = bounced(each_world, days=2)
    mailed = each_world.clock() - timedelta(days=1)
    handed = Link("kutia", person.handle, by_hand=True)
    path = f"/p/{each_world.signer.mint('preferences', handed, mailed)}"
    assert Reader(each_world.client()).open(path).press(SAVE).status < 400
    assert is_undeliverable(each_world)


def test_a_save_that_changes_nothing_counts_too(each_world: World) -> None:
    person = bounced(each_world, days=2)
    link = token(each_world, person, "preferences", days=1)
    page = Reader(each_world.client()).open(link).press(SAVE)
    Identity.update({Identity.undeliverable: True, Identity.undeliverable_at: 1}).execute(
        each_world.database
    )
    Identity.update({Identity.reached_at: None}).execute(each_world.database)
    revision = each_world.read(person).revision
    page.open(link).press(SAVE)
    assert each_world.read(person).revision == revision
    assert not is_undeliverable(each_world)


@pytest.mark.parametrize("purpose", ["preferences", "questions"])
def test_a_link_mailed_before_the_bounce_tells_nothing_of_what_arrives_now(
    each_world: World, purpose: Purpose
) -> None:
    person = bounced(each_world, days=2)
    page = Reader(each_world.client()).open(token(each_world, person, purpose, days=3))
    page.press(PRESSED[purpose])
    assert is_undeliverable(each_world)


def test_links_that_tell_not_when_they_were_mailed_change_nothing(each_world: World) -> None:
    person = bounced(each_world, days=2)
    client = Reader(each_world.client())
    client.open(each_world.link("unsubscribe", person)).press(UNSUBSCRIBE)
    one_click = [("List-Unsubscribe", "One-Click")]
    each_world.client().post(each_world.link("one-click", person), data=dict(one_click))
    assert is_undeliverable(each_world)


def test_a_page_that_shows_the_form_was_never_mailed(each_world: World) -> None:
    person = bounced(each_world, days=2)
    link = each_world.link("embed", person).removesuffix("/fragment")
    Reader(each_world.client()).open(link).press(SAVE)
    assert each_world.read(person).revision > person.revision
    assert is_undeliverable(each_world)


def test_a_link_that_lives_longer_than_ours_tells_nothing(each_world: World) -> None:
    person = bounced(each_world, days=2)
    ours = Link("kutia", person.handle, expires_at=MONDAY + timedelta(days=365))
    link = f"/p/{each_world.signer.token('preferences', ours)}"
    Reader(each_world.client()).open(link).press(SAVE)
    assert is_undeliverable(each_world)


def test_a_code_that_arrived_makes_reachable_again(each_world: World) -> None:
    person = bounced(each_world, days=2)
    page = prove(each_world, person, purpose="unsubscribe")
    assert page.heading == DATA_HEADING
    assert not is_undeliverable(each_world)


def test_who_confirms_a_sign_up_is_reachable_again(each_world: World) -> None:
    bounced(each_world, days=2)
    page = Reader(each_world.client()).open("/s/kutia").fill(EMAIL_ADDRESS, EMAIL)
    page.tick(OFFERS_NAME).press(SIGN_UP)
    assert is_undeliverable(each_world), "anybody can sign an address up"
    Reader(each_world.client()).open(link_in(messages(each_world)[-1][2])).press(CONFIRM)
    assert not is_undeliverable(each_world)


def test_a_new_address_that_was_confirmed_is_reachable(each_world: World) -> None:
    person = bounced(each_world, days=2)
    page = prove(each_world, person)
    page.fill(NEW_EMAIL_ADDRESS, NEW_ADDRESS).press(SEND_CONFIRMATION)
    Reader(each_world.client()).open(link_in(messages(each_world)[-1][2])).press(CONFIRM)
    assert not is_undeliverable(each_world, NEW_ADDRESS)
    reached = Identity.select(Identity.reached_at).where(Identity.value == NEW_ADDRESS)
    assert reached.scalar(each_world.database) == int(each_world.clock().timestamp())
