"""A shop, its exports in Mailchimp's layout, and the commands run on them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from peewee import Database

from tests.support.contacts import (
    ARTA,
    BEN,
    KEY,
    TAGS,
    WHEN,
    Bring,
    Export,
    Run,
    Written,
    come_in,
    table_of,
)
from tests.support.exports import MAP, Add, For, Told, cursor_in, objects
from widget_backend.cli import main
from widget_backend.site.load import load_site
from widget_backend.site.model import Site

SITE = """
id = "shop"
name = "Shop"
url = "https://prefs.shop.example"
source_language = "en"
locales = ["en"]
legal_address = "Rruga 1, Tirana"
mail_from = "hello@kutia.example"
privacy_policy = "https://shop.example/privacy"
why_we_write = "You asked."
data_use = "For nothing else."
channels = ["email", "sms"]
frequencies = ["weekly", "monthly"]
roles = [{ id = "trade", name = "Trade" }, { id = "club", name = "Club" }]
"""
TOPICS = {
    "offers": "",
    "news": 'channels = ["post", "email"]\nfrequencies = ["monthly"]',
    "calls": 'channels = ["phone"]',
    "trade-lists": 'roles = ["trade"]',
}

MERGE = ("First Name", "Last Name", "Phone Number")
RATED = ("MEMBER_RATING", "OPTIN_TIME", "OPTIN_IP", "CONFIRM_TIME", "CONFIRM_IP")
PLACE = ("LATITUDE", "LONGITUDE", "GMTOFF", "DSTOFF", "TIMEZONE", "CC", "REGION")
LEFT = (
    "UNSUB_TIME",
    "UNSUB_CAMPAIGN_TITLE",
    "UNSUB_CAMPAIGN_ID",
    "UNSUB_REASON",
    "UNSUB_REASON_OTHER",
)
CLEANED = ("CLEAN_TIME", "CLEAN_CAMPAIGN_TITLE", "CLEAN_CAMPAIGN_ID")
END = ("LEID", "EUID", "NOTES", "TAGS")
HEADERS = {
    "subscribed": ("Email Address", *MERGE, *RATED, *PLACE, "LAST_CHANGED", *END),
    "unsubscribed": ("Email Address", *MERGE, *RATED, *PLACE, *LEFT, *END),
    "cleaned": ("Email Address", *MERGE, *RATED, *PLACE, *CLEANED, *END),
}

AGREED = {"OPTIN_TIME", "CONFIRM_TIME"}
"""A row that names neither is of somebody who agreed."""

Cells = str | Mapping[str, str]


@pytest.fixture
def site_file(tmp_path: Path) -> Path:
    file = tmp_path / "shop" / "SITE.toml"
    file.parent.mkdir()
    write_site(file)
    return file


def write_site(file: Path, without: str = "") -> None:
    texts = 'name = "N"\nbenefit = "B"\nexpect = "E"\n'
    tables = (f'[[topics]]\nid = "{name}"\n{texts}{more}' for name, more in TOPICS.items())
    kept = (table for table in tables if not without or f'"{without}"' not in table)
    file.write_text("\n".join((SITE, *kept)), encoding="utf-8")


@pytest.fixture
def shrink(site_file: Path) -> Callable[[str], None]:
    """Take a topic out of the site file."""
    return lambda topic: write_site(site_file, topic)


@pytest.fixture
def site(site_file: Path) -> Site:
    return load_site(site_file).site


@pytest.fixture
def export_of(tmp_path: Path) -> Export:
    """Writes an export: of a kind, with rows given as an address or as cells by column."""

    def write(kind: str, *rows: Cells, name: str = "", encoding: str = "utf-8") -> Path:
        file = tmp_path / (name or f"{kind}.csv")
        with file.open("w", encoding=encoding, newline="") as text:
            writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
            writer.writerow(HEADERS[kind])
            writer.writerows(_row(kind, row) for row in rows)
        return file

    return write


@pytest.fixture
def tag_file(tmp_path: Path) -> Path:
    file = tmp_path / "tags.toml"
    file.write_text(TAGS, encoding="utf-8")
    return file


def _row(kind: str, row: Cells) -> Iterable[str]:
    cells = {"Email Address": row} if isinstance(row, str) else row
    if kind == "subscribed" and not AGREED & cells.keys():
        cells = {**cells, "CONFIRM_TIME": WHEN}
    return [cells.get(column, "") for column in HEADERS[kind]]


@pytest.fixture
def key() -> str:
    return KEY


@pytest.fixture
def run(database_url: str, tables: None, key: str) -> Run:
    """Runs `preference-widget` with the settings it needs."""

    def invoke(*arguments: Any, **environment: str | None) -> Result:
        settings = {"WIDGET_DATABASE_URL": database_url, "WIDGET_SIGNING_KEYS": key}
        return CliRunner().invoke(
            main, [str(each) for each in arguments], env={**settings, **environment}
        )

    return invoke


@pytest.fixture
def bring_alone(run: Run, site_file: Path, tmp_path: Path) -> Bring:
    """Import a file of this text, which says by itself who gets what; returns what is printed."""

    def bring_in(text: str, *options: str, name: str = "list.csv") -> str:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return run("import", site_file, file, *options).output

    return bring_in


@pytest.fixture
def bring(bring_alone: Bring) -> Bring:
    """Import a file of this text, everyone to the offers; returns what is printed."""

    def bring_in(text: str, *options: str, name: str = "list.csv") -> str:
        return bring_alone(text, "--topic", "offers", *options, name=name)

    return bring_in


@pytest.fixture
def reason(tmp_path: Path) -> Callable[[], str]:
    """The reason of the only row that was rejected."""

    def read() -> str:
        (row,) = table_of((tmp_path / "list.csv.rejects.csv").read_text())
        return row["reason"]

    return read


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """A file of contacts with this text."""

    def write(text: str) -> Path:
        file = tmp_path / "contacts.csv"
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.fixture
def cursor(run: Run, site_file: Path, export_of: Export) -> str:
    """Arta and Ben are known and were exported."""
    run("import", site_file, export_of("subscribed", ARTA, BEN), "--topic", "offers")
    result = run("export", site_file, "--cursor", "start")
    assert result.exit_code == 0
    return cursor_in(result.stderr)


@pytest.fixture
def told(run: Run, site_file: Path) -> Told:
    """What changed since a cursor, without the line of the next one."""

    def changes(since: str, *options: str) -> list[dict[str, Any]]:
        *entries, last = objects(run, site_file, "--cursor", since, *options)
        assert [*last] == ["cursor"]
        return entries

    return changes


@pytest.fixture
def add(database: Database, tables: None) -> Add:
    """Somebody comes in, and says what they want."""
    return partial(come_in, database)


@pytest.fixture
def map_file(tmp_path: Path) -> Path:
    file = tmp_path / "tags.toml"
    file.write_text(MAP, encoding="utf-8")
    return file


@pytest.fixture
def written_for(run: Run, site_file: Path, map_file: Path) -> For:
    """The bytes of a file for a platform."""

    def write(platform: str, *options: Any) -> bytes:
        result = run("export", site_file, "--for", platform, "--map", map_file, *options)
        assert result.exit_code == 0, result.output
        return result.stdout_bytes

    return write
