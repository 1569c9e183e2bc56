"""What is too long for its field is refused by its length alone, and comes back as it was typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.browsing import Reader
from tests.support.steps import prove
from tests.support.worlds import SAID, World, said
from widget_backend.i18n.languages import language

Send = Callable[[World, str, str], Reader]
ADDRESS = ("Shorten the email address to 254 characters or fewer.", 254)
SHORTEN = {
    "phone": ("Shorten the phone number to 40 characters or fewer.", 40),
    "post": ("Shorten the postal address to 400 characters or fewer.", 400),
    "answer-people": ("Enter a whole number from %(low)s to %(high)s.", 40),
    "answer-wish": ("Shorten the answer to %(n)s character or fewer.", 20),
    "code": ("Enter the code from our latest email, or ask for a new one.", 40),
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
    if field == "answer-wish":
        sentence = language(tag).ngettext(text, text[:-1] + "s.", longest)
        return " ".join(sentence.striptags().split())
    return said(tag, text, low=1, high=20)


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
