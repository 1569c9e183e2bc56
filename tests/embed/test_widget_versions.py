"""Frozen versions: what was published never changes, and the next one is told by its hash."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha384
from pathlib import Path

import pytest
from click.testing import CliRunner

from widget_backend.cli import main
from widget_backend.embed import releases
from widget_backend.embed.releases import frozen_script, frozen_versions, integrity
from widget_backend.embed.script import widget_folder, widget_script


def test_every_frozen_version_is_what_was_published() -> None:
    told = dict(
        line.split() for line in (widget_folder() / "released/hashes.txt").read_text().splitlines()
    )
    assert list(told) == frozen_versions()
    assert {name: integrity(frozen_script(name)) for name in told} == told


def test_the_hash_is_what_browsers_compare() -> None:
    assert integrity(b"x") == f"sha384-{b64encode(sha384(b'x').digest()).decode()}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(releases, "widget_folder", lambda: tmp_path)
    return tmp_path / "released"


def release(*options: str) -> str:
    result = CliRunner().invoke(main, ["release", *options])
    assert result.exit_code == 0
    return result.output


def test_a_release_freezes_the_script_and_the_same_script_only_once(folder: Path) -> None:
    said = release()
    assert said == f"v1.0.0.js {integrity(widget_script())}\n"
    assert (folder / "hashes.txt").read_text() == said
    assert release() == "Nothing to release: the script is v1.0.0.js.\n"
    assert released_names(folder) == ["v1.0.0.js"]


@pytest.mark.parametrize(
    ("before", "options", "following"),
    [
        (["v1.0.0.js"], [], "v1.0.1.js"),
        (["v1.0.9.js", "v1.0.10.js"], [], "v1.0.11.js"),
        (["v1.0.3.js"], ["--minor"], "v1.1.0.js"),
        (["v1.9.0.js", "v1.10.2.js"], ["--minor"], "v1.11.0.js"),
    ],
)
def test_the_next_version_follows_the_newest(
    folder: Path, before: list[str], options: list[str], following: str
) -> None:
    folder.mkdir()
    for name in before:
        (folder / name).write_text(f"// {name}")
    assert release(*options).startswith(following)
    assert released_names(folder) == sorted([*before, following])


def released_names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.glob("v*.js"))


# ── releases of one’s own ───────────────────────────────────────────────────────────────────


@pytest.fixture
def own(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the operator’s own, beside ours with one release in it."""
    folder.mkdir()
    (folder / "v1.0.0.js").write_text("// ours")
    (tmp_path / "own").mkdir()
    monkeypatch.setenv("WIDGET_FOLDER", str(tmp_path / "own"))
    return tmp_path / "own" / "released"


def test_a_release_of_ones_own_leaves_our_folder_alone(own: Path, folder: Path) -> None:
    line = release()
    assert line.startswith("v1.0.1.js ")
    assert (own / "hashes.txt").read_text() == line
    assert released_names(folder) == ["v1.0.0.js"]
    assert frozen_versions() == ["v1.0.0.js", "v1.0.1.js"]


def test_what_was_pinned_from_ones_own_folder_stays_when_we_publish_that_name(
    own: Path, folder: Path
) -> None:
    release()
    (folder / "v1.0.1.js").write_text("// ours, later")
    assert frozen_script("v1.0.1.js") == widget_script()
    assert frozen_script("v1.0.0.js") == b"// ours"


def test_a_folder_that_cannot_be_written_to_is_named(own: Path) -> None:
    own.write_text("a file")
    result = CliRunner().invoke(main, ["release"])
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert result.stderr.startswith(f"{own}: cannot be written: ")
