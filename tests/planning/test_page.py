"""The page of a contact plan: one file that says what the tally says, and shows texts as texts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from xml.etree.ElementTree import Element

import html5lib
import pytest

from tests.support.decisions import choice, person
from tests.support.plans import HOSTILE, SENDS, SHOP, Send, tally_of
from tests.support.sites import topic
from tests.support.words import said
from tests.support.words.planning import ALL_IS_WELL, NO_CAMPAIGN, NOBODY, SILENT, TODAY
from tests.support.words.planning import CAPPED as A_CAP
from widget_backend.contacts.audience import OF_PHONES, REASONS
from widget_backend.i18n.languages import language
from widget_backend.planning.bars import WIDTH as BARS
from widget_backend.planning.calendar import CHIP, WIDTH
from widget_backend.planning.lettering import in_lines, shortened, width
from widget_backend.planning.page import plan_page
from widget_backend.planning.words import reason_words, words_of_phones
from widget_backend.rules.plan_tally import PlanTally
from widget_backend.rules.snapshot import Snapshot
from widget_backend.site.channels import Channel
from widget_backend.site.model import Topic

LOADING = {"src", "srcset", "href", "xlink:href", "action", "style"}
SVG = "{http://www.w3.org/2000/svg}"
TAGS = ("en", "sq", "ar")


def page_of(tally: PlanTally, tag: str = "en") -> Element:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    page: Element = parser.parse(plan_page(tally, language(tag)))
    assert parser.errors == []
    return page


def of_class(page: Element, name: str) -> list[Element]:
    return [each for each in page.iter() if name in (each.get("class") or "").split()]


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.fixture(params=TAGS)
def tag(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


def test_each_campaign_of_the_tally_is_a_chip_a_line_and_a_row(tag: str) -> None:
    tally = tally_of(tag)
    page = page_of(tally, tag)
    assert (page.get("lang"), page.get("dir")) == (tag, "rtl" if tag == "ar" else "ltr")
    chips = of_class(page, "chip")
    (table,) = of_class(page, "campaigns")
    (agenda,) = of_class(page, "agenda")
    rows = list(table.iter("tr"))[1:]
    assert len(chips) == len(rows) == len(list(agenda.iter("strong"))) == len(SENDS)
    for chip, row, (planned, of) in zip(chips, rows, tally.listed, strict=True):
        lines = [text(each) for each in chip.iter(f"{SVG}text")]
        name = "".join(lines[:-2]).replace("\u2068", "").replace("\u2069", "")
        assert name == planned.campaign.id
        audience = language(tag).number(of.audience)
        assert lines[-2] == f"{tally.site.local_time(planned.at):%H:%M} · {audience}"
        assert [text(each) for each in row if "audience" in str(each.get("class"))] == [audience]


def test_the_tables_say_what_the_tally_says(tag: str) -> None:
    tally = tally_of(tag)
    number = language(tag).number
    tables = list(page_of(tally, tag).iter("table"))
    assert len(tables) == 3
    for table in tables:
        assert table.find("caption") is not None
        assert {each.get("scope") for each in table.iter("th")} <= {"col", "row", "rowgroup"}
    weeks = [[text(cell) for cell in row.iter("td")] for row in tables[2].iter("tr")][1:]
    expected = [
        [number(each) for each in (of.messages, of.could, of.silent, of.capped, of.most)]
        for of in [*tally.weeks, tally.whole]
    ]
    assert weeks == expected
    topics = [[text(cell) for cell in row.iter("td")] for row in tables[1].iter("tr")][1:]
    expected_topics = [
        [number(each) for each in (of.messages, of.expected, of.could, of.silent)]
        for topic in tally.topic_ids
        for of in [*(tally.topics[topic, n] for n in range(4)), tally.whole_topics[topic]]
    ]
    assert topics == expected_topics


def test_bars_have_the_numbers_beside_them(tag: str) -> None:
    tally = tally_of(tag)
    numbers = [
        text(each)
        for figure in page_of(tally, tag).iter("figure")
        for each in of_class(figure, "number")
    ]
    assert numbers == [
        language(tag).number(each)
        for topic in tally.topic_ids
        for n in range(4)
        for of in [tally.topics[topic, n]]
        for each in (of.expected, of.messages)
    ]


def test_texts_of_the_site_file_are_texts(tag: str) -> None:
    hostile = Topic("offers", HOSTILE, HOSTILE, HOSTILE, ("email",), ("weekly",))
    site = replace(SHOP, name=HOSTILE, topics=(hostile, topic("news")))
    tally = tally_of(tag, site=site)
    markup = plan_page(tally, language(tag))
    assert "<script" not in markup
    assert "<img" not in markup
    assert markup.count("</style>") == 1
    page = page_of(tally, tag)
    names = [text(each) for each in page.iter("figcaption")]
    assert any(name.startswith(" ".join(HOSTILE.split())) for name in names)
    assert not [name for each in page.iter() for name in each.attrib if name.startswith("on")]


def test_nothing_is_loaded_and_nothing_runs(tag: str) -> None:
    page = page_of(tally_of(tag), tag)
    assert not LOADING & {name for each in page.iter() for name in each.attrib}
    assert not {"script", "link", "base", "img"} & {each.tag for each in page.iter()}
    (style,) = page.iter("style")
    assert "url(" not in text(style)
    assert "@import" not in text(style)
    (policy,) = [each.get("content") for each in page.iter("meta") if each.get("http-equiv")]
    assert str(policy).startswith("default-src 'none'; style-src 'sha256-")


def test_the_calendar_begins_at_the_right_where_people_read_from_there() -> None:
    sends = [("a", "offers", 9, 12), ("b", "offers", 11, 12)]
    pages = [page_of(tally_of(tag, sends), tag) for tag in ("en", "ar")]
    left, right = ([float(str(each.get("x"))) for each in of_class(page, "chip")] for page in pages)
    assert left == sorted(left)
    assert right == sorted(right, reverse=True)
    assert [WIDTH - each - CHIP for each in right] == left, "a mirror image"


def test_bars_begin_at_the_right_where_people_read_from_there() -> None:
    pages = [page_of(tally_of(tag), tag) for tag in ("en", "ar")]
    left, right = (of_class(page, "promised")[1:] for page in pages)  # after that of the legend
    assert {float(str(each.get("x"))) for each in left} == {1}
    for each, mirrored in zip(left, right, strict=True):
        ends = float(str(mirrored.get("x"))) + float(str(mirrored.get("width")))
        assert ends == pytest.approx(BARS - 1, abs=0.2)
        assert each.get("width") == mirrored.get("width")


def test_today_is_marked_and_days_before_the_plan_are_over(tag: str) -> None:
    page = page_of(tally_of(tag), tag)
    (today,) = of_class(page, "today")
    assert said(tag, TODAY) in text(today)
    (over,) = of_class(page, "over")
    assert not of_class(over, "chip")


DAYS = [(name, "offers", day, 12) for name, day in (("a", 9), ("b", 10), ("c", 11))]
HEADLINES: list[tuple[str, list[Send], tuple[Snapshot, ...], str]] = [
    ("nothing is planned", [], (person(),), said("en", NO_CAMPAIGN)),
    ("people hear nothing", [SENDS[1]], (person(), person()), said("en", SILENT, 2)),
    ("all is well", [SENDS[0]], (person(),), said("en", ALL_IS_WELL)),
    ("nobody could hear", SENDS, (), said("en", NOBODY)),
    ("a cap stops people", DAYS, (person(offers=choice("daily")),), said("en", A_CAP, 1)),
]


@pytest.mark.parametrize(
    ("sentence", "sends", "people", "headline"), HEADLINES, ids=[row[0] for row in HEADLINES]
)
def test_the_headline_says_the_most_important(
    sentence: str,
    sends: list[Send],
    people: tuple[Snapshot, ...],
    headline: str,
) -> None:
    (h1,) = page_of(tally_of(sends=sends, people=people)).iter("h1")
    assert text(h1) == headline


def test_every_reason_of_an_audience_has_its_words() -> None:
    assert reason_words(language("en")) == dict(REASONS)
    for tag in ("sq", "ar"):
        words = reason_words(language(tag))
        assert words.keys() == REASONS.keys()
        assert not {*words.values()} & {*REASONS.values()}


def test_so_has_every_reason_of_messages_to_phones() -> None:
    assert words_of_phones(language("en")) == dict(OF_PHONES)
    for tag in ("sq", "ar"):
        words = words_of_phones(language(tag))
        assert words.keys() == OF_PHONES.keys()
        assert not {*words.values()} & {*OF_PHONES.values(), *reason_words(language(tag)).values()}


@pytest.mark.parametrize(
    ("channel", "reason"),
    [("sms", "no phone number"), ("phone", "no phone number"), ("post", "no address for this")],
)
def test_the_page_calls_a_phone_number_no_address(channel: Channel, reason: str) -> None:
    tally = tally_of()
    first, *others = tally.planned
    by_phone = replace(first, campaign=replace(first.campaign, channel=channel))
    tally.planned = (by_phone, *others)
    tally.campaigns[0].reasons = Counter({("address", "missing"): 3})
    (table,) = of_class(page_of(tally), "campaigns")
    why = [text(each) for each in of_class(table, "why")]
    assert next(each for each in why if "3: " in each).startswith(f"3: {reason}")


@pytest.mark.parametrize("count", [1, 5, 60])
def test_many_campaigns_have_their_places_and_none_covers_another(count: int) -> None:
    sends = [(f"c{n}", "offers", 9 + n % (28 if count > 5 else 1) % 22, 11) for n in range(count)]
    chips = of_class(page_of(tally_of(sends=sends)), "chip")
    assert len(chips) == count
    places = [(each.get("x"), each.get("y")) for each in chips]
    assert count > 5 or len({*places}) == count


# ── lettering ───────────────────────────────────────────────────────────────────────────────

NAMES = [
    "spring",
    "black-week-last-call-for-everything-left",
    "m" * 40,
    "تخفيضات نهاية الموسم الكبيرة",
    "  ",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_keep_within_their_lines(name: str) -> None:
    for room in (60, 120, 400):
        lines = in_lines(name, 13, room, 3)
        assert 1 <= len(lines) <= 3
        assert all(width(line, 13) <= room for line in lines)
        assert width(shortened(name, 13, room), 13) <= room
