"""What a form in the widget leads on to: for how long, and in a tab of its own."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.words import said
from tests.support.words.errors import OPEN_TOO_LONG
from tests.support.words.labels import GETS_TOPIC_NO_LONGER, NO
from tests.support.words.preferences import SAVE, UNDO, WHAT_SITE_SENDS
from tests.support.words.unsubscribe import UNSUBSCRIBE, UNSUBSCRIBED
from tests.support.worlds import OFFERS, OFFERS_NAME, SAID, TIPS_NAME, World, no
from widget_backend.links import Purpose


def test_a_form_in_a_fragment_can_be_sent_after_its_minutes(world: World) -> None:
    """People read for longer than a link lives that was minted for minutes."""
    person = world.person(SAID)
    page = Reader(world.client()).open(world.link("embed", person)).untick(OFFERS_NAME)
    world.clock.pass_by(hours=3)
    page.press(SAVE)
    assert world.state(person)["topic:offers"] == no(OFFERS)


@pytest.mark.parametrize("view", ["", "?view=questions"])
@pytest.mark.parametrize("proof", ["", "opened=-"])
def test_who_has_but_a_link_of_minutes_sends_nothing_later(
    world: World, view: str, proof: str
) -> None:
    """And is given nothing that would prove to have been in time."""
    person = world.person(SAID)
    link = f"{world.link('embed', person)}{view}"
    before = world.state(person)
    page = Reader(world.client()).open(link)
    page = page.tick(NO).tick("Attic") if view else page.tick(TIPS_NAME)
    for form in page.document.all("form"):
        form.set("action", f"{form.get('action', '').partition('opened=')[0]}{proof}")
    world.clock.pass_by(hours=1)
    page.press(SAVE)
    assert (page.status, world.state(person)) == (410, before)
    assert b"opened=" not in page.response.data


def test_leaving_is_possible_with_a_link_whose_minutes_are_over(world: World) -> None:
    person = world.person(SAID)
    link = world.link("embed", person)
    world.clock.pass_by(days=30)
    page = Reader(world.client()).open(link.removesuffix("/fragment")).press(UNSUBSCRIBE)
    assert page.heading == UNSUBSCRIBED
    assert b"opened=" not in page.response.data


@pytest.mark.parametrize("view", ["", "?view=questions"])
@pytest.mark.parametrize("purpose", ["embed", "preferences"])
def test_who_left_by_a_link_that_is_over_and_took_it_back_may_leave_again(
    world: World, purpose: Purpose, view: str
) -> None:
    person = world.person(SAID)
    link = world.link(purpose, person).removesuffix("/fragment")
    world.clock.pass_by(days=200)
    page = Reader(world.client()).open(f"{link}{view}").press(UNSUBSCRIBE).press(UNDO)
    assert world.state(person) == person.state
    page.press(UNSUBSCRIBE)
    assert page.heading == UNSUBSCRIBED


@pytest.mark.parametrize("view", ["", "?view=questions"])
def test_a_link_that_is_over_tells_nothing_to_who_would_undo_without_a_token(
    world: World, view: str
) -> None:
    link = world.link("embed", world.person(SAID)).removesuffix("/fragment")
    world.clock.pass_by(hours=1)
    page = Reader(world.client()).open(f"{link}{view}")
    page.post(f"{link}{view}", [("do", "undo"), ("revision", "1")])
    assert page.status == 410
    assert "•" not in page.text


def waiting(page: Reader) -> str:
    return next(each for each in page.links().values() if "view=questions" in each)


def test_a_form_in_a_fragment_leads_on_for_as_long_as_it_saves(world: World, tag: str) -> None:
    page = Reader(world.client()).open(world.link("embed", world.person(SAID), tag))
    world.clock.pass_by(hours=3)
    page.open(waiting(page))
    assert (page.status, page.heading) == (200, "What changes")
    preferences = said(tag, WHAT_SITE_SENDS, site="Kutia C++!")
    page.follow(preferences)
    assert page.heading == preferences
    world.clock.pass_by(days=1)
    page.open(waiting(page))
    too_long = said(tag, OPEN_TOO_LONG)
    assert (page.status, page.heading) == (410, too_long)


@pytest.mark.parametrize(("purpose", "hours"), [("embed", 1), ("preferences", 180 * 24 + 1)])
@pytest.mark.parametrize("proof", ["", "-", "of another link"])
def test_only_a_form_that_was_opened_in_time_leads_on(
    world: World, purpose: Purpose, hours: int, proof: str
) -> None:
    person = world.person(SAID)
    link = world.link(purpose, person)
    if proof == "of another link":
        world.clock.pass_by(minutes=1)
        other = Reader(world.client()).open(world.link("embed", person))
        proof = waiting(other).partition("opened=")[2]
        assert proof
    world.clock.pass_by(hours=hours)
    page = Reader(world.client()).open(f"{link}?opened={proof}")
    assert page.status == 410


QUERIES = {
    "": "",
    "?lang=ar&view=questions": "?lang=ar&view=questions",
    "?view=%ff": "?view=%25FF",
    "?view=%0d%0aSet-Cookie:%20a": "?view=%0D%0ASet-Cookie%3A+a",
}


@pytest.mark.parametrize(("query", "kept"), QUERIES.items())
def test_a_link_in_a_fragment_opens_the_page_in_a_tab_of_its_own(
    world: World, query: str, kept: str
) -> None:
    link = world.link("embed", world.person(SAID))
    for fragment in (link, "/s/kutia/fragment"):
        asked = world.client().get(fragment + query, headers={"Sec-Fetch-Dest": "document"})
        page = fragment.removesuffix("/fragment") + kept
        assert (asked.status_code, asked.headers["Location"]) == (302, page)


def test_an_embed_link_opened_in_a_browser_is_a_page(world: World, tag: str) -> None:
    person = world.person(SAID)
    link = world.link("embed", person, tag).removesuffix("/fragment")
    page = Reader(world.client()).open(link).untick(OFFERS_NAME).press(said(tag, SAVE))
    assert page.says(said(tag, GETS_TOPIC_NO_LONGER, topic=OFFERS_NAME))
    assert page.document.root.get("lang") == tag
    page.open(waiting(page))
    assert page.heading == "What changes"
    world.clock.pass_by(days=2)
    page.open(link)
    assert (page.status, page.heading) == (410, said(tag, OPEN_TOO_LONG))
