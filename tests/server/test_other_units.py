"""The units of systemd beside that of the server: what they start works, alone and confined."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.lone_processes import alone
from tests.support.processes import COMMAND
from tests.support.proxies import FILES
from widget_backend.demo.run import DIMORA

UNIT = FILES / "preference-widget.service"
WORKER, BACKUP = (FILES / f"preference-widget-{each}.service" for each in ("worker", "backup"))
PROGRAM = "/opt/preference-widget/bin/preference-widget"
SOON = 60


def _lines(unit: Path, name: str) -> list[str]:
    return re.findall(f"^{name}=(.*)$", unit.read_text("utf-8"), re.MULTILINE)


def test_the_worker_is_confined_and_set_as_the_server_is() -> None:
    confined = [_confinement(each) for each in (UNIT, WORKER, BACKUP)]
    assert confined == confined[:1] * 3
    for name in ("User", "EnvironmentFile", "UMask", "StateDirectoryMode"):
        assert _lines(UNIT, name) == _lines(WORKER, name) == _lines(BACKUP, name) != []


def _confinement(unit: Path) -> str:
    text = unit.read_text("utf-8")
    return text[text.index("CapabilityBoundingSet=") :].partition("\n\n")[0].strip()


def test_no_unit_makes_the_folder_of_the_socket_for_systemd_would_remove_it_at_a_stop() -> None:
    """With the socket in it, which is to outlive the service."""
    (path,) = (each for each in _lines(UNIT.with_suffix(".socket"), "ListenStream") if "/" in each)
    for unit in (UNIT, WORKER, BACKUP):
        assert Path(path).parent.name not in " ".join(_lines(unit, "RuntimeDirectory")).split()


def test_what_the_unit_of_the_worker_starts_works_and_stops_in_its_time(tmp_path: Path) -> None:
    (start,) = _lines(WORKER, "ExecStart")
    assert start.startswith(f"{PROGRAM} ")
    settings = {
        "WIDGET_SITES": str(DIMORA),
        "WIDGET_DATABASE_URL": f"sqlite:///{tmp_path}/data/widget.db",
        "WIDGET_SMTP_URL": "smtp://127.0.0.1:1",
    }
    with alone(start.split()[1:], settings, tmp_path) as child:
        assert child.stdout
        assert child.stdout.readline() == "working\n"
        child.send_signal(signal.SIGTERM)
        assert child.wait(SOON) == 0


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    """The folder of the unit for backups, with an old one and what a killed one has left."""
    folder = tmp_path / "preference-widget-backups"
    (folder / ".backup-x").mkdir(parents=True)
    for name in (".backup-x/copy", "old.zip", "new.zip", "new.zip.part", "notes"):
        (folder / name).touch()
    for name in ("old.zip", "notes"):
        os.utime(folder / name, (0, 0))
    return folder


def _run_backup(folder: Path, name: str, url: str) -> subprocess.CompletedProcess[str]:
    """Run a line of the unit, as systemd does, without what confines it."""
    program = folder / "preference-widget"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(COMMAND)} "$@"\n')
    program.chmod(0o700)
    (line,) = _lines(BACKUP, name)
    meanings = {PROGRAM: str(program), "%S": str(folder), "%%": "%", "$$": "$"}
    line = re.sub(f"{PROGRAM}|%S|%%|[$][$]", lambda sign: meanings[sign[0]], line)
    return subprocess.run(
        shlex.split(line),
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "WIDGET_DATABASE_URL": url,
            "WIDGET_SIGNING_KEYS": "k" * 32,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_unit_for_backups_writes_one_and_deletes_old_ones(
    backups: Path, migrated: Path
) -> None:
    done = _run_backup(backups.parent, "ExecStart", f"sqlite:///{migrated}")
    assert done.returncode == 0, done.stderr
    (new,) = (each for each in backups.iterdir() if each.name.startswith("20"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d{6}Z\.zip", new.name)
    for name in ("ExecStartPost", "ExecStopPost"):
        assert _run_backup(backups.parent, name, "").returncode == 0
    assert sorted(each.name for each in backups.iterdir()) == [new.name, "new.zip", "notes"]


def test_a_backup_that_fails_is_a_failure_of_the_unit(backups: Path) -> None:
    done = _run_backup(backups.parent, "ExecStart", f"sqlite:///{backups}/none.db")
    assert done.returncode == 1
    assert done.stderr.startswith("WIDGET_DATABASE_URL: there is no file ")


def test_the_timer_starts_the_backup_each_night() -> None:
    timer = BACKUP.with_suffix(".timer")
    assert _lines(timer, "OnCalendar") == ["*-*-* 03:00:00"]
    assert _lines(timer, "Persistent") == ["true"]
