"""The same button pressed again, at once or a moment later: one effect, and the same page."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from werkzeug.test import TestResponse

from tests.support.browsing import Reader
from tests.support.steps import (
    MOVE,
    NEW,
    NEW_ADDRESS,
    SEND_FORM,
    code_in,
    data_path,
    link_in,
    messages,
    prove,
    sign_up,
)
from tests.support.together import SAME_ORIGIN, all_at_once, pressed_at_once
from tests.support.words.account import (
    CODE_FROM_EMAIL,
    DATA_HEADING,
    GET_LINK,
    LINK_SENT_IF_KNOWN,
    LINKS_CANCELLED,
    NEW_EMAIL_ADDRESS,
    SEND_CONFIRMATION,
    SHOW_DATA,
)
from tests.support.words.subscribe import ADDRESS_CONFIRMED, CONFIRM
from tests.support.words.unsubscribe import UNSUBSCRIBE
from tests.support.worlds import EMAIL, SAID, World
from widget_backend.rate_limits import JUST_NOW
from widget_backend.store import models
from widget_backend.store.address_changes import find_change
from widget_backend.store.models import AddressChange, Identity
from widget_backend.store.one_time_codes import TRIES
from widget_backend.store.profiles import Profile


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


def ways_on(answers: list[TestResponse]) -> set[tuple[int, str]]:
    return {(each.status_code, each.headers.get("Location", "")) for each in answers}


def request_change(world: World, person: Profile) -> str:
    """The path of the link that confirms it, at the new address."""
    prove(world, person).fill(NEW_EMAIL_ADDRESS, NEW_ADDRESS).press(SEND_CONFIRMATION)
    return link_in(messages(world)[-1][2])


# ── a code ──────────────────────────────────────────────────────────────────────────────────


def test_a_code_asked_for_many_times_at_once_comes_and_opens(
    each_world: World, person: Profile
) -> None:
    path = data_path(each_world, person)
    assert len(ways_on(pressed_at_once(each_world, path, SEND_FORM))) == 1
    page = Reader(each_world.client()).open(f"{path}?sent=1")
    page.fill(CODE_FROM_EMAIL, code_in(each_world)).press(SHOW_DATA)
    assert page.heading == DATA_HEADING


def test_codes_asked_for_by_several_links_at_once_come_each(
    each_world: World, person: Profile
) -> None:
    paths = [f"{each_world.link(each, person)}/data" for each in ("preferences", "unsubscribe")]
    with ThreadPoolExecutor(2) as threads:
        sent = threads.map(lambda path: pressed_at_once(each_world, path, SEND_FORM), paths)
    assert {each.status_code for answers in sent for each in answers} == {303}


def test_the_right_code_pressed_many_times_at_once_leads_each_time_to_the_data(
    each_world: World, person: Profile
) -> None:
    path = data_path(each_world, person)
    Reader(each_world.client()).post(path, list(SEND_FORM.items()))
    form = {"do": "save", "code": code_in(each_world)}
    ((status, way),) = ways_on(pressed_at_once(each_world, path, form))
    assert status == 303
    assert Reader(each_world.client()).open(way).heading == DATA_HEADING


def test_the_right_code_pressed_again_within_a_minute_still_lets_in(
    each_world: World, person: Profile
) -> None:
    path = data_path(each_world, person)
    Reader(each_world.client()).post(path, list(SEND_FORM.items()))
    entered = [("do", "save"), ("code", code_in(each_world))]
    for _ in range(TRIES + 2):
        assert Reader(each_world.client()).post(path, entered).status == 200
    each_world.clock.pass_by(seconds=JUST_NOW - 1)
    assert Reader(each_world.client()).post(path, entered).status == 200
    each_world.clock.pass_by(seconds=1)
    assert Reader(each_world.client()).post(path, entered).status == 422


def test_after_the_right_code_whoever_guesses_has_no_more_tries_than_before(
    each_world: World, person: Profile
) -> None:
    path = data_path(each_world, person)
    Reader(each_world.client()).post(path, list(SEND_FORM.items()))
    code = code_in(each_world)
    wrong = f"{(int(code.replace(' ', '')) + 1) % 10**6:06}"
    entries = [("do", "save"), ("code", code)], [("do", "save"), ("code", wrong)]
    assert Reader(each_world.client()).post(path, entries[0]).status == 200
    for _ in range(TRIES):
        assert Reader(each_world.client()).post(path, entries[1]).status == 422
    assert Reader(each_world.client()).post(path, entries[0]).status == 422


def test_guesses_made_at_once_are_counted_each(each_world: World, person: Profile) -> None:
    path = data_path(each_world, person)
    Reader(each_world.client()).post(path, list(SEND_FORM.items()))
    code = code_in(each_world)
    wrong = f"{(int(code.replace(' ', '')) + 1) % 10**6:06}"
    answers = all_at_once(each_world, path, [{"do": "save", "code": wrong}] * TRIES)
    assert answers == [422] * TRIES
    assert Reader(each_world.client()).post(path, [("do", "save"), ("code", code)]).status == 422


def test_a_code_kept_by_a_clock_that_ran_ahead_keeps_no_other_from_coming(
    each_world: World, person: Profile
) -> None:
    path = data_path(each_world, person)
    each_world.clock.pass_by(days=1)
    Reader(each_world.client()).post(path, list(SEND_FORM.items()))
    each_world.clock.pass_by(days=-1)
    Reader(each_world.client()).post(path, list(SEND_FORM.items()))
    assert len(messages(each_world)) == 2
    entered = [("do", "save"), ("code", code_in(each_world))]
    assert Reader(each_world.client()).post(path, entered).status == 200


# ── another address ─────────────────────────────────────────────────────────────────────────


def test_a_move_asked_for_many_times_at_once_is_one_and_each_link_confirms_it(
    each_world: World, person: Profile
) -> None:
    path = prove(each_world, person).address
    assert {each.status_code for each in pressed_at_once(each_world, path, MOVE)} == {303}
    assert AddressChange.select().count(each_world.database) == 1
    links = [link_in(text) for kind, _, text in messages(each_world) if kind == "new-address"]
    for link in links:
        assert Reader(each_world.client()).open(link).buttons() == [CONFIRM]


def test_a_move_to_somewhere_else_ends_the_one_before(each_world: World, person: Profile) -> None:
    page = prove(each_world, person)
    page.fill(NEW_EMAIL_ADDRESS, NEW_ADDRESS).press(SEND_CONFIRMATION)
    first = link_in(messages(each_world)[-1][2])
    page.fill(NEW_EMAIL_ADDRESS, "c@example.com").press(SEND_CONFIRMATION)
    assert Reader(each_world.client()).open(first).status == 410


def test_a_move_confirmed_many_times_at_once_is_one_move(
    each_world: World, person: Profile
) -> None:
    link = request_change(each_world, person)
    saves = len(each_world.ledger(person))
    ((status, way),) = ways_on(pressed_at_once(each_world, link, {"do": "move"}))
    assert status == 303
    assert Reader(each_world.client()).open(way).says(ADDRESS_CONFIRMED)
    assert len(each_world.ledger(person)) == saves + 1
    told = [to for kind, to, _ in messages(each_world) if kind == "address-changed"]
    assert told == [EMAIL]


def test_a_move_confirmed_again_a_moment_later_leads_to_the_same_page(
    each_world: World, person: Profile
) -> None:
    link = request_change(each_world, person)
    for _ in range(2):
        page = Reader(each_world.client()).post(link, [("do", "move")])
        assert page.says(ADDRESS_CONFIRMED)
    each_world.clock.pass_by(minutes=2)
    assert Reader(each_world.client()).post(link, [("do", "move")]).status == 410
    now = int(each_world.clock().timestamp())
    name = each_world.signer.read("address", link.split("/")[2]).handle
    assert find_change(each_world.database, name, now) is None


# ── links, data, sign-ups ───────────────────────────────────────────────────────────────────


def test_links_ended_many_times_at_once_are_ended_once(each_world: World, person: Profile) -> None:
    path = prove(each_world, person).address
    ways = ways_on(pressed_at_once(each_world, path, {"do": "revoke"}))
    pages = [Reader(each_world.client()).open(way) for status, way in ways if status == 303]
    assert len(pages) == len(ways)
    told = {page.heading: page for page in pages}
    assert told.pop(DATA_HEADING).says(LINKS_CANCELLED)
    assert all(page.says(LINK_SENT_IF_KNOWN) for page in told.values())
    assert each_world.read(person).link_version == 1
    (link,) = [link_in(text) for kind, _, text in messages(each_world) if kind == "link"]
    assert Reader(each_world.client()).open(link).status == 200


def test_links_ended_again_a_moment_later_send_nothing_more(
    each_world: World, person: Profile
) -> None:
    path = prove(each_world, person).address
    for _ in range(2):
        page = Reader(each_world.client()).post(path, [("do", "revoke")])
    assert page.says(LINK_SENT_IF_KNOWN)
    assert Reader(each_world.client()).open(path).status == 410
    assert [kind for kind, _, _ in messages(each_world)] == ["code", "link"]


def test_erasing_many_times_at_once_tells_each_that_it_is_done(
    each_world: World, person: Profile
) -> None:
    path = prove(each_world, person).address
    answers = pressed_at_once(each_world, path, {"do": "erase"})
    assert {each.status_code for each in answers} <= {200, 410}
    assert 200 in {each.status_code for each in answers}
    assert models.Profile.select().count(each_world.database) == 0


def test_a_sign_up_confirmed_many_times_at_once_leads_each_time_to_the_choices(
    each_world: World,
) -> None:
    link = sign_up(each_world)
    ((status, way),) = ways_on(pressed_at_once(each_world, link, {"do": "confirm"}))
    assert status == 303
    assert Reader(each_world.client()).open(way).says(ADDRESS_CONFIRMED)
    each_world.clock.pass_by(minutes=2)
    late = Reader(each_world.client()).post(link, [("do", "confirm")])
    assert late.sent.status_code == 200, "later it is no way in any more"
    assert late.links()[GET_LINK]


def test_two_sign_ups_of_one_address_confirmed_at_once_are_one_person(each_world: World) -> None:
    links = [sign_up(each_world, NEW, "offers"), sign_up(each_world, NEW, "news", name="f" * 32)]
    start = Barrier(2)

    def press(link: str) -> int:
        client = each_world.hurried_client()
        start.wait()
        try:
            form = {"do": "confirm"}
            return client.post(link, data=form, headers=SAME_ORIGIN).status_code
        finally:
            each_world.database.close()

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(press, links)) == [303, 303]
    confirmed = Identity.select().where(Identity.confirmed & (Identity.value == NEW))
    assert confirmed.count(each_world.database) == 1


@pytest.mark.parametrize("door", ["preferences", "unsubscribe"])
def test_an_undo_pressed_many_times_at_once_is_one_undo(
    each_world: World, person: Profile, door: str
) -> None:
    page = Reader(each_world.client()).open(each_world.link(door, person))  # type: ignore[arg-type]
    page.press(UNSUBSCRIBE)
    form = dict(page.form("undo")) | {"do": "undo"}
    answers = pressed_at_once(each_world, page.address.partition("?")[0], form)
    assert {each.status_code for each in answers} == {303}
    assert len(each_world.ledger(person)) == 3
    assert "overall" not in each_world.state(person)


def test_one_click_pressed_many_times_at_once_leaves_once(
    each_world: World, person: Profile
) -> None:
    path = each_world.link("one-click", person)
    answers = pressed_at_once(each_world, path, {"List-Unsubscribe": "One-Click"})
    assert {each.status_code for each in answers} == {200}
    assert len(each_world.ledger(person)) == 2
