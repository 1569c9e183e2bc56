"""What a person types as their address is found by its one spelling and exported as typed."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.steps import form, link_in, messages, prove
from tests.support.words.subscribe import CONFIRM
from tests.support.worlds import EMAIL, SAID, World
from widget_backend.store.people import Row, everyone

TYPED = " Arta@Xn--mller-kva.Example "
ARTA = "arta@müller.example"


def contacts(world: World) -> list[Row]:
    return [each.row for some in everyone(world.database, "kutia", ()) for each in some]


def sign_up(world: World, typed: str, name: str = "ab" * 16) -> None:
    Reader(world.client()).post("/s/kutia", form(typed, name=name))
    Reader(world.client()).open(link_in(messages(world)[-1][2])).press(CONFIRM)


def test_a_sign_up_keeps_the_address_as_it_was_typed(each_world: World) -> None:
    sign_up(each_world, TYPED)
    (contact,) = contacts(each_world)
    assert (contact.email, contact.written) == (ARTA, TYPED.strip())


def test_a_sign_up_of_somebody_known_is_how_they_write_themselves(each_world: World) -> None:
    each_world.person(SAID, email=ARTA)
    sign_up(each_world, TYPED)
    (contact,) = contacts(each_world)
    assert (contact.email, contact.written) == (ARTA, TYPED.strip())
    each_world.clock.pass_by(days=1)
    sign_up(each_world, ARTA, "cd" * 16)
    (contact,) = contacts(each_world)
    assert (contact.email, contact.written) == (ARTA, None)


@pytest.mark.parametrize(("typed", "written"), [(TYPED, TYPED.strip()), (ARTA, None)])
def test_a_move_keeps_the_new_address_as_it_was_typed(
    each_world: World, typed: str, written: str | None
) -> None:
    person = each_world.person(SAID)
    page = prove(each_world, person)
    page.post(page.address, [("do", "save"), ("email", "Other@example.com")])
    page.post(page.address, [("do", "save"), ("email", typed)])
    Reader(each_world.client()).open(link_in(messages(each_world)[-1][2])).press(CONFIRM)
    (contact,) = contacts(each_world)
    assert (contact.email, contact.written) == (ARTA, written)
    assert contact.email != EMAIL
