"""Asking and taking a place are one step: no cap is exceeded, whoever asks at the same moment."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice

import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN, found, say
from tests.support.decisions import CAPPED, NOW, choice
from widget_backend.actions.may_send import IN_A_FILE, ONE_BY_ONE, Place, Question, release, reserve
from widget_backend.errors import ProfileUnknown, ReservationRefused
from widget_backend.rules.snapshot import Message
from widget_backend.store.database import write_transaction
from widget_backend.store.deliveries import Delivery, keep_deliveries
from widget_backend.store.deliveries import Message as Sent
from widget_backend.store.models_of_sending import Reservation
from widget_backend.store.new_contacts import NewContact, create_contacts
from widget_backend.store.reservations import confirm_places

# Two messages fit under the cap, and the topic’s own frequency must not be what holds them back.
TOPICS = [f"t{number}" for number in range(4)]
DAY = 86_400


@pytest.fixture
def arta(database: Database) -> int:
    return people(database, ARTA)[0]


def people(database: Database, *emails: str) -> list[int]:
    with write_transaction(database):
        create_contacts(database, "shop", 1, [NewContact(each) for each in emails])
    for each in emails:
        say(database, {f"topic:{topic}": choice() for topic in ("offers", *TOPICS)}, email=each)
    known = found(database, *emails)
    return [known[each].profile.id for each in emails]


def question(campaign: str = "t0", sender: str = "shop") -> Question:
    """A campaign of the topic of its name."""
    return Question(Message(campaign, campaign.partition("-")[0], "email"), sender)


def ask(
    database: Database, profile: int, campaign: str = "t0", sender: str = "shop", **known: object
) -> bool:
    at = known.pop("at", NOW)
    now = known.pop("now", NOW)
    assert isinstance(at, int)
    assert isinstance(now, int)
    wanted = Place(question(campaign, sender), profile, at, **known)  # type: ignore[arg-type]
    return reserve(database, CAPPED, wanted, now).allowed


def places(database: Database) -> int:
    return int(Reservation.select().where(~Reservation.confirmed).count(database))


def deliver(database: Database, profile: int, campaign: str, at: int = NOW) -> None:
    sent = Sent(profile, campaign, "email", at)
    with write_transaction(database):
        keep_deliveries(database, [Delivery(sent, campaign, "sent")])
        confirm_places(database, [sent])


def test_places_are_taken_until_the_cap_is_reached(database: Database, arta: int) -> None:
    assert [ask(database, arta, each) for each in TOPICS] == [True, True, False, False]
    assert places(database) == 2


def test_a_no_takes_no_place(database: Database, arta: int) -> None:
    assert not ask(database, arta, "unknown")
    assert places(database) == 0


def test_asking_again_for_the_same_campaign_takes_no_second_place(
    database: Database, arta: int
) -> None:
    assert ask(database, arta)
    assert ask(database, arta)
    assert places(database) == 1


@pytest.mark.parametrize("lasts", [ONE_BY_ONE, IN_A_FILE])
def test_a_place_that_nobody_confirms_ends_by_itself(
    database: Database, arta: int, lasts: int
) -> None:
    for each in TOPICS[:2]:
        assert ask(database, arta, each, lasts=lasts)
    for at, is_free in ((NOW + lasts - 1, False), (NOW + lasts, True)):
        assert ask(database, arta, TOPICS[2], at=at, now=at) == is_free


def test_a_delivery_counts_in_the_place_of_its_reservation(database: Database, arta: int) -> None:
    assert ask(database, arta, TOPICS[0])
    deliver(database, arta, TOPICS[0])
    assert places(database) == 0
    assert ask(database, arta, TOPICS[1])
    assert not ask(database, arta, TOPICS[2])


def test_a_delivery_that_is_reported_late_counts_all_the_same(
    database: Database, arta: int
) -> None:
    assert ask(database, arta, TOPICS[0])
    late = NOW + ONE_BY_ONE + 60
    assert ask(database, arta, TOPICS[1], at=late, now=late)
    deliver(database, arta, TOPICS[0], at=NOW + 30)
    assert not ask(database, arta, TOPICS[2], at=late, now=late)


def test_what_is_confirmed_twice_counts_once(database: Database, arta: int) -> None:
    assert ask(database, arta, TOPICS[0])
    for _ in range(2):
        deliver(database, arta, TOPICS[0])
    assert ask(database, arta, TOPICS[1])


def test_with_a_key_asking_again_takes_no_other_place_and_tells_what_was_sent(
    database: Database, arta: int
) -> None:
    for _ in range(2):
        assert ask(database, arta, TOPICS[0], idempotency_key="k1")
    assert places(database) == 1
    deliver(database, arta, TOPICS[0])
    with pytest.raises(ReservationRefused, match="its message was sent"):
        ask(database, arta, TOPICS[0], idempotency_key="k1")
    assert places(database) == 0


def test_a_place_is_not_taken_over_with_another_key(database: Database, arta: int) -> None:
    """Two workers that send one campaign would write to somebody twice."""
    assert ask(database, arta, TOPICS[0], idempotency_key="k1")
    for key in ("k2", None):
        with pytest.raises(ReservationRefused, match="with another key, or for a file"):
            ask(database, arta, TOPICS[0], idempotency_key=key)
    later = NOW + ONE_BY_ONE
    assert ask(database, arta, TOPICS[0], at=later, now=later, idempotency_key="k2"), "it ended"


def test_a_key_is_of_one_place(database: Database, arta: int) -> None:
    assert ask(database, arta, TOPICS[0], idempotency_key="k1")
    with pytest.raises(ReservationRefused, match="key is that of another place"):
        ask(database, arta, TOPICS[1], idempotency_key="k1")


def test_a_place_can_be_given_back_by_who_took_it(database: Database, arta: int) -> None:
    assert all(ask(database, arta, each) for each in TOPICS[:2])
    with pytest.raises(ReservationRefused, match="only they can give it back"):
        release(database, CAPPED, question(TOPICS[0], "others"), arta)
    release(database, CAPPED, question(TOPICS[0]), arta)
    assert ask(database, arta, TOPICS[2])
    with pytest.raises(ReservationRefused, match="there is no such place"):
        release(database, CAPPED, question(TOPICS[0]), arta)


def test_another_sender_cannot_take_the_place_of_a_campaign(database: Database, arta: int) -> None:
    assert ask(database, arta)
    with pytest.raises(ReservationRefused, match="“shop” has taken the place"):
        ask(database, arta, sender="others")
    later = NOW + ONE_BY_ONE
    assert ask(database, arta, sender="others", at=later, now=later)


def test_a_moment_that_is_past_is_refused(database: Database, arta: int) -> None:
    with pytest.raises(ReservationRefused, match="the moment is past"):
        ask(database, arta, at=NOW - 1)


def test_nobody_has_a_place_who_is_not_there(database: Database, arta: int) -> None:
    with pytest.raises(ProfileUnknown):
        ask(database, arta + 1)


def test_a_place_for_later_counts_for_what_is_asked_before(database: Database, arta: int) -> None:
    for each in TOPICS[:2]:
        assert ask(database, arta, each, at=NOW + 2 * DAY)
    assert not ask(database, arta, TOPICS[2])


# ── at the same moment ──────────────────────────────────────────────────────────────────────


def test_threads_that_ask_at_once_never_exceed_the_cap(database: Database) -> None:
    profiles = people(database, ARTA, BEN)

    def all_topics(turn: int) -> int:
        with database.connection_context():
            mine = TOPICS[turn % 4 :] + TOPICS[: turn % 4]
            return sum(
                ask(database, each, f"{topic}-{turn}") for each in profiles for topic in mine
            )

    with ThreadPoolExecutor(8) as threads:
        given = sum(threads.map(all_topics, range(8)))
    assert given == places(database) == 2 * len(profiles)


@pytest.fixture
def killed(database_url: str) -> Iterator[Callable[[list[int]], list[str]]]:
    """Several processes take places until each has gone through all, or is killed on the way."""

    def acknowledged(profiles: list[int]) -> list[str]:
        of = ",".join(map(str, profiles))
        command = [sys.executable, "-m", "tests.support.reserver", database_url, of]
        lines: list[str] = []
        with ExitStack() as stack:
            started = [
                stack.enter_context(
                    subprocess.Popen([*command, f"p{number}"], stdout=subprocess.PIPE, text=True)
                )
                for number in range(3)
            ]
            for number, process in enumerate(started):
                assert process.stdout
                lines += islice(process.stdout, 2 + 5 * number)
                process.kill()
                lines += [line for line in process.stdout if line.endswith("\n")]
        return [line for line in lines if line != "round\n"]

    return acknowledged


def test_processes_that_are_killed_never_exceed_the_cap_and_keep_what_they_acknowledged(
    database: Database,
    killed: Callable[[list[int]], list[str]],
    settle: Callable[[Database], None],
) -> None:
    profiles = people(database, *(f"a{number}@example.com" for number in range(12)))
    acknowledged = killed(profiles)
    settle(database)
    query = Reservation.select(Reservation.profile, Reservation.campaign)
    stored = {f"{profile} {name}\n" for profile, name in query.tuples().execute(database)}
    assert {*acknowledged} <= stored
    assert max(Counter(each.split()[0] for each in stored).values()) <= 2


def test_a_campaign_of_another_channel_has_its_own_place(database: Database, arta: int) -> None:
    by_text = replace(question().message, channel="sms")
    assert ask(database, arta)
    wanted = Place(Question(by_text, "shop"), arta, NOW)
    assert not reserve(database, CAPPED, wanted, NOW).allowed
    assert places(database) == 1
