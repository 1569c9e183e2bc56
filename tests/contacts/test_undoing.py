"""Undoing a run: everybody goes back to what held before, unless something was said since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import ARTA, HASHES, OFF, OFFERS, Export, Run, arta, found, say
from tests.support.steady import Steady
from widget_backend.contacts.decisions import ImportRun
from widget_backend.contacts.entry import Entry
from widget_backend.contacts.imports import import_entries
from widget_backend.contacts.platform import Kind
from widget_backend.contacts.undoing import Left, Undoing
from widget_backend.errors import RunRefused
from widget_backend.site.model import Site
from widget_backend.store.ledger import records
from widget_backend.store.models import ConsentValue, Profile, Suppression
from widget_backend.store.models_of_runs import RunEffect
from widget_backend.store.outbox import OutgoingMessage, claim_due, enqueue, finish
from widget_backend.store.runs import all_runs
from widget_backend.store.suppression import suppress, suppressed
from widget_backend.store.suppression_file import erased_in

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OTHER = "b@example.com"


def bring(
    database: Database, site: Site, kind: Kind, at: int | None, *emails: str, **options: Any
) -> int:
    """The number of the run that brings these people."""
    run = ImportRun(site, NOW, HASHES, ("offers",), **options)
    entries = [Entry(2, email, kind, (), {"kind": kind}, at) for email in emails or (ARTA,)]
    number = import_entries(database, run, entries, pace=Steady()).number
    assert number is not None
    return number


def undo(database: Database, site: Site, number: int) -> list[Left]:
    """Undo it; returns who is left."""
    left: list[Left] = []
    undoing = Undoing(database, site, number, "Mira", NOW)
    undoing.begin()
    undoing.undo(left.append, pace=Steady(2))
    return left


def test_choices_go_back_by_a_new_record_that_names_the_run_and_who_did_it(
    database: Database, site: Site
) -> None:
    bring(database, site, "subscribed", 1)
    before = arta(database)
    number = bring(database, site, "unsubscribed", 2)
    assert undo(database, site, number) == []
    after = arta(database)
    assert (after.profile.state, after.times) == (before.profile.state, before.times)
    last = records(database, after.profile.ledger_key)[-1]
    assert (last.door, last.evidence) == ("staff", {"undone run": "2", "by": "Mira"})
    assert last.revision == after.profile.revision == 3


def test_the_times_go_back_too_so_that_a_no_of_before_still_counts(
    database: Database, site: Site
) -> None:
    bring(database, site, "subscribed", 1)
    number = bring(database, site, "subscribed", 9)
    undo(database, site, number)
    bring(database, site, "unsubscribed", 5)
    assert arta(database).profile.state["overall"] == OFF


def test_whom_the_run_made_is_deleted_and_may_come_in_again(database: Database, site: Site) -> None:
    number = bring(database, site, "subscribed", 1, ARTA, OTHER)
    assert undo(database, site, number) == []
    for table in (Profile, ConsentValue, RunEffect, Suppression):
        assert table.select().count(database) == 0
    bring(database, site, "subscribed", 1)
    assert arta(database).profile.state == {"topic:offers": OFFERS}


def test_who_has_a_link_stays_known_with_nothing_chosen(
    run: Run, database: Database, site: Site, site_file: Path, export_of: Export
) -> None:
    number = bring(database, site, "subscribed", 1, ARTA, OTHER, "c@example.com")
    run("links", site_file, export_of("subscribed", ARTA))
    handle = found(database, OTHER)[OTHER].profile.handle
    enqueue(database, OutgoingMessage("shop", "link", OTHER, "…", handle), 1)
    for message in claim_due(database, 1):
        finish(database, message, 1)
    assert undo(database, site, number) == []
    contacts = found(database, ARTA, OTHER, "c@example.com")
    assert [each.profile.state for each in contacts.values()] == [{}, {}]


def test_who_said_something_since_is_left_as_they_are(database: Database, site: Site) -> None:
    number = bring(database, site, "subscribed", 1, ARTA, OTHER)
    say(database, {"language": "sq"})
    assert undo(database, site, number) == [
        Left(ARTA, "said or saved something here after the import")
    ]
    assert arta(database).profile.state == {"topic:offers": OFFERS, "language": "sq"}
    assert OTHER not in found(database, OTHER)


def test_so_is_who_said_again_what_the_run_says(database: Database, site: Site) -> None:
    """There is no record of it, since it changed nothing, and still it is their own word."""
    bring(database, site, "subscribed", 1)
    number = bring(database, site, "unsubscribed", 2)
    say(database, {"overall": OFF})
    assert [each.email for each in undo(database, site, number)] == [ARTA]
    assert arta(database).profile.state["overall"] == OFF


@pytest.mark.parametrize("at", [1, 2, 3])
def test_so_is_whom_a_later_file_names_also_where_it_changed_nothing(
    database: Database, site: Site, at: int
) -> None:
    bring(database, site, "subscribed", 1)
    number = bring(database, site, "unsubscribed", 2)
    bring(database, site, "unsubscribed", at)
    (left,) = undo(database, site, number)
    assert left.reason == "a later import names them, too: undo run 3, then this one again"
    assert arta(database).profile.state["overall"] == OFF


def test_runs_are_undone_one_after_another_the_newest_first(database: Database, site: Site) -> None:
    bring(database, site, "subscribed", 1)
    first = arta(database)
    words: list[tuple[Kind, int]] = [
        *(("unsubscribed", 2), ("unsubscribed", 3), ("subscribed", 4), ("subscribed", 5))
    ]
    numbers = [bring(database, site, kind, at) for kind, at in words]
    for number in reversed(numbers):
        assert undo(database, site, number) == []
    assert (arta(database).profile.state, arta(database).times) == (
        first.profile.state,
        first.times,
    )


def test_a_run_that_wrote_beside_another_may_have_been_later(
    database: Database, site: Site
) -> None:
    def entries() -> Iterator[Entry]:
        yield Entry(2, OTHER, "subscribed", (), {}, 1)
        number.append(bring(database, site, "unsubscribed", 2))
        yield Entry(3, ARTA, "unsubscribed", (), {}, 2)

    number: list[int] = []
    bring(database, site, "subscribed", 1)
    import_entries(database, ImportRun(site, NOW, HASHES), entries(), pace=Steady(1))
    assert [each.email for each in undo(database, site, *number)] == [ARTA]


def test_roles_and_what_came_back_are_as_before(database: Database, site: Site) -> None:
    bring(database, site, "subscribed", 1)
    number = bring(database, site, "cleaned", 5)
    assert arta(database).undeliverable
    assert undo(database, site, number) == []
    assert not arta(database).undeliverable
    assert arta(database).undeliverable_at is None


def test_a_run_that_was_met_by_the_person_in_between_is_left(
    database: Database, site: Site
) -> None:
    def entries() -> Iterator[Entry]:
        yield Entry(2, ARTA, "subscribed", (), {}, 1)
        yield Entry(3, OTHER, "subscribed", (), {}, 1)
        say(database, {"language": "sq"})
        yield Entry(4, ARTA, "unsubscribed", (), {}, 2_000_000_000, earlier=2)

    run = ImportRun(site, NOW, HASHES, ("offers",))
    import_entries(database, run, entries(), pace=Steady(1))
    assert [each.email for each in undo(database, site, 1)] == [ARTA]


def test_strangers_whom_a_list_kept_out_may_come_in_again_unless_something_else_keeps_them_out(
    database: Database, site: Site
) -> None:
    emails = [f"a{at}@example.com" for at in range(5)]
    number = bring(database, site, "unsubscribed", None, *emails, makes_people=False)
    suppress(database, "shop", emails[:1], HASHES, 1)
    bring(database, site, "unsubscribed", None, emails[1], makes_people=False)
    undo(database, site, number)
    assert suppressed(database, "shop", emails, HASHES) == {*emails[:2]}


def test_interrupted_it_is_completed_by_the_next(database: Database, site: Site) -> None:
    emails = [f"a{at}@example.com" for at in range(5)]
    number = bring(database, site, "subscribed", 1, *emails)
    say(database, {"language": "sq"}, email=emails[0])
    undoing = Undoing(database, site, number, "Mira", NOW)
    undoing.begin()

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        undoing.undo(lambda _: None, interrupted, Steady(2))
    assert Profile.select().count(database) == 4
    (half,) = all_runs(database, "shop")
    assert half.undone_at is None
    assert [each.email for each in undo(database, site, number)] == [emails[0]]
    assert Profile.select().count(database) == 1


def test_who_was_left_because_of_a_later_run_goes_back_once_that_is_undone(
    database: Database, site: Site
) -> None:
    """So undoing the older of two runs first is no dead end."""
    number = bring(database, site, "subscribed", 1, ARTA, OTHER)
    later = bring(database, site, "unsubscribed", 2)
    assert [each.email for each in undo(database, site, number)] == [ARTA]
    assert undo(database, site, later) == []
    assert arta(database).profile.state["topic:offers"]["on"]
    assert undo(database, site, number) == []
    assert not found(database, ARTA)
    with pytest.raises(RunRefused):
        undo(database, site, number)


def test_nobody_whom_an_undone_import_had_brought_counts_as_deleted(
    database: Database, site: Site
) -> None:
    """So that a backup that still has them is restored with them, and they may be imported."""
    first = bring(database, site, "subscribed", 1, ARTA, OTHER)
    second = bring(database, site, "unsubscribed", 2, OTHER)
    undo(database, site, second)
    undo(database, site, first)
    assert Profile.select().count(database) == 0
    assert erased_in(database) == []
