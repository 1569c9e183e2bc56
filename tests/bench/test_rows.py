"""The benches compare like with like: what the rows are said to be, they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.bench import ours, peers, rivals
from tests.bench.people import TOPICS, full_form


@pytest.fixture
def handles(tmp_path: Path) -> list[str]:
    made = ours.fill(tmp_path, 3)
    peers.fill(tmp_path / "peer.db", made)
    return made


def test_the_peers_page_is_as_long_as_ours(tmp_path: Path, handles: list[str]) -> None:
    peer = peers.peer(tmp_path).test_client()
    mine = ours.ours(tmp_path).test_client()
    for handle, path in zip(handles, ours.paths(handles, "preferences"), strict=True):
        theirs, here = peer.get(f"/p/{handle}").data, mine.get(path).data
        assert len(theirs) == pytest.approx(len(here), rel=0.05)
        for part in (b"<select", b"<option", b" checked", b" selected", b"<button"):
            assert theirs.count(part) == here.count(part)


def test_the_peers_write_changes_its_row(tmp_path: Path, handles: list[str]) -> None:
    peer = peers.peer(tmp_path).test_client()
    answer = peer.post(f"/p/{handles[0]}", data={"frequency": "monthly"})
    assert answer.status_code == 303
    frequencies = [each.frequency for each in peers.Profile.select().order_by(peers.Profile.id)]
    assert frequencies == ["monthly", "weekly", "weekly"]


@pytest.mark.parametrize("changed", [2, len(TOPICS)])
def test_each_save_of_ours_changes_what_it_says(
    tmp_path: Path, handles: list[str], changed: int
) -> None:
    mine = ours.ours(tmp_path).test_client()
    (path,) = ours.paths(handles[:1], "preferences")
    kind = "application/x-www-form-urlencoded"
    for revision, body in enumerate(full_form(changed) * 2, start=ours.FIRST_REVISION):
        answer = mine.post(path, data=f"{body}&revision={revision}", content_type=kind)
        assert answer.status_code == 303
        assert f"saved={revision + 1}&" in answer.location
        if revision > ours.FIRST_REVISION:
            assert len(ours.changes_of_last_save(tmp_path)) == changed
    assert ours.ledger_rows(tmp_path) == len(handles) + 4


@pytest.mark.parametrize("rival", rivals.RIVALS, ids=lambda rival: rival.page)
def test_a_rivals_page_asks_for_files_of_its_pinned_packages(rival: rivals.Rival) -> None:
    page = (rivals.PAGES / rival.page).read_text()
    names, versions = zip(*(each.rsplit("@", 1) for each in rival.packages), strict=True)
    assert set(versions) == {rival.name.split()[-1]}
    assert re.fullmatch(r"\d+\.\d+\.\d+", versions[0])
    asked = re.findall(r"{files}/([^'\"]+)", page)
    assert set(asked) <= {f"{name}/{file}" for name in names for file in rival.files}
    assert {name for name in names if not any(each.startswith(name) for each in asked)} == set()
