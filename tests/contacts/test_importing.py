"""What an import changes, what it never changes, and what it keeps as evidence."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import ARTA, NEWS, OFF, OFFERS, Export, Run, arta, found, say
from widget_backend.rules.state import AS_CHOSEN, Change, State
from widget_backend.store.contacts import find_contacts
from widget_backend.store.ledger import records
from widget_backend.store.models import ConsentRecord, ConsentValue, Identity, Profile
from widget_backend.store.profiles import create_profile

OPTED_IN = {
    "Email Address": ARTA,
    "OPTIN_TIME": "2024-03-01 09:00:00",
    "OPTIN_IP": "192.0.2.1",
    "CONFIRM_TIME": "2024-03-01 09:05:00",
    "CONFIRM_IP": "192.0.2.2",
}


def everything(database: Database) -> list[Any]:
    """All rows of all tables that an import may touch."""
    tables = (Profile, Identity, ConsentRecord, ConsentValue)
    return [list(table.select().order_by(1).tuples().execute(database)) for table in tables]


# ── who comes in, with what ─────────────────────────────────────────────────────────────────


def test_subscribed_contacts_get_the_named_topics_by_email(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    file = export_of("subscribed", ARTA, "Erion@Example.com")
    result = run("import", site_file, file, "--topic", "offers", "--topic", "news")
    assert result.output == (
        "subscribed.csv (subscribed): 2 new, 0 changed, 0 unchanged, 0 rejected.\n"
        "subscribed.csv: “offers” on for 2, “news” on for 2\n"
        "subscribed.csv: 15 columns were not read: “First Name”, “Last Name”, “Phone Number”, "
        "“MEMBER_RATING”, “LATITUDE” and 10 more\n"
    )
    contacts = found(database, ARTA, "erion@example.com")
    assert len(contacts) == 2
    for contact in contacts.values():
        assert contact.profile.state == {"topic:offers": OFFERS, "topic:news": NEWS}
        assert contact.profile.revision == 1
        assert not contact.undeliverable


def test_without_a_named_topic_nobody_is_subscribed_and_the_summary_says_so(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    result = run("import", site_file, export_of("subscribed", OPTED_IN))
    assert "Nobody was subscribed to a topic: name topics with --topic or --map." in result.output
    assert arta(database).profile.state == {}


def test_tags_give_topics_and_roles(
    run: Run, database: Database, site_file: Path, export_of: Export, tag_file: Path
) -> None:
    file = export_of(
        "subscribed",
        {"Email Address": ARTA, "TAGS": '"Trade","Offers","Club, gold","Unknown"'},
        {"Email Address": "b@example.com", "TAGS": "Trade list"},
        {"Email Address": "c@example.com", "TAGS": ""},
    )
    assert run("import", site_file, file, "--map", tag_file).exit_code == 0
    contacts = found(database, ARTA, "b@example.com", "c@example.com")
    told = [(contact.profile.roles, list(contact.profile.state)) for contact in contacts.values()]
    assert told == [
        (("trade", "club"), ["topic:offers"]),
        ((), ["topic:trade-lists"]),
        ((), []),
    ]


def test_opt_in_times_are_kept_as_evidence_with_or_without_a_topic(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    other = {**OPTED_IN, "Email Address": "b@example.com", "OPTIN_TIME": "", "NOTES": "private"}
    run("import", site_file, export_of("subscribed", OPTED_IN), "--topic", "offers")
    run("import", site_file, export_of("subscribed", other, name="more.csv"))
    kept = {**OPTED_IN, "kind": "subscribed"}
    del kept["Email Address"]
    later = {name: value for name, value in kept.items() if name != "OPTIN_TIME"}
    assert evidence(database) == [
        {**kept, "file": "subscribed.csv", "run": "1"},
        {**later, "file": "more.csv", "run": "2"},
    ]
    (record,) = records(database, arta(database).profile.ledger_key)
    assert (record.door, record.language) == ("import", "en")
    assert record.changes == (Change("topic:offers", None, OFFERS),)


def evidence(database: Database) -> list[Any]:
    query = ConsentValue.select(ConsentValue.evidence).order_by(ConsentValue.ledger)
    return [row[0] for row in query.tuples().execute(database)]


def test_unsubscribed_contacts_are_off_new_or_known(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    run("import", site_file, export_of("subscribed", ARTA), "--topic", "offers")
    left = {"UNSUB_TIME": "2026-01-02 10:00:00", "UNSUB_REASON": "NORMAL"}
    file = export_of(
        "unsubscribed", {"Email Address": ARTA, **left}, {"Email Address": "b@example.com", **left}
    )
    result = run("import", site_file, file, "--topic", "offers")
    assert "1 new, 1 changed, 0 unchanged, 0 rejected" in result.output
    contacts = found(database, ARTA, "b@example.com")
    assert contacts[ARTA].profile.state == {"topic:offers": OFFERS, "overall": OFF}
    assert contacts["b@example.com"].profile.state == {"overall": OFF}
    expected = {"file": "unsubscribed.csv", "kind": "unsubscribed", **left, "run": "2"}
    assert evidence(database)[1:] == [expected, expected]


def test_cleaned_contacts_are_undeliverable_and_their_choices_stay(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    run("import", site_file, export_of("subscribed", ARTA), "--topic", "offers")
    result = run("import", site_file, export_of("cleaned", ARTA, "b@example.com"))
    assert "1 new, 1 changed, 0 unchanged, 0 rejected" in result.output
    contacts = found(database, ARTA, "b@example.com")
    assert all(contact.undeliverable for contact in contacts.values())
    assert contacts[ARTA].profile.state == {"topic:offers": OFFERS}
    assert contacts["b@example.com"].profile.state == {}
    assert ConsentRecord.select().count(database) == 1


def test_an_address_that_somebody_typed_and_nobody_confirmed_leads_to_no_profile(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    pending = create_profile(database, "shop", 1, pending=True)
    row = {"site": "shop", "profile": pending.id, "kind": "email", "value": ARTA}
    Identity.insert(**row).execute(database)
    result = run("import", site_file, export_of("subscribed", ARTA), "--topic", "offers")
    assert "1 new" in result.output
    assert arta(database).profile.id != pending.id


def test_other_sites_people_are_not_touched(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    other = create_profile(database, "other", 1)
    row = {"site": "other", "profile": other.id, "kind": "email", "value": ARTA}
    Identity.insert(**row, confirmed=True).execute(database)
    assert "1 new" in run("import", site_file, export_of("unsubscribed", ARTA)).output
    assert find_contacts(database, "other", [ARTA])[ARTA].profile == other


# ── what was said here counts ───────────────────────────────────────────────────────────────

LESS_OFTEN = {"on": True, "channel": "sms", "frequency": "monthly"}
TURNED_OFF = {**OFFERS, "on": False}


@pytest.mark.parametrize(
    ("said", "afterwards"),
    [
        pytest.param({"topic:offers": TURNED_OFF}, {"topic:offers": TURNED_OFF, "topic:news": NEWS},
                     id="a topic that was turned off stays off"),
        pytest.param({"topic:offers": LESS_OFTEN}, {"topic:offers": LESS_OFTEN, "topic:news": NEWS},
                     id="a topic that is on keeps its channel and frequency"),
        pytest.param({"overall": OFF}, {"overall": OFF}, id="off"),
        pytest.param({"overall": {"reach": "less", "until": None}},
                     {"overall": {"reach": "less", "until": None}}, id="less"),
        pytest.param({"overall": {"reach": "paused", "until": "2026-12-31"}},
                     {"overall": {"reach": "paused", "until": "2026-12-31"}}, id="paused"),
        pytest.param({"overall": {"reach": "paused", "until": "2026-01-01"}},
                     {"overall": {"reach": "paused", "until": "2026-01-01"},
                      "topic:offers": OFFERS, "topic:news": NEWS}, id="a pause that is over"),
        pytest.param({"overall": AS_CHOSEN},
                     {"overall": AS_CHOSEN, "topic:offers": OFFERS, "topic:news": NEWS},
                     id="back again"),
        pytest.param({"language": "sq"},
                     {"language": "sq", "topic:offers": OFFERS, "topic:news": NEWS},
                     id="nothing about topics"),
    ],
)  # fmt: skip
def test_what_was_said_here_is_never_overruled_by_an_import(
    run: Run,
    database: Database,
    site_file: Path,
    export_of: Export,
    said: State,
    afterwards: State,
) -> None:
    file = export_of("subscribed", ARTA)
    run("import", site_file, file)
    say(database, said)
    result = run("import", site_file, file, "--topic", "offers", "--topic", "news")
    assert result.exit_code == 0
    assert arta(database).profile.state == afterwards


def test_a_role_is_added_and_never_taken_away(
    run: Run, database: Database, site_file: Path, export_of: Export, tag_file: Path
) -> None:
    for tags, outcome in (("Trade", "1 new"), ('"Club, gold"', "1 changed"), ("", "1 unchanged")):
        file = export_of("subscribed", {"Email Address": ARTA, "TAGS": tags})
        assert outcome in run("import", site_file, file, "--map", tag_file).output
    assert arta(database).profile.roles == ("trade", "club")
    assert arta(database).profile.revision == 1


@pytest.mark.parametrize(
    ("left_there", "counts"),
    [
        ("2026-09-20 00:00:00", False),
        ("2026-09-22 00:00:00", True),
        ("20.9.2026 10:00", False),
        ("9/20/2026 10:00", False),
        ("9/10/2026 10:00", True),
        ("20.9.26", False),
        ("########", True),
        ("", True),
    ],
)
def test_who_left_there_and_later_came_back_here_stays(
    run: Run, database: Database, site_file: Path, export_of: Export, left_there: str, counts: bool
) -> None:
    file = export_of("unsubscribed", {"Email Address": ARTA, "UNSUB_TIME": left_there})
    run("import", site_file, file)
    came_back_at = int(datetime(2026, 9, 21, tzinfo=UTC).timestamp())
    say(database, {"overall": AS_CHOSEN, "topic:offers": OFFERS}, at=came_back_at)
    result = run("import", site_file, file)
    assert ("1 changed" if counts else "1 unchanged") in result.output
    unreadable = bool(left_there) and not left_there.startswith("2026")
    assert ("1 time could not be read" in result.output) == unreadable
    assert arta(database).profile.state["overall"] == (OFF if counts else AS_CHOSEN)


@pytest.mark.parametrize(
    ("left_there", "state"),
    [
        ("2020-01-01 00:00:00", {"topic:offers": OFFERS}),
        ("2999-01-01 00:00:00", {"topic:offers": OFFERS, "overall": OFF}),
        ("", {"topic:offers": OFFERS, "overall": OFF}),
    ],
)
def test_who_chose_a_topic_here_after_leaving_there_keeps_it(
    run: Run,
    database: Database,
    site_file: Path,
    export_of: Export,
    left_there: str,
    state: State,
) -> None:
    run("import", site_file, export_of("subscribed", ARTA))
    say(database, {"topic:offers": OFFERS})
    left = {"Email Address": ARTA, "UNSUB_TIME": left_there}
    run("import", site_file, export_of("unsubscribed", left))
    assert arta(database).profile.state == state


@pytest.mark.parametrize("what", ["everything", "a topic", "nothing that is new"])
def test_who_leaves_here_after_leaving_there_is_not_brought_back_by_a_yes_in_between(
    run: Run, database: Database, site_file: Path, export_of: Export, what: str
) -> None:
    """Nothing changes when they leave once more, but it is said again."""
    run("import", site_file, export_of("subscribed", ARTA), "--topic", "news")
    left = {"Email Address": ARTA, "UNSUB_TIME": "2024-02-01 00:00:00"}
    run("import", site_file, export_of("unsubscribed", left))
    again = {
        "everything": {"overall": OFF},
        "a topic": {"topic:offers": TURNED_OFF},
        "nothing that is new": {},
    }
    say(database, again[what], at=1_709_500_000)  # 3 March 2024
    between = {**OPTED_IN, "OPTIN_TIME": "2024-03-01 09:00:00"}
    run("import", site_file, export_of("subscribed", between), "--topic", "news")
    assert arta(database).profile.state["overall"] == OFF


@pytest.mark.parametrize("kind", ["subscribed", "unsubscribed", "cleaned"])
def test_a_rerun_changes_nothing(
    run: Run, database: Database, site_file: Path, export_of: Export, tag_file: Path, kind: str
) -> None:
    rows = [{**OPTED_IN, "TAGS": "Trade"}, {"Email Address": "b@example.com", "TAGS": "Offers"}]
    file = export_of(kind, *rows)
    arguments = ("import", site_file, file, "--topic", "news", "--map", tag_file)
    assert "2 new, 0 changed, 0 unchanged" in run(*arguments).output
    before = everything(database)
    assert "0 new, 0 changed, 2 unchanged" in run(*arguments).output
    assert everything(database) == before
