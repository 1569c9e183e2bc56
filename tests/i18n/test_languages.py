"""Languages: which is spoken, in which direction, with which plurals, and values kept apart."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from flask import Flask

from widget_backend.demo.run import DIMORA
from widget_backend.i18n.languages import Language, language, match, negotiate, own_name
from widget_backend.site.load import SiteInLanguages, load_site
from widget_backend.web.negotiation import choose_language

OURS = ("en", "sq", "ar")


@pytest.fixture(scope="module")
def dimora() -> SiteInLanguages:
    return load_site(DIMORA / "SITE.toml")


# ── which one ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("wish", "tag"),
    [
        ("ar", "ar"),
        ("ar-SA", "ar"),
        ("AR-sa", "ar"),
        ("ar_EG", "ar"),
        ("sq-XK", "sq"),
        ("sq", "sq"),
        ("en-GB", "en"),
        ("de", None),
        ("arz", None),
        ("", None),
        (None, None),
    ],
)
def test_a_wish_finds_itself_or_its_language(wish: str | None, tag: str | None) -> None:
    assert match(wish, OURS) == tag


def test_a_language_without_a_country_finds_one_with_it() -> None:
    assert match("ar", ("en", "ar-EG")) == "ar-EG"
    assert match("ar-SA", ("en", "ar-EG", "ar-SA")) == "ar-SA"


@pytest.mark.parametrize(
    ("wishes", "tag"),
    [
        (["de", "ar-SA"], "ar"),
        (["de", "fr"], "en"),
        ([None, None], "en"),
        ([], "en"),
        (["sq", "ar"], "sq"),
    ],
)
def test_the_first_wish_that_can_be_had_is_had(wishes: list[str | None], tag: str) -> None:
    assert negotiate(wishes, OURS, "en") == tag


@pytest.mark.parametrize(
    ("accepted", "tag"),
    [
        ("ar-SA,ar;q=0.9,en;q=0.8", "ar"),
        ("sq-XK,sq;q=0.9", "sq"),
        ("de-CH,de;q=0.9", "en"),
        ("en;q=0, ar;q=0.1", "ar"),
        ("en;q=0", "en"),  # nothing else was wished for: the site's own language
        ("*", "en"),
        ("de, *;q=0.5", "en"),
        ("", "en"),
    ],
)
def test_a_browser_s_languages_are_heard(accepted: str, tag: str, dimora: SiteInLanguages) -> None:
    with Flask("test").test_request_context(headers={"Accept-Language": accepted}):
        assert choose_language(dimora) == (tag, None)


# ── how it is written ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("tag", "direction", "name"),
    [
        ("en", "ltr", "English"),
        ("sq", "ltr", "Shqip"),
        ("sq-XK", "ltr", "Shqip (Kosovë)"),
        ("ar", "rtl", "العربية"),
        ("pt-BR", "ltr", "Português (Brasil)"),
        ("zh-Hans", "ltr", "中文 (简体)"),
    ],
)
def test_a_language_has_a_direction_and_a_name_of_its_own(
    tag: str, direction: str, name: str
) -> None:
    assert (language(tag).direction, own_name(tag)) == (direction, name)


@pytest.mark.parametrize("tag", ["ar", "ar-EG", "ar-SA", "sq", "en"])
def test_digits_are_latin_in_numbers_and_dates(tag: str) -> None:
    spoken = language(tag)
    said = spoken.number(1234567890) + spoken.date(date(2026, 11, 22))
    assert all(sign.isascii() for sign in said if sign.isdigit())


@pytest.mark.parametrize(
    ("tag", "day"),
    [
        ("en", "1 March 2027"),
        ("en-GB", "1 March 2027"),
        ("en-US", "March 1, 2027"),
        ("sq", "1 mars 2027"),
        ("sq-XK", "1 mars 2027"),
        ("ar", "1 مارس 2027"),
    ],
)
def test_a_date_is_written_as_its_language_writes_it(tag: str, day: str) -> None:
    """Our English is British; who wants American dates declares `en-US`."""
    assert language(tag).date(date(2027, 3, 1)).replace("\u00a0", " ") == day


AMOUNTS = {
    ("en", 1234.5, "EUR"): "€1,234.50",
    ("sq", 1234.5, "EUR"): "1\u00a0234,50\u00a0€",
    ("ar", 1234.5, "EUR"): "\u200f1,234.50\u00a0€",
    ("en", -3, "JPY"): "-JP¥3",
    ("en", 12.25, "kg"): "12.25\u00a0kg",
    ("sq", 12.25, "kg"): "12,25\u00a0kg",
    ("ar", 12.25, "kg"): "12.25\u00a0kg",
    ("sq", 1234, ""): "1\u00a0234",
}


@pytest.mark.parametrize(("tag", "number", "unit"), AMOUNTS)
def test_an_amount_is_written_as_its_language_writes_it(tag: str, number: float, unit: str) -> None:
    assert language(tag).amount(number, unit) == AMOUNTS[tag, number, unit]


@pytest.mark.parametrize("tag", ["en", "en-GB", "en-US"])
def test_a_number_is_written_the_same_in_all_english(tag: str) -> None:
    assert language(tag).number(1234567) == "1,234,567"


PLACES = {
    "Europe/Tirane": ("Tirana", "Tiranë", "تيرانا"),
    "Africa/Casablanca": ("Casablanca", "Kazablankë", "الدار البيضاء"),
    "Asia/Riyadh": ("Riyadh", "Riad", "الرياض"),
    "Asia/Kolkata": ("Kolkata", "Kalkutë", "كالكتا"),
    "America/Argentina/Buenos_Aires": ("Buenos Aires", "Buenos-Ajres", "بوينوس أيرس"),
    "America/Indiana/Knox": ("Knox, Indiana", "Knoks, Indiana", "كونكس"),
    "Antarctica/Troll": ("Troll Station", "Troll", "ترول"),
    "US/Pacific": ("Los Angeles", "Los Anxhelos", "لوس انجلوس"),
}


@pytest.mark.parametrize("zone", PLACES)
def test_the_place_of_a_time_zone_has_a_name_in_each_language(zone: str) -> None:
    names = tuple(language(tag).place_of(zone) for tag in OURS)
    assert names == PLACES[zone]


@pytest.mark.parametrize("tag", OURS)
def test_places_of_one_name_have_the_same_clocks(tag: str) -> None:
    """In the middle of each month of a year, in every zone that a site file may name."""
    clocks: dict[str, set[tuple[timedelta | None, ...]]] = {}
    for zone in available_timezones():
        if "/" in zone and "Etc/" not in zone:
            clocks.setdefault(language(tag).place_of(zone), set()).add(_clock(zone))
    assert [name for name, several in clocks.items() if len(several) > 1] == []
    assert len(clocks) > 400


def _clock(zone: str) -> tuple[timedelta | None, ...]:
    """How far it is from UTC, month by month."""
    days = [datetime(2027, month, 15, 12, tzinfo=UTC) for month in range(1, 13)]
    return tuple(day.astimezone(ZoneInfo(zone)).utcoffset() for day in days)


@pytest.mark.parametrize(
    ("tag", "other", "name"),
    [
        ("en", "sq", "Albanian"),
        ("en", "en", "English"),
        ("en", "sq-XK", "Albanian (Kosovo)"),
        ("sq", "en", "anglisht"),
        ("sq", "ar", "arabisht"),
        ("ar", "sq", "الألبانية"),
        ("en", "xx", "xx"),
        ("en", "no tag", "no tag"),
    ],
)
def test_a_language_calls_another_by_its_own_word(tag: str, other: str, name: str) -> None:
    assert language(tag).name_of(other) == name


def test_a_country_speaks_its_language() -> None:
    assert language("ar-SA").gettext("Save") == language("ar").gettext("Save") == "حفظ"
    assert language("sq-XK").gettext("Save") == "Ruani"


def test_a_language_that_we_do_not_speak_is_english() -> None:
    assert language("de").gettext("Save") == "Save"
    assert language("de").direction == "ltr"


# ── values kept apart (W3C, inline markup and bidirectional text) ───────────────────────────

ARABIC = language("ar")


def lost(topic: str, speaker: Language = ARABIC) -> str:
    return speaker.gettext("You will no longer get “%(topic)s”.", topic=topic)


@pytest.mark.parametrize(
    "name",
    [
        "C++!",  # its sign would jump to the other side of the word
        "متجر النور 24",  # an Arabic name followed by a number
        "−50%",  # and no second formatting of the per cent sign
        "100%(topic)s",
        "+355 69 123 4567",
        "Dimora (1998)",
    ],
)
@pytest.mark.parametrize("tag", OURS)
def test_a_value_is_isolated_whatever_it_is(name: str, tag: str) -> None:
    said = lost(name, language(tag))
    assert f"<bdi>{name}</bdi>" in said
    assert said.count("<bdi>") == 1


def test_two_latin_brands_side_by_side_are_two() -> None:
    said = ARABIC.gettext(
        "You get “%(topic)s”: %(channel)s, %(frequency)s.",
        topic="Dimora",
        channel="WhatsApp",
        frequency="IKEA",
    )
    assert said == "تصلك رسائل «<bdi>Dimora</bdi>» عبر <bdi>WhatsApp</bdi>، <bdi>IKEA</bdi>."


def test_a_phone_number_in_a_sentence_is_isolated() -> None:
    said = ARABIC.gettext(
        "Enter a phone number with the country code, like %(example)s.",
        example="+355 69 123 4567",
    )
    assert said == "يلزم إدخال رقم الهاتف مع رمز الدولة، مثل <bdi>+355 69 123 4567</bdi>"


def test_a_number_in_a_sentence_is_isolated() -> None:
    said = ARABIC.gettext("Enter a whole number from %(low)s to %(high)s.", low="-1", high="20")
    assert said == "يلزم إدخال عدد صحيح من <bdi>-1</bdi> إلى <bdi>20</bdi>."


def test_what_people_typed_stays_text() -> None:
    assert "<bdi>&lt;b&gt;&amp;&#34;</bdi>" in lost('<b>&"')


def test_a_sentence_without_values_is_formatted_too() -> None:
    """So a literal per cent sign is written twice in every text."""
    assert language("en").gettext("100%% <wool>") == "100% &lt;wool&gt;"
