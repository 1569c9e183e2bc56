"""Thousands of contacts: quickly, in flat memory, and whatever happens on the way."""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from click.testing import Result
from peewee import Database

from tests import support
from widget_backend.store.json_field import dump
from widget_backend.store.ledger import digest
from widget_backend.store.models import ConsentRecord, ConsentValue, Preference, Profile

Export = Callable[..., Path]
Run = Callable[..., Result]


def how_many(usual: int) -> pytest.MarkDecorator:
    """A sample, and the whole for `make bench`."""
    every = [usual, pytest.param(10_000, marks=pytest.mark.long)]
    return pytest.mark.parametrize("many", every, ids="{:,}".format)


LONG_ENOUGH = 60
"""Seconds of this process's own work, where ten are usual: to notice work that grows with the
square, and no machine that is busy with something else."""


def rows(count: int) -> list[dict[str, str]]:
    return [
        {
            "Email Address": f"contact{number}@example.com",
            "First Name": ("Artá", "نور", "Emily")[number % 3],
            "OPTIN_TIME": f"2024-01-01 00:{number // 60 % 60:02}:{number % 60:02}",
            "CONFIRM_IP": "192.0.2.1",
            "TAGS": '"VIP","Newsletter"',
        }
        for number in range(count)
    ]


@how_many(1_500)
def test_many_come_in_get_links_and_go_out(
    many: int, run: Run, database: Database, site_file: Path, export_of: Export, tmp_path: Path
) -> None:
    file = export_of("subscribed", *rows(many), encoding="utf-8-sig")
    took: dict[str, float] = {}
    worked: dict[str, float] = {}

    def timed(name: str, *arguments: object) -> str:
        start, busy = time.perf_counter(), time.process_time()
        result = run(*arguments)
        took[name] = time.perf_counter() - start
        worked[name] = time.process_time() - busy
        assert result.exit_code == 0, result.output
        return result.output

    topics = ("--topic", "offers", "--topic", "news")
    said = timed("import", "import", site_file, file, *topics)
    assert f"{many:,} new, 0 changed, 0 unchanged, 0 rejected" in said
    said = timed("again", "import", site_file, file, *topics)
    assert f"0 new, 0 changed, {many:,} unchanged, 0 rejected" in said
    timed("links", "links", site_file, file, "-o", tmp_path / "links.csv")
    timed("export", "export", site_file, "-o", tmp_path / "choices.csv")

    assert Profile.select().count(database) == ConsentRecord.select().count(database) == many
    assert Preference.select().count(database) == 2 * many
    for name in ("links.csv", "choices.csv"):
        with (tmp_path / name).open(encoding="utf-8", newline="") as text:
            assert sum(1 for _ in csv.reader(text)) == many + 1
    kind = type(database).__name__
    print(f"\n{kind}: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in took.items()))
    assert sum(worked.values()) < LONG_ENOUGH


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux for the memory")
@how_many(2_500)
def test_memory_does_not_grow_with_the_file(
    many: int, database_url: str, site_file: Path, export_of: Export
) -> None:
    note = "a long note " * 150
    file = export_of("subscribed", *({**row, "NOTES": note} for row in rows(many)))
    told = subprocess.run(
        worker(database_url, site_file, file), check=True, stdout=subprocess.PIPE, text=True
    )
    held: dict[str, list[int]] = {}
    for line in told.stdout.splitlines():
        task, kilobytes = line.split()
        held.setdefault(task, []).append(int(kilobytes))
    batches = {task: len(each) for task, each in held.items()}
    assert batches == dict.fromkeys(("import", "links", "export"), many // 500)
    for task, each in held.items():
        # What came with the first 2,000 rows serves the others; 8,000 are 15 MB of file.
        assert each[-1] - each[3] < 3_000, task


def worker(database_url: str, site_file: Path, file: Path) -> list[str]:
    script = Path(support.__file__).with_name("importer.py")
    return [sys.executable, str(script), database_url, str(site_file), str(file)]


def test_an_import_killed_on_the_way_leaves_whole_batches_and_a_rerun_completes_it(
    database_url: str,
    database: Database,
    run: Run,
    site_file: Path,
    export_of: Export,
    settle: Callable[[Database], None],
) -> None:
    file = export_of("subscribed", *rows(2_500))
    with subprocess.Popen(
        worker(database_url, site_file, file), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        acknowledged = len(list(islice(process.stdout, 2)))
        process.kill()
        acknowledged += len([line for line in process.stdout if line.endswith("\n")])
    settle(database)

    came_in = Profile.select().count(database)
    assert came_in % 500 == 0
    assert came_in >= 500 * acknowledged
    assert ConsentRecord.select().count(database) == Preference.select().count(database) == came_in
    said = run("import", site_file, file, "--topic", "offers").output
    assert f"{2_500 - came_in:,} new, 0 changed, {came_in:,} unchanged, 0 rejected" in said
    assert ConsentRecord.select().count(database) == 2_500
    for kept, salt, changes, evidence in (
        ConsentRecord.select(
            ConsentRecord.digest, ConsentValue.salt, ConsentValue.changes, ConsentValue.evidence
        )
        .join(ConsentValue, on=ConsentValue.ledger == ConsentRecord.id)
        .tuples()
        .execute(database)
    ):
        assert kept == digest(salt, dump(changes), dump(evidence))
