"""`contact`: what is held of one person, and what the staff do for them, kept with who asked."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from widget_backend.actions.staff import look
from widget_backend.cli.address import person_called, typed_name
from widget_backend.cli.contact_options import now
from widget_backend.cli.contact_sheet import Sheet
from widget_backend.cli.database import connected
from widget_backend.cli.group import FILE, UsualGroup
from widget_backend.cli.spoken import spoken
from widget_backend.cli.staff import BY, required_staff
from widget_backend.site.load import load_site


class _ContactGroup(UsualGroup):
    usual = "show"


@click.group(cls=_ContactGroup)
def contact() -> None:
    """One person: `contact SITE_FILE ADDRESS` shows them, as `contact show` does.

    ADDRESS is their email address, phone number, customer number or key, as exports call it. With
    `-` it is read from standard input, so that no shell keeps it. Who looks or does something is
    kept, and the person can see on the page with their data that somebody of the staff did.
    """


@contact.command()
@click.argument("site_file", type=FILE)
@click.argument("address")
@click.option("--addresses", "unmasked", is_flag=True, help="Show addresses and numbers in full.")
@click.option("--all", "whole", is_flag=True, help="The whole history, not only the newest.")
@click.option(
    "--lang", metavar="TAG", help="The language of the sentences. Default: that of the site file."
)
@BY
def show(
    site_file: Path, address: str, unmasked: bool, whole: bool, lang: str | None, by: str | None
) -> None:
    """Show what is held of the person at ADDRESS: choices, history, links, mail that waits.

    Sentences are as the person reads them. Times are by the site’s clock.
    """
    sites, staff, at = load_site(site_file), required_staff(by), int(now().timestamp())
    language, site = spoken(sites, lang)
    name = typed_name(address)
    with connected() as database:
        person = look(database, partial(person_called, database, site, name), at, staff)
        sheet = Sheet(database, site, language, person, unmasked, at)
        click.echo("\n".join([*sheet.now_held(), "", *sheet.history(whole)]))
