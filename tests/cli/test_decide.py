"""`decide` and `context`, as a marketer types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from peewee import Database

from tests.support.contacts import ARTA, come_in, found, say
from tests.support.rows import TABLES
from tests.support.small_site import SITE
from tests.support.words import said
from tests.support.words.decisions import AGREED_ON, LEFT_EVERYTHING_ON, NO, YES
from widget_backend.cli import main
from widget_backend.rules.check import RULES

SENDING = """
[[campaigns]]
id = "digest"
topic = "news"
sentence = "You asked for news."
[[caps]]
most = 1
window = "7 days"
[[service_messages]]
id = "receipt"
name = "Receipts"
ground = "contract"
"""
WEEKLY = {"on": True, "channel": "email", "frequency": "weekly"}

Run = Callable[..., Result]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    file = tmp_path / "SITE.toml"
    file.write_text(f"{SITE}{SENDING}", encoding="utf-8")
    return file


@pytest.fixture
def run(database: Database, database_url: str, shop: Path) -> Run:
    """A command about Arta, who gets news by email once a week."""
    come_in(database, news=WEEKLY)

    def invoke(command: str, *arguments: str, address: str = ARTA, typed: str = "") -> Result:
        settings = {"WIDGET_DATABASE_URL": database_url}
        line = [command, str(shop), address, *arguments]
        return CliRunner().invoke(main, line, env=settings, input=typed)

    return invoke


def decision(run: Run, *arguments: str) -> dict[str, Any]:
    result = run("decide", "--campaign", "digest", "--json", *arguments)
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_every_rule_is_told_with_what_it_found_and_the_record_that_it_rests_on(run: Run) -> None:
    lines = run("decide", "--campaign", "digest").stdout.splitlines()
    assert lines[0] == YES
    on = said("en", AGREED_ON, topic="News", date="21 September 2026")
    assert f"  yes  consent       {on}" in lines
    rules = [line.split()[1] for line in lines if line.startswith("  ")]
    assert rules == [rule.partition("_")[0] for rule in RULES]
    assert lines[-1].startswith("It rests on record 1 of the person, of 2026-09-21 ")
    assert lines[-1].endswith("(hosted).")


def test_asking_changes_nothing(run: Run, database: Database) -> None:
    before = [each.select().count(database) for each in TABLES]
    decision(run)
    assert [each.select().count(database) for each in TABLES] == before


def test_a_place_that_is_taken_holds_back_other_campaigns_until_it_is_given_back(
    run: Run, shop: Path
) -> None:
    with shop.open("a", encoding="utf-8") as text:
        text.write('[[campaigns]]\nid = "other"\ntopic = "news"\nsentence = "More."\n')
    assert decision(run, "--reserve", "--key", "k1")["allowed"]
    assert decision(run, "--reserve", "--key", "k1")["allowed"]
    refused = run("decide", "--campaign", "other").stdout
    assert refused.startswith("Not before")
    assert run("decide", "--campaign", "digest", "--release").exit_code == 0
    assert run("decide", "--campaign", "other").stdout.startswith(YES)


def test_what_somebody_is_busy_with_holds_back_until_it_is_over(run: Run) -> None:
    assert "cart" in run("context").stderr
    run("context", "open-cart", "--until", "2999-01-01T09:00")
    answer = decision(run)
    assert (answer["allowed"], answer["reason"]) == (False, "context")
    assert "open-cart\tuntil 2999-01-01 09:00\n" in run("context").stdout
    assert run("decide", "--campaign", "receipt").stdout.startswith(YES)
    run("context", "open-cart", "--over")
    assert decision(run)["allowed"]


def test_the_address_can_be_read_from_standard_input(run: Run) -> None:
    result = run("decide", "--campaign", "digest", address="-", typed=f"{ARTA}\n")
    assert result.stdout.startswith(YES)


def test_a_person_who_left_is_told_as_no_and_since_when(run: Run, database: Database) -> None:
    say(database, {"overall": {"reach": "off", "until": None}}, at=1_790_100_000)
    answer = decision(run)
    assert (answer["allowed"], answer["reason"]) == (False, "unsubscribed")
    assert answer["not_before"] is None
    why = said("en", LEFT_EVERYTHING_ON, date="22 September 2026")
    assert answer["sentence"] == said("en", NO, why=why)
    assert found(database, ARTA)[ARTA].profile.state.reach == "off"


MISTAKES = [
    (
        ("decide", "--campaign", "nothing"),
        (
            "“nothing”: no campaign is called that. declare it in the site file, or register it "
            "with preference-widget campaigns add."
        ),
    ),
    (
        ("decide", "--campaign", "digest", "--at", "soon"),
        (
            "SITE.toml: --at soon: is no time. write it like 2026-12-01T09:00, by the site’s "
            "clock, or with an offset: …T09:00+01:00."
        ),
    ),
    (
        ("decide", "--campaign", "digest", "--at", "2020-01-01"),
        "SITE.toml: --at 2020-01-01: is past. name a later one, or none.",
    ),
    (
        ("decide", "--campaign", "digest", "--lang", "fr"),
        "SITE.toml: --lang fr: the site does not speak it. choose one of en.",
    ),
    (
        ("decide", "--campaign", "digest", "--release"),
        "the reservation: there is no such place. it has ended, or was confirmed.",
    ),
    (
        ("context", "open-cart"),
        "SITE.toml: open-cart: it is not said until when. give --until or --over.",
    ),
    (
        ("context", "open-cart", "--until", "2020-01-01"),
        "SITE.toml: --until 2020-01-01: is past. name a later time, or --over.",
    ),
]


@pytest.mark.parametrize(("line", "told"), MISTAKES)
def test_a_mistake_is_one_line_with_its_cure(run: Run, line: tuple[str, ...], told: str) -> None:
    result = run(*line)
    assert result.exit_code == 1
    assert result.stderr.strip().endswith(told)


@pytest.mark.parametrize(
    ("address", "told"), [("nobody@example.com", "nobody has it"), ("arta", "no email address")]
)
def test_an_address_that_leads_to_nobody_is_told(run: Run, address: str, told: str) -> None:
    result = run("decide", "--campaign", "digest", address=address)
    assert result.exit_code == 1
    assert told in result.stderr
