"""Things that happen in the same moment: one effect, nothing lost, nothing doubled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from peewee import Database

from tests.support.browsing import Reader
from tests.support.steps import answers, at
from tests.support.together import TOGETHER, all_at_once
from tests.support.words.preferences import (
    GET_FEWER,
    SAVE,
    UNDO,
    how,
    how_often,
)
from tests.support.words.unsubscribe import UNSUBSCRIBE, UNSUBSCRIBE_FROM_EVERYTHING
from tests.support.worlds import NEWS, OFF, OFFERS, OFFERS_NAME, SAID, TIPS, World, no
from widget_backend.actions import saving
from widget_backend.actions.saving import save_changes, update
from widget_backend.context import Context
from widget_backend.rules.state import Change, State
from widget_backend.store import models
from widget_backend.store.ledger import ConsentContext, Wording
from widget_backend.store.profiles import Profile

CROWD = 16
PRICES = {"on": True, "channel": "email", "frequency": "weekly"}
"""Of a topic for traders, who see it once they have it."""


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


def test_the_same_save_many_times_at_once_is_one_record(each_world: World, person: Profile) -> None:
    form = {"revision": "1", "do": "save", "offered": "offers"}
    path = each_world.link("preferences", person)
    assert all_at_once(each_world, path, [form] * TOGETHER) == [303] * TOGETHER
    assert len(each_world.ledger(person)) == 2
    assert each_world.state(person)["topic:offers"] == no(OFFERS)


def test_leaving_many_times_at_once_is_one_record(each_world: World, person: Profile) -> None:
    path = each_world.link("unsubscribe", person)
    assert all_at_once(each_world, path, [{"do": "off"}] * TOGETHER) == [303] * TOGETHER
    assert len(each_world.ledger(person)) == 2


def test_different_saves_at_once_let_one_through_and_ask_the_others(
    each_world: World, person: Profile
) -> None:
    usual = {"do": "save", "revision": "1", "offered": "tips", "topic-tips": "on"}
    ways = [{"frequency-tips": each} for each in ("quarterly", "every_two_weeks")]
    forms = [{**usual, "channel-tips": "email", **way} for way in ways]
    path = each_world.link("preferences", person)
    assert sorted(all_at_once(each_world, path, forms)) == [303, 409]
    assert len(each_world.ledger(person)) == 2


def test_one_sign_up_sent_many_times_at_once_is_one(each_world: World) -> None:
    form = {"form": "ab" * 16, "email": "x@example.com", "topics": "offers", "do": "save"}
    assert all_at_once(each_world, "/s/kutia", [form] * TOGETHER) == [303] * TOGETHER
    assert models.Profile.select().count(each_world.database) == 1


# ── somebody saves between our reading and our writing ──────────────────────────────────────

Meanwhile = Callable[[State], None]


@pytest.fixture
def meanwhile(each_world: World, person: Profile, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Has another device say something just before the next save is written."""

    def arrange(said: State) -> None:
        write = saving.write

        def write_second(database: Database, action: Callable[[], object]) -> object:
            monkeypatch.setattr(saving, "write", write)
            each_world.say(person, said)
            return write(database, action)

        monkeypatch.setattr(saving, "write", write_second)

    return arrange


def test_who_comes_second_is_shown_what_the_first_did(
    each_world: World, person: Profile, meanwhile: Meanwhile
) -> None:
    page = at(each_world, person).choose(how_often("en", OFFERS_NAME), "monthly")
    meanwhile({"topic:offers": no(OFFERS)})
    page.press(SAVE)
    assert page.status == 409
    assert each_world.state(person)["topic:offers"] == no(OFFERS)


@pytest.mark.parametrize(
    ("button", "reach"), [(UNSUBSCRIBE_FROM_EVERYTHING, "off"), (GET_FEWER, "less")]
)
def test_leaving_gets_through_whoever_was_first(
    each_world: World, person: Profile, meanwhile: Meanwhile, button: str, reach: str
) -> None:
    page = at(each_world, person)
    meanwhile({"topic:tips": TIPS})
    page.press(button)
    state = each_world.state(person)
    assert state["overall"]["reach"] == reach
    assert state["topic:tips"] == TIPS


def test_the_unsubscribe_page_and_its_undo_get_through_too(
    each_world: World, person: Profile, meanwhile: Meanwhile
) -> None:
    page = Reader(each_world.client()).open(each_world.link("unsubscribe", person))
    meanwhile({"topic:tips": TIPS})
    page.press(UNSUBSCRIBE)
    assert each_world.state(person)["overall"] == OFF
    meanwhile({"topic:news": no(NEWS)})
    page.press(UNDO)
    assert "overall" not in each_world.state(person)


def test_answers_get_through_beside_another_save(
    each_world: World, person: Profile, meanwhile: Meanwhile
) -> None:
    page = Reader(each_world.client()).open(each_world.link("questions", person))
    meanwhile({"topic:tips": TIPS})
    page.tick("Attic").press(SAVE)
    assert page.status == 200
    assert answers(each_world, person)["rooms"] == {"said": ["attic"]}


def test_an_answer_that_is_given_twice_at_once_is_given_once(
    each_world: World, person: Profile, meanwhile: Meanwhile
) -> None:
    page = Reader(each_world.client()).open(each_world.link("questions", person)).tick("Attic")
    each_world.say(person, {"topic:tips": TIPS})
    now = int(each_world.clock().timestamp())
    meanwhile({"answer:rooms": {"said": ["attic"], "at": now}})
    page.press(SAVE)
    assert page.status == 200
    changes = [change for record in each_world.ledger(person) for change in record.changes]
    assert [change.subject for change in changes].count("answer:rooms") == 1


def test_a_topic_that_appears_while_a_form_is_saved_stands_on_the_one_that_comes_back(
    each_world: World, person: Profile, meanwhile: Meanwhile
) -> None:
    page = at(each_world, person).choose(how_often("en", OFFERS_NAME), "monthly")
    meanwhile({"topic:offers": no(OFFERS), "topic:prices": PRICES})
    page.press(SAVE)
    assert page.status == 409
    assert page.is_ticked(each_world.site("en").topic("prices").name)


def test_a_number_that_is_taken_away_while_a_form_is_saved_is_asked_for(
    each_world: World, person: Profile, meanwhile: Meanwhile
) -> None:
    each_world.say(person, {"contact:phone": "+355691234567"})
    page = at(each_world, person).choose(how("en", OFFERS_NAME), "sms")
    meanwhile({"contact:phone": None})
    page.press(SAVE)
    assert page.status == 422
    assert each_world.state(person)["topic:offers"] == OFFERS


def test_many_who_save_something_else_each_all_get_through(
    each_world: World, person: Profile
) -> None:
    context: Context = each_world.app.extensions["preference-widget"]
    shown = ConsentContext(0, "hosted", Wording.of(person.site, "en", {}))

    def save_one(number: int) -> int:
        changes = [Change(f"answer:{number}", None, {"skipped": True, "at": 0})]
        with each_world.database.connection_context():
            return update(context, person, lambda now: save_changes(context, now, changes, shown))

    with ThreadPoolExecutor(CROWD) as pool:
        revisions = list(pool.map(save_one, range(CROWD)))
    assert sorted(revisions) == list(range(2, 2 + CROWD))


def test_a_record_names_the_words_that_were_shown(each_world: World, person: Profile) -> None:
    page = at(each_world, person).untick(OFFERS_NAME).press(SAVE)
    assert page.status == 200
    query = models.Wording.select(models.Wording.language, models.Wording.texts).where(
        models.Wording.texts != "{}"
    )
    shown = dict(query.tuples().execute(each_world.database))
    assert f"{OFFERS_NAME}: You pay less than <i>others</i>." in shown["en"]["topics.offers"]
