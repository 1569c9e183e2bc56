"""`preference-widget preview`: what it prints, and what stops it, in one line each."""

from __future__ import annotations

import errno
import shlex
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.processes import free_port
from tests.support.small_site import SITE
from widget_backend.cli import main
from widget_backend.preview import run as preview_run


@pytest.fixture(autouse=True)
def stops_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(server: object, when_ready: object) -> None:
        when_ready()  # type: ignore[operator]
        server.close()  # type: ignore[attr-defined]

    monkeypatch.setattr(preview_run, "serve_until_stopped", stop)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mysite").mkdir()
    (tmp_path / "mysite" / "SITE.toml").write_text(SITE, encoding="utf-8")
    return tmp_path / "mysite"


def preview(*words: object) -> Result:
    return CliRunner().invoke(main, ["preview", *map(str, words)])


def ports() -> list[str]:
    return ["--port", str(free_port()), "--website-port", str(free_port())]


@pytest.mark.parametrize("end", ["", "SITE.toml"])
def test_it_prints_what_to_open_and_keeps_its_data_beside_the_site(folder: Path, end: str) -> None:
    chosen = ports()
    result = preview(folder / end, *chosen)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].split() == [
        *["a", "website", "with", "the", "form:"],
        f"http://127.0.0.1:{chosen[3]}/",
    ]
    assert f"sign-up:                    http://127.0.0.1:{chosen[1]}/s/shop" in lines
    assert (folder / "var" / "preview.db").exists()


def test_its_data_can_be_elsewhere(folder: Path, tmp_path: Path) -> None:
    assert preview(folder, "--data", tmp_path / "data", *ports()).exit_code == 0
    assert (tmp_path / "data" / "preview.db").exists()
    assert not (folder / "var").exists()


def one_line(result: Result) -> str:
    assert result.exit_code == 1
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return str(line)


def test_a_folder_without_a_site_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    line = one_line(preview(tmp_path / "empty"))
    assert line.startswith(f"{tmp_path}/empty: there is no SITE.toml in it. make one with ")
    none = tmp_path / "none"
    assert one_line(preview(none)).startswith(f"{none}: there is no such folder. correct its name")
    assert "there is no such file" in one_line(preview(none / "SITE.toml"))


def test_a_site_with_a_mistake_is_one_line_and_leaves_nothing(folder: Path) -> None:
    (folder / "SITE.toml").write_text(SITE.replace("#1f5a4c", "green"), encoding="utf-8")
    assert f"{folder}/SITE.toml: theme.accent: " in one_line(preview(folder))
    assert [each.name for each in folder.iterdir()] == ["SITE.toml"]


@pytest.mark.parametrize("option", ["--port", "--website-port"])
def test_a_port_in_use_is_one_line_that_ends_with_what_to_type(
    folder: Path, tmp_path: Path, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [free_port(), free_port()]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        chosen = ports()
        port = taken.getsockname()[1]
        chosen[chosen.index(option) + 1] = str(port)
        monkeypatch.setattr(preview_run, "OTHER_PORTS", [port, *free])
        line = one_line(preview(folder, *chosen, "--data", tmp_path / "my data"))
    why, typed = line.removesuffix("”.").split(". choose others, as “")
    assert why == f"{option}: port {port} is used by another program"
    words = shlex.split(typed)
    assert words[4::2] == [*map(str, free), str(tmp_path / "my data")]
    assert CliRunner().invoke(main, words[1:]).exit_code == 0


def test_a_port_that_only_root_may_use_is_told_as_such(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_words: object, **_options: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied (while attempting to bind)")

    chosen = ports()
    monkeypatch.setattr(socket, "create_server", refuse)
    line = one_line(preview(folder, *chosen))
    assert line.startswith(f"--port: port {chosen[1]} may not be used by this user. choose others")


def test_data_that_cannot_be_kept_is_one_line(folder: Path) -> None:
    (folder / "var").write_text("a file")
    assert one_line(preview(folder)).startswith(f"{folder}/var: cannot be written")
