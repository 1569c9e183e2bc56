"""Commands that make tables and others, and what they leave in a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner, Result
from peewee import Database, SqliteDatabase
from playhouse.pool import PooledPostgresqlDatabase

from tests.support.processes import free_port
from widget_backend.cli import main
from widget_backend.demo.run import DIMORA
from widget_backend.links import Link
from widget_backend.signing import Signer

SITE, CONTACTS = str(DIMORA / "SITE.toml"), str(DIMORA / "contacts.csv")
KEY = "k" * 32
LEAVING = Signer([KEY]).token("one-click", Link("dimora", "0" * 32, None))
MESSAGE = f"Subject: {LEAVING}\n\n"

LEAVE_TABLES_ALONE = {
    "export": ("export", SITE),
    "links": ("links", SITE, CONTACTS),
    "campaigns list": ("campaigns", "list", SITE),
    "campaigns add": (
        "campaigns", "add", SITE, "x", "--topic", "offers", "--sentence", "You asked for offers.",
    ),
    "plan": ("plan", SITE),
    "reasons": ("reasons", SITE),
    "due": ("due", SITE),
    "due done": ("due", "done", SITE, "1", "--by", "Mira"),
    "revoke": ("revoke", SITE, "arta.hoxha@example.com"),
    "inbound": ("inbound",),
}  # fmt: skip
MIGRATE = {
    "migrate": ("migrate",),
    "serve": ("serve", "--migrate"),
    "import": ("import", SITE, CONTACTS),
}

Run = Callable[..., Result]
"""Runs a command on the database of the test."""


def runner(database_url: str) -> Run:
    def run(*words: str) -> Result:
        settings = {
            "WIDGET_DATABASE_URL": database_url,
            "WIDGET_SIGNING_KEYS": KEY,
            "WIDGET_SITES": SITE,
            "WIDGET_SMTP_URL": "smtp://localhost:25",
            "WIDGET_PORT": str(free_port()),
        }
        return CliRunner().invoke(main, words, input=MESSAGE, env=settings)

    return run


def everything(database: Database) -> object:
    """What is there: the file with its bytes, or the tables and columns of PostgreSQL."""
    if isinstance(database, SqliteDatabase):
        file = Path(database.database)
        return {each.name: each.read_bytes() for each in file.parent.glob(f"{file.name}*")}
    with database.connection_context():
        query = "SELECT table_name, column_name FROM information_schema.columns"
        return database.execute_sql(
            f"{query} WHERE table_schema = 'public' ORDER BY 1, 2"
        ).fetchall()


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Leaves no connection behind, so that SQLite's file is one file."""
    with database.connection_context():
        yield
    if isinstance(database, PooledPostgresqlDatabase):
        database.close_all()


def refused(result: Result, line: str, command: str) -> None:
    assert result.exit_code == (75 if command == "inbound" else 1), result.output
    assert result.output.startswith("WIDGET_DATABASE_URL: ")
    assert result.output.endswith(line)
    assert result.output.count("\n") == 1
