"""`doctor --server`: a line for each thing that was looked at, with its cure if it is wrong."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from time import time
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from peewee import Database

from tests.support.inboxes import Inbox, listening
from tests.support.serving import KEY, serving
from tests.support.small_site import SITE
from widget_backend.app import create_app
from widget_backend.cli import doctor_server, main
from widget_backend.doctor.files import everybody_reads, privacy, room
from widget_backend.doctor.mail_records import look_up, mail_records
from widget_backend.doctor.own_address import clock, own_address
from widget_backend.errors import ToolMissing
from widget_backend.signing import Signer
from widget_backend.site.load import load_site

Serve = Callable[..., str]
Run = Callable[..., Result]


@pytest.fixture
def site_file(tmp_path: Path) -> Path:
    file = tmp_path / "SITE.toml"
    file.write_text(SITE, encoding="utf-8")
    return file


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with listening(Inbox()) as inbox:
        yield inbox


@pytest.fixture
def address(empty_database: Database, tables: None, site_file: Path) -> Iterator[str]:
    """Where the shop is served."""
    app = create_app([load_site(site_file)], empty_database, Signer([KEY]))
    with serving(app) as port:
        site_file.write_text(SITE.replace("https://prefs.example", f"http://127.0.0.1:{port}"))
        yield f"http://127.0.0.1:{port}"


DNS = {
    "shop.example": ["v=spf1 mx -all", "something else"],
    "_dmarc.shop.example": ["v=DMARC1; p=quarantine"],
    "key._domainkey.shop.example": ["v=DKIM1; k=rsa; p=MIIB"],
}


@pytest.fixture
def run(
    address: str,
    site_file: Path,
    database_url: str,
    inbox: Inbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    monkeypatch.setattr(doctor_server, "look_up", lambda name: DNS.get(name, []))
    keys = tmp_path / "keys"
    keys.write_text(KEY)
    keys.chmod(0o600)
    settings = {
        "WIDGET_SITES": str(site_file),
        "WIDGET_DATABASE_URL": database_url,
        "WIDGET_SIGNING_KEYS_FILE": str(keys),
        "WIDGET_SMTP_URL": f"smtp://127.0.0.1:{inbox.port}",
        "WIDGET_PORT": address.rpartition(":")[2],
        "WIDGET_SUPPRESSIONS": str(tmp_path / "suppressions"),
    }

    def run(*options: str, **changed: str) -> Result:
        return CliRunner().invoke(
            main, ["doctor", "--server", *options], env={**settings, **changed}
        )

    return run


def test_a_server_that_is_well_has_nothing_wrong(run: Run, address: str) -> None:
    result = run("--selector", "key")
    assert result.exit_code == 0, result.output
    assert {line.split()[0] for line in result.stdout.splitlines()} == {"ok"}
    for seen in (
        "settings: all are there, for shop",
        "WIDGET_SIGNING_KEYS_FILE: not everybody",
        "WIDGET_SUPPRESSIONS: ",
        "disk of ",
        "database: it answers",
        f"{address}/s/shop: answers",
        "clock: that of ",
        "proxy: Origin arrives",
        "proxy: Sec-Fetch-Site arrives",
        "mail server: 127.0.0.1:",
        "SPF of shop.example: v=spf1 mx -all",
        "DKIM of shop.example: there is a key",
        "DMARC of shop.example: v=DMARC1",
    ):
        assert f"ok       {seen}" in result.stdout


def test_no_letter_is_sent_unless_somebody_is_named(run: Run, inbox: Inbox) -> None:
    run()
    assert inbox.recipients == []
    result = run("--letter-to", "me@example.com")
    assert "ok       letter of shop: the mail server took it" in result.stdout
    assert inbox.recipients == ["me@example.com"]
    (letter,) = inbox.messages
    assert (letter["From"], letter["To"]) == ("Shop <hello@shop.example>", "me@example.com")
    assert "dmarc should say" in letter.get_content()


def test_everything_that_is_wrong_is_told_together(
    run: Run, tmp_path: Path, site_file: Path
) -> None:
    site_file.write_text("nonsense")
    result = run(
        WIDGET_THREADS="0",
        WIDGET_DATABASE_URL=f"sqlite:///{tmp_path}/no.db",
        WIDGET_SMTP_URL="smtp://127.0.0.1:1",
        WIDGET_SUPPRESSIONS=str(tmp_path / "away" / "file"),
    )
    assert result.exit_code == 1
    wrong = [line for line in result.stdout.splitlines() if line.startswith("wrong    ")]
    for seen in ("WIDGET_THREADS: “0”", f"{site_file}: ", "WIDGET_DATABASE_URL: there is no file"):
        assert any(line.startswith(f"wrong    {seen}") for line in wrong), result.stdout
    assert "mail server: 127.0.0.1:1: connection refused. see that it runs" in result.stdout
    assert f"WIDGET_SUPPRESSIONS: {tmp_path}/away cannot be written. " in result.stdout


def test_without_a_file_of_suppressions_it_is_unsure(run: Run) -> None:
    result = run(WIDGET_SUPPRESSIONS="")
    assert result.exit_code == 0
    assert "unsure   WIDGET_SUPPRESSIONS: is not set, so a backup would bring back" in result.stdout


def test_an_address_that_does_not_fit_is_wrong_where_only_a_proxy_can_lead_to_it(
    run: Run, site_file: Path
) -> None:
    assert "unsure   settings: “url” of shop is http://127" in run(WIDGET_PORT="1").stdout
    site_file.write_text(SITE.replace("https://prefs.example", "https://127.0.0.1:1"))
    assert "wrong    settings: “url” of shop is https://127.0.0.1:1, so a proxy" in run().stdout


def test_without_the_library_dns_is_not_asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking(_name: str) -> None:
        raise ToolMissing("dnspython is missing", "install it")

    monkeypatch.setattr(doctor_server, "look_up", lacking)
    result = run()
    assert result.exit_code == 0
    assert "unsure   SPF, DKIM, DMARC: dnspython is missing. install it." in result.stdout


CALLS = [
    ([], "name either the URL of a page, or --server"),
    (["--server", "https://shop.example"], "name either the URL of a page, or --server"),
    (["https://shop.example", "--selector", "a"], "are for --server"),
    (["--server", "--letter-to", "me"], "is no address"),
]


@pytest.mark.parametrize(("words", "reason"), CALLS)
def test_a_call_that_means_nothing_is_refused(words: list[str], reason: str) -> None:
    result = CliRunner().invoke(main, ["doctor", *words])
    assert result.exit_code == 2
    assert reason in result.output


# ── files ───────────────────────────────────────────────────────────────────────────────────


def test_a_file_that_everybody_can_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(KEY)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == file.stat().st_uid and "pytest" in str(folder):
            folder.chmod(0o755)
    file.chmod(0o644)
    assert str(privacy("KEYS", file)) == (
        f"wrong    KEYS: everybody on this machine can read {file}. run chmod 600 {file}."
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
