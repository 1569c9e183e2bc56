"""After the last question: what is true of the answers, and where to go from there."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.steps import answered, asked
from tests.support.words import Text, said
from tests.support.words.account import GET_LINK
from tests.support.words.preferences import WHAT_SITE_SENDS
from tests.support.words.questions import ANSWERS_DECIDE, NO_QUESTIONS, SKIP
from tests.support.words.subscribe import SIGN_UP_AGAIN
from tests.support.worlds import World
from widget_backend.links import Purpose

NOTHING_LEFT = {
    "moved": "no",
    "rooms": [],
    "people": 2,
    "wish": "x",
    "style": "round",
    "colours": [],
    "income": "much",
}


def skipped_to_the_end(world: World, tag: str) -> Reader:
    page = asked(world, world.person(), tag)
    while said(tag, SKIP) in page.buttons():
        page.press(said(tag, SKIP))
    return page


def test_whoever_skipped_everything_is_not_told_that_their_answers_decide(
    world: World, tag: str
) -> None:
    page = skipped_to_the_end(world, tag)
    assert page.heading == said(tag, NO_QUESTIONS)
    assert not page.says(said(tag, ANSWERS_DECIDE))


def test_whoever_answered_is_told_what_for(world: World, tag: str) -> None:
    page = asked(world, world.person(answered(world, **NOTHING_LEFT)), tag)
    assert page.says(said(tag, ANSWERS_DECIDE))


def test_a_link_to_questions_leads_on_to_where_the_choices_can_be_had(
    world: World, tag: str
) -> None:
    """It does not open them itself: mail gets forwarded, and a link is for one purpose."""
    page = skipped_to_the_end(world, tag)
    assert not [each for each in page.links().values() if "/p/" in each]
    page.follow(said(tag, GET_LINK))
    assert (page.heading, page.document.root.get("lang")) == (said(tag, GET_LINK), tag)


@pytest.mark.parametrize(
    ("purpose", "link"), [("embed", WHAT_SITE_SENDS), ("answers", SIGN_UP_AGAIN)]
)
def test_other_links_lead_on_as_before(world: World, purpose: Purpose, link: Text) -> None:
    known = answered(world, **NOTHING_LEFT)
    person = world.person(known, pending=purpose == "answers")
    end = "?view=questions" if purpose == "embed" else ""
    page = Reader(world.client()).open(f"{world.link(purpose, person)}{end}")
    assert said("en", link, site=world.site().name) in page.links()
    assert GET_LINK not in page.links()
