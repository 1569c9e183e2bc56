"""The benches compare like with like: what the rows are said to be, they are."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from werkzeug.test import Client

from tests.bench import ours, peers, rivals
from tests.bench.child import PEERS
from tests.bench.load import Answers
from tests.bench.people import FIRST_REVISION, TOPICS, full_form
from tests.bench.server import BARE, BARE_AGAIN, Row, _steady
from tests.bench.stripped import Stripped


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


KIND = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("server", ["peer", "stripped"])
def test_the_saves_we_are_compared_with_do_the_work_of_ours(
    tmp_path: Path, handles: list[str], server: str
) -> None:
    (path,) = ours.paths(handles[:1], "preferences")
    app = Client(PEERS[server](tmp_path))
    path = path if server == "stripped" else f"/save/{handles[0]}"
    for revision, body in enumerate(full_form(2) * 2, start=FIRST_REVISION):
        sent = {"data": f"{body}&revision={revision}", "content_type": KIND}
        answer = app.post(path, **sent)
        assert answer.status_code == 303
        assert f"saved={revision + 1}&" in str(answer.location)
        assert app.post(path, **sent).status_code == 409, "the revision is of before"
    kept = [json.loads(each.changes) for each in peers.Record.select()]
    assert [len(changes) for changes in kept[1:]] == [2, 2, 2]
    assert [topic for topic, _, _ in kept[-1]] == [TOPICS[0].id, TOPICS[1].id]
    stored = {
        each.topic: each for each in peers.Preference.select().where(peers.Preference.id <= 8)
    }
    for topic, _, (on, channel, frequency) in kept[-1]:
        now = stored[topic]
        assert (now.on, now.channel, now.frequency) == (on, channel, frequency)


def test_the_stripped_page_is_ours(tmp_path: Path, handles: list[str]) -> None:
    stripped, mine = Client(Stripped(tmp_path)), ours.ours(tmp_path).test_client()
    for path in ours.paths(handles, "preferences"):
        bare, here = (
            stripped.get(path).get_data(as_text=True),
            mine.get(path).get_data(as_text=True),
        )
        theirs, topics = (
            re.findall(r'<li class="topic">.*?</li>', page, re.DOTALL) for page in (bare, here)
        )
        assert theirs == topics
        assert len(topics) == len(TOPICS)
        assert len(bare) == pytest.approx(len(here), rel=0.03)  # no headings of groups


def test_the_stripped_page_needs_a_link_of_ours(tmp_path: Path, handles: list[str]) -> None:
    (path,) = ours.paths(handles[:1], "preferences")
    with pytest.raises(AssertionError):
        Client(Stripped(tmp_path)).get(path[:-1] + ("A" if path[-1] != "A" else "B"))


def answer(rate: float) -> Answers:
    return Answers(int(rate), 0, 0, 0, 1.0, 1.0, 1.0)


def test_a_round_counts_only_while_the_bare_route_is_steady() -> None:
    warm, slow = answer(10), answer(80)
    before = Row(BARE, "bare", [], [], [warm, *map(answer, (100, 101, 99)), slow, answer(100)])
    after = Row(
        BARE_AGAIN, "bare", [], [], [warm, answer(100), answer(120), *map(answer, (99,) * 3)]
    )
    assert _steady({BARE: before, BARE_AGAIN: after}) == [1, 3, 5]


@pytest.mark.parametrize("changed", [2, len(TOPICS)])
def test_each_save_of_ours_changes_what_it_says(
    tmp_path: Path, handles: list[str], changed: int
) -> None:
    mine = ours.ours(tmp_path).test_client()
    (path,) = ours.paths(handles[:1], "preferences")
    for revision, body in enumerate(full_form(changed) * 2, start=FIRST_REVISION):
        answer = mine.post(path, data=f"{body}&revision={revision}", content_type=KIND)
        assert answer.status_code == 303
        assert f"saved={revision + 1}&" in answer.location
        if revision > FIRST_REVISION:
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
