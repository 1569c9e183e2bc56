"""`check`: whether a site file can be served."""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path

import click

from widget_backend.cli.bases import unlawful_bases
from widget_backend.cli.database import connected, names_database
from widget_backend.cli.group import SITE_FILE
from widget_backend.cli.misfits import unencrypted
from widget_backend.cli.removed_topics import missed_topics, warning_if_unseen
from widget_backend.errors import Mistake
from widget_backend.rules.site_warnings import flaws_of, remarks_on
from widget_backend.site.load import load_site
from widget_backend.site.model import Site


@click.command()
@click.argument("site_file", type=SITE_FILE)
@click.option("--strict", is_flag=True, help="Count what people would see as an error.")
def check(site_file: Path, strict: bool) -> None:
    """Say whether SITE_FILE can be served: ok, warnings, or one line for each mistake.

    Warnings are for what people would see: texts without a translation or with one that would
    break a page or a mail, colours that are hard to read. Also for lines with TODO, as `init`
    writes them, for countries whose law is not known here, for SMS and calls where the file does
    not say to which numbers they go, and with WIDGET_DATABASE_URL set for topics that were removed
    while people have them, and for consents that the law of a country does not take for any.
    """
    site = load_site(site_file)
    flaws = list(flaws_of(site))
    for mistake in flaws:
        click.echo(f"{'error' if strict else 'warning'}: {mistake}", err=True)
    addresses = (Mistake(str(site_file), *each) for each in unencrypted(site.site.url))
    for mistake in chain(addresses, remarks_on(site.site)):
        click.echo(f"warning: {mistake}", err=True)
    with warning_if_unseen():
        for mistake in _findings_in_database(site.site):
            click.echo(f"warning: {mistake}", err=True)
    if strict and flaws:
        sys.exit(1)
    click.echo("ok")


def _findings_in_database(site: Site) -> list[Mistake]:
    """None if no database is set. Raises SettingInvalid."""
    if not names_database():
        return []
    with connected() as database:
        missed = [*missed_topics(site, database)]
    return [*missed, *unlawful_bases(site)]
