"""`revoke`, which is also `contact revoke`: the staff cancel the links of one person."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from widget_backend.actions.staff import end_links
from widget_backend.cli.address import person_called, typed_name
from widget_backend.cli.contact_options import now
from widget_backend.cli.database import connected
from widget_backend.cli.group import SITE_FILE
from widget_backend.cli.staff import BY, required_staff
from widget_backend.site.load import load_site


@click.command()
@click.argument("site_file", type=SITE_FILE)
@click.argument("address")
@BY
def revoke(site_file: Path, address: str, by: str | None) -> None:
    """Cancel the links emailed to ADDRESS, for example if someone else might have them.

    The links still unsubscribe, and anyone who opens one is offered a new link to the address on
    file. ADDRESS may also be a phone number, customer number or key; with `-`, it is read from
    standard input, so that no shell keeps it. Who does it is kept, and the person can see that it
    was done.
    """
    site, staff, at = load_site(site_file).site, required_staff(by), int(now().timestamp())
    name = typed_name(address)
    with connected() as database:
        end_links(database, partial(person_called, database, site, name), at, staff)
    click.echo("The links have ended. New ones come with the next run of links.")
