"""What is counted for Prometheus, read by its own parser, for who has the key and nobody else."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from peewee import Database
from prometheus_client.parser import text_string_to_metric_families

from tests.support.addresses import addresses
from tests.support.browsing import Reader
from tests.support.everything import CANARIES
from tests.support.steps import record, sign_up
from tests.support.words.errors import PAGE_NOT_FOUND
from tests.support.worlds import KUTIA, SAID, SIGNER, Clock, World
from widget_backend.app import create_app
from widget_backend.errors import SettingInvalid, SignUpExists
from widget_backend.store.database import open_database
from widget_backend.store.ledger import saves_by_door
from widget_backend.store.writing import write

KEY = "a key of the tests for the metrics"
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
def counted(empty_database: Database, tables: None) -> World:
    """A world that is counted, on either database."""
    clock = Clock()
    app = create_app([KUTIA], empty_database, SIGNER, clock, metrics_key=KEY)
    return World(app, empty_database, SIGNER, clock, {KUTIA.id: KUTIA})


def read(world: World, key: str = KEY) -> Samples:
    """Every sample by its name, without the prefix of all, and its labels."""
    answer = world.hurried_client().get("/metrics", headers={"Authorization": f"Bearer {key}"})
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    families = text_string_to_metric_families(answer.get_data(as_text=True))
    return {
        (sample.name.removeprefix("preference_widget_"), tuple(sorted(sample.labels.items()))): (
            sample.value
        )
        for family in families
        for sample in family.samples
    }


def requests(route: str, status: int, method: str = "GET") -> tuple[str, Any]:
    labels = (("method", method), ("route", route), ("status", str(status)))
    return "requests_total", labels


def test_requests_are_counted_by_route_and_status_with_their_times(counted: World) -> None:
    client = counted.hurried_client()
    for path in ("/s/kutia", "/s/kutia?lang=ar", "/s/nobody", "/nothing"):
        client.get(path)
    counted.hurried_client().open("/s/kutia", method="CANARY")
    client.get("/favicon.ico")
    found = read(counted)
    assert found[requests("/s/<site_id>", 200)] == 2
    assert found[requests("/s/<site_id>", 404)] == 1
    assert found[requests("none", 404)] == 1
    assert found[requests("none", 405, "other")] == 1
    assert found[requests("/favicon.ico", 204)] == 1, "nobody is led nowhere"
    assert found["request_seconds_count", (("route", "/s/<site_id>"),)] == 3
    buckets = [labels for name, labels in found if name == "request_seconds_bucket"]
    assert (("le", "+Inf"), ("route", "/s/<site_id>")) in buckets


def test_saves_are_counted_by_door_once_they_are_durable(counted: World) -> None:
    person = counted.person(SAID)
    before = read(counted).get(("saves_total", (("door", "unsubscribe"),)), 0)
    link = counted.link("unsubscribe", person)
    for _ in range(2):  # the second press changes nothing
        counted.hurried_client().post(link, data={"do": "off"})
    assert read(counted)["saves_total", (("door", "unsubscribe"),)] == before + 1


def test_what_was_rolled_back_is_no_save(counted: World) -> None:
    person = counted.person(SAID)
    before = saves_by_door(counted.database)

    def save_and_fail() -> None:
        record(counted, person, {})
        raise SignUpExists

    with pytest.raises(SignUpExists):
        write(counted.database, save_and_fail)
    assert saves_by_door(counted.database) == before


def test_letters_that_wait_are_counted_with_the_age_of_the_oldest(counted: World) -> None:
    nothing = read(counted)
    assert (nothing["letters_waiting", ()], nothing["oldest_letter_seconds", ()]) == (0, 0)
    sign_up(counted, "somebody@example.com", name="a" * 32)
    counted.clock.pass_by(seconds=90)
    sign_up(counted, "another@example.com", name="b" * 32)
    found = read(counted)
    assert (found["letters_waiting", ()], found["oldest_letter_seconds", ()]) == (2, 90)


def test_without_a_database_requests_are_counted_all_the_same(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/none.db")
    world = World(create_app([KUTIA], database, SIGNER, metrics_key=KEY), database, SIGNER, Clock())
    answer = world.app.test_client().get("/metrics", headers={"Authorization": f"Bearer {KEY}"})
    names = {each.name for each in text_string_to_metric_families(answer.get_data(as_text=True))}
    assert "preference_widget_requests" in names
    assert "preference_widget_letters_waiting" not in names


def test_no_label_tells_of_anybody(counted: World) -> None:
    client = counted.hurried_client()
    tokens: set[str] = set()
    for address in addresses(counted):
        tokens |= {step for step in address.split("/") if len(step) > 30}
        client.get(address)
        client.post(address, data=dict.fromkeys(("email", "do", "phone"), CANARIES[0]))
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {KEY}"})
    text = answer.get_data(as_text=True)
    names = {name for labels in read(counted) for name, _ in labels[1]}
    assert names == {"method", "route", "status", "le", "door"}
    assert not [each for each in (*CANARIES, *tokens, "kutia", "dimora") if each in text]


# ── the key ─────────────────────────────────────────────────────────────────────────────────

WRONG = ("", "Bearer", f"Bearer {KEY}x", f"Bearer {KEY[:-1]}", f"Basic {KEY}", KEY, "Bearer \xff")


@pytest.mark.parametrize("sent", WRONG)
def test_nobody_reads_them_without_the_key(counted: World, sent: str) -> None:
    answer = counted.hurried_client().get("/metrics", headers={"Authorization": sent})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert b"preference_widget" not in answer.get_data()


def test_without_a_key_there_is_no_such_page(world: World) -> None:
    page = Reader(world.client()).open("/metrics")
    assert (page.status, page.heading) == (404, PAGE_NOT_FOUND)


def test_who_has_set_a_key_and_not_the_library_is_told(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(SettingInvalid, match=r"WIDGET_METRICS_KEY: .*preference-widget\[metrics\]"):
        create_app([KUTIA], sqlite, SIGNER, metrics_key=KEY)
