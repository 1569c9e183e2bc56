"""Which topics people and strangers are shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.support.sites import site, topic
from widget_backend.rules.state import State
from widget_backend.rules.topics import (
    by_group,
    email_preference,
    first_preference,
    offered_topics,
    sign_up_topics,
)
from widget_backend.site.model import Group

ON = {"on": True, "channel": "email", "frequency": "weekly"}
SHOP = site((topic("news"), topic("trade", "pro"), topic("club", "pro", "owner"), topic("tips")))


@pytest.mark.parametrize(
    ("roles", "state", "offered"),
    [
        ([], {}, "news tips"),
        (["pro"], {}, "news trade club tips"),
        (["owner"], {}, "news club tips"),
        (["owner", "pro"], {}, "news trade club tips"),
        (["unknown"], {}, "news tips"),
        ([], {"topic:trade": ON}, "news trade tips"),
        ([], {"topic:trade": {**ON, "on": False}}, "news tips"),
        ([], {"topic:gone": ON}, "news tips"),
    ],
)
def test_topics_for_everyone_for_a_role_or_already_on(
    roles: list[str], state: dict[str, Any], offered: str
) -> None:
    assert " ".join(each.id for each in offered_topics(SHOP, roles, State(state))) == offered


def test_strangers_may_sign_up_for_what_is_public_and_comes_by_email() -> None:
    shop = site(
        (
            topic("news"),
            topic("trade", "pro"),
            topic("calls", channels=("phone",)),
            topic("letters", channels=("post", "email")),
        )
    )
    assert [each.id for each in sign_up_topics(shop)] == ["news", "letters"]


def test_who_only_ticks_gets_what_the_owner_put_first() -> None:
    letters = topic("letters", channels=("post", "email"), frequencies=("quarterly", "weekly"))
    first = {"on": True, "channel": "post", "frequency": "quarterly"}
    assert first_preference(letters) == first
    assert email_preference(letters) == {**first, "channel": "email"}


def test_topics_stand_under_their_groups_and_an_empty_group_nowhere() -> None:
    home, trade = Group("home", "Your home"), Group("trade", "Trade")
    topics = (topic("news"), topic("tips", group="home"), topic("care", group="home"))
    shop = replace(site((*topics, topic("prices", "pro", group="trade"))), groups=(home, trade))
    offered = offered_topics(shop, [], State({}))
    assert by_group(shop, offered) == ((None, topics[:1]), (home, topics[1:]))


def test_without_a_topic_there_is_one_empty_list() -> None:
    assert by_group(SHOP, ()) == ((None, ()),)
