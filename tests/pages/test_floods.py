"""No mailbox is flooded: by other spellings, hour after hour or by moving. Pages stay the same."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.steps import link_in, messages, prove, send_sign_up
from tests.support.words.subscribe import CONFIRM
from tests.support.worlds import EMAIL, SAID, World
from widget_backend.rate_limits import ADDRESS_CHANGES, MAIL_IN_A_DAY, MAIL_TO_ONE, Limits


def moves(page: Reader, count: int) -> None:
    """So many wishes to move, each to another address."""
    for number in range(count):
        page.post(page.address, [("do", "save"), ("email", f"new{number}@example.com")])


@pytest.mark.parametrize(
    ("spelling", "come"),
    [
        ("victim@example.com", MAIL_TO_ONE.most),
        ("victim+{}@example.com", MAIL_TO_ONE.most),
        ("victim+a+{}@example.com", MAIL_TO_ONE.most),
        ("victim.{}@example.com", MAIL_TO_ONE.most + 2),
        ("vic.tim{}@gmail.com", MAIL_TO_ONE.most + 2),
    ],
)
def test_messages_are_counted_by_mailbox(world: World, spelling: str, come: int) -> None:
    pages = {
        send_sign_up(world, spelling.format(number), number).text
        for number in range(MAIL_TO_ONE.most + 2)
    }
    assert len(pages) == 1
    assert len(messages(world)) == come


def test_all_kinds_together_are_some_a_day(world: World) -> None:
    world.person(SAID)
    for number in range(MAIL_IN_A_DAY.most):
        send_sign_up(world, EMAIL, number)
        Reader(world.client()).post("/s/kutia/link", [("email", EMAIL)])
        world.clock.pass_by(hours=1)
    assert {kind for kind, _, _ in messages(world)} == {"confirm", "link"}
    assert len(messages(world)) == MAIL_IN_A_DAY.most
    world.clock.pass_by(days=1)
    send_sign_up(world, EMAIL, 99)
    assert len(messages(world)) == MAIL_IN_A_DAY.most + 1


def test_one_person_writes_to_few_new_addresses_a_day(world: World) -> None:
    page = prove(world, world.person(SAID))
    moves(page, ADDRESS_CHANGES.most + 4)
    sent = [recipient for kind, recipient, _ in messages(world) if kind == "new-address"]
    assert sent == [f"new{number}@example.com" for number in range(ADDRESS_CHANGES.most)]


def test_one_move_too_many_leaves_the_last_one_open(world: World) -> None:
    person = world.person(SAID)
    moves(prove(world, person), ADDRESS_CHANGES.most + 1)
    Reader(world.client()).open(link_in(messages(world)[-1][2])).press(CONFIRM)
    assert world.state(person)["contact:email"] == f"new{ADDRESS_CHANGES.most - 1}@example.com"


def test_the_old_address_is_told_however_much_it_got_and_it_is_not_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    moves(prove(world, world.person(SAID)), 1)
    link = link_in(messages(world)[-1][2])
    asked: list[object] = []
    monkeypatch.setattr(Limits, "allows_all", lambda *counters: asked.append(counters))
    Reader(world.client()).open(link).press(CONFIRM)
    assert messages(world)[-1][:2] == ("address-changed", EMAIL)
    assert asked == []
