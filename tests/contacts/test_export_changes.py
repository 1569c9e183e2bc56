"""`export --cursor`: only people of whom something changed, each once, and those who are gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN, HASHES, LESS, OFF, OFFERS, Export, Run, arta, say
from tests.support.exports import Told, cursor_in, exported, names
from widget_backend.store import models
from widget_backend.store.database import write_transaction
from widget_backend.store.deliverability import mark_undeliverable
from widget_backend.store.erasure import erase, forget
from widget_backend.store.ledger import ConsentContext, Wording
from widget_backend.store.one_time_codes import enter_code, keep_code
from widget_backend.store.profiles import create_profile, read_profile, revoke_links
from widget_backend.store.retention import SIGN_UPS_STAY, tidy
from widget_backend.store.roles import give_roles
from widget_backend.store.saves import save
from widget_backend.store.sign_ups import confirm, sign_up
from widget_backend.store.writing import write

AT = 1_790_000_000


def how(door: Any = "hosted", mailed_at: int | None = None) -> ConsentContext:
    return ConsentContext(AT, door, Wording.of("shop", "en", {}), mailed_at=mailed_at)


# ── what a change is ────────────────────────────────────────────────────────────────────────


def bounce(database: Database, at: int = AT) -> None:
    with write_transaction(database):
        mark_undeliverable(database, arta(database).profile.id, at, AT)


def enter_a_code(database: Database) -> None:
    person = arta(database).profile
    with write_transaction(database):
        keep_code(database, person, "token", "123456", AT + 5)
        assert enter_code(database, person, "token", "123456", AT + 6)


CHANGES: dict[str, Callable[[Database], object]] = {
    "a choice": lambda database: say(database, {"topic:offers": {**OFFERS, "on": False}}),
    "an answer": lambda database: say(database, {"answer:moved": {"said": "yes", "at": AT}}),
    "a phone": lambda database: say(database, {"contact:phone": "+355691234567"}),
    "everything off": lambda database: say(database, {"overall": OFF}),
    "several": lambda database: [say(database, {"language": tag}) for tag in ("sq", "ar", "en")],
    "roles": lambda database: write(
        database, lambda: give_roles(database, arta(database).profile.id, ["trade"])
    ),
    "a bounce": bounce,
    "a bounce and a choice": lambda database: [bounce(database), say(database, {"overall": LESS})],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_only_the_person_of_whom_something_changed_is_told_and_once(
    database: Database, cursor: str, told: Told, change: Callable[[Database], object]
) -> None:
    assert told(cursor) == []
    change(database)
    assert names(told(cursor)) == [ARTA]


NO_CHANGES: dict[str, Callable[[Database], object]] = {
    "nothing": lambda _: None,
    "a save of nothing": lambda database: save(database, arta(database).profile, [], how()),
    "links that ended": lambda database: write(
        database, lambda: revoke_links(database, arta(database).profile)
    ),
    "somebody of another site": lambda database: create_profile(database, "other", AT),
    "a sign-up that nobody confirmed": lambda database: new_sign_up(database, "new@example.com"),
}


@pytest.mark.parametrize("change", NO_CHANGES.values(), ids=NO_CHANGES)
def test_what_changes_nothing_of_a_person_is_not_told(
    database: Database, cursor: str, told: Told, change: Callable[[Database], object]
) -> None:
    change(database)
    assert told(cursor) == []


@pytest.mark.parametrize("reach", [enter_a_code, lambda database: reply(database)])
def test_mail_that_arrives_again_is_told_once(
    run: Run,
    database: Database,
    site_file: Path,
    cursor: str,
    told: Told,
    reach: Callable[[Database], object],
) -> None:
    bounce(database)
    cursor = cursor_in(run("export", site_file, "--cursor", cursor).stderr)
    bounce(database, AT - 9)  # that it came back before is no news
    assert told(cursor) == []
    reach(database)
    (entry,) = told(cursor)
    assert entry["status"] == "subscribed"
    cursor = cursor_in(run("export", site_file, "--cursor", cursor).stderr)
    reach(database)
    assert told(cursor) == []


def reply(database: Database) -> None:
    save(database, arta(database).profile, [], how(mailed_at=AT + 7))


@pytest.mark.parametrize("kind", ["subscribed", "unsubscribed", "cleaned"])
def test_who_comes_in_with_a_file_is_told(
    run: Run, site_file: Path, export_of: Export, cursor: str, told: Told, kind: str
) -> None:
    run("import", site_file, export_of(kind, "new@example.com"))
    assert names(told(cursor)) == ["new@example.com"]
    # The same file once more changes nothing.
    newest = cursor_in(run("export", site_file, "--cursor", cursor).stderr)
    run("import", site_file, export_of(kind, "new@example.com"))
    assert told(newest) == []


def test_roles_given_by_a_file_are_told(
    run: Run, site_file: Path, export_of: Export, tag_file: Path, cursor: str, told: Told
) -> None:
    file = export_of("subscribed", {"Email Address": BEN, "TAGS": '"Trade"'})
    run("import", site_file, file, "--map", tag_file)
    assert [entry["roles"] for entry in told(cursor, "--fields", "roles")] == [["trade"]]


def test_a_pause_that_ended_by_itself_is_told_on_its_day(
    run: Run, database: Database, site_file: Path, cursor: str, told: Told
) -> None:
    today = datetime.now(UTC).date()
    before, ended = (f"{today - timedelta(days=days)}" for days in (2, 1))
    say(database, {"overall": {"reach": "paused", "until": ended}})
    say(database, {"overall": {"reach": "paused", "until": "2999-01-01"}}, email=BEN)
    cursor = cursor_in(run("export", site_file, "--cursor", cursor).stderr)
    assert told(cursor) == []
    (entry,) = told(cursor.replace(f"{today}", before))
    assert (entry["email"]["address"], entry["status"]) == (ARTA, "subscribed")
    assert told(cursor.replace(f"{today}", ended)) == []


# ── who is gone ─────────────────────────────────────────────────────────────────────────────


def test_an_erased_person_is_told_by_their_id_alone(
    run: Run, database: Database, site_file: Path, cursor: str, told: Told
) -> None:
    person = read_profile(database, "shop", arta(database).profile.handle)
    say(database, {"contact:phone": "+355691234567"})
    person = read_profile(database, "shop", person.handle)
    erase(database, person, how("my-data"), HASHES)
    assert told(cursor, "--fields", "all") == [{"person": person.ledger_key, "erased": True}]
    (row,) = exported(run, site_file, "--cursor", cursor, "--fields", "phone,email")
    assert row == {
        "person": person.ledger_key,
        "phone": "",
        "email": "",
        "erased": "yes",
        "merged_into": "",
    }
    result = run("export", site_file, "--cursor", cursor)
    assert result.stderr.splitlines()[0] == ("shop: changes of 0, 1 erased, 0 merged into others.")
    assert told(cursor_in(result.stderr)) == []


def test_who_was_deleted_without_a_record_is_told_as_erased(
    database: Database, cursor: str, told: Told
) -> None:
    person = arta(database).profile
    with write_transaction(database):
        forget(database, {person.id: person.ledger_key})
    assert told(cursor) == [{"person": person.ledger_key, "erased": True}]


def new_sign_up(database: Database, email: str, handle: str = "ab" * 16) -> None:
    sign_up(database, "shop", handle, email, [], how("sign-up"), lambda: None)


def test_a_sign_up_of_somebody_known_is_told_as_merged_into_them(
    run: Run, database: Database, site_file: Path, cursor: str, told: Told
) -> None:
    new_sign_up(database, ARTA)
    pending = read_profile(database, "shop", "ab" * 16)
    confirm(database, pending, how("confirmation"), HASHES)
    owner = arta(database).profile.ledger_key
    assert told(cursor, "--fields", "person") == [
        {"person": owner},
        {"person": pending.ledger_key, "merged_into": owner},
    ]
    rows = exported(run, site_file, "--cursor", cursor, "--fields", "email")
    assert [[*row.values()] for row in rows] == [
        [owner, ARTA, "", ""],
        [pending.ledger_key, "", "", owner],
    ]


def test_a_sign_up_is_told_once_it_is_confirmed(
    database: Database, cursor: str, told: Told
) -> None:
    new_sign_up(database, "new@example.com")
    pending = read_profile(database, "shop", "ab" * 16)
    confirm(database, pending, how("confirmation"), HASHES)
    assert names(told(cursor)) == ["new@example.com"]


def test_a_sign_up_that_was_forgotten_is_nobody_who_was_erased(
    run: Run, database: Database, site_file: Path, cursor: str, told: Told
) -> None:
    new_sign_up(database, "new@example.com")
    cursor = cursor_in(run("export", site_file, "--cursor", cursor).stderr)
    tidy(database, AT + SIGN_UPS_STAY + 1)
    assert models.Profile.select().count(database) == 2
    assert told(cursor) == []
