"""`export --for`: nobody is subscribed there who wants no email that is sent there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN, LESS, NEWS, OFFERS, PAUSED, Run
from tests.support.exports import MAP, Add, For
from widget_backend.store.models import Identity


@pytest.mark.parametrize(
    "wanted",
    [
        {"offers": OFFERS, "overall": PAUSED},
        {"offers": OFFERS, "overall": LESS},
        {"offers": {**OFFERS, "on": False}},
        {"calls": {**OFFERS, "channel": "phone"}},
        {"offers": {**OFFERS, "channel": "sms"}},
        {"trade-lists": OFFERS},
        {},
    ],
    ids=["paused", "less", "off", "phone", "sms", "no-tag", "nothing"],
)
def test_nobody_is_subscribed_who_wants_no_email_that_is_sent_there(
    wanted: dict[str, Any], run: Run, add: Add, site_file: Path, map_file: Path
) -> None:
    add(ARTA, **wanted)
    result = run("export", site_file, "--for", "brevo", "--map", map_file)
    assert result.stdout == "EMAIL;EMAIL_BLACKLISTED;TAGS\narta@example.com;Yes;\n"
    reason = {"paused": "paused", "less": "who want fewer messages"}.get(
        wanted.get("overall", {}).get("reach", ""), "with no topic that is sent there"
    )
    assert f"shop for Brevo: 1 unsubscribed (of whom 1 {reason}).\n" in result.stderr


def test_a_pause_that_is_over_is_none(add: Add, written_for: For) -> None:
    add(ARTA, offers=OFFERS, overall={"reach": "paused", "until": "2020-01-01"})
    assert b"arta@example.com;No;" in written_for("brevo")


def test_an_address_that_nobody_confirmed_is_left_out_and_counted(
    run: Run, database: Database, add: Add, site_file: Path, map_file: Path
) -> None:
    add(ARTA, offers=OFFERS)
    add(BEN, offers=OFFERS)
    Identity.update(confirmed=False).where(Identity.value == ARTA).execute(database)
    result = run("export", site_file, "--for", "brevo", "--map", map_file)
    assert ARTA not in result.stdout
    counts = "1 subscribed; not in the file 1 without a confirmed address.\n"
    assert f"shop for Brevo: {counts}" in result.stderr


def test_a_topic_without_a_tag_is_told_in_one_line(
    run: Run, add: Add, site_file: Path, map_file: Path
) -> None:
    add(ARTA, offers=OFFERS)
    result = run("export", site_file, "--for", "brevo", "--map", map_file)
    (line,) = (line for line in result.stderr.splitlines() if "has no tag for" in line)
    assert line.startswith(f"warning: {map_file} has no tag for “trade-lists”.")


def test_who_gets_only_topics_without_a_tag_is_counted_with_the_cure(
    run: Run, add: Add, site_file: Path, map_file: Path
) -> None:
    map_file.write_text('[topics]\n"Offers" = "offers"\n', encoding="utf-8")
    add(ARTA, news=NEWS)
    add(BEN, offers=OFFERS, news=NEWS)
    add("c@example.com", news={**NEWS, "on": False})
    add("d@example.com", news={**NEWS, "channel": "post"})
    add("e@example.com", news=NEWS, overall=PAUSED)
    arguments = ("export", site_file, "--for", "brevo", "--map", map_file)
    (line,) = (line for line in run(*arguments).stderr.splitlines() if "nothing any more" in line)
    assert line.startswith("warning: 1 person who gets other topics by email is unsubscribed")
    assert line.endswith("name the tags of all topics that it sends in the map.")
    add("f@example.com", news=NEWS)
    assert "2 people who get other topics by email are unsubscribed" in run(*arguments).stderr
    map_file.write_text(MAP, encoding="utf-8")
    assert "nothing any more" not in run(*arguments).stderr


def test_a_list_with_the_name_of_another_topics_tag_is_no_tag(
    run: Run, add: Add, site_file: Path, map_file: Path
) -> None:
    tables = '[topics]\n"Club" = "offers"\n[lists]\n"Club" = "news"\n'
    map_file.write_text(tables, encoding="utf-8")
    add(ARTA, news=NEWS)
    result = run("export", site_file, "--for", "brevo", "--map", map_file)
    assert "arta@example.com;Yes;\n" in result.stdout
    assert "has no tag for “news”, “trade-lists”" in result.stderr


def test_who_wants_a_topic_less_often_is_counted(
    run: Run, add: Add, site_file: Path, map_file: Path
) -> None:
    add(ARTA, offers={**OFFERS, "frequency": "monthly"})
    add(BEN, offers=OFFERS, news=NEWS)
    add("c@example.com", offers=OFFERS)
    result = run("export", site_file, "--for", "brevo", "--map", map_file)
    assert "want a topic less often than it usually comes (1)." in result.stderr
