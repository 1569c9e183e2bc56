"""Whose messages are counted where: no stranger uses up a person's, and no office is held up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.browsing import Reader
from tests.support.steps import (
    NAME,
    NEW,
    SEND,
    STRANGER,
    data,
    form,
    link_in,
    messages,
    prove,
    send_sign_up,
)
from tests.support.together import pressed_at_once
from tests.support.words import said
from tests.support.words.account import (
    CANCEL_LINKS,
    CODE_SENT,
    CONFIRMATION_SENT,
    DATA_HEADING,
    GET_NEW_LINK,
    NEW_EMAIL_ADDRESS,
    SEND_CONFIRMATION,
    SEND_NEW_LINK,
    SENT_SEVERAL_ALREADY,
)
from tests.support.words.errors import TOMORROW_OR_ELSEWHERE, TOO_MANY_REQUESTS
from tests.support.words.subscribe import ADDRESS_CONFIRMED, CONFIRM
from tests.support.worlds import EMAIL, SAID, World
from widget_backend.rate_limits import MAIL_IN_A_DAY, MAIL_TO_ONE, MAIL_TO_STRANGERS
from widget_backend.store import models
from widget_backend.store.profiles import Profile, revoke_links


@pytest.fixture
def person(world: World) -> Profile:
    return world.person(SAID)


def ask_for_link(world: World, email: str = EMAIL) -> Reader:
    return Reader(world.client()).post("/s/kutia/link", [("email", email)])


def kinds(world: World) -> list[str]:
    return [kind for kind, _, _ in messages(world)]


def use_up_the_day(world: World, ask: Callable[[int], object]) -> None:
    """Asks until nothing more comes: the limit of an hour first, then that of the day."""
    for number in range(MAIL_IN_A_DAY.most + 2):
        ask(number)
        world.clock.pass_by(minutes=25)


def strangers(world: World) -> Callable[[int], object]:
    """Somebody who knows the address and has no link."""

    def ask(number: int) -> None:
        send_sign_up(world, EMAIL, number)
        ask_for_link(world)

    return ask


OWN = ("a code", "a new link for one that ended", "the end of all links", "another address")


@pytest.mark.parametrize("what", OWN)
def test_a_stranger_who_knows_an_address_keeps_nobody_from_what_they_ask_for(
    world: World, person: Profile, what: str
) -> None:
    use_up_the_day(world, strangers(world))
    assert len(messages(world)) == MAIL_IN_A_DAY.most
    ask_for_link(world)
    assert len(messages(world)) == MAIL_IN_A_DAY.most, "nothing more comes for strangers"
    if what == "a code":
        Reader(world.client()).post(data(world, person, "offers"), SEND)
    elif what == "a new link for one that ended":
        link = world.link("preferences", person)
        revoke_links(world.database, person)
        Reader(world.client()).open(link).press(SEND_NEW_LINK)
    elif what == "the end of all links":
        prove(world, person).press(CANCEL_LINKS)
    else:
        prove(world, person).fill(NEW_EMAIL_ADDRESS, NEW).press(SEND_CONFIRMATION)
    expected = {"a code": "code", "another address": "new-address"}.get(what, "link")
    assert kinds(world)[MAIL_IN_A_DAY.most :][-1] == expected


def test_who_holds_a_link_keeps_nobody_from_signing_up_or_a_new_link(
    world: World, person: Profile
) -> None:
    forwarded = data(world, person, "offers")
    use_up_the_day(world, lambda _: Reader(world.client()).post(forwarded, SEND))
    assert kinds(world) == ["code"] * MAIL_IN_A_DAY.most
    ask_for_link(world)
    send_sign_up(world, EMAIL, 1)
    assert kinds(world)[MAIL_IN_A_DAY.most :] == ["link", "confirm"]


def test_who_holds_a_forwarded_link_keeps_nobody_from_a_code_by_another(
    world: World, person: Profile
) -> None:
    forwarded, mine = (data(world, person, topic) for topic in ("offers", "news"))
    use_up_the_day(world, lambda _: Reader(world.client()).post(forwarded, SEND))
    Reader(world.client()).post(mine, SEND)
    assert len(messages(world)) == MAIL_IN_A_DAY.most + 1


def test_all_who_move_to_one_mailbox_are_counted_together(world: World) -> None:
    """Its reader asked for none of it; and what they ask for themselves is counted apart."""
    for number in range(MAIL_TO_ONE.most + 2):
        mover = world.person(SAID, email=f"mover{number}@example.com")
        page = Reader(world.client()).open(world.link("data", mover))
        page.fill(NEW_EMAIL_ADDRESS, EMAIL).press(SEND_CONFIRMATION)
    assert kinds(world) == ["new-address"] * MAIL_TO_ONE.most
    send_sign_up(world, EMAIL, 1)
    assert kinds(world)[-1] == "confirm"


# ── many from one network ───────────────────────────────────────────────────────────────────


@pytest.fixture
def full(world: World) -> World:
    """As many messages as one network may have had sent today, of both kinds."""
    limits, now = world.app.extensions["preference-widget"].limits, world.clock().timestamp()
    for kind in ("confirm", "link"):
        for _ in range(MAIL_TO_STRANGERS.most):
            assert limits.allows(MAIL_TO_STRANGERS, f"{kind} 127.0.0.0/24", now)
    return world


def test_a_network_that_had_very_many_messages_sent_is_told_so_and_nothing_is_kept(
    full: World, tag: str
) -> None:
    stored = full.dump()
    full.clock.pass_by(hours=1)
    page = Reader(full.client()).post(f"/s/kutia?lang={tag}", form("x@takes-all.example"))
    assert page.status == 429
    assert page.sent.headers["Retry-After"] == str(MAIL_TO_STRANGERS.seconds - 3600)
    assert page.heading == said(tag, TOO_MANY_REQUESTS)
    assert page.says(said(tag, TOMORROW_OR_ELSEWHERE))
    assert full.dump() == stored
    full.clock.pass_by(hours=23)
    assert Reader(full.client()).post("/s/kutia", form("x@takes-all.example")).status == 200


def test_a_network_that_is_full_does_not_tell_who_is_known(full: World) -> None:
    full.person(SAID)
    pages = [ask_for_link(full, email) for email in (EMAIL, STRANGER)]
    assert {page.status for page in pages} == {429}
    assert pages[0].text == pages[1].text
    assert messages(full) == []


def test_people_with_links_do_not_meet_the_limit_of_their_network(full: World) -> None:
    person = full.person(SAID)
    assert prove(full, person).heading == DATA_HEADING


@pytest.mark.long
def test_no_office_meets_the_limit_and_no_network_has_much_more_sent(world: World) -> None:
    """Each at a name of a domain that takes every name, as all in an office are."""
    client, answers = world.hurried_client(), []
    for number in range(MAIL_TO_STRANGERS.most + 5):
        fields = {"form": f"{number:032x}", "email": f"n{number}@takes-all.example"}
        answers.append(client.post("/s/kutia", data={**fields, "topics": "offers"}).status_code)
    assert set(answers[:500]) == {303}
    assert answers[MAIL_TO_STRANGERS.most :] == [429] * 5
    assert len(messages(world)) == MAIL_TO_STRANGERS.most


def test_the_last_message_to_a_network_of_strangers_is_sent_and_no_more(world: World) -> None:
    """For more people than an office has, all of one address."""
    limits = world.app.extensions["preference-widget"].limits
    for _ in range(MAIL_TO_STRANGERS.most - 1):
        limits.allows(MAIL_TO_STRANGERS, "confirm 127.0.0.0/24", world.clock().timestamp())
    statuses = [
        world.hurried_client()
        .post("/s/kutia", data={"form": f"{number:032x}", "email": email, "topics": "offers"})
        .status_code
        for number, email in enumerate(("one@takes-all.example", "two@takes-all.example"))
    ]
    assert statuses == [303, 429]
    assert len(messages(world)) == 1
    assert MAIL_TO_STRANGERS.most >= 500


# ── one press, sent many times at once ──────────────────────────────────────────────────────


def test_the_message_belongs_to_the_sign_up_that_won(each_world: World) -> None:
    """And the others used up nothing: their messages are not there, so they are not counted."""
    fields = {"form": NAME, "email": NEW, "topics": "offers", "do": "save"}
    answers = pressed_at_once(each_world, "/s/kutia", fields)
    assert {each.status_code for each in answers} == {303}
    assert models.Profile.select().count(each_world.database) == 1
    ((kind, to, text),) = messages(each_world)
    assert (kind, to) == ("confirm", NEW)
    page = Reader(each_world.client()).open(link_in(text)).press(CONFIRM)
    assert page.says(ADDRESS_CONFIRMED)
    for number in range(MAIL_TO_ONE.most):
        send_sign_up(each_world, NEW, number)
    assert kinds(each_world) == ["confirm"] * MAIL_TO_ONE.most


@pytest.mark.parametrize("what", ["code", "new-address"])
def test_a_message_asked_for_many_times_at_once_is_one(each_world: World, what: str) -> None:
    person = each_world.person(SAID)
    if what == "code":
        pressed_at_once(each_world, data(each_world, person, "offers"), dict(SEND))
    else:
        path = prove(each_world, person).address
        pressed_at_once(each_world, path, {"do": "save", "email": NEW})
    assert kinds(each_world).count(what) == 1


# ── what the page says when no message goes ─────────────────────────────────────────────────


def held_back(page: Reader, tag: str, press: Callable[[], Reader], world: World) -> None:
    """The last of one press too many says so, and claims no message."""
    for _ in range(MAIL_TO_ONE.most):
        assert not press().says(said(tag, SENT_SEVERAL_ALREADY))
        world.clock.pass_by(seconds=11)
    sent = len(messages(world))
    press()
    assert page.says(said(tag, SENT_SEVERAL_ALREADY))
    assert len(messages(world)) == sent


def test_a_code_that_was_not_sent_is_not_told_as_sent(world: World, person: Profile) -> None:
    link = f"{data(world, person, 'offers')}?lang=sq"
    page = Reader(world.client())
    held_back(page, "sq", lambda: page.post(link, SEND), world)
    assert not page.says(said("sq", CODE_SENT, address="c•••@e•••.com"))


def test_a_new_link_that_was_not_sent_is_not_told_as_on_its_way(
    world: World, person: Profile, tag: str
) -> None:
    link = f"{world.link('preferences', person)}/renew?lang={tag}"
    page = Reader(world.client())
    held_back(page, tag, lambda: page.post(link, [("do", "renew")]), world)
    assert page.heading == said(tag, GET_NEW_LINK)


def test_a_move_whose_message_was_not_sent_is_not_told_as_sent(
    world: World, person: Profile
) -> None:
    page = prove(world, person)
    numbers = iter(range(9))

    def press() -> Reader:
        page.fill(NEW_EMAIL_ADDRESS, f"new{next(numbers)}@example.com")
        return page.press(SEND_CONFIRMATION)

    held_back(page, "en", press, world)
    assert not page.says(CONFIRMATION_SENT)
