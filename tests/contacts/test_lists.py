"""Operational lists of an old system: each is a topic here, and leaving one leaves only that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from peewee import Database

from widget_backend.store.contacts import Contact, find_contacts
from widget_backend.store.models import ConsentValue

ARTA, BLERIM = "arta@example.com", "blerim@example.com"
OFFERS = {"on": True, "channel": "email", "frequency": "weekly"}
UPLOAD = "2024-03 upload v2 FINAL"

Export = Callable[..., Path]
Run = Callable[..., Result]


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    file = tmp_path / "map.toml"
    file.write_text(f'[lists]\n"{UPLOAD}" = "offers"\n')
    return file


def contact(database: Database, email: str) -> Contact:
    return find_contacts(database, "shop", [email])[email]


def test_who_was_on_a_list_gets_its_topic(
    run: Run, database: Database, site_file: Path, export_of: Export, lists: Path
) -> None:
    file = export_of("subscribed", ARTA)
    result = run("import", site_file, file, "--map", lists, "--list", UPLOAD)
    assert "1 new, 0 changed, 0 unchanged, 0 rejected.\n" in result.output
    assert contact(database, ARTA).profile.state == {"topic:offers": OFFERS}
    (evidence,) = (each.evidence for each in ConsentValue.select().execute(database))
    assert evidence["list"] == UPLOAD


def test_who_left_a_list_leaves_its_topic_and_nothing_else(
    run: Run, database: Database, site_file: Path, export_of: Export, lists: Path
) -> None:
    run("import", site_file, export_of("subscribed", ARTA), "--topic", "offers", "--topic", "news")
    left = export_of("unsubscribed", ARTA, BLERIM)
    said = ("--map", lists, "--list", UPLOAD)
    assert "1 new, 1 changed" in run("import", site_file, left, *said).output
    state = contact(database, ARTA).profile.state
    assert not state["topic:offers"]["on"]
    assert state["topic:news"]["on"]
    assert "overall" not in state
    assert not contact(database, BLERIM).profile.state["topic:offers"]["on"]
    assert "0 new, 0 changed, 2 unchanged" in run("import", site_file, left, *said).output


def test_who_came_back_here_since_is_not_turned_off_by_an_old_file(
    run: Run, database: Database, site_file: Path, export_of: Export, lists: Path
) -> None:
    run("import", site_file, export_of("subscribed", ARTA), "--topic", "offers")
    long_ago = {"Email Address": ARTA, "UNSUB_TIME": "2020-01-01 00:00:00"}
    left = export_of("unsubscribed", long_ago)
    assert "1 unchanged" in run("import", site_file, left, "--map", lists, "--list", UPLOAD).output
    assert contact(database, ARTA).profile.state["topic:offers"]["on"]


def test_a_map_may_begin_with_a_byte_order_mark(
    run: Run, database: Database, site_file: Path, export_of: Export, lists: Path
) -> None:
    lists.write_text(lists.read_text(), encoding="utf-8-sig")
    file = export_of("subscribed", ARTA)
    assert run("import", site_file, file, "--map", lists, "--list", UPLOAD).exit_code == 0


def test_rejects_replace_nothing_but_rejects(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    before = site_file.read_bytes()
    result = run("import", site_file, export_of("subscribed", "bad"), "--rejects", site_file)
    assert result.exit_code == 1
    assert "holds something else than rejects. name another --rejects." in result.stderr
    assert site_file.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--list", UPLOAD), f"--list {UPLOAD}: no such list under [lists]"),
        (("--list", "other"), "--list other: no such list under [lists]"),
    ],
)
def test_a_list_that_nobody_mapped_is_refused(
    run: Run, site_file: Path, export_of: Export, lists: Path, arguments: tuple[str, ...], said: str
) -> None:
    file = export_of("subscribed", ARTA)
    mapped = ("--map", lists) if arguments[1] == "other" else ()
    result = run("import", site_file, file, *mapped, *arguments)
    assert result.exit_code == 1
    assert said in result.stderr
