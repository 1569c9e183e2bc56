"""Where an export of changes begins: a cursor, a time, or the file that a nightly one keeps."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN, Export, Run, arta, say
from tests.support.exports import Told, cursor_in, names, objects
from widget_backend.contacts.cursors import CursorFile
from widget_backend.store.changes import Cursor
from widget_backend.store.database import write_transaction
from widget_backend.store.deliverability import mark_undeliverable
from widget_backend.store.models import ConsentRecord, OtherChange

AT = 1_790_000_000
DAY = int(datetime(2026, 9, 22, 10, tzinfo=UTC).timestamp())


def rewrite_ledger(database: Database, **values: object) -> None:
    """What nothing but a test may do: the ledger is append-only."""
    if database.param == "?":
        database.execute_sql("DROP TRIGGER ledger_no_update")
    else:
        database.execute_sql("ALTER TABLE ledger DISABLE TRIGGER ALL")
    ConsentRecord.update(values).execute(database)


# ── cursors ─────────────────────────────────────────────────────────────────────────────────


def test_everyone_and_then_the_changes_are_told_across_pages(
    run: Run, database: Database, site_file: Path, export_of: Export, told: Told
) -> None:
    emails = [f"a{number}@example.com" for number in range(1203)]
    run("import", site_file, export_of("subscribed", *emails))
    *everyone, last = objects(run, site_file, "--cursor", "start")
    assert names(everyone) == emails
    assert told(last["cursor"]) == []
    assert names(told("shop.0.0.2026-11-22.")) == emails
    say(database, {"language": "sq"}, email="a7@example.com")
    assert names(told(last["cursor"])) == ["a7@example.com"]


def test_a_cursor_tells_nothing_twice_and_misses_nothing(
    run: Run, database: Database, site_file: Path, cursor: str
) -> None:
    for tag in ("sq", "ar", "en"):
        say(database, {"language": tag})
        (row, last) = objects(run, site_file, "--cursor", cursor, "--fields", "language")
        assert row["language"] == tag
        cursor = last["cursor"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is none that an export has printed"),
        ("yesterday", "is none that an export has printed"),
        ("shop.1.1.2026-13-22.", "is none that an export has printed"),
        ("shop.1.1.2026-11-22.xyz", "is none that an export has printed"),
        ("shop.1.1.2026-11-22.12345678;", "is none that an export has printed"),
        ("shop.x.1.2026-11-22.", "is none that an export has printed"),
        ("inn.0.0.2026-11-22.", "is of the site “inn”"),
        ("shop.1.1.2026-11-22.00000000", "is of another database"),
        ("shop.999999.1.2026-11-22.0123abcd", "is of another database"),
        ("shop.0.999.2026-11-22.", "is of another database"),
    ],
)
def test_a_cursor_that_tells_nothing_is_one_line(
    run: Run, site_file: Path, cursor: str, text: str, reason: str
) -> None:
    result = run("export", site_file, "--cursor", text)
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"the cursor: {reason}")


def test_a_cursor_from_before_a_restore_is_refused_also_when_its_number_was_given_anew(
    run: Run, database: Database, site_file: Path, cursor: str
) -> None:
    rewrite_ledger(database, digest="f" * 64)
    result = run("export", site_file, "--cursor", cursor)
    assert result.exit_code == 1
    assert "or of this one before it was restored from a backup" in result.stderr


# ── since a time ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("since", "emails"),
    [
        ("2026-09-22", [ARTA, BEN]),
        ("2026-09-22T10:00:00Z", [ARTA, BEN]),
        ("2026-09-22 10:00:01", [BEN]),
        ("2026-09-22T12:00:01+02:00", [BEN]),
        ("2026-09-23", []),
    ],
)
def test_since_a_time_is_whom_something_was_recorded_of_then_or_later(
    run: Run, database: Database, site_file: Path, cursor: str, since: str, emails: list[str]
) -> None:
    OtherChange.update(at=AT).execute(database)
    rewrite_ledger(database, at=AT)
    say(database, {"language": "sq"}, at=DAY)
    say(database, {"language": "ar"}, at=DAY + 3600, email=BEN)
    *entries, last = objects(run, site_file, "--since", since)
    assert names(entries) == emails
    assert last["cursor"].startswith("shop.4.2.")


def test_since_also_tells_what_leaves_no_consent_record(
    run: Run, database: Database, site_file: Path, cursor: str
) -> None:
    with write_transaction(database):
        mark_undeliverable(database, arta(database).profile.id, AT, AT)
    rewrite_ledger(database, at=AT)
    for at, emails in ((DAY - 1, []), (DAY, [ARTA])):
        OtherChange.update(at=at).where(OtherChange.id == 3).execute(database)
        OtherChange.update(at=AT).where(OtherChange.id < 3).execute(database)
        *entries, _ = objects(run, site_file, "--since", "2026-09-22T10:00:00Z")
        assert names(entries) == emails


@pytest.mark.parametrize("since", ["yesterday", "22.11.2026", "2026-02-30", "1", ""])
def test_what_is_no_time_is_one_line(run: Run, site_file: Path, since: str) -> None:
    result = run("export", site_file, "--since", since)
    assert result.exit_code == 2
    assert result.stderr == (
        f"preference-widget export: invalid value for '--since': “{since}” is no time: write "
        "2026-11-22, or 2026-11-22T09:00+01:00. see preference-widget export --help.\n"
    )


def test_only_one_of_the_three_ways_is_taken(run: Run, site_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "cursor"
    for options in (
        ["--since", "2026-11-22", "--cursor", "start"],
        ["--cursor", "start", "--cursor-file", file],
    ):
        result = run("export", site_file, *options)
        assert result.exit_code == 2
        assert "--since, --cursor and --cursor-file exclude each other" in result.stderr
    assert not file.exists()


# ── the file of a nightly export ────────────────────────────────────────────────────────────


def test_a_cursor_file_is_where_each_export_goes_on(
    run: Run, database: Database, site_file: Path, cursor: str, tmp_path: Path
) -> None:
    kept, out = tmp_path / "cursor", tmp_path / "out.csv"
    lines = []
    for change in (lambda: None, lambda: None, lambda: say(database, {"language": "sq"})):
        change()
        result = run("export", site_file, "--cursor-file", kept, "-o", out)
        assert result.exit_code == 0, result.output
        assert kept.read_text() == f"{cursor_in(result.stderr)}\n"
        lines.append(len(out.read_text().splitlines()))
    assert lines == [1 + 2, 1 + 0, 1 + 1]
    assert [each.name for each in tmp_path.glob("*cursor*")] == ["cursor"]


def test_an_empty_cursor_file_is_everyone(
    run: Run, site_file: Path, cursor: str, tmp_path: Path
) -> None:
    kept = tmp_path / "cursor"
    kept.touch()
    assert run("export", site_file, "--cursor-file", kept).stdout.count(".com,") == 2
    assert kept.read_text() == f"{cursor}\n"


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ("a list of contacts\n", "the cursor in it is none that an export has printed"),
        ("inn.0.0.2026-11-22.", "the cursor in it is of the site “inn”"),
        ("shop.1.1.2026-11-22.00000000", "the cursor in it is of another database"),
    ],
)
def test_a_file_that_holds_no_cursor_of_ours_is_left_as_it_is(
    run: Run, site_file: Path, cursor: str, tmp_path: Path, held: str, reason: str
) -> None:
    kept, out = tmp_path / "cursor", tmp_path / "out.csv"
    kept.write_text(held)
    result = run("export", site_file, "--cursor-file", kept, "-o", out)
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"{kept}: {reason}")
    assert line.endswith("delete this one to export everyone once more.")
    assert kept.read_text() == held
    assert not out.exists()


def test_the_files_of_an_export_must_differ(
    run: Run, site_file: Path, cursor: str, tmp_path: Path
) -> None:
    text = site_file.read_text()
    kept = tmp_path / "cursor"
    for options in (["--cursor-file", site_file], ["--cursor-file", kept, "-o", kept]):
        result = run("export", site_file, *options)
        assert result.exit_code == 1
        assert "it is read here" in result.stderr
    assert site_file.read_text() == text
    assert not kept.exists()


def test_a_cursor_file_that_cannot_be_written_is_noticed_before_anything_is(
    run: Run, site_file: Path, cursor: str, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    kept = tmp_path / "nowhere" / "cursor"
    result = run("export", site_file, "--cursor-file", kept, "-o", out)
    assert (result.exit_code, out.exists()) == (1, False)
    assert result.stderr.startswith(f"{kept}: cannot be written")


def test_a_cursor_that_another_export_has_moved_on_meanwhile_stays_as_that_one_left_it(
    run: Run, site_file: Path, cursor: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, out = tmp_path / "cursor", tmp_path / "out.csv"
    kept.write_text(cursor)
    keep = CursorFile.keep

    def later(self: CursorFile, newest: Cursor) -> None:
        kept.write_text("shop.9.9.2026-11-22.00000000")
        keep(self, newest)

    monkeypatch.setattr(CursorFile, "keep", later)
    result = run("export", site_file, "--cursor-file", kept, "-o", out)
    assert result.exit_code == 1
    assert (
        result.stderr == f"{kept}: another export has changed it meanwhile. run this one again.\n"
    )
    assert kept.read_text() == "shop.9.9.2026-11-22.00000000"
    assert not out.exists()
