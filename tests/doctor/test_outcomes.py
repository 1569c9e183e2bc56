"""What is seen of files, disks, the proxy, clocks and mail records, and what is wrong with it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from time import time
from types import SimpleNamespace
from typing import Any

import pytest
from peewee import Database

from tests.support.serving import KEY, serving
from tests.support.small_site import SITE
from widget_backend.app import create_app
from widget_backend.doctor.files import everybody_reads, privacy, room
from widget_backend.doctor.mail_records import look_up, mail_records
from widget_backend.doctor.own_address import clock, own_address
from widget_backend.errors import ToolMissing
from widget_backend.signing import Signer
from widget_backend.site.load import load_site


@pytest.fixture
def site_file(tmp_path: Path) -> Path:
    file = tmp_path / "SITE.toml"
    file.write_text(SITE, encoding="utf-8")
    return file


def test_a_file_that_everybody_can_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "keys"
    file.write_text(KEY)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == file.stat().st_uid and "pytest" in str(folder):
            folder.chmod(0o755)
    file.chmod(0o644)
    assert str(privacy("KEYS", file)) == (
        f"wrong    KEYS: everybody on this machine can read {file}. run chmod 600 {file}."
    )
    monkeypatch.setattr(os, "geteuid", lambda: 10001)
    assert str(privacy("KEYS", file)) == (
        f"unsure   KEYS: {file} belongs to another user, and everybody here can read it. except in "
        "a container, give it to the user of the server, with mode 600."
    )
    tmp_path.chmod(0o700)
    assert not everybody_reads(file), "its folder keeps them out"
    tmp_path.chmod(0o755)
    file.chmod(0o640)
    assert privacy("KEYS", file).state == "ok"


def test_a_disk_with_little_room_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = 250 * 1024**2
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    files = [tmp_path / "a", tmp_path / "no" / "b"]
    assert [each.state for each in room(files, 10 * 1024**2)] == ["ok"]
    (outcome,) = room(files, 100 * 1024**2)
    assert str(outcome).endswith("250 MB are free. make room: 300 MB are needed.")


# ── the proxy and the clock ─────────────────────────────────────────────────────────────────


def through(app: Any, change: Callable[[dict[str, Any]], None], caching: str = "") -> Any:
    """A proxy that changes what passes."""

    def proxy(environ: dict[str, Any], start: Any) -> Any:
        change(environ)

        def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            kept = [each for each in headers if not caching or each[0] != "Cache-Control"]
            more = [("Cache-Control", caching)] if caching else []
            return start(status, [*kept, *more], *rest)

        return app(environ, begin)

    return proxy


@pytest.mark.parametrize(
    ("header", "name"), [("HTTP_ORIGIN", "Origin"), ("HTTP_SEC_FETCH_SITE", "Sec-Fetch-Site")]
)
def test_a_proxy_that_drops_a_header_is_told(
    sqlite: Database, site_file: Path, header: str, name: str
) -> None:
    app = create_app([load_site(site_file)], sqlite, Signer([KEY]))
    with serving(through(app, lambda environ: environ.pop(header, None))) as port:
        outcomes = [*own_address(f"http://127.0.0.1:{port}", "shop", time())]
    (wrong,) = [each for each in outcomes if each.state == "wrong"]
    assert str(wrong).startswith(f"wrong    proxy: {name} does not arrive at the server")


def test_a_proxy_that_changes_what_may_be_kept_is_told(sqlite: Database, site_file: Path) -> None:
    app = create_app([load_site(site_file)], sqlite, Signer([KEY]))
    with serving(through(app, lambda _: None, "max-age=600")) as port:
        outcomes = [*own_address(f"http://127.0.0.1:{port}", "shop", time())]
    (wrong,) = [each.text for each in outcomes if each.state == "wrong"]
    assert "/s/shop may be changed on the way (“max-age=600”). have the proxy leave" in wrong


def test_another_site_than_that_is_served_and_nobody_at_all(
    sqlite: Database, site_file: Path
) -> None:
    app = create_app([load_site(site_file)], sqlite, Signer([KEY]))
    with serving(app) as port:
        (other,) = own_address(f"http://127.0.0.1:{port}", "inn", time())
    assert "answers with 404 where people sign up. see that the server runs" in other.text
    (nobody,) = own_address("http://127.0.0.1:1", "shop", time())
    assert "does not answer (connection refused). start the server" in nobody.text


CLOCKS = [
    (0.0, "ok", "and the one here agree"),
    (4.9, "ok", "agree"),
    (-61.0, "wrong", "is 61 seconds behind the one here. have both machines set their clocks"),
    (3600.0, "wrong", "is 3,600 seconds ahead of the one here"),
]


@pytest.mark.parametrize(("away", "state", "text"), CLOCKS)
def test_clocks_that_differ_are_told(away: float, state: str, text: str) -> None:
    outcome = clock("that of the database", away)
    assert outcome.state == state
    assert text in outcome.text


def test_the_clock_of_an_answer_is_its_date(sqlite: Database, site_file: Path) -> None:
    app = create_app([load_site(site_file)], sqlite, Signer([KEY]))
    with serving(app) as port:
        outcomes = [*own_address(f"http://127.0.0.1:{port}", "shop", time() - 100)]
    (outcome,) = [each for each in outcomes if each.what == "clock"]
    assert outcome.state == "wrong"
    assert "ahead of the one here" in outcome.text


# ── mail records ────────────────────────────────────────────────────────────────────────────

D, SELECTED = "mail.shop.example", "key._domainkey.mail.shop.example"
RECORDS: list[tuple[Mapping[str, list[str] | None], list[str]]] = [
    ({D: ["v=spf1 mx ~all"], SELECTED: ["p=MII"], f"_dmarc.{D}": ["v=DMARC1; p=none"]}, ["ok"] * 3),
    ({"_dmarc.shop.example": ["v=DMARC1;p=none"]}, ["wrong", "wrong", "ok"]),
    ({D: ["v=spf10 x"], SELECTED: ["v=DKIM1; p="], f"_dmarc.{D}": ["no"]}, ["wrong"] * 3),
    ({D: ["v=spf1 a -all", "v=spf1 mx -all"]}, ["wrong"] * 3),
    ({D: ["v=spf1 mx +all"], SELECTED: ["v=DKIM1; p=;"]}, ["wrong"] * 3),
    ({D: None, SELECTED: None, f"_dmarc.{D}": None}, ["unsure"] * 3),
]


POLICIES = [
    ("v=spf1 mx +all ~all", "wrong", "(+all)"),
    ("v=spf1 ALL -all", "wrong", "(+all)"),
    ("v=spf1 mx ?all", "wrong", "leaves open whether others may send for you (?all"),
    ("v=spf1 mx", "wrong", "or no “all”"),
    ("v=spf1 mx -all ?all", "ok", ""),
    ("v=spf1 include:all mx ~ALL exp=why.example", "ok", ""),
    ("v=spf1 redirect=_spf.example", "ok", ""),
    ("v=spf1 ?all redirect=_spf.example", "wrong", "(?all"),
]


@pytest.mark.parametrize(("policy", "state", "text"), POLICIES)
def test_the_first_all_of_a_policy_decides(policy: str, state: str, text: str) -> None:
    spf, _, _ = mail_records(D, "key", {D: [policy]}.get)
    assert (spf.state, text in spf.text) == (state, True), spf


KEYS = [
    ("v=DKIM1; p=; t=s", "wrong", "was revoked"),
    ("v=DKIM1; k=rsa; p = ; n=p=MII", "wrong", "was revoked"),
    ("v=DKIM1; t=s; sp=MII", "wrong", "there is no key"),
    ("v=DKIM1; p=MII b=; t=s", "ok", "there is a key"),
    ("v=DKIM1;\tp\t= MII", "ok", "there is a key"),
]


@pytest.mark.parametrize(("record", "state", "text"), KEYS)
def test_a_key_that_was_revoked_is_none(record: str, state: str, text: str) -> None:
    _, dkim, _ = mail_records(D, "key", {SELECTED: [record]}.get)
    assert (dkim.state, text in dkim.text) == (state, True), dkim


@pytest.mark.parametrize(("records", "states"), RECORDS)
def test_what_records_say(records: Mapping[str, list[str] | None], states: list[str]) -> None:
    outcomes = [*mail_records(D, "key", lambda name: records.get(name, []))]
    assert [each.state for each in outcomes] == states
    assert [each.what.split()[0] for each in outcomes] == ["SPF", "DKIM", "DMARC"]


def test_without_a_selector_nobody_knows_where_the_key_is() -> None:
    _, dkim, _ = mail_records(D, None, lambda _: [])
    assert dkim.state == "unsure"
    assert "name it with --selector" in dkim.text


def test_where_the_library_is_missing_the_cure_is_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "dns", None)
    monkeypatch.setitem(sys.modules, "dns.resolver", None)
    with pytest.raises(ToolMissing, match=r"preference-widget\[dns\]"):
        look_up("shop.example")
