"""What is held about a person: seen, downloaded and erased only by who reads their mail."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from xml.etree.ElementTree import Element

import pytest

from tests.support.browsing import Reader
from tests.support.lint_rules import text
from tests.support.my_data import downloaded
from tests.support.steps import code_in, link_in, messages, prove
from tests.support.words import Text, beginning, said
from tests.support.words.account import (
    AGREED_BEFORE,
    CANCEL_LINKS,
    CODE_FROM_EMAIL,
    COUNTED_UNTIL,
    COUNTS_UNTIL,
    DATA_DELETED,
    DATA_HEADING,
    DELETE_DATA,
    DELETE_EVERYTHING,
    DOWNLOAD_DATA,
    HISTORY,
    LINKS_CANCELLED,
    SCRAMBLED_ADDRESS_KEPT,
    SEND_CODE,
    SHOW_DATA,
    WE_SENT_YOU,
)
from tests.support.words.labels import YES
from tests.support.worlds import EMAIL, MONDAY, OFFERS_NAME, SAID, World
from widget_backend.i18n.languages import language
from widget_backend.links import Purpose
from widget_backend.store import models
from widget_backend.store.models import ConsentRecord, ConsentValue, Job
from widget_backend.store.models_of_requests import Request
from widget_backend.store.profiles import Profile
from widget_backend.store.suppression import suppressed

MAILED: tuple[Purpose, ...] = ("preferences", "questions", "unsubscribe")


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(
        {**SAID, "answer:people": {"said": 3, "at": 1}, "contact:phone": "+355691234567"},
        roles=["trade"],
    )


@pytest.mark.parametrize("purpose", MAILED)
def test_a_link_alone_shows_nothing_and_the_code_goes_to_the_address_on_file(
    each_world: World, person: Profile, purpose: Purpose
) -> None:
    page = Reader(each_world.client()).open(f"{each_world.link(purpose, person)}/data")
    assert page.buttons() == [SEND_CODE]
    assert page.says("c•••@e•••.com")
    assert EMAIL not in page.text
    assert messages(each_world) == [], "opening it sends nothing"
    page.press(SEND_CODE)
    page.fill(CODE_FROM_EMAIL, code_in(each_world)).press(SHOW_DATA)
    assert page.heading == DATA_HEADING
    assert page.says(EMAIL)


def test_everything_is_told_in_words(each_world: World, person: Profile, tag: str) -> None:
    page = prove(each_world, person, tag)
    assert page.heading == said(tag, DATA_HEADING)
    site = each_world.site(tag)
    assert page.says(OFFERS_NAME)
    question = site.question("people")
    assert question is not None
    assert page.says(question.text)
    assert page.says("3")
    assert page.says(site.roles[0].name)
    assert page.says(EMAIL)
    assert page.says("+355691234567")
    assert page.says(said(tag, HISTORY))
    assert page.says(beginning(tag, AGREED_BEFORE))


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        ("income", "much", "Much <u>indeed</u>"),
        ("rooms", ["bath", "hall"], "Bath & shower, صالة 2"),
        ("rooms", [], "None of these"),
        ("moved", "yes", YES),
        ("wish", "a + b", "a + b"),
    ],
)
def test_answers_are_told_as_the_owner_worded_them(
    world: World, question: str, answer: object, words: str
) -> None:
    person = world.person({**SAID, f"answer:{question}": {"said": answer, "at": 1}})
    assert prove(world, person).says(words)


AT = int(MONDAY.timestamp())
LONG_AGO = int(datetime(2026, 1, 1, 12, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("question", "answer", "text", "day"),
    [
        ("moved", {"said": "yes", "at": AT}, COUNTS_UNTIL, date(2027, 5, 30)),
        ("moved", {"declined": True, "at": AT}, COUNTS_UNTIL, date(2027, 5, 30)),
        ("people", {"said": 3, "at": AT}, COUNTS_UNTIL, date(2029, 2, 28)),
        ("rooms", {"said": [], "at": LONG_AGO}, COUNTED_UNTIL, date(2026, 1, 31)),
        ("moved", {"skipped": True, "at": AT}, None, None),
        ("income", {"said": "much", "at": LONG_AGO}, None, None),
        ("gone", {"said": "blue", "at": AT}, None, None),
    ],
)
def test_how_long_an_answer_counts_is_told_where_it_ends(
    world: World, tag: str, question: str, answer: object, text: Text | None, day: date | None
) -> None:
    page = prove(world, world.person({f"answer:{question}": answer}), tag)
    for each in (COUNTS_UNTIL, COUNTED_UNTIL):
        assert page.says(beginning(tag, each)) is (each is text)
    if text and day:
        assert page.says(said(tag, text, date=language(tag).date(day)))


def test_downloading_and_deleting_stand_first_and_alike(world: World, tag: str) -> None:
    page = prove(world, world.person(SAID), tag)
    alike = [each for each in page.document.classed("button") if each.tag == "a"]
    assert [text(each) for each in alike] == [said(tag, DOWNLOAD_DATA), said(tag, DELETE_DATA)]
    (fold,) = deleting(page)
    assert "open" not in fold.attrib, "the button deletes at once"
    page.follow(said(tag, DELETE_DATA))
    (fold,) = deleting(page)
    assert "open" in fold.attrib, "it was asked for"
    assert [text(each) for each in fold.iter("button")] == [said(tag, DELETE_EVERYTHING)]
    assert page.document.root.get("lang") == tag


def deleting(page: Reader) -> list[Element]:
    """The folds at the place to which the link “Delete my data” leads."""
    links = {text(each): each.get("href", "") for each in page.document.classed("button")}
    (link,) = [each for each in links.values() if "#" in each]
    return list(page.document.ids[link.partition("#")[2]].iter("details"))


def test_the_way_to_the_data_ends_after_half_an_hour(world: World) -> None:
    page = prove(world, world.person(SAID))
    world.clock.pass_by(minutes=29)
    assert page.open(page.address).status == 200
    world.clock.pass_by(minutes=2)
    assert page.open(page.address).status == 410


def test_it_can_be_downloaded(each_world: World, person: Profile) -> None:
    page = prove(each_world, person)
    answer = each_world.client().get(page.links()[DOWNLOAD_DATA])
    assert answer.mimetype == "application/json"
    assert "attachment" in answer.headers["Content-Disposition"]
    content = json.loads(answer.get_data())
    assert content["state"]["contact:email"] == EMAIL
    assert content["state"]["answer:people"]["said"] == 3
    assert content["roles"] == ["trade"]
    assert [each["subject"] for each in content["records"][0]["changes"]]


def test_what_was_sent_is_counted_on_the_page_and_listed_in_the_download(
    each_world: World, person: Profile, tag: str
) -> None:
    row = {"profile": person.id, "campaign": "spring", "topic": "offers", "channel": "email"}
    days = [date(2026, 3, 1), date(2026, 3, 9)]
    for day in days:
        sent_at = int(datetime(day.year, day.month, day.day, 9, tzinfo=UTC).timestamp())
        models.Delivery.insert(**row, sent_at=sent_at, outcome="sent").execute(each_world.database)
    page = prove(each_world, person, tag)
    last = language(tag).date(days[-1])
    assert page.says(said(tag, WE_SENT_YOU, 2, day=last))
    sent = downloaded(each_world, page, tag)["deliveries"]
    assert [each["sent_at"][:10] for each in sent] == ["2026-03-01", "2026-03-09"]
    assert (sent[0]["campaign"], sent[0]["outcome"]) == ("spring", "sent")


def test_what_they_asked_our_staff_for_is_in_the_download(
    each_world: World, person: Profile
) -> None:
    at = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp())
    times = {"received_at": at, "due_at": at + 86_400}
    row = {"site": person.site, "profile": person.id, "kind": "data", "door": "phone"}
    Request.insert(**row, **times, law="eea", staff="Mira").execute(each_world.database)
    page = prove(each_world, person)
    (asked,) = downloaded(each_world, page)["requests"]
    assert (asked["asked_for"], asked["by"], asked["done_at"]) == ("data", "phone", None)
    assert asked["received_at"][:10] == "2026-03-01"


# ── erasing ─────────────────────────────────────────────────────────────────────────────────


def test_erasing_leaves_nothing_but_that_there_were_records(
    each_world: World, person: Profile, tag: str
) -> None:
    page = prove(each_world, person, tag)
    assert page.says(said(tag, SCRAMBLED_ADDRESS_KEPT))
    page.press(said(tag, DELETE_EVERYTHING))
    assert page.heading == said(tag, DATA_DELETED)
    stored = repr(each_world.dump())
    for trace in (EMAIL, "+355691234567", person.handle):
        assert trace not in stored, trace
    assert ConsentValue.select().count(each_world.database) == 0
    assert models.Profile.select().count(each_world.database) == 0
    doors = (
        ConsentRecord.select(ConsentRecord.door)
        .order_by(ConsentRecord.id)
        .tuples()
        .execute(each_world.database)
    )
    assert [door for (door,) in doors] == ["import", "my-data"]
    again = Reader(each_world.client()).open(each_world.link("preferences", person))
    assert again.status == 410
    hashes = each_world.signer.addresses
    assert suppressed(each_world.database, "kutia", [EMAIL], hashes) == {EMAIL}
    assert Job.select().where(Job.payload.is_null(False)).count(each_world.database) == 0


# ── links that somebody else has ────────────────────────────────────────────────────────────


def test_links_can_be_ended_and_a_new_one_comes_by_mail(each_world: World, person: Profile) -> None:
    old = each_world.link("preferences", person)
    way_out = each_world.link("unsubscribe", person)
    page = prove(each_world, person).press(CANCEL_LINKS)
    assert page.says(LINKS_CANCELLED)
    assert Reader(each_world.client()).open(old).status == 410
    assert Reader(each_world.client()).open(way_out).status == 200
    assert Reader(each_world.client()).open(link_in(messages(each_world)[-1][2])).status == 200


def test_a_mailed_links_token_opens_no_data(world: World) -> None:
    person = world.person(SAID)
    for purpose in MAILED:
        assert Reader(world.client()).open(f"/d/{world.token(purpose, person)}").status == 403
