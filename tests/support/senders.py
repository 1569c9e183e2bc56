"""Dimora as a sender: contacts that the commands brought in and gave links, and its pages."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner
from peewee import Database

from tests.support.linting import LintingClient
from widget_backend.app import create_app
from widget_backend.cli import main
from widget_backend.demo.run import DIMORA
from widget_backend.rules.state import difference
from widget_backend.signing import Signer
from widget_backend.site.load import SiteInLanguages, load_site
from widget_backend.store.contacts import find_contacts
from widget_backend.store.database import open_database
from widget_backend.store.ledger import ConsentContext, Wording
from widget_backend.store.saves import save

KEY = "a-signing-key-for-tests-that-is-long-enough"
HOME, DOOR = "http://127.0.0.1:8000", "https://prefs.dimora.example"
LANGUAGES = ("ar", "sq", "en")
CAMPAIGN, SAID = "spring-2027", ("--topic", "offers", "--sentence", "You asked for offers.")
HARM = 'O\'Brien, <x onmouseover="y"> & {{ 7 * 7 }} {% raise %} *|UNSUB|* محمد'
"""What people write into columns that we hand on as they are."""


@dataclass(frozen=True)
class Dimora:
    """A site that is served by https, and what `links` wrote for its contacts, by language."""

    site: SiteInLanguages
    client: LintingClient
    table: Path
    contacts: Mapping[str, Mapping[str, str]]

    def open(self, url: str) -> LintingClient:
        """Follows a link as somebody would whose browser speaks another language."""
        assert url.startswith(f"{DOOR}/")
        answer = self.client.get(url.removeprefix(DOOR), headers={"Accept-Language": "de"})
        assert answer.status_code == 200
        return self.client


@contextmanager
def running(folder: Path) -> Iterator[Dimora]:
    """Dimora in a folder of its own, with one contact a language."""
    site = _site(folder)
    database = open_database(f"sqlite:///{folder}/widget.db")
    _command(folder, "import", site.site.file, _export(folder), "--topic", "offers")
    with database.connection_context():
        for tag in LANGUAGES:
            _speaks(database, tag)
    table = folder / "contacts.csv"
    _command(folder, "campaigns", "add", site.site.file, CAMPAIGN, *SAID)
    own = _own_table(folder)
    _command(folder, "links", site.site.file, own, "--campaign", CAMPAIGN, "-o", table)
    app = create_app([site], database, Signer([KEY]))
    client = LintingClient(app, app.response_class)
    yield Dimora(site, client, table, {row["language"]: row for row in _rows(table)})
    database.close()


def _speaks(database: Database, tag: str) -> None:
    """The contact of this language chooses it."""
    person = find_contacts(database, "dimora", [_email(tag)])[_email(tag)].profile
    how = ConsentContext(1_790_000_000, "hosted", Wording.of("dimora", tag, {}))
    save(database, person, difference(person.state, {"language": tag}), how)


def _site(folder: Path) -> SiteInLanguages:
    shutil.copytree(DIMORA, folder / "site")
    file = folder / "site" / "SITE.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(HOME, DOOR), encoding="utf-8")
    return load_site(file)


def _command(folder: Path, *arguments: object) -> None:
    settings = {
        "WIDGET_DATABASE_URL": f"sqlite:///{folder}/widget.db",
        "WIDGET_SIGNING_KEYS": KEY,
    }
    result = CliRunner().invoke(main, [str(each) for each in arguments], env=settings)
    assert result.exit_code == 0, result.output


def _email(tag: str) -> str:
    return f"o'brien+{tag}@example.com"


def _export(folder: Path) -> Path:
    """Mailchimp's, with our three people in it."""
    with (DIMORA / "contacts.csv").open(encoding="utf-8", newline="") as text:
        header, (_, *rest) = list(csv.reader(text))[:2]
    return _written(folder / "subscribed.csv", header, *([_email(tag), *rest] for tag in LANGUAGES))


def _own_table(folder: Path) -> Path:
    header = ["email", "name", "language", "note"]
    rows = ([_email(tag), HARM, tag, HARM] for tag in LANGUAGES)
    return _written(folder / "own.csv", header, *rows)


def _written(file: Path, *rows: list[str]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows(rows)
    return file


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))
