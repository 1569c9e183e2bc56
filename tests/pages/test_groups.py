"""Topics under the names of their groups, on the preference form and on sign-up, at both doors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from peewee import Database

from tests.support.browsing import Reader, text
from tests.support.calls import counting_calls
from tests.support.steps import DOORS, NEW, form
from tests.support.words import said
from tests.support.words.preferences import SAVE, TOPICS_HAVE_CHANGED, UNDO
from tests.support.words.subscribe import (
    CHOOSE_A_TOPIC,
    CHOOSE_WHAT_TO_HEAR,
    EMAIL_ADDRESS,
    SIGN_UP,
)
from tests.support.worlds import (
    DIMORA_SITE,
    KUTIA,
    NEWS_NAME,
    OFFERS_NAME,
    SAID,
    TIPS_NAME,
    World,
    declaring,
    make_world,
)
from widget_backend.links import Purpose
from widget_backend.site.load import SiteInLanguages
from widget_backend.site.model import Group, Topic
from widget_backend.store.models import ConsentRecord, Wording
from widget_backend.store.profiles import Profile

LINKS: tuple[Purpose, ...] = ("preferences", "embed")
HOME, TRADE = Group("home", "Home & <i>garden</i> شركة 24"), Group("trade", "For the trade")


def grouped(**groups: str) -> SiteInLanguages:
    """Kutia with these topics in these groups, and the others in none."""
    topics = [replace(each, group=groups.get(each.id)) for each in KUTIA.site.topics]
    order = [None, *dict.fromkeys(groups.values())]
    topics.sort(key=lambda topic: order.index(topic.group))
    named = [each for each in (HOME, TRADE) if each.id in order]
    return declaring(KUTIA, topics=tuple(topics), groups=tuple(named))


SOME = grouped(news="home", tips="home", prices="trade")
ALL = grouped(news="home", tips="home", offers="home", prices="trade")


@pytest.fixture
def some(sqlite: Database, no_fault_is_hidden: None) -> World:
    """A site with offers in no group, news and tips in one, and prices, for a role, in another."""
    return make_world(sqlite, [SOME])


@pytest.fixture
def all_in_groups(sqlite: Database, no_fault_is_hidden: None) -> World:
    return make_world(sqlite, [ALL])


def headings(page: Reader) -> dict[str, list[str]]:
    """The legend of each list of topics, with the names of those in it."""
    return dict(_lists(page))


def _lists(page: Reader) -> Iterator[tuple[str, list[str]]]:
    for fieldset in page.document.classed("topics"):
        names = page.document.all("label", within=fieldset)
        (legend,) = page.document.all("legend", within=fieldset)
        yield text(legend), [text(each) for each in names if each.get("for", "").startswith("top")]


@pytest.mark.parametrize("door", LINKS)
def test_each_topic_stands_under_the_name_of_its_group(
    some: World, tag: str, door: Purpose
) -> None:
    page = Reader(some.client()).open(some.link(door, some.person(SAID, roles=["trade"]), tag))
    assert headings(page) == {
        said(tag, CHOOSE_WHAT_TO_HEAR): [OFFERS_NAME],
        HOME.name: [NEWS_NAME, TIPS_NAME],
        TRADE.name: ["Trade prices"],
    }
    assert len(page.document.classed("preferences")) == 1, "it is one form"


def test_a_group_of_which_somebody_is_offered_nothing_is_not_there(some: World) -> None:
    page = Reader(some.client()).open(some.link("preferences", some.person(SAID)))
    assert TRADE.name not in headings(page)


@pytest.mark.parametrize("address", DOORS)
def test_a_stranger_sees_the_same_headings(some: World, tag: str, address: str) -> None:
    page = Reader(some.client()).open(f"{address}?lang={tag}")
    assert headings(page) == {
        said(tag, CHOOSE_WHAT_TO_HEAR): [OFFERS_NAME],
        HOME.name: [NEWS_NAME, TIPS_NAME],
    }


def test_what_is_ticked_in_each_group_is_saved_at_once_and_undone(some: World) -> None:
    person = some.person(SAID)
    page = Reader(some.client()).open(some.link("preferences", person))
    page.untick(OFFERS_NAME).tick(TIPS_NAME).press(SAVE)
    state = some.state(person)
    on = {each: state[f"topic:{each}"]["on"] for each in ("offers", "news", "tips")}
    assert on == {"offers": False, "news": True, "tips": True}
    page.press(UNDO)
    assert some.state(person)["topic:offers"]["on"]


# ── mistakes ────────────────────────────────────────────────────────────────────────────────


def test_with_all_topics_in_groups_the_error_leads_to_the_first_of_them(
    all_in_groups: World,
) -> None:
    person = all_in_groups.person(SAID)
    page = Reader(all_in_groups.client()).open(all_in_groups.link("preferences", person))
    assert [*headings(page)] == [HOME.name]
    entries = [("revision", "1"), ("offered", "gone"), ("do", "save")]
    page.post(page.address, entries)
    assert page.status == 422
    assert page.document.ids["offered"] is page.document.classed("topics")[0]
    assert TOPICS_HAVE_CHANGED in text(page.document.ids["offered"])


def test_who_signs_up_for_nothing_is_led_to_the_first_topic_on_the_page(some: World) -> None:
    entries = [each for each in form() if each[0] != "topics"]
    page = Reader(some.client()).post("/s/kutia", entries)
    assert page.status == 422
    first, *others = page.document.classed("topics")
    assert page.document.ids["topics"] is first
    assert CHOOSE_A_TOPIC in text(first)
    assert not any(CHOOSE_A_TOPIC in text(each) for each in others)
    summary = page.document.classed("summary")[0]
    assert page.document.all("a", within=summary)[0].get("href", "").endswith("#topics-offers")


def test_whom_nothing_is_offered_still_gets_a_form(sqlite: Database) -> None:
    prices = tuple(each for each in SOME.site.topics if each.roles)
    world = make_world(sqlite, [declaring(SOME, topics=prices)])
    page = Reader(world.client()).open(world.link("preferences", world.person()))
    assert headings(page) == {CHOOSE_WHAT_TO_HEAR: []}
    assert "offered" in page.document.ids


# ── what stays as it was ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("door", LINKS)
def test_without_groups_there_is_one_list(world: World, tag: str, door: Purpose) -> None:
    page = Reader(world.client()).open(world.link(door, world.person(SAID), tag))
    assert headings(page) == {said(tag, CHOOSE_WHAT_TO_HEAR): [OFFERS_NAME, NEWS_NAME, TIPS_NAME]}


def test_the_ledger_keeps_the_names_that_were_read(some: World) -> None:
    person = some.person(SAID)
    Reader(some.client()).open(some.link("preferences", person)).tick(TIPS_NAME).press(SAVE)
    assert names_in_ledger(some)["groups.home"] == HOME.name


@pytest.mark.parametrize("address", DOORS)
def test_the_ledger_keeps_the_names_that_a_stranger_read(some: World, address: str) -> None:
    Reader(some.client()).open(address).fill(EMAIL_ADDRESS, NEW).tick(TIPS_NAME).press(SIGN_UP)
    assert names_in_ledger(some) == {"groups.home": HOME.name}


def names_in_ledger(world: World) -> dict[str, str]:
    """The names of groups that the newest record keeps."""
    newest = ConsentRecord.select().order_by(ConsentRecord.id.desc()).limit(1)
    (record,) = newest.execute(world.database)
    (wording,) = Wording.select().where(Wording.id == record.wording).execute(world.database)
    return {name: words for name, words in wording.texts.items() if name.startswith("groups.")}


# ── long lists ──────────────────────────────────────────────────────────────────────────────


def long_site(topics: int, groups: int) -> SiteInLanguages:
    """Dimora with so many topics, evenly in groups of which each has its own name."""
    model, size = DIMORA_SITE.site.topics[0], topics // groups if groups else topics
    many = tuple(
        replace(
            model,
            id=f"topic-{number:03}",
            name=f"Topic {number:03}",
            group=f"group-{number // size:02}" if groups else None,
        )
        for number in range(topics)
    )
    names = tuple(Group(f"group-{each:02}", f"Group {each:02}") for each in range(groups))
    return declaring(DIMORA_SITE, topics=many, groups=names, campaigns=())


def opened(database: Database, topics: int, groups: int) -> tuple[World, Profile, Reader]:
    world = make_world(database, [long_site(topics, groups)])
    world.home = "dimora"
    person = world.person(email=f"{topics}-{groups}@example.com")
    return world, person, Reader(world.client()).open(world.link("preferences", person))


@pytest.mark.parametrize("groups", [10, 0])
def test_of_120_topics_each_is_there_once_and_can_be_saved(sqlite: Database, groups: int) -> None:
    world, person, page = opened(sqlite, 120, groups)
    lists = headings(page)
    names = [f"Topic {number:03}" for number in range(120)]
    assert [name for some in lists.values() for name in some] == names
    if groups:
        assert lists["Group 07"] == [f"Topic {number:03}" for number in range(84, 96)]
    page.tick("Topic 000").tick("Topic 090").press(SAVE)
    chosen = {each.id: world.state(person)[f"topic:{each.id}"]["on"] for each in _topics(world)}
    assert [each for each, on in chosen.items() if on] == ["topic-000", "topic-090"]


def _topics(world: World) -> tuple[Topic, ...]:
    return world.site().topics


@pytest.mark.parametrize("groups", [10, 0])
def test_twice_as_many_topics_cost_at_most_twice_as_much(sqlite: Database, groups: int) -> None:
    """In bytes, and in work to render and to save."""
    costs = [_costs(sqlite, topics, groups) for topics in (60, 120)]
    for half, whole in zip(*costs, strict=True):
        assert whole <= 2 * half


def _costs(database: Database, topics: int, groups: int) -> tuple[int, int, int]:
    """Bytes of the page, calls to open it again, and calls to save every topic."""
    world, person, page = opened(database, topics, groups)
    client, address = world.hurried_client(), world.link("preferences", person)
    size = len(page.response.data)
    _, opening = counting_calls(lambda: client.get(address))
    entries = [(f"topic-{each.id}", "on") for each in _topics(world)]
    data: dict[str, list[str]] = {"do": ["save"]}
    for name, value in [*page.form("preferences"), *entries]:
        data.setdefault(name, []).append(value)
    answer, saving = counting_calls(lambda: client.post(address, data=data))
    assert answer.status_code == 303
    return size, opening, saving
