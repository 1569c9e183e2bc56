"""The public half of the key and the newest checkpoint are for everybody to keep."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.sealing import KEY, NOW, OTHER_KEY, record_some, seal
from tests.support.worlds import World
from widget_backend.actions.evidence import make_checkpoint
from widget_backend.store.checkpoints import CheckpointFile, read_checkpoints

ADDRESS = "/s/kutia/evidence-key"


@pytest.fixture
def file(tmp_path: Path, each_world: World) -> Path:
    """The file of checkpoints of a server that signs some."""
    path = tmp_path / "checkpoints"
    signing = CheckpointFile(path, KEY.public)
    served = each_world.app.extensions
    served["preference-widget"] = replace(served["preference-widget"], checkpoints=signing)
    return path


def sign(world: World, file: Path, site: str = "kutia") -> None:
    with world.database.connection_context():
        record_some(world.database, 2, site)
        seal(world.database, site)
        make_checkpoint(world.database, site, file, KEY, NOW)


def test_anybody_gets_the_public_half_and_the_newest_checkpoint(
    each_world: World, file: Path
) -> None:
    sign(each_world, file)
    sign(each_world, file)
    sign(each_world, file, "dimora")
    answer = each_world.client().get(ADDRESS)
    assert answer.status_code == 200
    content = dict(answer.json or {})
    newest = read_checkpoints(file, "kutia", {KEY.public.id: KEY.public})[-1]
    assert newest.size == 4
    assert content.pop("checkpoint") == {**vars(newest), "proof": list(newest.proof)}
    assert content == {
        "site": "kutia",
        "algorithm": "Ed25519",
        "key": KEY.public.id,
        "public_key": KEY.public.text,
    }


@pytest.mark.parametrize("text", [None, "", "damaged\n", '{"site": "kutia"}\n'])
def test_without_a_checkpoint_there_is_only_the_key(
    each_world: World, file: Path, text: str | None
) -> None:
    if text is not None:
        file.write_text(text)
    answer = each_world.client().get(ADDRESS)
    assert answer.json is not None
    assert answer.json["public_key"] == KEY.public.text
    assert answer.json["checkpoint"] is None


def test_what_another_key_has_signed_is_not_passed_on(each_world: World, file: Path) -> None:
    sign(each_world, file)
    kept = file.read_text()
    with each_world.database.connection_context():
        make_checkpoint(each_world.database, "kutia", file.with_name("other"), OTHER_KEY, NOW)
    file.write_text(kept + file.with_name("other").read_text())
    answer = each_world.client().get(ADDRESS)
    assert answer.json is not None
    assert answer.json["checkpoint"]["key"] == KEY.public.id


def test_it_changes_nothing(each_world: World, file: Path) -> None:
    sign(each_world, file)
    before = each_world.dump(), file.read_bytes()
    each_world.client().get(ADDRESS)
    assert (each_world.dump(), file.read_bytes()) == before


def test_a_server_that_signs_none_has_no_such_address(each_world: World) -> None:
    assert each_world.client().get(ADDRESS).status_code == 404


def test_nor_has_a_site_that_is_not_served(each_world: World, file: Path) -> None:
    assert each_world.client().get("/s/none/evidence-key").status_code == 404
