"""The way back in: by the address on file, telling nobody else who is known here."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.steps import STRANGER, link_in, messages
from tests.support.words import beginning, said
from tests.support.words.account import (
    GET_LINK,
    LINK_SENT_IF_KNOWN,
    NO_ADDRESS_TO_SEND_TO,
    SEND_LINK,
    SEND_NEW_LINK,
)
from tests.support.words.errors import LINK_REPLACED
from tests.support.words.labels import GETS_TOPIC
from tests.support.words.mail import LINK_IS_YOURS_ALONE
from tests.support.words.preferences import SAVED, UNDO, WHAT_SITE_SENDS
from tests.support.words.subscribe import ALREADY_GET_MESSAGES, EMAIL_ADDRESS, ENTER_EMAIL_LIKE
from tests.support.words.unsubscribe import UNSUBSCRIBE, UNSUBSCRIBE_FROM_EVERYTHING, UNSUBSCRIBED
from tests.support.worlds import EMAIL, KUTIA, OFF, SAID, World, make_world
from widget_backend.links import Purpose
from widget_backend.rate_limits import MAIL_TO_ONE
from widget_backend.store.models import Job
from widget_backend.store.profiles import Profile, revoke_links

MAILED: tuple[Purpose, ...] = ("preferences", "questions")


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


# ── who lost their link ─────────────────────────────────────────────────────────────────────


def test_who_lost_their_link_gets_another_by_mail(
    each_world: World, person: Profile, tag: str
) -> None:
    page = Reader(each_world.client()).open(f"/s/kutia?lang={tag}")
    page.follow(said(tag, ALREADY_GET_MESSAGES))
    page.fill(said(tag, EMAIL_ADDRESS), f" {EMAIL.upper()} ")
    page.press(said(tag, SEND_LINK))
    assert page.says(said(tag, LINK_SENT_IF_KNOWN))
    ((kind, recipient, text),) = messages(each_world)
    assert (kind, recipient) == ("link", EMAIL)
    opened = Reader(each_world.client()).open(link_in(text))
    assert opened.heading == said(tag, WHAT_SITE_SENDS, site="Kutia C++!")


def test_an_unknown_address_gets_the_same_page_and_no_mail(
    each_world: World, person: Profile
) -> None:
    pages = []
    for email in (EMAIL, STRANGER):
        page = Reader(each_world.client()).open("/s/kutia/link")
        page.fill(EMAIL_ADDRESS, email).press(SEND_LINK)
        pages.append((page.status, page.text, page.address))
    assert pages[0] == pages[1]
    assert [recipient for _, recipient, _ in messages(each_world)] == [EMAIL]


def test_the_same_is_stored_for_both_except_who_and_what(world: World) -> None:
    """Time would tell, if one of them waited for the disk and the other did not, or for less."""
    world.person(SAID)
    for email in (EMAIL, STRANGER):
        Reader(world.client()).post("/s/kutia/link", [("email", email)])
    known, unknown = Job.select().order_by(Job.id).execute(world.database)
    assert (known.queued_at, known.due_at) == (unknown.queued_at, unknown.due_at)
    assert len(unknown.subject) == len(known.subject)
    lengths = [len(each.payload["message"]) for each in (known, unknown)]
    assert abs(lengths[0] - lengths[1]) < 20, "numbers in it vary in length"
    assert STRANGER not in str(unknown.payload)


@pytest.mark.parametrize(
    ("chosen", "asked", "spoken"),
    [("ar", "en", "ar"), ("sq", "ar", "sq"), (None, "ar", "ar"), ("de", "sq", "sq")],
)
def test_the_message_speaks_the_language_that_the_person_chose_else_that_of_the_page(
    world: World, chosen: str | None, asked: str, spoken: str
) -> None:
    world.person({**SAID, **({"language": chosen} if chosen else {})})
    Reader(world.client()).post(f"/s/kutia/link?lang={asked}", [("email", EMAIL)])
    ((_, _, text),) = messages(world)
    opened = Reader(world.client()).open(link_in(text))
    assert opened.heading == said(spoken, WHAT_SITE_SENDS, site="Kutia C++!")
    assert said(spoken, LINK_IS_YOURS_ALONE) in " ".join(text.split())


def test_a_pending_sign_up_is_not_known(world: World) -> None:
    world.person(SAID, pending=True)
    Reader(world.client()).post("/s/kutia/link", [("email", EMAIL)])
    assert messages(world) == []


@pytest.mark.parametrize("typed", ["", "nobody", "a@b", "a@@b.example", "x" * 65 + "@b.example"])
def test_what_is_no_address_is_asked_for_again(world: World, tag: str, typed: str) -> None:
    page = Reader(world.client()).open(f"/s/kutia/link?lang={tag}")
    page.fill(said(tag, EMAIL_ADDRESS), typed).press(said(tag, SEND_LINK))
    assert page.status == 422
    assert page.value(said(tag, EMAIL_ADDRESS)) == typed
    wanted = said(tag, ENTER_EMAIL_LIKE, example="name@example.com")
    assert page.says(wanted)


def test_nobody_is_flooded_and_the_page_does_not_say_so(world: World) -> None:
    world.person(SAID)
    pages = {
        Reader(world.client()).post("/s/kutia/link", [("email", EMAIL)]).text
        for _ in range(MAIL_TO_ONE.most + 3)
    }
    assert len(pages) == 1
    assert len(messages(world)) == MAIL_TO_ONE.most


def test_a_broken_link_shows_the_way_back(world: World) -> None:
    """When one site is served, it is that site's link."""
    alone = make_world(world.database, [KUTIA])
    page = Reader(alone.client()).open(alone.link("preferences", alone.person(SAID))[:-7])
    page.follow(GET_LINK)
    assert page.status == 200


# ── whose link has ended ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("purpose", MAILED)
@pytest.mark.parametrize("how", ["expired", "revoked"])
def test_a_link_that_ended_brings_a_new_one_to_the_address_on_file(
    each_world: World, person: Profile, tag: str, purpose: Purpose, how: str
) -> None:
    link = each_world.link(purpose, person, tag)
    if how == "expired":
        each_world.clock.pass_by(days=200)
    else:
        revoke_links(each_world.database, person)
    page = Reader(each_world.client()).open(link)
    assert page.status == 410
    page.press(said(tag, SEND_NEW_LINK))
    assert page.says("c•••@e•••.com")
    assert EMAIL not in page.text
    ((kind, recipient, text),) = messages(each_world)
    assert (kind, recipient) == ("link", EMAIL)
    assert Reader(each_world.client()).open(link_in(text)).status == 200
    assert Reader(each_world.client()).open(link).status == 410


def test_a_revoked_link_saves_nothing_and_still_leaves(
    each_world: World, person: Profile, tag: str
) -> None:
    link = each_world.link("preferences", person, tag)
    revoke_links(each_world.database, person)
    stored = each_world.dump()
    for fields in ([("do", "save"), ("topic-tips", "on"), ("offered", "tips")], [("do", "undo")]):
        page = Reader(each_world.client()).post(link, fields)
        assert page.status == 410
        assert page.heading == said(tag, LINK_REPLACED)
    assert each_world.dump() == stored
    page.press(said(tag, UNSUBSCRIBE_FROM_EVERYTHING))
    assert page.heading == said(tag, UNSUBSCRIBED)
    assert each_world.state(person)["overall"] == OFF
    page.press(said(tag, UNDO))
    assert each_world.state(person) == person.state
    assert page.open(link).status == 410


def test_revoking_ends_no_way_out(each_world: World, person: Profile) -> None:
    link = each_world.link("unsubscribe", person)
    revoke_links(each_world.database, person)
    Reader(each_world.client()).open(link).press(UNSUBSCRIBE)
    assert each_world.state(person)["overall"] == OFF


def test_without_an_address_on_file_one_is_told_where_to_write(world: World) -> None:
    person = world.person(SAID, email="")
    link = world.link("preferences", person)
    world.clock.pass_by(days=200)
    page = Reader(world.client()).open(f"{link}/renew")
    assert page.says(beginning("en", NO_ADDRESS_TO_SEND_TO))
    Reader(world.client()).post(f"{link}/renew", [])
    assert messages(world) == []


@pytest.mark.parametrize("purpose", ["unsubscribe", "embed"])
def test_only_the_right_purpose_is_renewed(world: World, purpose: Purpose) -> None:
    person = world.person(SAID)
    answer = world.client().post(f"/p/{world.token(purpose, person)}/renew")
    assert answer.status_code == 403
    forged = world.token("preferences", person)[:-4] + "AAAA"
    assert world.client().post(f"/p/{forged}/renew").status_code == 404
    assert messages(world) == []


def test_another_page_cannot_ask_for_a_link(world: World) -> None:
    person = world.person(SAID)
    headers = {"Sec-Fetch-Site": "cross-site"}
    path = f"{world.link('preferences', person)}/renew"
    assert world.client().post(path, headers=headers).status_code == 403
    assert messages(world) == []


def test_a_page_of_a_link_shows_only_the_newest_save(world: World) -> None:
    """Whoever holds a forwarded mail sees what holds, not what once did."""
    person = world.person(SAID)
    world.say(person, {"topic:offers": {**SAID["topic:offers"], "on": False}})
    page = Reader(world.client()).open(f"{world.link('preferences', person)}?saved=1")
    assert not page.says(SAVED)
    assert not page.says(beginning("en", GETS_TOPIC))
