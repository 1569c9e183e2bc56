"""The owner's page: the lines to paste, and previews that can sign nobody up."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.lint_rules import text
from tests.support.words import said
from tests.support.words.preferences import WHAT_SITE_SENDS
from tests.support.words.snippet import (
    HEIGHT_IS_ESTIMATE,
    IN_THE_PAGE,
    LIGHT,
    NO_ORIGINS_YET,
    PHONE_WINDOW,
    PUT_FORM_ON_YOUR_PAGE,
)
from tests.support.words.subscribe import HEAR_FROM_SITE
from tests.support.worlds import KUTIA, SHOP, World, declaring, make_world
from widget_backend.embed import snippets
from widget_backend.embed.releases import frozen_versions
from widget_backend.embed.snippets import MODES, VIEWS, Choice, Mode, View

HOME = "https://prefs.kutia.example"


def lines(page: Reader, name: str) -> str:
    """A block to copy, to the letter."""
    return "".join(page.document.ids[f"lines-{name}"].itertext())


def choose(world: World, **asked: str) -> Reader:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return Reader(world.client()).open(f"/s/kutia/snippet?{query}")


def test_it_is_public_in_each_language_and_about_nobody(world: World, tag: str) -> None:
    page = choose(world, lang=tag)
    assert page.heading == said(tag, PUT_FORM_ON_YOUR_PAGE, site="Kutia C++!")
    assert page.document.root.get("lang") == tag
    assert page.response.headers["X-Robots-Tag"] == "noindex"
    assert page.says(SHOP), "the origins that may show the form"
    assert lines(page, "element").startswith(
        f'<preference-widget src="{HOME}/s/kutia" lang="{tag}">'
    )


def test_without_script_every_line_can_be_read_and_no_button_promises_to_copy(
    world: World,
) -> None:
    page = choose(world, lang="en")
    for name in ("head", "element", "styles", "policy", "pinned", "frame", "in-a-frame"):
        assert lines(page, name)
    copying = [each for each in page.document.all("button") if "data-copies" in each.attrib]
    assert len(copying) == 7
    assert all("hidden" in each.attrib for each in copying)
    assert page.says(HEIGHT_IS_ESTIMATE)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("view", VIEWS)
def test_the_lines_are_those_of_the_command(world: World, mode: Mode, view: View) -> None:
    page = choose(world, lang="en", language="sq", mode=mode, view=view, version="pinned")
    site, choice = KUTIA.in_locale["sq"], Choice("sq", mode, view, pinned=True)
    assert lines(page, "head") == snippets.head_lines(site, choice)
    assert lines(page, "element") == snippets.element(site, choice)
    assert lines(page, "in-a-frame") == snippets.frame(site, choice)
    assert lines(page, "policy") == f"script-src {HOME};\nconnect-src {HOME};"
    assert ("lines-styles" in page.document.ids) == (mode == "inline")
    assert ("lines-account" in page.document.ids) == (view != "sign-up")
    assert page.document.root.get("lang") == "en", "the page stays in the owner's language"


def test_a_frame_shows_the_hosted_page_and_names_nobody(world: World) -> None:
    everybody = lines(choose(world, language="sq"), "in-a-frame")
    assert everybody.startswith(f'<iframe src="{HOME}/s/kutia?lang=sq" title="')
    for view, door in (("preferences", "p"), ("questions", "q")):
        known = lines(choose(world, language="sq", view=view), "in-a-frame")
        assert known.startswith(f'<iframe src="{HOME}/{door}/…?lang=sq" title="')


def test_the_script_that_never_changes_stands_there_with_its_hash(world: World) -> None:
    page = choose(world)
    assert f"/widget/{frozen_versions()[-1]}" in lines(page, "pinned")
    assert 'integrity="sha384-' in lines(page, "pinned")
    assert "v1.js" in lines(page, "head")


def test_the_choice_is_sent_by_address_and_stays_chosen(world: World) -> None:
    page = choose(world, lang="sq", language="ar", mode="dialog", view="questions")
    (form,) = page.document.all("form")
    assert (form.get("method"), form.get("action")) == ("get", "/s/kutia/snippet")
    chosen = [each.get("value") for each in form.iter("option") if "selected" in each.attrib]
    assert chosen == ["ar", "questions", "dialog", "newest"]
    kept = {each.get("name"): each.get("value") for each in form.iter("input")}
    assert kept == {"lang": "sq"}


@pytest.mark.parametrize("asked", [{"language": "de"}, {"mode": "popup"}, {"view": "x"}, {}])
def test_what_there_is_not_counts_as_not_asked_for(world: World, asked: dict[str, str]) -> None:
    page = choose(world, lang="en", **asked)
    plain = snippets.element(KUTIA.site, Choice("en"))
    assert lines(page, "element") == plain


def test_where_no_page_may_show_the_form_it_says_what_to_do(world: World, tag: str) -> None:
    closed = make_world(world.database, [declaring(KUTIA, origins=())])
    page = choose(closed, lang=tag)
    assert page.says(said(tag, NO_ORIGINS_YET))


def test_a_site_that_asks_nothing_offers_no_questions(world: World) -> None:
    silent = make_world(world.database, [declaring(KUTIA, questions=(), stages=())])
    page = choose(silent, view="questions")
    assert [each.get("value") for each in page.document.ids["view"].iter("option")] == [
        "sign-up",
        "preferences",
    ]


# ── the previews ────────────────────────────────────────────────────────────────────────────


def test_languages_ways_colours_and_widths_stand_side_by_side(world: World) -> None:
    page = choose(world, lang="en", view="preferences")
    sources = [each.get("src", "") for each in page.document.all("iframe")]
    assert all(each.startswith("/s/kutia/preview/preferences?") for each in sources)
    for part in ("lang=sq", "lang=ar", "mode=dialog", "mode=prompt", "scheme=dark"):
        assert sum(part in each for each in sources) == 1, part
    assert len(sources) == 7
    measured = [each.get("data-measures") for each in page.document.all("iframe")]
    assert measured == ["narrow", "wide", *[None] * 5]
    titles = [each.get("title") for each in page.document.all("iframe")]
    assert titles[0] == f"English, {IN_THE_PAGE}, {PHONE_WINDOW}, {LIGHT}"
    assert len({*titles} - {titles[0]}) == 6


@pytest.mark.parametrize(("mode", "view"), [("dialog", "sign-up"), ("prompt", "preferences")])
def test_a_preview_is_a_page_like_an_owners(world: World, mode: str, view: str, tag: str) -> None:
    path = f"/s/kutia/preview/{view}"
    page = Reader(world.client()).open(f"{path}?lang={tag}&mode={mode}&scheme=dark")
    (widget,) = page.document.all("preference-widget")
    assert widget.attrib == {"src": path, "lang": tag, "mode": mode}
    (link,) = page.document.all("a")
    assert link.get("href", "").startswith(path), "not to the form that signs up"
    scheme = [each.get("content") for each in page.document.all("meta")]
    assert "dark" in scheme
    policy = page.response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "trusted-types 'none'" in policy


@pytest.mark.parametrize("view", VIEWS)
def test_a_preview_shows_the_form_and_has_nowhere_to_send_it(
    world: World, view: View, tag: str
) -> None:
    stored = world.dump()
    path = f"/s/kutia/preview/{view}/fragment?lang={tag}"
    page = Reader(world.client()).open(path)
    headings = {
        "sign-up": said(tag, HEAR_FROM_SITE, site="Kutia C++!"),
        "preferences": said(tag, WHAT_SITE_SENDS, site="Kutia C++!"),
        "questions": page.heading,
    }
    assert page.heading == headings[view]
    assert len(page.document.all("form")) == 1
    assert [each.get("action") for each in page.document.all("form")] == [""]
    assert world.client().post(path, data={"email": "a@example.com"}).status_code == 405
    assert world.dump() == stored


def test_a_preview_that_is_closed_as_a_prompt_is_there_again(world: World) -> None:
    path = "/s/kutia/preview/sign-up/fragment"
    page, real = (Reader(world.client()).open(each) for each in (path, "/s/kutia/fragment"))
    until = [each.document.classed("close")[0].get("value") for each in (page, real)]
    assert until == [world.clock().date().isoformat(), "2027-03-31"]


def test_a_preview_is_as_long_as_the_longest_form(world: World) -> None:
    """Somebody of every role is shown every topic: the height to reserve is enough for all."""
    page = Reader(world.client()).open("/s/kutia/preview/preferences/fragment")
    offered = [each for each in page.document.all("input") if each.get("name") == "offered"]
    assert len(offered) == len(KUTIA.site.topics)
    assert any(topic.roles for topic in KUTIA.site.topics), "or the roles would not count"
    assert "n•••@e•••.com." in text(page.document.classed("whom")[0])
