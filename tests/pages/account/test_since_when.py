"""Since when somebody is subscribed: the day on which they agreed, or only that of the import."""

from __future__ import annotations

import pytest

from tests.support.my_data import MAILCHIMP, day_in, imported
from tests.support.steps import prove, record
from tests.support.words import Text, beginning, said
from tests.support.words.account import AGREED_BEFORE, AGREED_ON
from tests.support.words.labels import FROM_PREVIOUS_SYSTEM
from tests.support.worlds import OFFERS, SAID, World, no


def up_to_the_door(tag: str, text: Text, *day: int) -> str:
    """The sentence of a day, without where it was said."""
    return said(tag, text, date=day_in(tag, *day), door="@").partition("@")[0].strip()


def test_who_was_brought_in_agreed_when_they_agreed(each_world: World, tag: str) -> None:
    page = prove(each_world, imported(each_world, MAILCHIMP), tag)
    agreed = up_to_the_door(tag, AGREED_ON, 2023, 1, 2)
    assert page.text.count(agreed) == 2, "of the topic, and in the history"


@pytest.mark.parametrize("evidence", [None, {"consent": "at the fair"}, {"CONFIRM_TIME": "1/2/24"}])
def test_where_the_day_is_unknown_only_that_of_the_import_is_claimed(
    each_world: World, tag: str, evidence: dict[str, str] | None
) -> None:
    page = prove(each_world, imported(each_world, evidence), tag)
    assert not page.says(beginning(tag, AGREED_ON))
    assert up_to_the_door(tag, AGREED_BEFORE, 2027, 3, 1) in page.text


def test_topics_that_were_agreed_to_on_several_days_have_each_its_own(
    each_world: World, tag: str
) -> None:
    person = each_world.person()
    evidence = {"offers:at": "2023-01-02T09:00:00Z", "news:at": "2024-01-02T09:00:00Z"}
    record(each_world, person, SAID, evidence=evidence)
    page = prove(each_world, person, tag)
    for year in (2023, 2024):
        assert page.text.count(up_to_the_door(tag, AGREED_ON, year, 1, 2)) == 1, "of the topic"
    before = up_to_the_door(tag, AGREED_BEFORE, 2027, 3, 1)
    assert page.text.count(before) == 1, "in the history"


def test_what_came_from_elsewhere_was_not_said_there_on_the_day_it_came(world: World) -> None:
    (entry,) = prove(world, imported(world, MAILCHIMP)).items("history")
    assert entry.startswith("12:00 ")
    assert FROM_PREVIOUS_SYSTEM in entry


def test_a_topic_that_our_staff_gives_back_was_agreed_to_when_it_was(world: World) -> None:
    person = imported(world, MAILCHIMP)
    record(world, person, {"topic:offers": no(OFFERS)}, "import")
    world.clock.pass_by(hours=24 * 30)
    record(world, person, {"topic:offers": OFFERS}, "staff")
    agreed = up_to_the_door("en", AGREED_ON, 2023, 1, 2)
    assert prove(world, person).text.count(agreed) == 2, "of the topic, and in the history"
