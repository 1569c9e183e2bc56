"""What an export of ours says counts as what any file says: choices, times, roles and wishes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import ARTA, NEWS, OFF, OFFERS, Bring, Run, arta, come_in, say
from widget_backend.site.model import Site
from widget_backend.store.ledger import records
from widget_backend.store.models import Identity, Preference, Profile, Role
from widget_backend.web.consents import consents_by_topic

STATED = ("--consent", "they told us")
HEADER = "email,language,status,paused_until,offers,offers:at,news,news:at"
YES = "2026-01-02T10:00:00Z"


def row(status: str = "subscribed", until: str = "", offers: str = "", at: str = "") -> str:
    return f"{HEADER}\n{ARTA},sq,{status},{until},{offers},{at},,\n"


def test_the_time_of_a_topic_is_that_of_the_consent(
    bring_alone: Bring, database: Database, site: Site
) -> None:
    rows = f"{HEADER}\n{ARTA},sq,less,,email weekly,{YES},off,2026-03-04T10:00:00Z\n"
    assert "1 new" in bring_alone(rows)
    person = arta(database)
    assert person.profile.state == {
        "language": "sq",
        "overall": {"reach": "less", "until": None},
        "topic:offers": OFFERS,
        "topic:news": {**NEWS, "channel": "post", "on": False},
    }
    assert person.times.topics == {"offers": 1767348000, "news": 1772618400}
    (record,) = records(database, person.profile.ledger_key)
    assert record.evidence["offers:at"] == YES
    assert consents_by_topic(site, [record])["offers"].day == date(2026, 1, 2)


@pytest.mark.parametrize("at", ["", "3/1/2026 10:00", "2999-01-01"])
@pytest.mark.parametrize("status", ["subscribed", "less"])
def test_a_topic_without_a_time_needs_a_stated_consent(
    status: str,
    at: str,
    bring_alone: Bring,
    reason: Callable[[], str],
    database: Database,
) -> None:
    rows = row(status, offers="email weekly", at=at)
    assert "0 new, 0 changed, 0 unchanged, 1 rejected" in bring_alone(rows)
    assert reason().startswith("has a topic without the time when they agreed")
    wants_less = status == "less"  # which counts already
    counts = "0 new, 1 changed" if wants_less else "1 new, 0 changed"
    assert f"{counts}, 0 unchanged, 0 rejected" in bring_alone(rows, *STATED)
    *_, record = records(database, arta(database).profile.ledger_key)
    assert record.evidence["consent"] == STATED[1]
    assert arta(database).profile.state.reach == ("less" if wants_less else "as_chosen")
    assert arta(database).profile.state.is_subscribed("offers")


@pytest.mark.parametrize("status", ["unsubscribed", "undeliverable"])
def test_who_gets_no_mail_comes_in_without_what_nobody_can_prove(
    status: str, bring_alone: Bring, database: Database
) -> None:
    assert "1 new" in bring_alone(row(status, offers="email weekly"))
    person = arta(database)
    assert person.profile.state.preferences() == {}
    assert (person.profile.state.reach == "off", person.undeliverable) == (
        status == "unsubscribed",
        status == "undeliverable",
    )


def test_what_they_chose_here_since_then_stays(bring_alone: Bring, database: Database) -> None:
    rows = row(offers="email weekly", at=YES)
    bring_alone(rows)
    say(database, {"topic:offers": {**OFFERS, "on": False}})
    assert "0 changed, 0 unchanged, 1 held back by a no" in bring_alone(rows)
    say(database, {"overall": OFF})
    assert "1 held back by a no" in bring_alone(rows)
    assert arta(database).profile.state.reach == "off"


def test_an_export_is_undone_as_any_import(
    run: Run, site_file: Path, bring_alone: Bring, database: Database
) -> None:
    come_in(database, roles=("club",))
    say(database, {"topic:offers": OFFERS}, at=1_700_000_000)
    before = rows_of_people(database)
    header = "email,language,roles,status,paused_until,phone,post,offers,offers:at,undeliverable"
    cells = f'{ARTA},sq,trade,paused,2999-01-01,\'+355691234567,"Rruga 1",off,{YES},yes'
    assert "1 changed" in bring_alone(f"{header}\n{cells}\n")
    person = arta(database)
    assert (person.profile.roles, person.undeliverable) == (("club", "trade"), True)
    assert Identity.select().where(Identity.value == "+355691234567").count(database) == 1
    result = run("import", site_file, "--undo", "1", "--by", "Mira")
    assert "1 back as before" in result.output
    assert rows_of_people(database) == before


def rows_of_people(database: Database) -> list[Any]:
    """What holds of people, without the number of their saves, and the door of the last."""
    profiles = Profile.select(Profile.language, Profile.reach, Profile.paused_until)
    choices = Preference.select(Preference.topic, Preference.subscribed, Preference.said_at)
    tables = [profiles, choices, Role.select(), Identity.select()]
    return [sorted(map(repr, each.tuples().execute(database))) for each in tables]


@pytest.mark.parametrize(
    ("cells", "wish"),
    [
        (f"yes,{YES}", {"wanted": True, "at": 1767348000}),
        (f"no,{YES}", {"wanted": False, "at": 1767348000}),
        ("yes,", {"wanted": True, "at": None}),
        ("yes,2999-01-01T10:00:00Z", {"wanted": True, "at": None}),
        ("no,", None),
        ("no,in spring", None),
        (f",{YES}", None),
    ],
)
def test_the_wish_not_to_be_tracked_comes_in_and_is_undone_with_its_import(
    cells: str,
    wish: Any,
    run: Run,
    site_file: Path,
    bring_alone: Bring,
    database: Database,
) -> None:
    come_in(database)
    header = "email,language,status,paused_until,do_not_track,do_not_track_at"
    bring_alone(f"{header}\n{ARTA},sq,subscribed,,{cells}\n")
    assert arta(database).profile.state.do_not_track == wish
    run("import", site_file, "--undo", "1", "--by", "Mira")
    assert arta(database).profile.state.do_not_track is None


def test_roles_that_the_site_does_not_have_are_told(
    bring_alone: Bring, database: Database, tag_file: Path
) -> None:
    rows = f"email,language,status,paused_until,roles\n{ARTA},,subscribed,,'club, press'\n"
    rows = rows.replace("'", '"')
    assert "1 tag had no effect: “press” (1)" in bring_alone(rows)
    assert arta(database).profile.roles == ("club",)
    tag_file.write_text('[roles]\npress = "trade"\n', encoding="utf-8")
    bring_alone(rows, "--map", str(tag_file))
    assert arta(database).profile.roles == ("club", "trade")


def test_a_topic_that_the_site_calls_otherwise_is_named_in_the_map(
    bring_alone: Bring, database: Database, tag_file: Path
) -> None:
    rows = row(offers="email weekly", at=YES).replace("offers", "deals")
    tag_file.write_text('[topics]\ndeals = "offers"\n', encoding="utf-8")
    assert "1 new" in bring_alone(rows, "--map", str(tag_file))
    assert arta(database).profile.state.is_subscribed("offers")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            row(offers="email weekly", at=YES).replace("offers", "deals"),
            "line 1: the site has no topic “deals”",
        ),
        (
            f"email,language,status,paused_until,deals\n{ARTA},,subscribed,,off\n",
            "declare it under [[topics]], take the column “deals” out, or name one in the file of",
        ),
        (f"email,answer:rooms\n{ARTA},bath\n", "line 1: the site has no question “rooms”"),
        (
            f"email,offers:at,offers:at\n{ARTA},,\n",
            "line 1: the columns “offers:at” and “offers:at” are of one topic",
        ),
        (
            row(offers="email weekly", at=YES).replace("\n", ",Opted out\n", 1)[:-1] + ",yes\n",
            "line 2: “yes” in the column “Opted out” may mean no",
        ),
        ('{"email":{"address":"a@example.com"}}\n', "line 1: it has JSON objects, not columns"),
    ],
)
def test_a_file_that_cannot_be_read_whole_is_refused(
    text: str, says: str, bring_alone: Bring, database: Database
) -> None:
    assert says in bring_alone(text)
    assert Profile.select().count(database) == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (row(offers="yes", at=YES), "holds no choice in “offers”"),
        (row("paused"), "holds no day in “paused_until”"),
        (row("paused", "soon"), "holds no day in “paused_until”"),
        (row().replace("sq", "Albanian?"), "holds no language in “language”"),
        (
            f"email,email_confirmed,language,status,paused_until\n{ARTA},no,,subscribed,\n",
            "has not confirmed there, by “email_confirmed”",
        ),
        (
            f"email,language,status,paused_until,overall\n{ARTA},,subscribed,,all\n",
            "holds no known word in “overall”",
        ),
        (
            f"email,language,status,paused_until,do_not_track\n{ARTA},,subscribed,,please\n",
            "holds no yes or no in “do_not_track”",
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_rejected(
    text: str,
    says: str,
    bring_alone: Bring,
    reason: Callable[[], str],
    database: Database,
) -> None:
    assert "1 rejected" in bring_alone(text)
    assert reason() == says
    assert Profile.select().count(database) == 0


@pytest.mark.parametrize("option", [("--topic", "offers"), ("--list", "A")])
def test_nobody_is_subscribed_to_more_than_the_export_says(
    option: tuple[str, str], bring_alone: Bring, tag_file: Path
) -> None:
    tag_file.write_text('[lists]\nA = "offers"\n', encoding="utf-8")
    output = bring_alone(row(), *option, "--map", str(tag_file))
    assert "an export of our own and says itself who gets what" in output


def test_an_export_can_be_a_list_of_people_who_left(bring_alone: Bring, database: Database) -> None:
    bring_alone(row(offers="email weekly", at=YES))
    assert "1 changed" in bring_alone(row(offers="email weekly"), "--as", "unsubscribed")
    assert arta(database).profile.state.reach == "off"
