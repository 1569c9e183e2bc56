"""Commands for contacts that are here: mint their links, take their choices out."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click
from peewee import Database

from widget_backend.cli.opening import opened
from widget_backend.cli.tables import (
    ADDRESS_COLUMN,
    bar_of,
    follow,
    now,
    rejected_rows,
    rejects_option,
)
from widget_backend.cli.usage import FILE
from widget_backend.config import read_setting, signing_keys
from widget_backend.contacts.bulk_links import BulkLinks
from widget_backend.contacts.csv_output import RejectsFile, output_file
from widget_backend.contacts.csv_reader import open_csv
from widget_backend.contacts.exports import removed_topics, write_choices
from widget_backend.errors import FileRefused
from widget_backend.signing import Signer
from widget_backend.site.load import load_site
from widget_backend.site.model import Campaign, Site
from widget_backend.store.campaigns import find_campaign
from widget_backend.store.contacts import count_contacts

LINK_REJECTS = "links.rejects"

OUT = click.option(
    "-o",
    "--out",
    type=FILE,
    help="File to write, replaced once the new one is complete; none of those that are read. "
    "Default: the standard output.",
)


@click.command()
@click.argument("site_file", type=FILE)
@click.argument("file", type=FILE)
@click.option("--campaign", help="The send these links are for; unsubscribing leaves its topic.")
@ADDRESS_COLUMN
@OUT
@rejects_option(LINK_REJECTS)
def links(
    site_file: Path,
    file: Path,
    campaign: str | None,
    address_column: str | None,
    out: Path | None,
    rejects: Path | None,
) -> None:
    """Write FILE again with signed links for each of its contacts.

    FILE is CSV with a column of addresses: a Mailchimp export, a list of your own, or what export
    wrote. The columns preferences_url, unsubscribe_url and questions_url are added, and
    list_unsubscribe and list_unsubscribe_post, the values of the headers that bulk senders must
    send. Your own columns stay as they are, without the apostrophe that export puts before what a
    spreadsheet would run as a formula: they go on to a mail platform, which would print it.
    """
    site = load_site(site_file).site
    signer = Signer(signing_keys(read_setting("WIDGET_SIGNING_KEYS")))
    with ExitStack() as stack:
        table = stack.enter_context(open_csv(file, address_column))
        database = stack.enter_context(opened(read_setting("WIDGET_DATABASE_URL")))
        linking = BulkLinks(site, signer, now(), _campaign(database, site, campaign))
        rejected = stack.enter_context(RejectsFile(table, rejects, LINK_REJECTS))
        text = stack.enter_context(output_file(out, site_file, file, rejected.path))
        bar = stack.enter_context(bar_of(table.size, "Reading", out is None))
        count = linking.write(database, table, text, rejected, follow(table, bar))
    click.echo(f"{file.name}: links for {count:,}, {rejected_rows(rejected)}.", err=True)


def _campaign(database: Database, site: Site, name: str | None) -> Campaign | None:
    """Raises FileRefused when nobody registered it: then nobody knows what leaving it leaves."""
    found = find_campaign(database, site, name, site.source_language) if name else None
    if name and not found:
        cure = f"register it: preference-widget campaigns add {site.file} {name} --topic …"
        raise FileRefused(str(site.file), f"--campaign {name}: no campaign is called that", cure)
    return found


@click.command()
@click.argument("site_file", type=FILE)
@OUT
def export(site_file: Path, out: Path | None) -> None:
    """Write everyone's current choices as CSV, one column a topic.

    A cell that a spreadsheet would run as a formula has an apostrophe before it.
    """
    site = load_site(site_file).site
    with ExitStack() as stack:
        database = stack.enter_context(opened(read_setting("WIDGET_DATABASE_URL")))
        text = stack.enter_context(output_file(out, site_file))
        bar = stack.enter_context(bar_of(count_contacts(database, site.id), "Writing", out is None))
        count = write_choices(database, site, now().date(), text, bar.update)
        vanished = removed_topics(database, site)
    for topic, people in vanished.items():
        gone = f"{site_file} no longer declares the topic “{topic}”, held by {people:,}"
        click.echo(f"warning: {gone}. It has no column; declare it again to see it.", err=True)
    click.echo(f"{site.id}: choices of {count:,}.", err=True)
