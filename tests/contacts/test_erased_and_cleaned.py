"""Who was erased stays away, and who answered since mail came back stays reachable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import (
    ARTA,
    HASHES,
    KEY,
    OFFERS,
    Bring,
    Export,
    Run,
    found,
    say,
    table_of,
)
from widget_backend.contacts.decisions import SUPPRESSED_BECAUSE, ImportRun
from widget_backend.contacts.entry import Entry
from widget_backend.contacts.imports import import_entries
from widget_backend.rules.state import Change
from widget_backend.site.model import Site
from widget_backend.store.address_changes import change_address
from widget_backend.store.contacts import find_contacts
from widget_backend.store.database import migrate, open_database
from widget_backend.store.deliverability import mark_undeliverable
from widget_backend.store.erasure import erase
from widget_backend.store.ledger import ConsentContext, Wording
from widget_backend.store.models import Identity, Profile, Suppression
from widget_backend.store.profiles import read_profile
from widget_backend.store.sign_ups import confirm, sign_up

SUBSCRIBED = (
    "Email Address,OPTIN_TIME,CONFIRM_TIME\n"
    "arta@example.com,2023-01-01 09:00:00,2023-01-01 09:00:00\n"
)
CLEANED = (
    "Email Address,OPTIN_TIME,CONFIRM_TIME,CLEAN_TIME\n"
    "arta@example.com,2023-01-01 09:00:00,2023-01-01 09:00:00,{}\n"
)
BOUNCED = 1_704_099_600
"""2024-01-01 09:00:00 in UTC."""
OLD = CLEANED.format("2024-01-01 09:00:00")
NOW = 1_790_000_000
NEW_KEY = "n" * 32


def how(at: int = NOW, mailed_at: int | None = None) -> ConsentContext:
    return ConsentContext(at, "confirmation", Wording.of("shop", "en", {}), mailed_at=mailed_at)


def erase_arta(database: Database) -> None:
    contact = found(database, ARTA)[ARTA]
    person = read_profile(database, "shop", contact.profile.handle)
    erase(database, person, how(), HASHES)


def sign_up_and_confirm(database: Database, handle: str = "h") -> None:
    changes = [Change("topic:offers", None, OFFERS)]
    sign_up(database, "shop", handle, ARTA, changes, how(), lambda: None)
    confirm(database, read_profile(database, "shop", handle), how(mailed_at=NOW), HASHES)


# ── case 14: erased, and in a file once more ────────────────────────────────────────────────


def test_who_was_erased_is_not_brought_in_again_and_the_rejects_say_why(
    bring: Bring, database: Database, reason: Callable[[], str]
) -> None:
    bring(SUBSCRIBED)
    erase_arta(database)
    assert "0 new, 0 changed, 0 unchanged, 1 rejected" in bring(SUBSCRIBED)
    assert reason() == SUPPRESSED_BECAUSE
    assert Profile.select().count(database) == 0


@pytest.mark.parametrize("keys", [KEY, f"{NEW_KEY},{KEY}"])
def test_links_reject_them_for_the_same_reason_as_an_import(
    bring: Bring, run: Run, database: Database, site_file: Path, tmp_path: Path, keys: str
) -> None:
    bring(SUBSCRIBED)
    erase_arta(database)
    file = tmp_path / "list.csv"
    file.write_text(f"{SUBSCRIBED}b@example.com,2023-01-01 09:00:00,\n", encoding="utf-8")
    result = run("links", site_file, file, WIDGET_SIGNING_KEYS=keys)
    assert "links for 0, 2 rejected" in result.stderr
    erased, stranger = table_of((tmp_path / "list.csv.links.rejects.csv").read_text())
    assert erased["reason"] == SUPPRESSED_BECAUSE
    assert erased["cure"] == "nothing to do: they come back when they sign up themselves"
    assert stranger["reason"].startswith("not imported yet")


@pytest.mark.parametrize("text", [OLD, CLEANED.replace("CLEAN", "UNSUB").format("2024-01-01")])
def test_nor_does_a_file_of_another_kind_bring_them_in(
    bring: Bring, database: Database, reason: Callable[[], str], text: str
) -> None:
    bring(SUBSCRIBED)
    erase_arta(database)
    bring(text)
    assert reason() == SUPPRESSED_BECAUSE
    assert Profile.select().count(database) == 0


@pytest.mark.parametrize("text", [SUBSCRIBED, OLD])
def test_who_moved_is_not_brought_in_again_under_the_address_they_left(
    bring: Bring, database: Database, reason: Callable[[], str], text: str
) -> None:
    bring(SUBSCRIBED)
    person = read_profile(database, "shop", found(database, ARTA)[ARTA].profile.handle)
    change_address(database, person, "n", "new@example.com", how(), None, HASHES)
    assert "0 new, 0 changed, 0 unchanged, 1 rejected" in bring(text)
    assert "moved to another address" in reason()
    assert list(found(database, ARTA, "new@example.com")) == ["new@example.com"]


def test_others_of_the_same_file_come_in(bring: Bring, database: Database) -> None:
    bring(SUBSCRIBED)
    erase_arta(database)
    more = f"{SUBSCRIBED}b@example.com,2023-01-01 09:00:00,\n"
    assert "1 new, 0 changed, 0 unchanged, 1 rejected" in bring(more)
    assert list(found(database, ARTA, "b@example.com")) == ["b@example.com"]


def test_a_sign_up_of_their_own_lets_imports_in_again(bring: Bring, database: Database) -> None:
    bring(SUBSCRIBED)
    erase_arta(database)
    sign_up_and_confirm(database)
    assert "0 new, 0 changed, 1 unchanged, 0 rejected" in bring(SUBSCRIBED)
    assert Suppression.select().count(database) == 0


@pytest.mark.parametrize(
    "settings",
    [
        {"WIDGET_SIGNING_KEYS": f"{NEW_KEY},{KEY}"},
        {"WIDGET_SIGNING_KEYS": NEW_KEY, "WIDGET_RETIRED_KEYS": KEY},
    ],
)
def test_rotating_keys_forgets_nobody(
    run: Run,
    database: Database,
    site_file: Path,
    export_of: Export,
    settings: dict[str, str],
) -> None:
    run("import", site_file, export_of("subscribed", ARTA), "--topic", "offers")
    erase_arta(database)
    result = run("import", site_file, export_of("subscribed", ARTA), **settings)
    assert "1 rejected" in result.output
    assert Profile.select().count(database) == 0


def test_a_key_that_was_thrown_away_is_asked_for_before_anything_is_read(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    file = export_of("subscribed", ARTA)
    run("import", site_file, file, "--topic", "offers")
    erase_arta(database)
    result = run("import", site_file, file, WIDGET_SIGNING_KEYS=NEW_KEY)
    assert result.exit_code == 1
    assert result.output == (
        "WIDGET_RETIRED_KEYS: lacks a key by which people who had their data deleted are known "
        "again. add every key that WIDGET_SIGNING_KEYS ever held.\n"
    )
    assert Profile.select().count(database) == 0


def test_who_is_erased_while_an_import_waits_for_them_stays_away(
    postgres_url: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read as gone because they were erased this very moment: the hash is looked up after that.

    On SQLite nobody else writes while an import has the database.
    """
    database = open_database(postgres_url)
    migrate(database)
    entry = Entry(2, ARTA, "subscribed", (), {"OPTIN_TIME": "2023-01-01"})
    run = ImportRun(site, datetime.fromtimestamp(NOW, UTC), HASHES, ("offers",))
    import_entries(database, run, [entry])
    rejected: list[str] = []

    def erased_meanwhile(*arguments: Any, **more: Any) -> Any:
        rival = open_database(postgres_url)
        with rival.connection_context():
            erase_arta(rival)
        rival.close_all()  # type: ignore[attr-defined]
        return find_contacts(*arguments, **more)

    monkeypatch.setattr("widget_backend.contacts.decisions.find_contacts", erased_meanwhile)
    tally = import_entries(
        database, run, [entry], reject=lambda each, why: rejected.append(f"{each.email} {why}")
    )
    assert tally.outcomes == {"suppressed": 1}
    assert rejected == [f"{ARTA} {SUPPRESSED_BECAUSE}"]
    assert Profile.select().count(database) == 0
    database.close_all()  # type: ignore[attr-defined]


# ── case 13: cleaned, and back again ────────────────────────────────────────────────────────


def status(run: Run, site_file: Path) -> str:
    return run("export", site_file).stdout.splitlines()[1].split(",")[2]


def test_who_was_cleaned_and_confirms_a_sign_up_here_stays_reachable(
    run: Run, bring: Bring, database: Database, site_file: Path
) -> None:
    bring(OLD)
    assert status(run, site_file) == "undeliverable"
    sign_up_and_confirm(database)
    assert status(run, site_file) == "subscribed"
    assert "0 new, 0 changed, 1 unchanged" in bring(OLD)
    assert status(run, site_file) == "subscribed"


@pytest.mark.parametrize(
    ("cleaned", "outcome"),
    [
        ("2026-09-21 14:13:20", "0 changed"),  # NOW
        ("2026-09-21 14:13:21", "1 changed"),
        ("2026-10-01 09:00:00", "1 changed"),
        ("1/1/2024 9:00", "0 changed"),
        ("", "0 changed"),
    ],
)
def test_only_mail_that_came_back_after_the_confirmation_counts(
    bring: Bring, database: Database, cleaned: str, outcome: str
) -> None:
    sign_up_and_confirm(database)
    assert outcome in bring(CLEANED.format(cleaned))
    assert found(database, ARTA)[ARTA].undeliverable == (outcome == "1 changed")


@pytest.mark.parametrize("cleaned", ["1/1/2024 9:00", ""])
def test_of_who_never_answered_a_time_that_nobody_can_read_counts_as_the_imports(
    bring: Bring, database: Database, cleaned: str
) -> None:
    bring(SUBSCRIBED)
    say(database, {"language": "sq"})
    assert "1 changed" in bring(CLEANED.format(cleaned))
    assert "1 unchanged" in bring(CLEANED.format(cleaned)), "again changes nothing"
    assert found(database, ARTA)[ARTA].undeliverable


def undeliverable_at(database: Database) -> int | None:
    at: int | None = Identity.select(Identity.undeliverable_at).scalar(database)
    return at


def test_the_time_of_the_file_is_kept(bring: Bring, database: Database) -> None:
    bring(OLD)
    assert undeliverable_at(database) == BOUNCED
    assert "1 changed" in bring(CLEANED.format("2024-02-01 09:00:00")), "it came back again"
    assert undeliverable_at(database) == BOUNCED + 31 * 86_400
    assert "1 unchanged" in bring(OLD)


def test_a_time_that_is_still_to_come_is_the_imports(database: Database, bring: Bring) -> None:
    """Or nobody could ever show that mail arrives again."""
    bring(SUBSCRIBED)
    profile = found(database, ARTA)[ARTA].profile.id
    assert mark_undeliverable(database, profile, NOW + 10**8, NOW)
    assert undeliverable_at(database) == NOW
