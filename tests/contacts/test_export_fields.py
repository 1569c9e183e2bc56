"""`export --fields`: everything that people said, as columns and as objects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import ARTA, NEWS, OFFERS, Export, Run, arta, say
from tests.support.exports import QUESTIONS, ask_questions, exported, objects
from widget_backend.site.export_columns import CHANGE_COLUMNS, PERSON_COLUMNS
from widget_backend.store.database import write_transaction
from widget_backend.store.models import Identity, Preference
from widget_backend.store.new_contacts import NewContact, create_contacts
from widget_backend.store.profiles import create_profile
from widget_backend.store.roles import give_roles

AT = 1_790_000_000
WHEN = "2026-09-21T14:13:20Z"
POST = "Rruga 1,\n1001 “Tirana”\r\nShqipëri"
SAID: dict[str, Any] = {
    "topic:offers": {**OFFERS, "on": False},
    "topic:news": NEWS,
    "language": "sq",
    "overall": {"reach": "less", "until": None},
    "do_not_track": {"wanted": True, "at": AT - 60},
    "contact:phone": "+355691234567",
    "contact:post": POST,
    "answer:rooms": {"said": ["attic", "bath"], "at": AT + 60},
    "answer:household": {"declined": True, "at": AT + 61},
    "answer:note": {"said": "=1+1; “نور”", "at": AT + 62},
}


@pytest.fixture
def asking(site_file: Path) -> Path:
    """The shop with questions."""
    ask_questions(site_file)
    return site_file


@pytest.fixture
def person(database: Database, asking: Path) -> str:
    """Arta, who said something of everything; her id."""
    with write_transaction(database):
        contact = NewContact(ARTA, ("trade", "club"), AT - 60, "Arta@Example.com")
        create_contacts(database, "shop", AT - 3600, [contact])
    say(database, SAID)
    return arta(database).profile.ledger_key


def test_all_fields_of_a_person_are_columns(run: Run, asking: Path, person: str) -> None:
    (row,) = exported(run, asking, "--fields", "all")
    assert {column: cell for column, cell in row.items() if cell} == {
        "person": person,
        "email": "Arta@Example.com",
        "email_confirmed": "yes",
        "undeliverable": "yes",
        "undeliverable_at": "2026-09-21T14:12:20Z",
        "phone": "'+355691234567",
        "phone_confirmed": "no",
        "post": POST,
        "post_confirmed": "no",
        "language": "sq",
        "roles": "trade, club",
        "status": "undeliverable",
        "overall": "less",
        "overall_at": WHEN,
        "spoke_at": WHEN,
        "do_not_track": "yes",
        "do_not_track_at": "2026-09-21T14:12:20Z",
        "created_at": "2026-09-21T13:13:20Z",
        "offers": "off",
        "offers:at": WHEN,
        "offers:source": "hosted",
        "news": "email monthly",
        "news:at": WHEN,
        "news:source": "hosted",
        "answer:rooms": "attic, bath",
        "answer:rooms:kind": "said",
        "answer:rooms:at": "2026-09-21T14:14:20Z",
        "answer:household:kind": "declined",
        "answer:household:at": "2026-09-21T14:14:21Z",
        "answer:note": "'=1+1; “نور”",
        "answer:note:kind": "said",
        "answer:note:at": "2026-09-21T14:14:22Z",
    }


def test_all_fields_of_a_person_are_one_object_without_guards(
    run: Run, asking: Path, person: str
) -> None:
    (entry,) = objects(run, asking, "--fields", "all")
    assert entry == {
        "person": person,
        "email": {
            "address": "Arta@Example.com",
            "confirmed": True,
            "undeliverable": True,
            "undeliverable_at": "2026-09-21T14:12:20Z",
        },
        "phone": {"number": "+355691234567", "confirmed": False},
        "post": {"address": POST, "confirmed": False},
        "language": "sq",
        "roles": ["trade", "club"],
        "status": "undeliverable",
        "overall": "less",
        "overall_at": WHEN,
        "spoke_at": WHEN,
        "do_not_track": True,
        "do_not_track_at": "2026-09-21T14:12:20Z",
        "created_at": "2026-09-21T13:13:20Z",
        "topics": {
            "offers": {**OFFERS, "on": False, "at": WHEN, "source": "hosted"},
            "news": {**NEWS, "at": WHEN, "source": "hosted"},
        },
        "answers": {
            "rooms": {"said": ["attic", "bath"], "kind": "said", "at": "2026-09-21T14:14:20Z"},
            "household": {"kind": "declined", "at": "2026-09-21T14:14:21Z"},
            "note": {"said": "=1+1; “نور”", "kind": "said", "at": "2026-09-21T14:14:22Z"},
        },
    }


@pytest.mark.parametrize(
    ("answer", "cell", "kind", "said"),
    [
        ({"said": []}, "", "said", []),
        ({"said": ["bath"]}, "bath", "said", ["bath"]),
        ({"skipped": True}, "", "skipped", None),
        ({"declined": True}, "", "declined", None),
        ({"said": 4}, "4", "said", 4),
        ({"said": "skipped"}, "skipped", "said", "skipped"),
    ],
)
def test_what_was_answered_is_told_from_what_was_not(
    run: Run,
    database: Database,
    asking: Path,
    person: str,
    answer: dict[str, Any],
    cell: str,
    kind: str,
    said: Any,
) -> None:
    say(database, {"answer:rooms": {**answer, "at": AT}})
    names = "answer:rooms,answer:rooms:kind"
    (row,) = exported(run, asking, "--fields", names)
    assert [*row.values()] == [cell, kind]
    (entry,) = objects(run, asking, "--fields", names)
    rooms = entry.get("answers", {}).get("rooms", {})
    assert (rooms.get("said"), rooms.get("kind", "")) == (said, kind)


def test_named_fields_come_in_their_order_and_once(run: Run, asking: Path, person: str) -> None:
    result = run("export", asking, "--fields", "phone, email,answer:note,news:at,email")
    assert result.stdout.splitlines()[0] == "phone,email,answer:note,news:at"
    (entry,) = objects(run, asking, "--fields", "language,news:at")
    assert entry == {"language": "sq", "topics": {"news": {"at": WHEN}}}


@pytest.mark.parametrize("names", ["emial", "", "all,email", "answer:nothing", "old", "Email"])
def test_a_field_that_there_is_not_is_one_line_with_those_that_there_are(
    run: Run, asking: Path, names: str
) -> None:
    result = run("export", asking, "--fields", names)
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    wrong = "all" if names == "all,email" else names
    assert line.startswith(
        f"preference-widget export: invalid value for '--fields': “{wrong}” is no field;"
    )
    assert "person, email, " in line
    assert "offers, offers:at, offers:source, " in line
    assert "answer:rooms, answer:rooms:kind, answer:rooms:at, " in line


def test_somebody_of_whom_nothing_is_known_has_a_line(
    run: Run, database: Database, asking: Path
) -> None:
    person = create_profile(database, "shop", AT)
    (row,) = exported(run, asking, "--fields", "all")
    known = {"person": person.ledger_key, "status": "subscribed", "created_at": WHEN}
    assert {column: cell for column, cell in row.items() if cell} == known
    assert objects(run, asking, "--fields", "all") == [known]


def test_nobody_is_a_line_of_columns_or_nothing(run: Run, database: Database, asking: Path) -> None:
    create_profile(database, "shop", AT, pending=True)
    create_profile(database, "other", AT)
    (line,) = run("export", asking, "--fields", "all").stdout.splitlines()
    topics = ("offers", "news", "calls", "trade-lists")
    assert line.split(",") == [
        *PERSON_COLUMNS,
        *(f"{topic}{end}" for topic in topics for end in ("", ":at", ":source")),
        *(
            f"answer:{question}{end}"
            for question in ("rooms", "household", "note")
            for end in ("", ":kind", ":at")
        ),
    ]
    assert {*CHANGE_COLUMNS}.isdisjoint(line.split(","))
    assert objects(run, asking) == []


def test_what_the_site_file_no_longer_declares_has_no_column_but_a_warning(
    run: Run, asking: Path, person: str, shrink: Callable[[str], None]
) -> None:
    shrink("news")
    ask_questions(asking, QUESTIONS.replace("note", "remark"))
    text = asking.read_text(encoding="utf-8")
    asking.write_text(text.replace(', { id = "club", name = "Club" }', ""), encoding="utf-8")
    result = run("export", asking, "--fields", "all")
    end = "It has no column; declare it again to see it."
    assert result.stderr.splitlines() == [
        f"warning: {asking} no longer declares the topic “news”, held by 1. {end}",
        f"warning: {asking} no longer declares the question “note”, held by 1. {end}",
        "shop: choices of 1.",
    ]
    assert ",news" not in result.stdout
    assert ",answer:note" not in result.stdout
    (row,) = exported(run, asking, "--fields", "roles,answer:remark")
    assert row == {"roles": "trade, club", "answer:remark": ""}
    assert run("export", asking, "--fields", "email").stderr == "shop: choices of 1.\n"


def test_a_choice_tells_the_door_of_the_last_record_about_it(
    run: Run, database: Database, asking: Path, export_of: Export
) -> None:
    names = "news:source,offers:source"
    run("import", asking, export_of("subscribed", ARTA), "--topic", "news", "--topic", "offers")
    assert exported(run, asking, "--fields", names) == [
        {"news:source": "import", "offers:source": "import"}
    ]
    say(database, {"topic:news": {**NEWS, "on": False}})
    assert exported(run, asking, "--fields", names) == [
        {"news:source": "hosted", "offers:source": "import"}
    ]


def test_what_nobody_knows_any_more_is_empty(
    run: Run, database: Database, asking: Path, person: str
) -> None:
    forgotten = {Preference.said_at: None, Preference.door: None}
    Preference.update(forgotten).execute(database)
    names = "status,offers,offers:at,offers:source"
    (row,) = exported(run, asking, "--fields", names)
    assert [*row.values()] == ["undeliverable", "off", "", ""]


def test_roles_are_in_the_order_in_which_they_were_given(
    run: Run, database: Database, asking: Path, person: str
) -> None:
    with write_transaction(database):
        give_roles(database, arta(database).profile.id, ["press", "club", "trade"])
    assert exported(run, asking, "--fields", "roles") == [{"roles": "press, club, trade"}]


def test_a_formula_is_guarded_whichever_cell_it_is_in(
    run: Run, database: Database, asking: Path, person: str
) -> None:
    Identity.update(value="=cmd|1", written="@cmd|1").execute(database)
    names = "email,phone,post"
    (row,) = exported(run, asking, "--fields", names)
    assert [*row.values()] == ["'@cmd|1", "'=cmd|1", "'=cmd|1"]
    (entry,) = objects(run, asking, "--fields", names)
    assert entry["phone"] == {"number": "=cmd|1"}
