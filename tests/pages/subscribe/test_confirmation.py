"""Double opt-in: whoever reads the mail of an address confirms, by pressing, and only then."""

from __future__ import annotations

import re

import pytest

from tests.support.browsing import Reader
from tests.support.steps import NEW, _fields, form, messages, newest, sign_up
from tests.support.words import said
from tests.support.words.account import GET_LINK
from tests.support.words.errors import NOT_SUBSCRIBED_YET, TOO_MANY_REQUESTS
from tests.support.words.preferences import SAVE, WHAT_SITE_SENDS
from tests.support.words.subscribe import ADDRESS_CONFIRMED, CONFIRM, CONFIRM_HEADING
from tests.support.worlds import (
    EMAIL,
    LESS,
    NEWS,
    OFF,
    OFFERS,
    OFFERS_NAME,
    SAID,
    SIGNER,
    World,
    no,
)
from widget_backend.i18n.languages import language
from widget_backend.rate_limits import MAIL_TO_ONE, STRANGERS
from widget_backend.store import models
from widget_backend.store.contacts import count_contacts, find_contacts
from widget_backend.store.erasure import erase
from widget_backend.store.ledger import ConsentContext, Wording
from widget_backend.store.models import ConsentValue, Identity
from widget_backend.store.profiles import Profile
from widget_backend.text import sentence_start
from widget_backend.web.labels import rhythm


def owner(world: World, email: str = NEW) -> Profile:
    found = find_contacts(world.database, "kutia", [email])[email].profile
    return world.read(found)


def test_nothing_is_subscribed_before_the_button_is_pressed(each_world: World, tag: str) -> None:
    link = sign_up(each_world, tag=tag)
    assert count_contacts(each_world.database, "kutia") == 0
    page = Reader(each_world.client(), "de").open(link)
    assert page.heading == said(tag, CONFIRM_HEADING, site="Kutia C++!")
    assert page.says(OFFERS_NAME)
    assert page.buttons() == [said(tag, CONFIRM)]
    assert count_contacts(each_world.database, "kutia") == 0
    page.press(said(tag, CONFIRM))
    assert page.heading == said(tag, WHAT_SITE_SENDS, site="Kutia C++!")
    assert page.says(said(tag, ADDRESS_CONFIRMED))
    assert page.document.classed("volume")
    person = owner(each_world)
    assert person.state["topic:offers"] == OFFERS
    assert each_world.ledger(person)[-1].door == "confirmation"


def test_before_agreeing_it_says_how_and_how_often_each_topic_would_come(
    world: World, tag: str
) -> None:
    """In the message, and on the page that it leads to."""
    link = sign_up(world, NEW, "offers", "news", tag=tag)
    comes = {
        topic.name: rhythm(language(tag), "email", topic.frequencies[0])
        for topic in world.site(tag).topics
        if topic.id in {"offers", "news"}
    }
    (_, _, mail) = messages(world)[-1]
    for topic, how in comes.items():
        assert f"- {topic}: {how}" in mail
    items = Reader(world.client()).open(link).items("asked")
    assert len(items) == len(comes)
    for item, (topic, how) in zip(items, comes.items(), strict=True):
        assert item.startswith(f"{topic} {sentence_start(how)} ")


def test_confirming_again_is_confirmed_all_the_same(each_world: World) -> None:
    link = sign_up(each_world)
    for _ in range(3):
        Reader(each_world.client()).post(link, [("do", "confirm")])
    assert len(each_world.ledger(owner(each_world))) == 2
    page = Reader(each_world.client()).open(link)
    assert page.heading == ADDRESS_CONFIRMED
    assert page.buttons() == []
    page.follow(GET_LINK)
    assert page.heading == GET_LINK


def test_a_confirmed_link_is_no_way_into_choices_that_were_made_since(each_world: World) -> None:
    """It lies in a mailbox for two weeks, which the person may have left meanwhile."""
    link = sign_up(each_world)
    Reader(each_world.client()).open(link).press(CONFIRM)
    each_world.clock.pass_by(minutes=2)
    page = Reader(each_world.client()).post(link, [("do", "confirm")])
    assert (page.sent.status_code, page.heading) == (200, ADDRESS_CONFIRMED)
    assert "/p/" not in page.response.text


def test_of_somebody_known_the_choices_become_theirs(each_world: World) -> None:
    person = each_world.person({**SAID, "overall": OFF, "topic:offers": no(OFFERS)})
    link = sign_up(each_world, EMAIL, "offers")
    assert each_world.state(person) == person.state, "a stranger's form changes nobody"
    page = Reader(each_world.client()).open(link).press(CONFIRM)
    assert page.heading == said("en", WHAT_SITE_SENDS, site="Kutia C++!")
    state = each_world.state(person)
    assert state["topic:offers"] == OFFERS
    assert state["topic:news"] == no(NEWS), "what was left and not asked for stays left"
    assert state["overall"]["reach"] == "as_chosen", "who asks for mail gets mail again"
    assert count_contacts(each_world.database, "kutia") == 1
    again = Reader(each_world.client()).open(link)
    assert again.heading == ADDRESS_CONFIRMED
    assert len(each_world.ledger(person)) == 2


@pytest.mark.parametrize("held", [LESS, {"reach": "paused", "until": "2027-05-01"}])
def test_signing_up_again_ends_neither_a_pause_nor_fewer_messages(
    each_world: World, held: dict[str, str | None]
) -> None:
    person = each_world.person({**SAID, "overall": held, "topic:offers": no(OFFERS)})
    Reader(each_world.client()).open(sign_up(each_world, EMAIL, "offers")).press(CONFIRM)
    assert each_world.state(person) == {**person.state, "topic:offers": OFFERS}


@pytest.mark.parametrize("is_known", [False, True])
def test_who_confirmed_in_time_is_never_told_that_they_are_not_subscribed(
    world: World, is_known: bool
) -> None:
    if is_known:
        world.person(SAID)
    link = sign_up(world, EMAIL, "offers")
    Reader(world.client()).open(link).press(CONFIRM)
    world.clock.pass_by(days=15)
    stored = world.dump()
    page = Reader(world.client()).open(link)
    assert (page.status, page.heading) == (200, ADDRESS_CONFIRMED)
    assert page.post(link, [("do", "confirm")]).heading == ADDRESS_CONFIRMED
    assert "/p/" not in page.response.text
    assert world.dump() == stored


def test_two_sign_ups_of_one_address_become_one_person(each_world: World) -> None:
    first = sign_up(each_world, NEW, "offers")
    second = sign_up(each_world, NEW, "news", name="f" * 32)
    for link in (second, first):
        Reader(each_world.client()).open(link).press(CONFIRM)
    person = owner(each_world)
    assert person.state["topic:offers"] == OFFERS
    assert person.state["topic:news"]["on"]
    assert count_contacts(each_world.database, "kutia") == 1


def test_answers_given_before_confirming_are_kept(each_world: World) -> None:
    link = sign_up(each_world)
    pending = newest(each_world)
    answer = {"answer:people": {"said": 3, "at": 1}}
    each_world.say(pending, answer)
    Reader(each_world.client()).open(link).press(CONFIRM)
    assert each_world.state(pending)["answer:people"]["said"] == 3


def test_answers_of_a_stranger_never_become_those_of_somebody_known(each_world: World) -> None:
    person = each_world.person(SAID)
    link = sign_up(each_world, EMAIL)
    each_world.say(newest(each_world), {"answer:people": {"said": 7, "at": 1}})
    Reader(each_world.client()).open(link).press(CONFIRM)
    assert "answer:people" not in each_world.state(person)


def test_a_browsers_token_ends_with_the_confirmation(each_world: World) -> None:
    """It may add answers to a pending profile only; of a shell nothing is left to add to."""
    known = each_world.person(SAID)
    link = sign_up(each_world, EMAIL)
    pending = newest(each_world)
    kept = each_world.link("answers", pending)
    assert Reader(each_world.client()).open(kept).status == 200
    Reader(each_world.client()).open(link).press(CONFIRM)
    assert Reader(each_world.client()).open(kept).status == 410
    assert each_world.state(known)["topic:offers"]["on"]


def test_an_old_link_subscribes_nobody(world: World) -> None:
    link = sign_up(world)
    world.clock.pass_by(days=15)
    for page in (
        Reader(world.client()).open(link),
        Reader(world.client()).post(link, [("do", "confirm")]),
    ):
        assert page.status == 410
        assert page.says(NOT_SUBSCRIBED_YET)
    assert count_contacts(world.database, "kutia") == 0


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}])
def test_another_pages_form_confirms_nothing(world: World, headers: dict[str, str]) -> None:
    link = sign_up(world)
    assert world.client().post(link, data={"do": "confirm"}, headers=headers).status_code == 403
    assert count_contacts(world.database, "kutia") == 0


def test_a_message_names_no_word_that_a_stranger_typed(world: World) -> None:
    """Spam in a name field was mailed to victims elsewhere (listmonk#1133)."""
    client, spam = world.hurried_client(), "Win-now-example"
    data = {**_fields(form(NEW)), "name": spam, "do": spam, "lang": spam}
    client.post("/s/kutia", data=data)
    assert spam not in messages(world)[0][2]


def test_nobody_can_flood_a_mailbox_and_the_page_stays_the_same(world: World) -> None:
    answers = set()
    for number in range(MAIL_TO_ONE.most + 5):
        sent = world.hurried_client().post(
            "/s/kutia", data=_fields(form(EMAIL, name=f"{number:032x}"))
        )
        answers.add((sent.status_code, re.sub(r"/a/[^?]+", "/a/…", sent.headers["Location"])))
    assert len(answers) == 1
    assert len(messages(world)) == MAIL_TO_ONE.most
    world.clock.pass_by(seconds=MAIL_TO_ONE.seconds)
    assert sign_up(world, EMAIL, name="e" * 32)


@pytest.mark.long
def test_five_hundred_people_behind_one_address_all_sign_up(world: World) -> None:
    client = world.hurried_client()
    statuses = {
        client.post(
            "/s/kutia", data=_fields(form(f"a{number}@example.com", name=f"{number:032x}"))
        ).status_code
        for number in range(500)
    }
    assert statuses == {303}
    assert len(messages(world)) == 500


def test_an_attacker_is_told_to_wait_and_people_with_links_are_not(world: World) -> None:
    person = world.person(SAID)
    limits = world.app.extensions["preference-widget"].limits
    for _ in range(STRANGERS.most):
        limits.allows(STRANGERS, "127.0.0.0/24", world.clock().timestamp())
    answer = world.client().post("/s/kutia", data=_fields(form(NEW)))
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == str(STRANGERS.seconds)
    assert TOO_MANY_REQUESTS in answer.get_data(as_text=True)
    page = Reader(world.client()).open(world.link("preferences", person)).press(SAVE)
    assert page.status == 200


def test_shells_hold_no_address(each_world: World) -> None:
    each_world.person(SAID)
    link = sign_up(each_world, EMAIL)
    Reader(each_world.client()).open(link).press(CONFIRM)
    shells = models.Profile.select(models.Profile.id).where(
        models.Profile.merged_into.is_null(False)
    )
    held = Identity.select().where(Identity.profile.in_(shells))
    assert held.count(each_world.database) == 0


def test_erasing_takes_the_sign_ups_of_the_same_address_too(each_world: World) -> None:
    """Of one that was joined the records held values; one not confirmed held the address."""
    person = each_world.person(SAID)
    Reader(each_world.client()).open(sign_up(each_world, EMAIL, "offers")).press(CONFIRM)
    sign_up(each_world, EMAIL, "news", name="e" * 32)
    other = each_world.person(SAID, email="b@example.com")
    how = ConsentContext(
        int(each_world.clock().timestamp()), "hosted", Wording.of("kutia", "en", {})
    )
    erase(each_world.database, each_world.read(person), how, SIGNER.addresses)
    dump = each_world.dump()
    assert EMAIL not in str({table: dump[table] for table in dump if table != "outbox"})
    kept = ConsentValue.select().count(each_world.database)
    assert kept == len(each_world.ledger(other))
    assert models.Profile.select().count(each_world.database) == 1
