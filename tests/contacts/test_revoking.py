"""`revoke`: the staff ends the links of one person, of whom it knows the address."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from peewee import Database, PeeweeException

from tests.support.contacts import ARTA, Export, Run, arta, table_of
from widget_backend.cli import main
from widget_backend.signing import Signer
from widget_backend.store.models import AddressChange


def test_links_end_and_the_next_run_makes_new_ones(
    run: Run, database: Database, site_file: object, export_of: Export, key: str
) -> None:
    file = export_of("subscribed", ARTA)
    run("import", site_file, file)
    result = run("revoke", site_file, "Arta@Example.com ")
    assert (result.exit_code, result.output.count("\n")) == (0, 1)
    assert ARTA not in result.output
    assert arta(database).profile.link_version == 1
    (row,) = table_of(run("links", site_file, file).stdout)
    token = row["preferences_url"].rpartition("/")[2]
    assert Signer([key]).read("preferences", token).link_version == 1


def test_the_address_can_come_by_the_standard_input(
    run: Run,
    database: Database,
    database_url: str,
    site_file: object,
    export_of: Export,
) -> None:
    run("import", site_file, export_of("subscribed", ARTA))
    told = {"WIDGET_DATABASE_URL": database_url}
    result = CliRunner().invoke(main, ["revoke", str(site_file), "-"], input=f"{ARTA}\n", env=told)
    assert result.exit_code == 0
    assert arta(database).profile.link_version == 1


def test_links_and_what_was_asked_for_with_them_end_together_or_not_at_all(
    run: Run,
    database: Database,
    site_file: object,
    export_of: Export,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> None:
        raise PeeweeException

    run("import", site_file, export_of("subscribed", ARTA))
    monkeypatch.setattr(AddressChange, "delete", fail)
    assert run("revoke", site_file, ARTA).exit_code != 0
    assert arta(database).profile.link_version == 0


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("address", ["nobody@example.com", "arta"])
def test_whom_nobody_knows_is_told(run: Run, site_file: object, address: str) -> None:
    result = run("revoke", site_file, address)
    assert result.exit_code != 0
    assert "nobody has this email address" in result.output
    assert address not in result.output.replace(str(site_file), "")
