"""Campaigns: each belongs to a topic and says in public why people get it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from peewee import Database

from widget_backend.cli import main
from widget_backend.demo.run import DIMORA
from widget_backend.site.load import load_site
from widget_backend.store.campaigns import all_campaigns, find_campaign

SITE = load_site(DIMORA / "SITE.toml").site
WHY = ("--sentence", "You like lower prices.", "--sentence", "sq=Ju pëlqejnë çmimet e ulëta.")


@pytest.fixture
def run(database_url: str) -> object:
    def run(*arguments: str) -> Result:
        settings = {"WIDGET_DATABASE_URL": database_url}
        return CliRunner().invoke(main, ["campaigns", *arguments], env=settings)

    return run


def add(run: object, *arguments: str) -> Result:
    result: Result = run("add", str(SITE.file), *arguments)  # type: ignore[operator]
    return result


def test_a_registered_campaign_has_a_topic_and_a_sentence_in_each_language(
    run: object, database: Database
) -> None:
    result = add(run, "spring-2027", "--topic", "offers", *WHY)
    assert result.stdout == "spring-2027: registered for the topic offers.\n"
    assert result.stderr == "warning: no sentence in ar: give --sentence ar=…\n"
    found = {tag: find_campaign(database, SITE, "spring-2027", tag) for tag in SITE.locales}
    assert {each.topic for each in found.values() if each} == {"offers"}
    assert [each.sentence for each in found.values() if each] == [
        "You like lower prices.",
        "Ju pëlqejnë çmimet e ulëta.",
        "You like lower prices.",
    ]


def test_registering_again_corrects_what_was_said(run: object, database: Database) -> None:
    add(run, "spring-2027", "--topic", "offers", *WHY)
    add(run, "spring-2027", "--topic", "news", "--sentence", "New things.")
    (found,) = [each for each in all_campaigns(database, SITE) if each.id == "spring-2027"]
    assert (found.topic, found.sentence) == ("news", "New things.")


@pytest.mark.usefixtures("database")
def test_campaigns_are_listed_those_of_the_file_first(run: object) -> None:
    add(run, "spring-2027", "--topic", "offers", *WHY)
    result: Result = run("list", str(SITE.file))  # type: ignore[operator]
    lines = result.stdout.splitlines()
    assert lines[-1] == "spring-2027\toffers\t\tYou like lower prices."
    assert [line.split("\t")[0] for line in lines[:-1]] == [each.id for each in SITE.campaigns]
    assert SITE.campaigns


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("x",), "missing option '--topic'"),
        (("x", "--topic", "offers"), "missing option '--sentence'"),
        (("x", "--topic", "offerz", *WHY), "--topic offerz: no topic is called that. choose one"),
        (("X!", "--topic", "offers", *WHY), "“X!” is no name of a campaign"),
        (("x", "--topic", "offers", "--segment", "s", *WHY), "--segment s: no segment is called"),
        (("x", "--topic", "offers", "--sentence", "de=Weil."), "does not speak “de”"),
        (("x", "--topic", "offers", "--sentence", "sq=Sepse."), "there is none in en"),
        (("x", "--topic", "offers", "--sentence", " "), "there is none in en"),
        (("x", "--topic", "offers", "--sentence", "a\tb"), "--sentence en=…: holds a control char"),
        (
            ("x", "--topic", "offers", *WHY, "--sentence", "ar=a\nb"),
            "ar=…: holds a line break",
        ),
        (("autumn-sale", "--topic", "offers", *WHY), "campaigns.autumn-sale: stands there already"),
    ],
)
def test_a_campaign_without_topic_or_sentence_cannot_be_registered(
    run: object, database: Database, arguments: tuple[str, ...], said: str
) -> None:
    before = all_campaigns(database, SITE)
    result = add(run, *arguments)
    assert result.exit_code in {1, 2}
    assert said in result.stderr
    assert all_campaigns(database, SITE) == before


@pytest.mark.parametrize("time", ["2020-01-01", "2020-01-01T09:00+01:00"])
def test_a_time_that_is_past_is_told_and_kept_for_it_may_be_a_correction(
    run: object, database: Database, time: str
) -> None:
    said = ("--topic", "offers", *WHY, "--sentence", "ar=لأنك تحب الأسعار المنخفضة.")
    result = add(run, "spring-2020", *said, "--at", time)
    assert result.stdout == "spring-2020: registered for the topic offers.\n"
    cure = "if it is still to go out, add it again with a later time."
    assert result.stderr == f"warning: --at {time}: is past. {cure}\n"
    later = add(run, "x", *said, "--at", "8999-01-01")
    assert later.stderr == ""


def test_a_sentence_may_hold_an_equals_sign(run: object, database: Database) -> None:
    add(run, "sums", "--topic", "offers", "--sentence", "Because 1 + 1 = 2.")
    found = find_campaign(database, SITE, "sums", "en")
    assert found is not None
    assert found.sentence == "Because 1 + 1 = 2."


def test_file_of_the_demo_is_the_one_that_is_checked() -> None:
    assert Path(SITE.file) == DIMORA / "SITE.toml"
