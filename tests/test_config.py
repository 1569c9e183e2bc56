"""Settings: all documented, checked before anything starts, secrets from files."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

import widget_backend
from tests.support.people import person_of
from tests.support.small_site import SITE
from widget_backend.cli import main, serve
from widget_backend.cli.misfits import misfits
from widget_backend.config import (
    SETTINGS,
    Settings,
    SettingsInvalid,
    read_setting,
    read_settings,
)
from widget_backend.demo.run import DIMORA
from widget_backend.site.load import load_site
from widget_backend.store.database import open_database
from widget_backend.store.suppression_file import SuppressionFile

KEY, OTHER = "k" * 32, "o" * 40
GOOD = {
    "WIDGET_SITES": str(DIMORA / "SITE.toml"),
    "WIDGET_DATABASE_URL": "sqlite:////var/lib/widget.db",
    "WIDGET_SIGNING_KEYS": KEY,
    "WIDGET_SMTP_URL": "smtp://localhost:25",
}
MAILING = """
[evidence]
contact = "privacy@shop.example"
storage_duration = "Three years"
storage_location = "Frankfurt"
recipients = []
checkpoints_to = ["auditor@audit.example"]
"""
README = Path(widget_backend.__file__).parent / "README.md"
ROW = re.compile(r"^\| `(WIDGET_\w+)` \| ([^|]*) \|", re.MULTILINE)


# ── what is documented ──────────────────────────────────────────────────────────────────────


def test_every_setting_stands_in_the_readme_with_its_default() -> None:
    documented = {name: said.strip().strip("`") for name, said in ROW.findall(README.read_text())}
    known = {each.name: _default(each.default) for each in SETTINGS}
    assert documented == known


def _default(value: str | None) -> str:
    return "none, must be set" if value is None else value or "empty"


def test_every_setting_has_help_and_an_effect() -> None:
    assert all(each.help for each in SETTINGS)
    used = {f"WIDGET_{field.name.upper()}" for field in fields(Settings)}
    assert used == {each.name for each in SETTINGS}


def test_nothing_else_is_read_from_the_environment() -> None:
    """No setting hides outside of the table; make's own two are the demo's ports."""
    package = Path(widget_backend.__file__).parent
    sources = "".join(file.read_text() for file in package.rglob("*.py"))
    assert set(re.findall(r"WIDGET_[A-Z_]+[A-Z]", sources)) <= {
        *(each.name for each in SETTINGS),
        "WIDGET_SIGNING_KEYS_FILE",
    }
    assert set(re.findall(r"envvar=\"(\w+)\"", sources)) == {"PORT", "SHOP_PORT"}


# ── what is read ────────────────────────────────────────────────────────────────────────────


def test_the_shortest_setting_takes_the_defaults() -> None:
    found = read_settings(GOOD)
    assert found == Settings(
        (DIMORA / "SITE.toml",),
        GOOD["WIDGET_DATABASE_URL"],
        (KEY,),
        GOOD["WIDGET_SMTP_URL"],
        (),
        "127.0.0.1",
        8000,
        4,
        "",
        "",
        None,
    )


def test_an_empty_setting_is_none() -> None:
    assert read_settings({**GOOD, "WIDGET_PORT": ""}).port == 8000
    with pytest.raises(SettingsInvalid):
        read_settings({**GOOD, "WIDGET_DATABASE_URL": ""})


def test_several_sites_and_keys_in_their_order() -> None:
    sites = os.pathsep.join(["a/SITE.toml", "b/SITE.toml"])
    found = read_settings({**GOOD, "WIDGET_SITES": sites, "WIDGET_SIGNING_KEYS": f"{OTHER}, {KEY}"})
    assert found.sites == (Path("a/SITE.toml"), Path("b/SITE.toml"))
    assert found.signing_keys == (OTHER, KEY)


@pytest.mark.parametrize("text", [f"{OTHER}\n{KEY}\n", f"{OTHER},{KEY}", f"\n {OTHER} \r\n {KEY}"])
def test_a_secret_can_come_from_a_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys"
    file.write_text(text)
    without = {name: value for name, value in GOOD.items() if name != "WIDGET_SIGNING_KEYS"}
    found = read_settings({**without, "WIDGET_SIGNING_KEYS_FILE": str(file)})
    assert found.signing_keys == (OTHER, KEY)


@pytest.mark.parametrize("name", [each.name for each in SETTINGS])
def test_every_setting_can_come_from_a_file(tmp_path: Path, name: str) -> None:
    others = {"WIDGET_HOST": "::1", "WIDGET_PORT": "80", "WIDGET_THREADS": "2"}
    others["WIDGET_TRUSTED_PROXY"] = "::1"
    others |= {"WIDGET_EVIDENCE_KEY": "0" * 64, "WIDGET_CHECKPOINTS": "/var/checkpoints"}
    others["WIDGET_LOG_FORMAT"] = "json"
    others["WIDGET_METRICS_KEY"] = OTHER
    others["WIDGET_SOCKET"] = "/run/preference-widget/widget.sock"
    others["WIDGET_PID_FILE"] = "/run/widget/pid"
    others["WIDGET_SUPPRESSIONS"] = "/mnt/suppressions"
    others["WIDGET_FOLDER"] = str(tmp_path)
    others["WIDGET_SECURITY_CONTACT"] = "mailto:security@shop.example"
    value = {**GOOD, **others, "WIDGET_RETIRED_KEYS": OTHER}[name]
    (tmp_path / "it").write_text(f"{value}\n")
    assert read_setting(name, {f"{name}_FILE": str(tmp_path / "it")}) == value


def test_a_proxy_is_known_by_the_spelling_of_sockets() -> None:
    found = read_settings({**GOOD, "WIDGET_TRUSTED_PROXY": "2001:DB8:0::1"})
    assert found.trusted_proxy == "2001:db8::1"


# ── what stops the start ────────────────────────────────────────────────────────────────────

BAD = {
    "no sites": ({"WIDGET_SITES": ""}, "WIDGET_SITES"),
    "no database": ({"WIDGET_DATABASE_URL": ""}, "WIDGET_DATABASE_URL"),
    "no key": ({"WIDGET_SIGNING_KEYS": ""}, "WIDGET_SIGNING_KEYS"),
    "a key of commas": ({"WIDGET_SIGNING_KEYS": " , ,"}, "holds no key"),
    "a short key": ({"WIDGET_SIGNING_KEYS": f"{KEY},{'k' * 31}"}, "shorter than 32"),
    "a short retired key": ({"WIDGET_RETIRED_KEYS": "k" * 31}, "WIDGET_RETIRED_KEYS"),
    "no mail server": ({"WIDGET_SMTP_URL": ""}, "WIDGET_SMTP_URL"),
    "a mail server that is none": ({"WIDGET_SMTP_URL": "mail.example"}, "WIDGET_SMTP_URL"),
    "a mail server by web": ({"WIDGET_SMTP_URL": "https://mail.example"}, "WIDGET_SMTP_URL"),
    "a mail server with a path": ({"WIDGET_SMTP_URL": "smtp://h/inbox"}, "WIDGET_SMTP_URL"),
    "a mail server's port": ({"WIDGET_SMTP_URL": "smtp://h:none"}, "WIDGET_SMTP_URL"),
    "a port that is none": ({"WIDGET_PORT": "http"}, "WIDGET_PORT: “http” is no number"),
    "a port too high": ({"WIDGET_PORT": "65536"}, "WIDGET_PORT"),
    "a port of no digits": ({"WIDGET_PORT": "٨٠"}, "WIDGET_PORT"),
    "a very long port": ({"WIDGET_PORT": "8" * 50}, "WIDGET_PORT"),
    "no threads": ({"WIDGET_THREADS": "0"}, "WIDGET_THREADS"),
    "negative threads": ({"WIDGET_THREADS": "-1"}, "WIDGET_THREADS"),
    "any proxy": ({"WIDGET_TRUSTED_PROXY": "*"}, "WIDGET_TRUSTED_PROXY: “*” is no IP address"),
    "a proxy's name": ({"WIDGET_TRUSTED_PROXY": "proxy.local"}, "WIDGET_TRUSTED_PROXY"),
    "two proxies": ({"WIDGET_TRUSTED_PROXY": "127.0.0.1, ::1"}, "name the one address"),
    "a network of proxies": ({"WIDGET_TRUSTED_PROXY": "10.0.0.0/8"}, "WIDGET_TRUSTED_PROXY"),
    "another database": ({"WIDGET_DATABASE_URL": "mysql://x@y/z"}, "WIDGET_DATABASE_URL"),
    "a database that is no address": ({"WIDGET_DATABASE_URL": "widget.db"}, "WIDGET_DATABASE_URL"),
    "a database nobody serves": (
        {"WIDGET_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
        "WIDGET_DATABASE_URL",
    ),
    "a database in memory": ({"WIDGET_DATABASE_URL": "sqlite:///:memory:"}, "names no file"),
    "a database of nothing": ({"WIDGET_DATABASE_URL": "sqlite://"}, "names no file"),
    "a database where none can be": (
        {"WIDGET_DATABASE_URL": "sqlite:////proc/none/widget.db"},
        "WIDGET_DATABASE_URL",
    ),
    "a site that is not there": ({"WIDGET_SITES": "/none/SITE.toml"}, "/none/SITE.toml"),
    "a folder without a site": ({"WIDGET_SITES": "/etc"}, "WIDGET_SITES: neither /etc nor"),
    "a file that is not there": (
        {"WIDGET_SIGNING_KEYS": "", "WIDGET_SIGNING_KEYS_FILE": "/none/keys"},
        "WIDGET_SIGNING_KEYS_FILE",
    ),
    "a file that is no text": (
        {"WIDGET_SIGNING_KEYS": "", "WIDGET_SIGNING_KEYS_FILE": "{binary}"},
        "WIDGET_SIGNING_KEYS_FILE",
    ),
    "an empty file": (
        {"WIDGET_SIGNING_KEYS": "", "WIDGET_SIGNING_KEYS_FILE": os.devnull},
        "WIDGET_SIGNING_KEYS",
    ),
    "a short key of metrics": ({"WIDGET_METRICS_KEY": "secret"}, "shorter than 32"),
    "two keys of metrics": ({"WIDGET_METRICS_KEY": f"{KEY},{OTHER}"}, "more than one key"),
    "a key of metrics beyond ASCII": (
        {"WIDGET_METRICS_KEY": f"çelësi-{KEY}"},
        "WIDGET_METRICS_KEY: has characters that no header can carry. make one with",
    ),
    "a key of metrics with a control character": (
        {"WIDGET_METRICS_KEY": f"{KEY}\x7f{KEY}"},
        "no header",
    ),
    "a log of another form": ({"WIDGET_LOG_FORMAT": "xml"}, "“xml” is no format of a log"),
    "a socket where something else is": ({"WIDGET_SOCKET": "{binary}"}, "and no socket"),
    "a socket in no folder": ({"WIDGET_SOCKET": "/none/widget.sock"}, "make its folder first"),
    "a socket of a long name": ({"WIDGET_SOCKET": f"/tmp/{'w' * 120}"}, "name a shorter one"),
    "an address that is not ours": ({"WIDGET_HOST": "192.0.2.1"}, "cannot listen on 192.0.2.1"),
    "a host that is none": ({"WIDGET_HOST": "no such host"}, "cannot listen on no such host"),
    "a key of evidence that is none": ({"WIDGET_EVIDENCE_KEY": "secret"}, "64 hexadecimal digits"),
    "a key of evidence for no file": ({"WIDGET_EVIDENCE_KEY": "0" * 64}, "WIDGET_CHECKPOINTS"),
    "checkpoints without a key": ({"WIDGET_CHECKPOINTS": "/c"}, "WIDGET_EVIDENCE_KEY: is not set"),
    "letters that nobody signs": (
        {"WIDGET_SITES": "{mailing}"},
        "WIDGET_EVIDENCE_KEY: is not set, but “shop” has its checkpoints mailed",
    ),
    "an address without its scheme": (
        {"WIDGET_SECURITY_CONTACT": "security@shop.example"},
        "WIDGET_SECURITY_CONTACT: “security@shop.example” is no contact. write mailto:",
    ),
    "a contact without TLS": ({"WIDGET_SECURITY_CONTACT": "http://shop.example"}, "no contact"),
    "a contact of two lines": ({"WIDGET_SECURITY_CONTACT": "tel:+355\n1"}, "no contact"),
    "a number without its country": ({"WIDGET_SECURITY_CONTACT": "tel:069"}, "no contact"),
    "one contact of two": (
        {"WIDGET_SECURITY_CONTACT": "https://shop.example, mailto:security"},
        "“mailto:security” is no contact",
    ),
    "the same site twice": (
        {"WIDGET_SITES": os.pathsep.join([GOOD["WIDGET_SITES"]] * 2)},
        "WIDGET_SITES",
    ),
}


@pytest.fixture(autouse=True)
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A start that should have been stopped ends at once instead of serving for ever."""
    for kind in ("BaseWSGIServer", "MultiSocketServer"):
        monkeypatch.setattr(f"waitress.server.{kind}.run", lambda server: server.close())


@pytest.mark.parametrize("name", BAD)
def test_a_bad_setting_stops_the_start_with_one_line(name: str, tmp_path: Path) -> None:
    """One line that names the variable or file and the cure; nothing is served."""
    changes, said = BAD[name]
    result = start(tmp_path, changes)
    assert result.exit_code == 1
    assert result.stdout == ""
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr or result.exception
    assert said in lines[0]
    assert lines[0].endswith(".")


def start(folder: Path, changes: dict[str, str], *options: str) -> Result:
    (folder / "binary").write_bytes(b"\xff\xfe" * 40)
    (folder / "SITE.toml").write_text(f"{SITE}{MAILING}", encoding="utf-8")
    database = {"WIDGET_DATABASE_URL": f"sqlite:///{folder}/widget.db"}
    environment = {**GOOD, **database, **changes}
    files = {"{binary}": folder / "binary", "{mailing}": folder / "SITE.toml"}
    filled = {key: str(files.get(said, said)) for key, said in environment.items()}
    return CliRunner().invoke(main, ["serve", *options], env=filled)


def test_all_that_is_missing_or_wrong_is_told_at_once(tmp_path: Path) -> None:
    missing = dict.fromkeys(GOOD, "")
    result = start(tmp_path, {**missing, "WIDGET_PORT": "http", "WIDGET_TRUSTED_PROXY": "*"})
    names = [line.partition(":")[0] for line in result.stderr.splitlines()]
    assert names == [*GOOD, "WIDGET_PORT", "WIDGET_TRUSTED_PROXY"]


def test_so_is_what_is_wrong_with_the_files_that_they_name(tmp_path: Path) -> None:
    sites = os.pathsep.join(["/none/SITE.toml", "/nowhere/SITE.toml"])
    result = start(tmp_path, {"WIDGET_SITES": sites, "WIDGET_EVIDENCE_KEY": "secret"})
    lines = result.stderr.splitlines()
    starts = ("/none/SITE.toml", "/nowhere/SITE.toml", "WIDGET_EVIDENCE_KEY")
    assert all(line.startswith(named) for line, named in zip(lines, starts, strict=True))


def test_so_are_the_address_of_the_database_and_the_libraries_that_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With everything else, and before a database is made."""
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.ed25519", None)
    changes = {
        "WIDGET_PORT": "http",
        "WIDGET_METRICS_KEY": KEY,
        "WIDGET_EVIDENCE_KEY": "0" * 64,
        "WIDGET_CHECKPOINTS": str(tmp_path / "checkpoints"),
    }
    unserved = start(tmp_path, {**changes, "WIDGET_DATABASE_URL": "postgresql://u@h/n"})
    lines = unserved.stderr.splitlines()
    assert [line.partition(":")[0] for line in lines[:3]] == [
        "WIDGET_PORT", "WIDGET_DATABASE_URL", "WIDGET_METRICS_KEY",
    ]  # fmt: skip
    extras = ("postgres", "metrics", "evidence")
    for line, extra in zip(lines[1:], extras, strict=True):
        assert f"install it: {sys.executable} -m pip install 'preference-widget[{extra}]'" in line


def test_nothing_is_written_before_a_missing_library_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    line = "WIDGET_METRICS_KEY: is set, but prometheus_client"
    assert start(tmp_path, {"WIDGET_METRICS_KEY": KEY}).stderr.startswith(line)
    assert line in start(tmp_path, {"WIDGET_METRICS_KEY": "short"}).stderr
    assert not (tmp_path / "widget.db").exists()


@pytest.mark.parametrize("url", ["mysql://x@y/z", "widget.db", "sqlite:///:memory:"])
def test_an_address_of_no_database_is_told_with_the_other_settings(
    tmp_path: Path, url: str
) -> None:
    result = start(tmp_path, {"WIDGET_DATABASE_URL": url, "WIDGET_SMTP_URL": ""})
    names = [line.partition(":")[0] for line in result.stderr.splitlines()]
    assert names == ["WIDGET_SMTP_URL", "WIDGET_DATABASE_URL"]


def test_a_key_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    """And not that it is not set as well."""
    changes = {"WIDGET_EVIDENCE_KEY_FILE": "/none/key", "WIDGET_CHECKPOINTS": "/c"}
    result = start(tmp_path, {**changes, "WIDGET_SITES": "{mailing}"})
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == [
        "WIDGET_EVIDENCE_KEY_FILE"
    ]


# ── what is said at the start ───────────────────────────────────────────────────────────────


def test_without_a_mail_server_it_starts_only_when_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "listen", lambda *_, **__: None)
    monkeypatch.setattr(serve, "serve_until_stopped", lambda _, when_ready: when_ready())
    without = {"WIDGET_SMTP_URL": ""}
    assert start(tmp_path, without).exit_code == 1
    result = start(tmp_path, without, "--no-mail")
    assert result.exit_code == 0, result.output
    assert "no mail is sent" in result.stderr
    assert "listening on http://127.0.0.1:8000" in result.stdout


def test_the_file_of_suppressions_is_that_of_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apps: list[Flask] = []
    monkeypatch.setattr(serve, "listen", lambda app, *_, **__: apps.append(app))
    monkeypatch.setattr(serve, "serve_until_stopped", lambda *_: None)
    file = tmp_path / "suppressions"
    assert start(tmp_path, {"WIDGET_SUPPRESSIONS": str(file)}).exit_code == 0
    assert apps[0].extensions["preference-widget"].suppressions == SuppressionFile(file)


def test_a_new_database_is_told_for_its_name_may_be_mistyped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "listen", lambda *_, **__: None)
    monkeypatch.setattr(serve, "serve_until_stopped", lambda _server, say: say())
    told = f"warning: {tmp_path}/widget.db is a new database, with nobody in it.\n"
    assert told in start(tmp_path, {}).stderr
    assert told not in start(tmp_path, {}).stderr


def test_people_of_a_site_without_a_file_are_told_at_each_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "listen", lambda *_, **__: None)
    monkeypatch.setattr(serve, "serve_until_stopped", lambda _server, say: say())
    warning = "warning: people of “inn” are in the database, and no site file here has that id. "
    assert warning not in start(tmp_path, {}).stderr
    database = open_database(f"sqlite:///{tmp_path}/widget.db")
    with database.connection_context():
        for site in ("inn", "dimora"):
            person_of(database, site)
    for _ in range(2):
        stderr = start(tmp_path, {}).stderr
        assert stderr.count("no site file here has that id") == stderr.count(warning) == 1


MISFITS = [
    ("https://prefs.example", {}, "set WIDGET_TRUSTED_PROXY"),
    ("https://prefs.example", {"WIDGET_TRUSTED_PROXY": "127.0.0.1"}, None),
    ("https://prefs.example", {"WIDGET_SOCKET": "/run/widget.sock"}, None),
    (
        "https://prefs.example",
        {"WIDGET_TRUSTED_PROXY": "127.0.0.1", "WIDGET_HOST": "0.0.0.0"},
        "listens on 0.0.0.0 without TLS",
    ),
    ("http://127.0.0.1:8000", {}, None),
    ("http://127.0.0.1:9000", {}, "listens on port 8000"),
    ("http://prefs.example", {"WIDGET_PORT": "80"}, "others on the way could read"),
]


@pytest.mark.parametrize(("url", "changes", "warning"), MISFITS)
def test_an_address_that_does_not_lead_to_the_server_is_warned_of(
    url: str, changes: dict[str, str], warning: str | None
) -> None:
    lines = [*misfits([replace(load_site(DIMORA / "SITE.toml").site, url=url)],
                      read_settings({**GOOD, **changes}))]  # fmt: skip
    assert len(lines) == (warning is not None)
    assert warning is None or warning in lines[0].text


def test_no_secret_is_told_when_a_setting_is_bad(tmp_path: Path) -> None:
    result = start(tmp_path, {"WIDGET_SIGNING_KEYS": "a-short-secret"})
    assert "a-short-secret" not in result.output


def test_a_password_in_the_database_s_address_is_not_told(tmp_path: Path) -> None:
    url = "postgresql://somebody:hunter2@127.0.0.1:1/none"
    assert "hunter2" not in start(tmp_path, {"WIDGET_DATABASE_URL": url}).output
