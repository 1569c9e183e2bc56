"""The pid file: it finds the server that runs, and no other program."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from widget_backend.errors import FileRefused
from widget_backend.server.pid_file import OURS, pid_file, running_server


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pid"


def ended_process() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def refused(act: Callable[[], object], file: Path) -> str:
    with pytest.raises(FileRefused) as found:
        act()
    line = str(found.value)
    assert line.startswith(f"{file}: ")
    assert "\n" not in line
    return line


def start(file: Path) -> None:
    with pid_file(file):
        pass


def test_while_a_server_runs_the_file_leads_to_it_and_then_it_is_gone(file: Path) -> None:
    with pid_file(file):
        assert running_server(file).number == os.getpid()
        assert file.read_text().splitlines()[:2] == [str(os.getpid()), OURS]
        assert file.stat().st_mode & 0o777 == 0o600
    assert not file.exists()


def test_without_the_setting_there_is_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pid_file(None) as note_sites:
        note_sites(["shop"], [])
        assert [*tmp_path.iterdir()] == []


def test_two_servers_do_not_share_a_file(file: Path) -> None:
    with pid_file(file):
        assert "another server runs with this file" in refused(lambda: start(file), file)
        assert running_server(file).number == os.getpid()


LEFT_OVER = {
    "whose process has ended": (ended_process, "has ended"),
    "whose number another program has now": (os.getpid, "belongs to another program now"),
}


@pytest.mark.parametrize("name", LEFT_OVER)
def test_a_file_that_is_left_over_leads_nowhere_and_is_replaced(name: str, file: Path) -> None:
    number, reason = LEFT_OVER[name]
    file.write_text(f"{number()}\n{OURS}\n")
    assert reason in refused(lambda: running_server(file), file)
    with pid_file(file):
        assert running_server(file).number == os.getpid()


NOT_OURS = ["", "1\n", "0\nOURS\n", "-1\nOURS\n", f"{10**20}\nOURS\n", "a letter", "١\nOURS\n"]


@pytest.mark.parametrize("text", NOT_OURS)
def test_a_file_of_something_else_is_neither_followed_nor_overwritten(
    text: str, file: Path
) -> None:
    """Even while another program has locked it."""
    content = text.replace("OURS", OURS)
    file.write_text(content)
    with file.open() as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        assert "is no pid file" in refused(lambda: running_server(file), file)
        assert "is no pid file" in refused(lambda: start(file), file)
    assert file.read_text() == content


def test_a_file_that_is_not_there_or_cannot_be_written_is_one_line(file: Path) -> None:
    assert "no server runs with this file" in refused(lambda: running_server(file), file)
    beyond = file / "none" / "pid"
    assert "make its folder first" in refused(lambda: start(beyond), beyond)


def test_it_tells_which_sites_are_served_also_when_they_become_fewer(file: Path) -> None:
    with pid_file(file) as note_sites:
        for sites, kept in ((("inn", "shop"), ("bar",)), (("inn",), ()), ((), ("inn",)), ((), ())):
            note_sites(sites, kept)
            server = running_server(file)
            assert (server.sites, server.kept) == (sites, kept)


@contextmanager
def stranger(number: int, file: Path) -> Iterator[None]:
    """Somebody has left a file with this number, and has its lock."""
    file.write_text(f"{number}\n{OURS}\n1\nshop\n")
    file.chmod(0o644)
    with file.open() as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc here")


@needs_proc
def test_a_strangers_lock_leads_to_no_other_program_and_keeps_no_server_out(file: Path) -> None:
    with stranger(os.getpid(), file):
        assert "belongs to another program now" in refused(lambda: running_server(file), file)
        with pid_file(file):
            assert running_server(file).number == os.getpid()
    ended = ended_process()
    with stranger(ended, file):
        assert f"process {ended} has ended" in refused(lambda: running_server(file), file)
        start(file)


def test_a_file_that_others_may_write_to_is_not_followed(file: Path) -> None:
    with pid_file(file):
        file.chmod(0o622)
        assert "others than its owner can write to it" in refused(
            lambda: running_server(file), file
        )
