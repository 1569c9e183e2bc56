"""`audience`: the file of those who may hear of a campaign now, and the reasons of the others."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from peewee import Database

from tests.support.contacts import ARTA, BEN, NEWS, OFF, OFFERS, PAUSED, Run, found, say
from tests.support.exports import Add
from tests.support.rows import TABLES
from widget_backend.store.current_contexts import set_context
from widget_backend.store.database import write_transaction
from widget_backend.store.models import Profile
from widget_backend.store.models_of_sending import Reservation

SENDING = """
[[campaigns]]
id = "spring"
topic = "offers"
sentence = "You asked for offers."
[[campaigns]]
id = "digest"
topic = "news"
sentence = "You asked for news."
[[caps]]
most = 2
window = "7 days"
"""


@pytest.fixture
def made(run: Run, site_file: Path) -> Callable[..., Result]:
    """The audience of the spring campaign."""
    with site_file.open("a", encoding="utf-8") as text:
        text.write(SENDING)

    def make(*options: Any, campaign: str = "spring") -> Result:
        result = run("audience", site_file, "--campaign", campaign, *options)
        assert result.exit_code == 0, result.output
        return result

    return make


def rows(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_who_may_get_it_is_in_the_file_with_links_and_the_others_are_counted_by_reason(
    add: Add, made: Callable[..., Result]
) -> None:
    add(ARTA, offers=OFFERS, language="en", roles=("trade",))
    add(BEN, offers={**OFFERS, "on": False})
    add("c@example.com", offers=OFFERS, overall=OFF)
    add("d@example.com", offers=OFFERS, overall=PAUSED)
    add("e@example.com", news=NEWS)
    add("f@example.com", offers=OFFERS, bounced=True)
    result = made()
    (row,) = rows(result.stdout)
    assert (row["email"], row["language"], row["roles"]) == (ARTA, "en", "trade")
    assert row["unsubscribe_url"].startswith("https://prefs.shop.example/u/")
    lines = result.stderr.splitlines()
    assert lines[0] == "spring: 1 may get it, 5 may not:"
    assert {line.strip() for line in lines[1:]} == {
        "1: messages to the address come back",
        "1: paused",
        "1: left everything",
        "1: the topic is off for them",
        "1: never agreed to the topic",
    }


def test_a_campaign_for_a_segment_goes_to_nobody_else(
    add: Add, made: Callable[..., Result], site_file: Path
) -> None:
    add(ARTA, offers=OFFERS, roles=("trade",))
    add(BEN, offers=OFFERS)
    campaign = '[[campaigns]]\nid = "trade"\ntopic = "offers"\nsegment = "some"\nsentence = "S"\n'
    segment = '[[segments]]\nid = "some"\nsentence = "S"\n'
    whole = site_file.read_text("utf-8")
    for where, allowed in (('where = { role = "trade" }\n', [ARTA]), ("", [])):
        site_file.write_text(f"{whole}{campaign}{segment}{where}", encoding="utf-8")
        result = made(campaign="trade")
        assert [row["email"] for row in rows(result.stdout)] == allowed
        assert f"{2 - len(allowed)}: not in the segment of the campaign" in result.stderr


def test_the_others_are_written_with_the_rule_and_when_it_lets_it_pass(
    add: Add, made: Callable[..., Result], tmp_path: Path, database: Database
) -> None:
    add(BEN, offers=OFFERS, overall=PAUSED)
    profile = add(ARTA, offers=OFFERS)
    with write_transaction(database):
        set_context(database, profile, "open-cart", 32_503_680_000)
    file = tmp_path / "why.csv"
    made("--reasons", file)
    told = {row["email"]: (row["rule"], row["not_before"][:4]) for row in rows(file.read_text())}
    assert told == {ARTA: ("context", "3000"), BEN: ("pause", "2999")}


def test_asking_for_an_audience_changes_nothing_but_that_people_have_links(
    add: Add, made: Callable[..., Result], database: Database
) -> None:
    add(ARTA, offers=OFFERS)
    before = [each.select().count(database) for each in TABLES]
    made()
    assert [each.select().count(database) for each in TABLES] == before
    assert Profile.select().where(Profile.linked_at.is_null()).count(database) == 0


def test_places_are_taken_with_reserve_and_count_for_other_campaigns(
    add: Add, made: Callable[..., Result], database: Database
) -> None:
    add(ARTA, offers=OFFERS, news=NEWS)
    for _ in range(2):  # again, as after an interruption
        assert "1 may get it, 0 may not" in made("--reserve").stderr
    assert Reservation.select().count(database) == 1
    assert "1 may get it" in made(campaign="digest").stderr
    made("--reserve", campaign="digest")
    assert "1 may get it" in made("--reserve").stderr, "its own place is not in its way"


def test_a_service_message_has_no_audience(run: Run, site_file: Path, add: Add) -> None:
    add(ARTA, offers=OFFERS, overall=OFF)
    with site_file.open("a", encoding="utf-8") as text:
        text.write('\n[[service_messages]]\nid = "receipt"\nname = "R"\nground = "contract"\n')
    result = run("audience", site_file, "--campaign", "receipt")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "a service message goes only to whom it concerns. ask decide" in result.stderr


def test_a_field_that_is_there_anyhow_is_not_written_twice(
    add: Add, made: Callable[..., Result]
) -> None:
    add(ARTA, offers=OFFERS)
    header = made("--fields", "email,language,customer").stdout.splitlines()[0].split(",")
    assert header[:4] == ["email", "language", "roles", "customer"]
    assert len({*header}) == len(header)


def test_what_lies_where_calendars_end_is_refused_and_does_no_harm_where_it_is_stored(
    add: Add, made: Callable[..., Result], run: Run, site_file: Path, database: Database
) -> None:
    profile = add(ARTA, offers=OFFERS)
    with write_transaction(database):
        set_context(database, profile, "open-cart", 253_402_297_140)  # the end of the year 9999
    assert "0 may get it, 1 may not" in made().stderr
    result = run("audience", site_file, "--campaign", "spring", "--at", "9999-12-31T23:59")
    assert "is too far ahead" in result.stderr


@pytest.mark.parametrize("options", [(), ("--recheck", "spring.csv")])
def test_hours_without_places_are_refused(
    run: Run, site_file: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    out = tmp_path / "out.csv"
    line = ("--campaign", "spring", "--hours", "24", "-o", out, *options)
    result = run("audience", site_file, *line)
    (told,) = result.stderr.splitlines()
    assert "--hours says how long places are kept: add --reserve." in told
    assert (result.exit_code, out.exists()) == (2, False)


def test_an_earlier_file_is_checked_again(
    add: Add, made: Callable[..., Result], database: Database, tmp_path: Path
) -> None:
    for each in (ARTA, BEN, "c@example.com"):
        add(each, offers=OFFERS)
    file = tmp_path / "spring.csv"
    made("-o", file)
    say(database, {"overall": OFF}, email=BEN)
    Profile.delete().where(Profile.id == found(database, ARTA)[ARTA].profile.id).execute(database)
    result = made("--recheck", file)
    assert {row["email"]: row["reason"] for row in rows(result.stdout)} == {
        BEN: "left everything",
        ARTA: "nobody has this address here any more",
    }
    assert result.stderr.endswith("spring.csv: 2 of 3 may no longer get it.\n")


def test_a_row_that_cannot_be_read_is_told_when_a_file_is_checked_again(
    add: Add, made: Callable[..., Result], tmp_path: Path
) -> None:
    add(ARTA, offers=OFFERS)
    file = tmp_path / "spring.csv"
    file.write_text(f'email,language\n{ARTA},en\nnobody,en\n"broken"x,en\n', encoding="utf-8")
    result = made("--recheck", file)
    assert [row["reason"] for row in rows(result.stdout)] == [
        "line 3 has no address that can be read",
        "line 4 has no address that can be read",
    ]
    assert result.stderr.endswith("spring.csv: 2 of 3 may no longer get it.\n")


def test_a_file_for_a_platform_has_its_columns_and_the_tag_of_the_topic(
    add: Add, made: Callable[..., Result], tmp_path: Path
) -> None:
    add(ARTA, offers=OFFERS)
    add(BEN, news=NEWS)
    tags = tmp_path / "tags.toml"
    tags.write_text('[topics]\n"Offers" = "offers"\n', encoding="utf-8")
    result = made("--for", "brevo", "--map", tags, "--fields", "created_at")
    (row,) = rows(result.stdout, ";")
    assert (row["EMAIL"], row["EMAIL_BLACKLISTED"]) == (ARTA, "No")
    assert row["TAGS"] == '"Offers"'
    assert row["created_at"] == "1970-01-01T00:00:01Z"
    assert row["preferences_url"]
    assert "No cell is guarded" in result.stderr
    tags.write_text('[topics]\n"News" = "news"\n', encoding="utf-8")
    untagged = made("--for", "brevo", "--map", tags)
    assert "tags.toml has no tag for “offers”." in untagged.stderr


def test_cells_for_people_are_guarded(add: Add, made: Callable[..., Result]) -> None:
    add(ARTA, offers=OFFERS)
    text = made("--fields", "phone,roles").stdout
    assert rows(text)[0]["phone"] == ""


MISTAKES = [
    (("--map", "x.toml"), "--map belongs to --for"),
    (("--channel", "sms", "--for", "brevo"), "a file for brevo is for email"),
    (("--fields", "shoe"), "“shoe” is no field"),
    (("--campaign", "autumn"), "“autumn”: no campaign is called that"),
    (("--at", "2020-01-01"), "--at 2020-01-01: is past"),
]


@pytest.mark.parametrize(("options", "told"), MISTAKES)
def test_a_mistake_is_one_line(
    run: Run, made: Callable[..., Result], site_file: Path, options: tuple[str, ...], told: str
) -> None:
    result = run("audience", site_file, "--campaign", "spring", *options)
    assert result.exit_code != 0
    assert told in result.output


def test_links_of_a_campaign_leave_out_to_whom_it_may_not_go(
    add: Add, made: Callable[..., Result], run: Run, site_file: Path, tmp_path: Path
) -> None:
    """Whatever was sent to others: nobody knows yet when this goes out."""
    add(ARTA, offers=OFFERS)
    add(BEN, offers=OFFERS, overall=OFF)
    file = tmp_path / "list.csv"
    file.write_text(f"email\n{ARTA}\n{BEN}\n", encoding="utf-8")
    told = run("links", site_file, file, "--campaign", "spring")
    assert [row["email"] for row in rows(told.stdout)] == [ARTA]
    (rejected,) = rows(file.with_name("list.csv.links.rejects.csv").read_text())
    assert rejected["reason"] == "may not be written to: left everything"
    for options in (("--campaign", "spring", "--everyone"), ()):
        told = run("links", site_file, file, *options)
        assert len(rows(told.stdout)) == 2
