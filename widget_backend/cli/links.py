"""`links`: signed links for each contact in a CSV file."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click
from peewee import Database

from widget_backend.cli.contact_options import (
    ADDRESS_COLUMN,
    OUT,
    follow,
    now,
    progress_bar,
    rejected_text,
    rejects_option,
)
from widget_backend.cli.database import connected
from widget_backend.cli.group import FILE
from widget_backend.config import read_setting, signing_keys
from widget_backend.contacts.bulk_links import BulkLinks
from widget_backend.contacts.csv_output import RejectsFile, output_file
from widget_backend.contacts.csv_reader import open_csv
from widget_backend.contacts.recognise import recognise
from widget_backend.errors import FileRefused
from widget_backend.signing import Signer
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.site.sending import Campaign
from widget_backend.store.campaigns import find_campaign

REJECTS_SUFFIX = "links.rejects"


@click.command()
@click.argument("site_file", type=FILE)
@click.argument("file", type=FILE)
@click.option("--campaign", help="The send these links are for; unsubscribing leaves its topic.")
@ADDRESS_COLUMN
@OUT
@rejects_option(REJECTS_SUFFIX)
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
        contacts = stack.enter_context(open_csv(file, address_column, recognise(file)))
        database = stack.enter_context(connected())
        bulk_links = BulkLinks(site, signer, now(), _campaign(database, site, campaign))
        rejects_file = stack.enter_context(RejectsFile(contacts, rejects, REJECTS_SUFFIX))
        text = stack.enter_context(output_file(out, site_file, file, rejects_file.path))
        bar = stack.enter_context(progress_bar(contacts.size, "Reading", out is None))
        count = bulk_links.write(database, contacts, text, rejects_file, follow(contacts, bar))
    click.echo(f"{file.name}: links for {count:,}, {rejected_text(rejects_file)}.", err=True)


def _campaign(database: Database, site: Site, name: str | None) -> Campaign | None:
    """Raises FileRefused for one that is not registered: nobody knows which topic it belongs to."""
    campaign = find_campaign(database, site, name, site.source_language) if name else None
    if name and not campaign:
        cure = f"register it: preference-widget campaigns add {site.file} {name} --topic …"
        raise FileRefused(str(site.file), f"--campaign {name}: no campaign is called that", cure)
    return campaign
