"""`migrate`: creates or updates the tables of the database."""

from __future__ import annotations

import click

from widget_backend.cli.database import database_errors
from widget_backend.config import read_setting
from widget_backend.store import database as store
from widget_backend.store.database import DATABASE, open_database


@click.command()
def migrate() -> None:
    """Make the tables of WIDGET_DATABASE_URL, or bring them to this version.

    Says what was done, line by line. `serve` and `import` do the same by themselves; all other
    commands leave the tables alone.
    """
    database = open_database(read_setting(DATABASE))
    with database_errors(database):
        names = store.migrate(database)
    for name in names:
        click.echo(f"applied {name}")
    click.echo("The database is up to date.")
