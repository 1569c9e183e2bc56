"""What is too long for its field is refused by its length alone, and comes back as it was typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.browsing import Reader
from tests.support.steps import prove
from tests.support.words import said
from tests.support.words.account import ENTER_LATEST_CODE
from tests.support.words.preferences import SHORTEN_PHONE, SHORTEN_POST
from tests.support.words.questions import ENTER_NUMBER_FROM_TO, SHORTEN_ANSWER
from tests.support.words.subscribe import SHORTEN_EMAIL
from tests.support.worlds import SAID, World

Send = Callable[[World, str, str], Reader]
ADDRESS = (SHORTEN_EMAIL, 254)
SHORTEN = {
    "phone": (SHORTEN_PHONE, 40),
    "post": (SHORTEN_POST, 400),
    "answer-people": (ENTER_NUMBER_FROM_TO, 40),
    "answer-wish": (SHORTEN_ANSWER, 20),
    "code": (ENTER_LATEST_CODE, 40),
    "sign-up": ADDRESS,
    "lost link": ADDRESS,
    "move": ADDRESS,
}


def send(world: World, tag: str, field: str, typed: str) -> Reader:
    """The form that has this field, with this in it."""
    person, page = world.person(SAID), Reader(world.client())
    if field in {"phone", "post"}:
        preferences = {"revision": "1", "do": "save", "offered": "offers", "language": tag}
        return page.post(
            world.link("preferences", person, tag), {**preferences, field: typed}.items()
        )
    if field.startswith("answer-"):
        stage = {"revision": "1", "do": "save", "stage": "home", field: typed}
        return page.post(world.link("questions", person, tag), stage.items())
    if field == "code":
        return page.post(f"{world.link('preferences', person, tag)}/data", [("code", typed)])
    if field == "move":
        page = prove(world, person, tag)
        return page.post(page.address, [("do", "save"), ("email", typed)])
    at = {"sign-up": "/s/kutia", "lost link": "/s/kutia/link"}[field]
    return page.post(f"{at}?lang={tag}", [("topics", "offers"), ("email", typed)])


def told(tag: str, field: str) -> str:
    text, longest = SHORTEN[field]
    return said(tag, text, count=longest, low=1, high=20)


@pytest.mark.parametrize("field", SHORTEN)
def test_what_is_too_long_is_told_its_limit_and_kept(world: World, tag: str, field: str) -> None:
    typed = "x\x07 1" + "٣例" * 3_000
    page = send(world, tag, field, f"  {typed} ")
    assert page.status == 422
    assert page.says(told(tag, field))
    control = page.document.ids["email" if SHORTEN[field] is ADDRESS else field]
    assert (control.text or control.get("value")) == typed.replace("\x07", "")


@pytest.mark.parametrize("field", SHORTEN)
@pytest.mark.parametrize("sign", ["x", "٣", " "])
def test_a_field_takes_as_much_as_its_limit_says(world: World, field: str, sign: str) -> None:
    """White space around it and the second half of a line break do not count."""
    _, longest = SHORTEN[field]
    page = send(world, "en", field, f"  {'1' * (longest - 1)}{sign}\r\n ")
    assert "Shorten" not in page.text


def test_lines_of_an_address_are_counted_as_a_browser_counts_them(world: World) -> None:
    page = send(world, "en", "post", "\r\n".join(["x" * 19] * 20))
    assert page.status == 200
