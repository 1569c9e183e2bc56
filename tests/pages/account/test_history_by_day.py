"""History by day: in the site's time zone, each day once, and older entries folded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from peewee import Database

from tests.support.browsing import Reader
from tests.support.campaigns import link
from tests.support.my_data import downloaded
from tests.support.steps import form, prove, record
from tests.support.words import beginning, said
from tests.support.words.account import (
    AGREED_BEFORE,
    AGREED_ON,
    COUNTS_UNTIL,
    EMAIL_CAME_BACK,
    IMPORTED,
    NOTHING_HELD,
    SHOW_OLDER,
    SKIPPED_QUESTION,
    TIMES_ARE_OF,
    TIMES_ARE_UTC,
    UNCONFIRMED_SIGN_UP,
)
from tests.support.words.labels import ON_THIS_SITE, POST_SAVED
from tests.support.worlds import EMAIL, KUTIA, NEWS, OFFERS, World, declaring, make_world
from widget_backend.i18n.languages import language
from widget_backend.pages.account.history import OPEN
from widget_backend.site.sending import Campaign
from widget_backend.store.models import Identity
from widget_backend.store.profiles import Profile

LOS_ANGELES, TIRANA = "America/Los_Angeles", "Europe/Tirane"
IN_TIRANA = declaring(KUTIA, time_zone=TIRANA)
ON, BEFORE = beginning("en", AGREED_ON), beginning("en", AGREED_BEFORE)
SALE = Campaign("sale", "offers", "Sale!")


@pytest.fixture
def tirana(sqlite: Database) -> World:
    return make_world(sqlite, [IN_TIRANA])


def in_words(tag: str, day: date) -> str:
    return " ".join(language(tag).date(day).split())


def lived_through(world: World, count: int) -> Profile:
    """Somebody with so many records, one a minute."""
    person = world.person()
    for number in range(count):
        record(world, person, {"contact:post": f"Rruga {number}, Tirana"}, "hosted")
        world.clock.pass_by(minutes=1)
    return person


# ── whose times ─────────────────────────────────────────────────────────────────────────────

MOMENTS = [
    (datetime(2027, 3, 1, 12, tzinfo=UTC), date(2027, 3, 1), "13:00"),
    (datetime(2027, 3, 1, 22, 59, tzinfo=UTC), date(2027, 3, 1), "23:59"),
    (datetime(2027, 3, 1, 23, 30, tzinfo=UTC), date(2027, 3, 2), "00:30"),
    (datetime(2027, 7, 1, 12, tzinfo=UTC), date(2027, 7, 1), "14:00"),  # in summer
    (datetime(2027, 12, 31, 23, 30, tzinfo=UTC), date(2028, 1, 1), "00:30"),
]


@pytest.mark.parametrize(("moment", "day", "time"), MOMENTS)
def test_a_save_belongs_to_the_day_of_the_sites_time_zone(
    tirana: World, moment: datetime, day: date, time: str
) -> None:
    tirana.clock.now = moment
    page = prove(tirana, lived_through(tirana, 1))
    assert page.headings(3) == [in_words("en", day)]
    assert page.items("history") == [f"{time} {POST_SAVED} {ON_THIS_SITE}"]


PLACES = {"en": "Tirana", "sq": "Tiranë", "ar": "تيرانا"}


def test_the_place_of_the_time_zone_is_named_once_in_the_readers_language(
    tirana: World, tag: str
) -> None:
    page = prove(tirana, lived_through(tirana, 2), tag)
    assert page.text.count(said(tag, TIMES_ARE_OF, place=PLACES[tag])) == 1
    assert not page.says(said(tag, TIMES_ARE_UTC))


def test_a_site_that_names_no_zone_tells_the_times_in_utc(world: World, tag: str) -> None:
    page = prove(world, lived_through(world, 1), tag)
    assert page.text.count(said(tag, TIMES_ARE_UTC)) == 1
    assert page.items("history")[0].startswith("12:00 ")


def test_whoever_agreed_late_in_the_evening_agreed_on_the_day_that_the_history_has(
    tirana: World,
) -> None:
    tirana.clock.now = datetime(2027, 3, 1, 23, 30, tzinfo=UTC)
    person = tirana.person()
    record(tirana, person, {"topic:offers": OFFERS}, "hosted")
    agreed = f"{beginning('en', AGREED_ON)} 2 March 2027"
    assert prove(tirana, person).says(agreed)
    why = Reader(tirana.client()).open(f"{link(tirana, person, 'preferences', SALE)}/why")
    assert why.says(agreed)


LATE = datetime(2027, 3, 2, 2, tzinfo=UTC)
"""Still the first of March in Los Angeles, already the second in Tirana."""


@pytest.mark.parametrize(
    ("zone", "moment", "recorded", "heading", "agreed"),
    [
        (LOS_ANGELES, LATE, "2027-03-02 01:00:00", 1, f"{ON} 1 March 2027"),
        (LOS_ANGELES, LATE, "2027-03-02T02:00:00+01:00", 1, f"{ON} 1 March 2027"),
        (LOS_ANGELES, LATE, "2027-03-01", 1, f"{ON} 1 March 2027"),
        (LOS_ANGELES, LATE, "2027-03-01T00:00:00+00:00", 1, f"{ON} 1 March 2027"),
        (LOS_ANGELES, LATE, "2027-03-02", 1, f"{BEFORE} 1 March 2027"),
        (LOS_ANGELES, LATE, "2027-03-01 03:00:00", 1, f"{ON} 28 February 2027"),
        (TIRANA, LATE, "2027-03-01 23:30:00", 2, f"{ON} 2 March 2027"),
        (TIRANA, LATE - timedelta(hours=3), "2027-03-01 22:30:00", 2, f"{ON} 1 March 2027"),
        (TIRANA, LATE - timedelta(hours=3), "2027-03-01T23:30:00+00:00", 2, f"{ON} 2 March 2027"),
        (TIRANA, LATE - timedelta(hours=3), "2027-03-02", 2, f"{ON} 2 March 2027"),
    ],
)
def test_nobody_agreed_after_the_day_on_which_that_was_imported(
    sqlite: Database, zone: str, moment: datetime, recorded: str, heading: int, agreed: str
) -> None:
    world = make_world(sqlite, [declaring(KUTIA, time_zone=zone)])
    world.clock.now = moment
    person = world.person()
    record(world, person, {"topic:offers": OFFERS}, evidence={"OPTIN_TIME": recorded})
    page = prove(world, person)
    assert page.headings(3) == [in_words("en", date(2027, 3, heading))]
    assert page.text.count(agreed) == 2, "of the topic, and in the history"


@pytest.mark.parametrize(
    ("zone", "moment", "day", "end"),
    [
        (TIRANA, datetime(2027, 3, 1, 22, 59, tzinfo=UTC), date(2027, 3, 1), date(2027, 5, 31)),
        (TIRANA, datetime(2027, 3, 1, 23, 0, tzinfo=UTC), date(2027, 3, 2), date(2027, 5, 31)),
        (TIRANA, datetime(2027, 3, 1, 21, 30, tzinfo=UTC), date(2027, 3, 1), date(2027, 5, 30)),
        (LOS_ANGELES, LATE, date(2027, 3, 1), date(2027, 5, 30)),
        ("UTC", LATE, date(2027, 3, 2), date(2027, 5, 31)),
    ],
)
def test_days_near_midnight_are_those_of_the_sites_time_zone(
    sqlite: Database, tag: str, zone: str, moment: datetime, day: date, end: date
) -> None:
    world = make_world(sqlite, [declaring(KUTIA, time_zone=zone)])
    world.clock.now, at = moment, int(moment.timestamp())
    person = world.person({"answer:moved": {"said": "yes", "at": at}})
    Reader(world.client()).post("/s/kutia", form(EMAIL))
    Identity.update(undeliverable_at=at).execute(world.database)
    page = prove(world, person, tag)
    assert page.says(said(tag, COUNTS_UNTIL, date=in_words(tag, end)))
    assert page.says(said(tag, EMAIL_CAME_BACK, date=in_words(tag, day)))
    assert page.says(said(tag, UNCONFIRMED_SIGN_UP, date=in_words(tag, day)))


def test_a_download_keeps_its_times_in_utc(tirana: World) -> None:
    page = prove(tirana, lived_through(tirana, 1))
    content = downloaded(tirana, page)
    assert content["records"][0]["at"] == "2027-03-01T12:00:00+00:00"


# ── day by day ──────────────────────────────────────────────────────────────────────────────


def test_each_day_is_named_once_and_the_newest_comes_first(world: World, tag: str) -> None:
    person = world.person()
    for topics in ({"topic:offers": OFFERS}, {"topic:news": NEWS}):
        record(world, person, topics, "hosted")
        world.clock.pass_by(hours=2)
    world.clock.pass_by(days=3)
    record(world, person, {"contact:post": "Rruga 1"}, "hosted")
    page = prove(world, person, tag)
    newest, first = date(2027, 3, 4), date(2027, 3, 1)
    assert page.headings(3) == [in_words(tag, newest), in_words(tag, first)]
    assert [each[:5] for each in page.items("history")] == ["16:00", "14:00", "12:00"]


def test_a_record_of_several_sentences_is_one_entry_with_one_door(world: World) -> None:
    person = world.person()
    both = {f"answer:{name}": {"skipped": True, "at": 1} for name in ("moved", "rooms")}
    record(world, person, both, "hosted")
    (entry,) = prove(world, person).items("history")
    assert entry.count(beginning("en", SKIPPED_QUESTION)) == 2
    assert entry.count(ON_THIS_SITE) == 1


def test_a_history_without_entries_says_so(world: World, tag: str) -> None:
    page = prove(world, world.person(), tag)
    assert page.items("history") == []
    assert page.text.count(said(tag, NOTHING_HELD)) == 3, "topics, answers and history"
    assert not page.says(said(tag, TIMES_ARE_UTC))


# ── older entries ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("count", "folded"), [(OPEN - 1, 0), (OPEN, 0), (OPEN + 1, 1), (OPEN + 2, 2), (OPEN + 11, 11)]
)
def test_the_newest_are_open_and_the_older_are_folded_and_none_is_lost(
    world: World, tag: str, count: int, folded: int
) -> None:
    page = prove(world, lived_through(world, count), tag)
    assert len(page.items("history")) == count
    inside = [
        each
        for each in page.document.classed("history")
        if any(around.tag == "details" for around in page.document.around(each))
    ]
    assert sum(len(each.findall("li")) for each in inside) == folded
    summary = said(tag, SHOW_OLDER, folded)
    assert page.says(summary) is bool(folded)


def test_an_older_entry_says_what_it_says_and_of_which_day_it_is(world: World) -> None:
    person = world.person()
    record(world, person, {}, "import", {"consent": "at the fair"})
    world.clock.pass_by(days=1)
    for number in range(OPEN):
        record(world, person, {"contact:post": f"Rruga {number}"}, "hosted")
    page = prove(world, person)
    assert IMPORTED in page.items("history")[-1]
    assert page.items("history")[-1].endswith("consent: at the fair")
    assert page.headings(3) == [in_words("en", date(2027, 3, each)) for each in (2, 1)]
