"""`evidence key` and `evidence checkpoint`: what was recorded until now, signed."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from peewee import Database

from tests.support.sealing import (
    KEY,
    SHOP,
    Run,
    lines_of,
    record_some,
    refused,
    tamper,
)
from tests.support.small_site import SITE
from widget_backend.cli import main
from widget_backend.rules.merkle import extends
from widget_backend.store.checkpoints import PURPOSE

# ── the key ─────────────────────────────────────────────────────────────────────────────────


def test_a_key_is_made_its_secret_half_for_its_owner_alone(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "evidence-key"
    result = CliRunner().invoke(main, ["evidence", "key", str(file)])
    assert result.exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().strip() not in result.output
    assert len(bytes.fromhex(result.stdout.strip())) == 32


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "evidence-key"
    file.write_text("precious")
    line = refused(CliRunner().invoke(main, ["evidence", "key", str(file)]))
    assert f"{file}: is there already" in line
    assert file.read_text() == "precious"


def test_without_the_library_one_line_says_what_to_install(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(name: str, *rest: Any) -> Any:
        raise ImportError(name)

    monkeypatch.setattr("widget_backend.store.evidence_key.import_module", without)
    making = CliRunner().invoke(main, ["evidence", "key", str(tmp_path / "key")])
    for result in (making, run("checkpoint"), run("verify")):
        assert f"{sys.executable} -m pip install 'preference-widget[evidence]'" in refused(result)


# ── checkpoints ─────────────────────────────────────────────────────────────────────────────


def test_a_checkpoint_is_printed_and_added_to_the_file(
    run: Run, database: Database, file: Path
) -> None:
    record_some(database, 3)
    result = run("checkpoint")
    assert result.exit_code == 0, result.output
    assert result.stdout == file.read_text()
    (line,) = lines_of(file)
    assert (line["site"], line["size"], line["time"]) == (SHOP, 3, "2027-01-15T08:00:00+00:00")


def test_its_signature_is_what_the_readme_says(run: Run, database: Database, file: Path) -> None:
    record_some(database, 3)
    run("checkpoint")
    (line,) = lines_of(file)
    signature = bytes.fromhex(line.pop("signature"))
    text = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert KEY.public.has_signed(PURPOSE + text.encode(), signature)
    assert line["key"] == KEY.public.id


def test_each_shows_that_it_continues_the_one_before(
    run: Run, database: Database, file: Path
) -> None:
    for _ in range(3):
        record_some(database, 5)
        run("checkpoint")
    first, second, third = lines_of(file)
    assert [each["previous"] for each in (first, second, third)] == [0, 5, 10]
    for old, new in ((first, second), (second, third)):
        proof = [bytes.fromhex(node) for node in new["proof"]]
        roots = [bytes.fromhex(each["root"]) for each in (old, new)]
        assert extends(old["size"], roots[0], new["size"], roots[1], proof)


def test_without_new_records_the_last_one_still_holds(
    run: Run, database: Database, file: Path
) -> None:
    record_some(database, 2)
    first, again = run("checkpoint"), run("checkpoint")
    assert again.stdout == first.stdout
    assert "still holds" in again.stderr
    assert len(lines_of(file)) == 1


def test_a_site_without_records_has_no_checkpoint(run: Run, database: Database, file: Path) -> None:
    result = run("checkpoint")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nothing is recorded for shop yet." in result.stderr
    assert not file.exists()


def test_another_file_can_be_named(run: Run, database: Database, tmp_path: Path) -> None:
    record_some(database, 1)
    run("checkpoint", "-o", tmp_path / "other")
    assert len(lines_of(tmp_path / "other")) == 1


def test_sites_share_a_file(run: Run, database: Database, file: Path, site_file: Path) -> None:
    record_some(database, 2)
    record_some(database, 3, "inn")
    run("checkpoint")
    site_file.write_text(SITE.replace('id = "shop"', 'id = "inn"'), encoding="utf-8")
    run("checkpoint")
    assert [(each["site"], each["size"]) for each in lines_of(file)] == [("shop", 2), ("inn", 3)]
    assert run("verify").exit_code == 0


def test_no_checkpoint_is_signed_over_another_database(
    run: Run, database: Database, file: Path
) -> None:
    record_some(database, 3)
    run("checkpoint")
    before = file.read_text()
    tamper(database, "UPDATE seal SET hash = block WHERE FALSE", "DELETE FROM seal")
    tamper(database, "UPDATE ledger SET at = at + 1")
    line = refused(run("checkpoint"))
    assert line.startswith(f"{file}: the checkpoint of 3 records (2027-01-15T08:00:00+00:00): ")
    assert "name the database, or the file, that belongs to it" in line
    assert file.read_text() == before


def test_no_checkpoint_is_signed_over_a_backup(run: Run, database: Database, file: Path) -> None:
    record_some(database, 3)
    run("checkpoint")
    tamper(database, "DELETE FROM seal", "DELETE FROM ledgervalue WHERE ledger_id = 3")
    tamper(database, "DELETE FROM ledger WHERE id = 3")
    assert "there are only 2 sealed records here" in refused(run("checkpoint"))
