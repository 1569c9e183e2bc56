"""`check`: whether a site file can be served."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import click

from widget_backend.cli.bases import unlawful_bases
from widget_backend.cli.database import connected
from widget_backend.cli.group import SITE_FILE
from widget_backend.cli.misfits import unencrypted
from widget_backend.contacts.exports import removed_topics
from widget_backend.errors import MigrationDue, Mistake
from widget_backend.rules.site_warnings import flaws_of, remarks_on
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.store.database import DATABASE


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
    try:
        for mistake in chain(_removed_topics(site.site), unlawful_bases(site.site)):
            click.echo(f"warning: {mistake}", err=True)
    except MigrationDue as due:
        if not due.is_empty:  # in an empty database nobody has a topic
            click.echo(f"warning: what people have was not looked up: {due}", err=True)
    if strict and flaws:
        sys.exit(1)
    click.echo("ok")


def _removed_topics(site: Site) -> Iterator[Mistake]:
    """Topics that people have but the file no longer declares; none if no database is set."""
    if not (os.environ.get(DATABASE) or os.environ.get(f"{DATABASE}_FILE")):
        return
    with connected() as database:
        counts = removed_topics(database, site)
    for topic, people in counts.items():
        who = f"{people:,} people have" if people > 1 else "1 person has"
        reason = f"is no longer declared, and {who} it. Their choice stays in the ledger"
        cure = "declare it again to show it and let them change it"
        yield Mistake(str(site.file), f"topics.{topic}", reason, cure)
