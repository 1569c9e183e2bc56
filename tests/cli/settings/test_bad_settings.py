"""A setting that is missing or wrong stops the start, in a line that names it and the cure."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.support.settings import GOOD, KEY, OTHER, start
from tests.support.small_site import write_site
from widget_backend.demo.run import DIMORA
from widget_backend.server import unix_socket
from widget_backend.server.listener import bind
from widget_backend.server.pid_file import pid_file

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
    "a folder in the place of a file": (
        {"WIDGET_SUPPRESSIONS": "/tmp"},
        "WIDGET_SUPPRESSIONS: /tmp is a folder. name a file in it.",
    ),
    "a folder for checkpoints": (
        {"WIDGET_CHECKPOINTS": "/tmp", "WIDGET_EVIDENCE_KEY": "0" * 64},
        "WIDGET_CHECKPOINTS: /tmp is a folder. name a file in it.",
    ),
    "the same file twice": (
        {"WIDGET_SITES": os.pathsep.join([GOOD["WIDGET_SITES"], str(DIMORA)])},
        f"WIDGET_SITES: names {DIMORA / 'SITE.toml'} more than once. name each file once.",
    ),
}


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


def test_files_that_declare_the_same_site_are_named_with_the_cure(tmp_path: Path) -> None:
    folders = {"inn": "inn", "bar": "inn", "shop": "shop", "kiosk": "shop", "other": "other"}
    files = {name: write_site(tmp_path / name, id=site) for name, site in folders.items()}
    result = start(tmp_path, {"WIDGET_SITES": os.pathsep.join(map(str, files.values()))})
    assert (result.exit_code, result.stdout) == (1, "")
    cure = "give the newer one an id of its own, or move it away."
    assert result.stderr.splitlines() == [
        f"WIDGET_SITES: the id “{site}” is in {files[one]} and {files[other]}. {cure}"
        for site, one, other in (("inn", "inn", "bar"), ("shop", "shop", "kiosk"))
    ]


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


def test_so_are_an_address_a_socket_and_a_pid_file_that_cannot_be_used(tmp_path: Path) -> None:
    """With everything else, and before a database is made."""
    beyond = f"{tmp_path}/none"
    unusable = {
        "WIDGET_HOST": "192.0.2.1",
        "WIDGET_SOCKET": f"{beyond}/widget.sock",
        "WIDGET_PID_FILE": f"{beyond}/pid",
    }
    lines = start(tmp_path, {**unusable, "WIDGET_SMTP_URL": ""}).stderr.splitlines()
    starts = ("WIDGET_SMTP_URL: ", "WIDGET_HOST: ", "WIDGET_SOCKET: ", f"{beyond}/pid: ")
    assert all(line.startswith(named) for line, named in zip(lines, starts, strict=True))
    assert start(tmp_path, unusable).stderr.splitlines() == lines[1:]
    assert not (tmp_path / "widget.db").exists()


def test_what_another_server_has_is_told_at_once_and_stays_with_it(tmp_path: Path) -> None:
    socket, file = tmp_path / "widget.sock", tmp_path / "pid"
    with bind(0, "WIDGET_PORT") as one, unix_socket.bind(socket), pid_file(file):
        port = one.getsockname()[1]
        taken = {
            "WIDGET_PORT": str(port),
            "WIDGET_SOCKET": str(socket),
            "WIDGET_PID_FILE": str(file),
        }
        lines = start(tmp_path, taken).stderr.splitlines()
        whys = (f"{port} is used by another", f"{socket} is used by another", "another server runs")
        assert all(why in line for line, why in zip(lines, whys, strict=True))
        assert all(each.exists() for each in (socket, file))
    assert not (tmp_path / "widget.db").exists()


def test_a_start_that_fails_leaves_no_socket_and_no_pid_file(tmp_path: Path) -> None:
    names = {"WIDGET_SOCKET": "widget.sock", "WIDGET_PID_FILE": "pid"}
    settings = {name: str(tmp_path / each) for name, each in names.items()}
    for wrong in ({"WIDGET_SMTP_URL": ""}, {"WIDGET_DATABASE_URL": f"sqlite:///{tmp_path}"}):
        assert start(tmp_path, {**settings, **wrong}).exit_code == 1
        assert sorted(each.name for each in tmp_path.iterdir()) == ["SITE.toml", "binary"]


def test_a_key_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    """And not that it is not set as well."""
    changes = {"WIDGET_EVIDENCE_KEY_FILE": "/none/key", "WIDGET_CHECKPOINTS": "/c"}
    result = start(tmp_path, {**changes, "WIDGET_SITES": "{mailing}"})
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == [
        "WIDGET_EVIDENCE_KEY_FILE"
    ]


def test_no_secret_is_told_when_a_setting_is_bad(tmp_path: Path) -> None:
    result = start(tmp_path, {"WIDGET_SIGNING_KEYS": "a-short-secret"})
    assert "a-short-secret" not in result.output


def test_a_password_in_the_database_s_address_is_not_told(tmp_path: Path) -> None:
    url = "postgresql://somebody:hunter2@127.0.0.1:1/none"
    assert "hunter2" not in start(tmp_path, {"WIDGET_DATABASE_URL": url}).output
