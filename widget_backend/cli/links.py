"""`links`: signed links for each contact in a CSV file."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import ExitStack
from pathlib import Path

import click
from peewee import Database

from widget_backend.actions.may_send import question_of
from widget_backend.calling import calling
from widget_backend.cli.contact_options import (
    ADDRESS_COLUMN,
    follow,
    now,
    progress_bar,
    rejected_text,
    rejects_option,
)
from widget_backend.cli.database import connected
from widget_backend.cli.group import FILE, SITE_FILE
from widget_backend.cli.import_source import COLUMN_MAP, PLATFORM, source_of
from widget_backend.cli.keys import address_hashes
from widget_backend.cli.output_paths import OUT
from widget_backend.config import read_setting, signing_keys
from widget_backend.contacts.audience import Asking, reason
from widget_backend.contacts.bulk_links import BulkLinks, Refused
from widget_backend.contacts.csv_output import RejectsFile, output_file
from widget_backend.contacts.csv_reader import open_csv
from widget_backend.errors import FileRefused
from widget_backend.signing import Signer
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.site.sending import Campaign
from widget_backend.store.campaigns import find_campaign
from widget_backend.store.contacts import find_contacts

REJECTS_SUFFIX = "links.rejects"


@click.command()
@click.argument("site_file", type=SITE_FILE)
@click.argument("file", type=FILE)
@click.option("--campaign", help="The send these links are for; unsubscribing leaves its topic.")
@click.option(
    "--everyone",
    is_flag=True,
    help="With --campaign: also for those to whom it may not go, who are rejected otherwise.",
)
@PLATFORM
@COLUMN_MAP
@ADDRESS_COLUMN
@OUT
@rejects_option(REJECTS_SUFFIX)
def links(
    site_file: Path,
    file: Path,
    campaign: str | None,
    everyone: bool,
    platform: str | None,
    column_map: Path | None,
    address_column: str | None,
    out: Path,
    rejects: Path | None,
) -> None:
    """Write FILE again with signed links for each of its contacts.

    FILE is CSV with a column of addresses, read as by import: an export of a mail platform, a list
    of your own, or what export wrote. The columns preferences_url, unsubscribe_url and
    questions_url are added, and list_unsubscribe and list_unsubscribe_post, the values of the
    headers that bulk senders must send; and language, that of the person, unless FILE has such a
    column. What is written has the separator of FILE, in UTF-8. Your own columns stay as they are,
    without the apostrophe that export puts before what a spreadsheet would run as a formula: they
    go on to a mail platform, which would print it.
    """
    site = load_site(site_file).site
    signer = Signer(signing_keys(read_setting("WIDGET_SIGNING_KEYS")))
    with ExitStack() as stack:
        source = source_of(file, site, platform, column_map)
        if column_map and not source.address and not address_column:
            reason = "address: is missing"
            raise FileRefused(str(column_map), reason, 'add address = "…": links are for addresses')
        contacts = stack.enter_context(open_csv(file, address_column, source))
        database = stack.enter_context(connected())
        send = _campaign(database, site, campaign)
        refused = _refused(database, site, send) if send and not everyone else lambda *_: {}
        bulk_links = BulkLinks(site, signer, now(), send, refused, address_hashes())
        rejects_file = stack.enter_context(RejectsFile(contacts, rejects, REJECTS_SUFFIX))
        text = stack.enter_context(output_file(out, site_file, file, rejects_file.path))
        bar = stack.enter_context(progress_bar(contacts.size, "Reading", out))
        count = bulk_links.write(database, contacts, text, rejects_file, follow(contacts, bar))
    click.echo(f"{file.name}: links for {count:,}, {rejected_text(rejects_file)}.", err=True)


def _campaign(database: Database, site: Site, name: str | None) -> Campaign | None:
    """Raises FileRefused for one that is not registered: nobody knows which topic it belongs to."""
    campaign = find_campaign(database, site, name, site.source_language) if name else None
    if name and not campaign:
        cure = f"register it: {calling(f'campaigns add {site.file} {name} --topic …')}"
        raise FileRefused(str(site.file), f"--campaign {name}: no campaign is called that", cure)
    return campaign


def _refused(database: Database, site: Site, campaign: Campaign) -> Refused:
    """Says of emails to which of them a message of the campaign may not go, and why not."""
    at = int(now().timestamp())
    asking = Asking(site, question_of(database, site, campaign.id), at, at)

    def of(database: Database, emails: Collection[str]) -> dict[str, str]:
        contacts = find_contacts(database, site.id, emails)
        refused = asking.refused(database, contacts.values())
        return {
            email: f"may not be written to: {reason(refused[contact.profile.id])}"
            for email, contact in contacts.items()
            if contact.profile.id in refused
        }

    return of
