"""A mail server that takes no UTF-8 is told of at once, by the forms that ask for an address."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.browsing import Reader
from tests.support.steps import form, messages, prove
from tests.support.words import said
from tests.support.words.subscribe import ENTER_EMAIL_WE_CAN_REACH
from tests.support.worlds import SAID, World
from widget_backend.mail.transports import ServerCapabilities

BEYOND_ASCII, IDN = "dhënës@example.com", "ela@müller.example"
FORMS = ("sign-up", "lost link", "move")


def with_a_server(world: World, takes_utf8: bool | None) -> World:
    backend = world.app.extensions["preference-widget"]
    mail = ServerCapabilities(takes_utf8)
    world.app.extensions["preference-widget"] = replace(backend, mail=mail)
    return world


def send(world: World, where: str, email: str, tag: str = "en") -> Reader:
    page = Reader(world.client())
    if where == "move":
        page = prove(world, world.person(SAID), tag)
        return page.post(page.address, [("do", "save"), ("email", email)])
    at = {"sign-up": "/s/kutia", "lost link": "/s/kutia/link"}[where]
    return page.post(f"{at}?lang={tag}", form(email))


@pytest.mark.parametrize("where", FORMS)
def test_the_form_says_at_once_that_no_mail_can_go_there(
    world: World, tag: str, where: str
) -> None:
    with_a_server(world, False)
    page = send(world, where, BEYOND_ASCII, tag)
    assert page.status == 422
    assert page.says(said(tag, ENTER_EMAIL_WE_CAN_REACH))
    assert page.document.ids["email"].get("value") == BEYOND_ASCII
    assert BEYOND_ASCII not in {recipient for _, recipient, _ in messages(world)}


@pytest.mark.parametrize("where", FORMS)
@pytest.mark.parametrize(
    ("takes_utf8", "email"), [(False, IDN), (True, BEYOND_ASCII), (None, BEYOND_ASCII)]
)
def test_a_domain_beyond_ascii_and_a_server_that_nobody_has_asked_are_no_hindrance(
    world: World, where: str, takes_utf8: bool | None, email: str
) -> None:
    assert send(with_a_server(world, takes_utf8), where, email).status == 200


def test_it_does_not_tell_who_is_known(world: World) -> None:
    world.person(SAID, email=BEYOND_ASCII)
    with_a_server(world, False)
    texts = {send(world, "lost link", email).text for email in (BEYOND_ASCII, "ë@example.com")}
    assert len(texts) == 1
