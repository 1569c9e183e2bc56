"""Which language a page speaks: what the address says, else link, profile, browser, site."""

from __future__ import annotations

import pytest

from tests.support.browsing import Reader
from tests.support.words import said
from tests.support.words.labels import GETS_TOPIC_NO_LONGER, LANGUAGE_SAVED
from tests.support.words.preferences import GET_FEWER, LANGUAGE_OF_MESSAGES, NO_CHANGES, SAVE, UNDO
from tests.support.words.questions import SHORTEN_ANSWER
from tests.support.worlds import KUTIA, LANGUAGES, SAID, World, declaring, make_world
from widget_backend.i18n.languages import language, match, negotiate

ORDER = [
    # address, link, profile, browser → language
    ("ar", "sq", "en", "en", "ar"),
    (None, "sq", "ar", "ar", "sq"),
    (None, None, "ar", "sq", "ar"),
    (None, None, None, "sq", "sq"),
    (None, None, None, None, "en"),
    ("xx", "sq", "ar", "ar", "sq"),
    ("", "sq", None, None, "sq"),
    (None, "xx", "ar", "sq", "ar"),
    (None, None, "xx", "sq", "sq"),
    ("ar-SA", None, None, None, "ar"),
    ("sq_XK", None, None, None, "sq"),
    ("AR", None, None, None, "ar"),
    (None, "ar-EG", None, None, "ar"),
    (None, None, None, "sq-XK,en;q=0.9", "sq"),
    (None, None, None, "fr, ar-SA;q=0.8, en;q=0.7", "ar"),
    (None, None, None, "en;q=0.1, ar;q=0.2", "ar"),
    (None, None, None, "ar;q=0, sq;q=0.1", "sq"),
    (None, None, None, "fr, *;q=0.5", "en"),
    (None, None, None, "*", "en"),
    (None, None, None, "ar;q=x, ;;;,,, sq-", "sq"),
    ("\x00", None, None, "%%%", "en"),
    ("ar" * 2000, None, None, None, "en"),
]


@pytest.mark.parametrize(("address", "link", "profile", "browser", "expected"), ORDER)
def test_the_first_wish_that_can_be_had_is_spoken(
    world: World,
    address: str | None,
    link: str | None,
    profile: str | None,
    browser: str | None,
    expected: str,
) -> None:
    person = world.person({"language": profile} if profile else {})
    headers = {"Accept-Language": browser} if browser else {}
    query = {} if address is None else {"lang": address}
    for purpose in ("preferences", "questions", "unsubscribe", "embed"):
        path = world.link(purpose, person, link)
        response = world.client().get(path, query_string=query, headers=headers)
        assert response.headers["Content-Language"] == expected, purpose


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("path", ["/s/kutia", "/s/kutia/fragment", "/s/nobody", "/p/x", "/nothing"])
def test_strangers_and_errors_are_spoken_to_in_their_language(
    world: World, path: str, tag: str
) -> None:
    for query, headers in (({"lang": tag}, {}), ({}, {"Accept-Language": f"{tag}-XX"})):
        response = world.client().get(path, query_string=query, headers=headers)
        assert response.headers["Content-Language"] == tag


def test_a_site_speaks_its_own_language_when_nobody_says_another(world: World) -> None:
    site = declaring(KUTIA, source_language="ar", locales=("ar", "sq"))
    albanian = make_world(world.database, [site])
    for path in ("/s/kutia", "/p/x"):
        page = Reader(albanian.client(), accept="en").open(path)
        assert page.document.root.get("dir") == "rtl"


def test_the_language_switch_keeps_the_place_and_marks_where_one_is(world: World) -> None:
    person = world.person()
    page = Reader(world.client()).open(f"{world.link('preferences', person, 'en')}?saved=0")
    nav = page.document.first("nav")
    entries = page.document.all("a", within=nav)
    assert [each.get("lang") for each in entries] == list(LANGUAGES)
    assert [each.get("hreflang") for each in entries] == list(LANGUAGES)
    assert [each.get("aria-current") for each in entries] == ["true", None, None]
    page.follow("العربية")
    assert page.document.root.get("lang") == "ar"
    assert page.says(said("ar", NO_CHANGES))


def test_the_language_of_the_address_stays_through_a_save(world: World) -> None:
    person = world.person()
    page = Reader(world.client()).open(f"{world.link('preferences', person, 'en')}?lang=ar")
    page.press(said("ar", GET_FEWER))
    assert page.document.root.get("lang") == "ar"
    page.press(said("ar", UNDO))
    assert page.document.root.get("lang") == "ar"


def test_a_language_that_the_site_no_longer_has_is_not_swapped_for_its_first(world: World) -> None:
    """Saving something else must not have us write to a German reader in Albanian one day."""
    person = world.person({"language": "de"})
    page = Reader(world.client()).open(world.link("preferences", person, "sq"))
    assert page.value(said("sq", LANGUAGE_OF_MESSAGES)) == "sq"
    page.press(said("sq", SAVE))
    assert world.state(person)["language"] == "de"
    page.choose(said("sq", LANGUAGE_OF_MESSAGES), "ar").press(said("sq", SAVE))
    assert world.state(person)["language"] == "ar"


# ── words and numbers ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("tag", "direction", "name"),
    [("en", "ltr", "English"), ("sq", "ltr", "Shqip"), ("ar", "rtl", "العربية")],
)
def test_a_language_knows_its_direction_and_its_own_name(
    tag: str, direction: str, name: str
) -> None:
    assert (language(tag).direction, language(tag).name) == (direction, name)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 11, 100])
def test_every_count_has_a_sentence_with_its_number(tag: str, count: int) -> None:
    """Numbers in Latin digits everywhere; Arabic may say one and two in words."""
    sentence = language(tag).ngettext(SHORTEN_ANSWER.msgid, SHORTEN_ANSWER.plural, count)
    assert f"<bdi>{count}</bdi>" in sentence or (tag == "ar" and count <= 2)
    assert "%" not in sentence


def test_values_in_a_sentence_are_isolated_and_escaped(tag: str) -> None:
    sentence = language(tag).gettext(GETS_TOPIC_NO_LONGER.msgid, topic="<b>عربي C++!</b>")
    assert "<bdi>&lt;b&gt;عربي C++!&lt;/b&gt;</bdi>" in sentence


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ("pt-BR", "pt-BR"),
        ("pt", "pt-BR"),
        ("PT_br", "pt-BR"),
        ("ar-Arab-SA", "ar"),
        ("arb", None),
        ("", None),
        (None, None),
        ("-", None),
    ],
)
def test_a_wish_finds_itself_or_its_language(wish: str | None, found: str | None) -> None:
    assert match(wish, ["en", "pt-BR", "ar"]) == found


def test_negotiation_takes_the_default_when_no_wish_can_be_had() -> None:
    assert negotiate([None, "xx", ""], ["en", "ar"], "ar") == "ar"


@pytest.mark.parametrize(
    ("tag", "chosen", "name"),
    [("en", "sq", "Albanian"), ("sq", "ar", "arabisht"), ("ar", "en", "الإنجليزية")],
)
def test_a_sentence_names_a_language_in_the_reader_s_own(
    world: World, tag: str, chosen: str, name: str
) -> None:
    """The switch above it keeps what each language calls itself."""
    person = world.person(SAID)
    page = Reader(world.client()).open(f"{world.link('preferences', person)}?lang={tag}")
    page.choose(said(tag, LANGUAGE_OF_MESSAGES), chosen).press(said(tag, SAVE))
    assert page.says(said(tag, LANGUAGE_SAVED, language=name))
    assert {"English", "Shqip", "العربية"} <= page.links().keys()
