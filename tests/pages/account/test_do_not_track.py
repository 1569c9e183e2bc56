"""“Do not track me”: asked for on the page of one's data, seen there, taken back, undone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.browsing import Reader
from tests.support.my_data import downloaded
from tests.support.steps import prove, record, sign_up
from tests.support.words import said
from tests.support.words.account import (
    ASKED_NOT_TO_BE_TRACKED,
    DO_NOT_TRACK,
    KEEP_THE_SIGNAL,
    MAY_NOT_LEARN,
    MAY_NOT_LEARN_SINCE,
    TAKE_BACK,
    WISH_NO_LONGER_HOLDS,
)
from tests.support.words.preferences import UNDO
from tests.support.words.subscribe import CONFIRM
from tests.support.worlds import EMAIL, MONDAY, OFFERS, SAID, World, no
from widget_backend.i18n.languages import language
from widget_backend.store.models import Wording
from widget_backend.store.profiles import Profile

AT = int(MONDAY.timestamp())
ASKED = {"wanted": True, "at": AT}


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


def wish_of(world: World, person: Profile) -> Any:
    return world.state(person).get("do_not_track")


def since(tag: str) -> str:
    return said(tag, MAY_NOT_LEARN_SINCE, date=language(tag).date(date(2027, 3, 1)))


def test_who_asks_sees_that_it_holds_and_since_when(
    each_world: World, person: Profile, tag: str
) -> None:
    page = prove(each_world, person, tag)
    assert not page.says(since(tag))
    page.press(said(tag, DO_NOT_TRACK))
    assert wish_of(each_world, person) == ASKED
    each_world.clock.pass_by(minutes=20)
    page.open(page.address)
    assert page.says(since(tag))
    (entry, *_) = page.items("history")
    assert said(tag, ASKED_NOT_TO_BE_TRACKED) in entry


def test_it_can_be_taken_back_years_later(each_world: World, person: Profile, tag: str) -> None:
    record(each_world, person, {"do_not_track": ASKED}, "my-data")
    each_world.clock.pass_by(hours=24 * 800)
    page = prove(each_world, each_world.read(person), tag).press(said(tag, TAKE_BACK))
    assert wish_of(each_world, person) == {"wanted": False, "at": AT + 800 * 86_400}
    assert not page.says(since(tag))
    assert said(tag, DO_NOT_TRACK) in page.buttons()
    (entry, *_) = page.items("history")
    assert said(tag, WISH_NO_LONGER_HOLDS) in entry


def test_it_is_undone_as_other_saves_are(each_world: World, person: Profile, tag: str) -> None:
    page = prove(each_world, person, tag).press(said(tag, DO_NOT_TRACK))
    page.press(said(tag, UNDO))
    assert wish_of(each_world, person) is None
    assert page.says(said(tag, WISH_NO_LONGER_HOLDS))
    newest = each_world.ledger(person)[-1]
    assert (newest.door, newest.undoes) == ("my-data", newest.revision - 1)


def test_an_undo_that_is_too_late_says_so_and_changes_nothing(
    each_world: World, person: Profile
) -> None:
    page = prove(each_world, person).press(DO_NOT_TRACK)
    record(each_world, person, {"do_not_track": {"wanted": False, "at": AT + 1}}, "my-data")
    before = each_world.dump()
    page.press(UNDO)
    assert page.status == 409
    assert each_world.dump() == before


@pytest.mark.parametrize("receipt", ["", "x" * 32])
def test_only_who_pressed_may_undo(each_world: World, person: Profile, receipt: str) -> None:
    page = prove(each_world, person).press(DO_NOT_TRACK)
    revision = str(each_world.read(person).revision)
    page.post(page.address, [("do", "undo"), ("revision", revision), ("receipt", receipt)])
    assert page.status == 409
    assert wish_of(each_world, person) == ASKED


def test_only_the_wish_is_undone_here(each_world: World, person: Profile) -> None:
    """The proof of another save is no proof for this page."""
    each_world.door = "hosted"
    each_world.say(person, {"topic:offers": no(OFFERS)})
    revision = each_world.read(person).revision
    receipt = each_world.signer.undo_token(person.handle, revision)
    page = prove(each_world, each_world.read(person))
    page.post(page.address, [("do", "undo"), ("revision", str(revision)), ("receipt", receipt)])
    assert page.status == 409
    assert each_world.state(person)["topic:offers"]["on"] is False


def test_pressed_twice_it_is_kept_once_and_may_still_be_undone(
    each_world: World, person: Profile
) -> None:
    page = prove(each_world, person)
    address = page.address
    for _ in range(2):
        page.post(address, [("do", "do-not-track")])
        assert page.says(ASKED_NOT_TO_BE_TRACKED)
        assert UNDO in page.buttons()
    assert [each.door for each in each_world.ledger(person)] == ["import", "my-data"]


def test_the_ledger_has_the_words_that_were_shown(each_world: World, person: Profile) -> None:
    prove(each_world, person).press(DO_NOT_TRACK)
    newest = each_world.ledger(person)[-1]
    wording = Wording.select().where(Wording.id == newest.wording).get(each_world.database)
    assert wording.texts["button"] == said("en", DO_NOT_TRACK)
    assert "signal" not in wording.texts
    assert {"what", "data_use", "privacy_policy"} <= {*wording.texts}


def test_the_download_has_it(each_world: World, person: Profile) -> None:
    page = prove(each_world, person).press(DO_NOT_TRACK)
    content = downloaded(each_world, page)
    assert content["state"]["do_not_track"] == ASKED
    change = {"subject": "do_not_track", "before": None, "after": ASKED}
    assert content["records"][-1]["changes"] == [change]


def test_of_who_was_brought_in_without_a_day_none_is_claimed(
    each_world: World, person: Profile, tag: str
) -> None:
    record(each_world, person, {"do_not_track": {"wanted": True, "at": None}})
    assert prove(each_world, each_world.read(person), tag).says(said(tag, MAY_NOT_LEARN))


def test_it_stays_when_they_sign_up_again(each_world: World, person: Profile) -> None:
    record(each_world, person, {"do_not_track": ASKED}, "my-data")
    Reader(each_world.client()).open(sign_up(each_world, EMAIL, "news")).press(CONFIRM)
    assert wish_of(each_world, person) == ASKED


def test_who_is_erased_leaves_no_wish(each_world: World, person: Profile) -> None:
    prove(each_world, person).press(DO_NOT_TRACK)
    page = prove(each_world, each_world.read(person))
    page.post(page.address, [("do", "erase")])
    stored = each_world.dump()
    assert stored.pop("schema_migration"), "which names what it added"
    assert "do_not_track" not in repr(stored)


# ── a browser that sends the signal ─────────────────────────────────────────────────────────


def with_signal(page: Reader) -> Reader:
    page.headers["Sec-GPC"] = "1"
    return page.open(page.address)


def test_a_browser_with_the_signal_is_offered_to_keep_it(
    each_world: World, person: Profile, tag: str
) -> None:
    page = prove(each_world, person, tag)
    assert not page.says(said(tag, KEEP_THE_SIGNAL))
    stored = each_world.dump()
    with_signal(page)
    assert page.says(said(tag, KEEP_THE_SIGNAL))
    assert each_world.dump() == stored, "nothing is kept before somebody presses"
    page.press(said(tag, DO_NOT_TRACK))
    assert wish_of(each_world, person) == ASKED
    assert not page.says(said(tag, KEEP_THE_SIGNAL)), "it is kept"
    newest = each_world.ledger(person)[-1]
    wording = Wording.select().where(Wording.id == newest.wording).get(each_world.database)
    assert wording.texts["signal"] == said(tag, KEEP_THE_SIGNAL)
