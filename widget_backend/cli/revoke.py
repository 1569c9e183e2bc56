"""`revoke`: the staff cancels the links of one person."""

from __future__ import annotations

from pathlib import Path

import click

from widget_backend.actions import account as actions
from widget_backend.cli.address import email_named, person_named
from widget_backend.cli.database import connected
from widget_backend.cli.group import FILE
from widget_backend.site.load import load_site


@click.command()
@click.argument("site_file", type=FILE)
@click.argument("address")
def revoke(site_file: Path, address: str) -> None:
    """Cancel the links emailed to ADDRESS, for example if someone else might have them.

    The links still unsubscribe, and anyone who opens one is offered a new link to the address on
    file. With `-` as ADDRESS, it is read from standard input, so that no shell keeps it.
    """
    site = load_site(site_file).site
    email = email_named(address, site_file)
    with connected() as database:
        actions.revoke(database, person_named(database, site, email).profile)
    click.echo("The links have ended. New ones come with the next run of links.")
