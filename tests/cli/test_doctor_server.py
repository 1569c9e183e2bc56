"""`doctor --server`: a line for each thing that was looked at, with its cure if it is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from peewee import Database

from tests.support.inboxes import Inbox, listening
from tests.support.people import HASHES, choose, how, person_of
from tests.support.serving import KEY, serving
from tests.support.small_site import SITE
from widget_backend.app import create_app
from widget_backend.cli import doctor_server, main
from widget_backend.errors import ToolMissing
from widget_backend.signing import Signer
from widget_backend.site.load import load_site
from widget_backend.store.erasure import erase
from widget_backend.store.suppression_file import SuppressionFile

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


def test_a_folder_of_sites_is_looked_at_like_its_files(run: Run, tmp_path: Path) -> None:
    result = run(WIDGET_SITES=str(tmp_path))
    assert "ok       settings: all are there, for shop" in result.stdout
    assert "/s/shop: answers" in result.stdout


def test_a_folder_without_sites_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run(WIDGET_SITES=str(tmp_path / "empty"))
    assert "wrong    WIDGET_SITES: neither " in result.stdout
    assert "settings: all are there" not in result.stdout


def test_no_letter_is_sent_unless_somebody_is_named(run: Run, inbox: Inbox) -> None:
    run()
    assert inbox.recipients == []
    result = run("--letter-to", "me@example.com")
    assert "ok       letter of shop: the mail server took it" in result.stdout
    assert inbox.recipients == ["me@example.com"]
    (letter,) = inbox.messages
    assert (letter["From"], letter["To"]) == ("Shop <hello@shop.example>", "me@example.com")
    assert "dmarc should say" in letter.get_content()


def test_a_server_that_sends_no_mail_needs_no_mail_server(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "wrong    WIDGET_SMTP_URL: is not set" in run(WIDGET_SMTP_URL="").stdout
    monkeypatch.setattr(doctor_server, "look_up", lambda _name: pytest.fail("DNS was asked"))
    for address in ("", "smtp://127.0.0.1:1"):
        result = run("--no-mail", WIDGET_SMTP_URL=address)
        assert result.exit_code == 0, result.stdout
        assert {line.split()[0] for line in result.stdout.splitlines()} == {"ok"}
        assert "ok       settings: all are there, for shop" in result.stdout
        assert (
            "ok       mail: none is sent, so neither the mail server nor its records in DNS were "
            "looked at. letters wait until serve runs without --no-mail.\n"
        ) in result.stdout


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


@pytest.mark.parametrize("name", ["WIDGET_SUPPRESSIONS", "WIDGET_CHECKPOINTS"])
def test_a_folder_is_no_file_that_can_be_written(run: Run, tmp_path: Path, name: str) -> None:
    result = run(**{name: str(tmp_path)})
    assert result.exit_code == 1
    (line,) = (each for each in result.stdout.splitlines() if name in each)
    assert line == f"wrong    {name}: {tmp_path} is a folder. name a file in it."


def test_a_setting_that_stands_in_a_file_too_is_told(run: Run, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    result = run(WIDGET_SIGNING_KEYS=KEY)
    assert result.exit_code == 0
    assert (
        f"unsure   WIDGET_SIGNING_KEYS: WIDGET_SIGNING_KEYS_FILE is set as well ({keys}), and that "
        "file is not read. leave one of them out.\n"
    ) in result.stdout
    assert "as well" not in run().stdout


def test_without_a_file_of_suppressions_it_is_unsure(run: Run) -> None:
    result = run(WIDGET_SUPPRESSIONS="")
    assert result.exit_code == 0
    assert "unsure   WIDGET_SUPPRESSIONS: is not set, so a backup would bring back" in result.stdout


def test_a_line_that_waits_for_the_owner_is_wrong(run: Run, site_file: Path) -> None:
    site_file.write_text(f"# TODO: all of it\n{site_file.read_text('utf-8')}", encoding="utf-8")
    result = run()
    assert result.exit_code == 1
    assert f"wrong    {site_file}: line 1: the word TODO stands there" in result.stdout


def test_what_a_killed_restore_has_left_is_wrong(run: Run, tmp_path: Path) -> None:
    database = tmp_path / "widget.db"
    database.with_name("widget.db.restoring").write_bytes(b"")
    result = run(WIDGET_DATABASE_URL=f"sqlite:///{database}")
    assert f"wrong    {database}.restoring: a restore that was ended has left it" in result.stdout


def test_a_file_of_suppressions_that_was_cut_is_wrong(
    run: Run, empty_database: Database, tmp_path: Path
) -> None:
    kept = SuppressionFile(tmp_path / "suppressions")
    with empty_database.connection_context():
        people = [person_of(empty_database, "shop", f"{each}@example.com") for each in "ab"]
        kept.add([erase(empty_database, each, how("shop"), HASHES) for each in people])
    assert "ok       WIDGET_SUPPRESSIONS: everybody who was deleted is in it." in run().stdout
    kept.path.write_text(kept.path.read_text().partition("\n")[0] + "\n")
    result = run()
    assert result.exit_code == 1
    line = f"wrong    WIDGET_SUPPRESSIONS: deletions of people are not in {kept.path}: 1. let"
    assert line in result.stdout
    kept.path.write_text("nonsense\n")
    assert f"wrong    {kept.path}: line 1 is not whole. " in run().stdout


def test_people_of_a_site_without_a_file_are_told(
    run: Run, empty_database: Database, tmp_path: Path
) -> None:
    line = "unsure   sites: people of “inn” are in the database, and no site file here has that id."
    with empty_database.connection_context():
        for site in ("inn", "shop"):
            person_of(empty_database, site)
    result = run()
    assert result.exit_code == 0
    assert line in result.stdout
    assert "people of “shop”" not in result.stdout
    broken = tmp_path / "inn" / "SITE.toml"
    broken.parent.mkdir()
    broken.write_text("nonsense")
    sites = os.pathsep.join([str(tmp_path / "SITE.toml"), str(broken)])
    assert line not in run(WIDGET_SITES=sites).stdout, "whose file has a mistake is not gone"


def test_a_topic_that_people_have_and_no_file_declares_is_told(
    run: Run, site_file: Path, empty_database: Database
) -> None:
    with empty_database.connection_context():
        choose(empty_database, person_of(empty_database, "shop"), "ofers", "news")
    result = run()
    assert result.exit_code == 0
    assert result.stdout.count("is no longer declared") == 1
    assert (
        f"unsure   {site_file}: topics.ofers: is no longer declared, and 1 person has it. Their "
        "choice stays in the ledger. declare it again to show it and let them change it.\n"
    ) in result.stdout


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
    (["https://shop.example", "--no-mail"], "are for --server"),
    (["--server", "--no-mail", "--letter-to", "me@example.com"], "leave out --no-mail"),
    (["--server", "--no-mail", "--selector", "a"], "leave out --no-mail"),
    (["--server", "--letter-to", "me"], "is no address"),
]


@pytest.mark.parametrize(("words", "reason"), CALLS)
def test_a_call_that_means_nothing_is_refused(words: list[str], reason: str) -> None:
    result = CliRunner().invoke(main, ["doctor", *words])
    assert result.exit_code == 2
    assert reason in result.output
