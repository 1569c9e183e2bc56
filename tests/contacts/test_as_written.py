"""An address is found by its one spelling, and goes out as it came in."""

from __future__ import annotations

from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import Export, Run, found, table_of

WRITTEN = {
    "Arta.Hoxha@Example.com": "arta.hoxha@example.com",
    "ela@xn--mller-kva.example": "ela@müller.example",
    "Ela@MÜLLER.example": "ela@müller.example",
    "arta@example.com": "arta@example.com",
}


@pytest.mark.parametrize("written", WRITTEN)
def test_export_writes_an_address_as_it_came(
    run: Run, database: Database, site_file: Path, export_of: Export, written: str
) -> None:
    file = export_of("subscribed", f" {written}\u200e")
    run("import", site_file, file, "--topic", "offers")
    assert list(found(database, WRITTEN[written])) == [WRITTEN[written]]
    (row,) = table_of(run("export", site_file).stdout)
    assert row["email"] == written


@pytest.mark.parametrize("written", WRITTEN)
def test_what_links_writes_is_what_stood_in_the_file(
    run: Run, site_file: Path, export_of: Export, written: str
) -> None:
    """Under whichever spelling the person came in."""
    for name, email in (("one", WRITTEN[written]), ("two", written)):
        run("import", site_file, export_of("subscribed", email, name=f"{name}.csv"))
        (row,) = table_of(run("links", site_file, export_of("subscribed", written)).stdout)
        assert row["Email Address"] == written
        assert row["unsubscribe_url"]


def test_another_spelling_in_another_file_is_the_same_person_as_before(
    run: Run, site_file: Path, export_of: Export
) -> None:
    first, other = "Ela@Müller.example", "ela@xn--mller-kva.example"
    run("import", site_file, export_of("subscribed", first), "--topic", "offers")
    again = run("import", site_file, export_of("subscribed", other), "--topic", "offers")
    assert "0 new, 0 changed, 1 unchanged" in again.output
    (row,) = table_of(run("export", site_file).stdout)
    assert row["email"] == first
