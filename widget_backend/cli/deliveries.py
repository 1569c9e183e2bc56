"""`deliveries`: what another system has sent, and what became of it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from widget_backend.cli.contact_options import (
    follow,
    now,
    progress_bar,
    rejected_text,
    rejects_option,
)
from widget_backend.cli.database import connected_and_migrated
from widget_backend.cli.group import FILE, SITE_FILE
from widget_backend.contacts.column_map import read_names
from widget_backend.contacts.csv_output import RejectsFile
from widget_backend.contacts.csv_reader import open_table
from widget_backend.contacts.deliveries import DeliveryRun, keep_reports
from widget_backend.contacts.delivery_file import DeliveryFile, DeliveryMap
from widget_backend.site.load import load_site
from widget_backend.store.campaigns import all_campaigns


@click.command()
@click.argument("site_file", type=SITE_FILE)
@click.argument("file", type=FILE)
@click.option(
    "--columns",
    "column_map",
    type=FILE,
    metavar="MAP",
    help="TOML file: what the columns of FILE are called, and what its words for outcomes mean.",
)
@rejects_option("rejects")
def deliveries(site_file: Path, file: Path, column_map: Path | None, rejects: Path | None) -> None:
    """Read what was sent: FILE has a row for each message, with the columns person or email,
    campaign, channel, sent_at and outcome (sent, delivered, soft_bounce, hard_bounce, complaint).

    A complaint turns off everything that comes through its channel. After a hard bounce an address
    is undeliverable. Running it again changes nothing.
    """
    site = load_site(site_file).site
    columns = read_names(column_map, DeliveryMap) if column_map else DeliveryMap()
    with ExitStack() as stack:
        table = stack.enter_context(open_table(file, columns.separator, columns.encoding))
        reports = DeliveryFile(table, columns, now())
        database = stack.enter_context(connected_and_migrated())
        topics = {
            **{each.id: each.topic for each in all_campaigns(database, site)},
            **{each.id: "" for each in site.service_messages},
        }
        run = DeliveryRun(site, now(), topics)
        rejects_file = stack.enter_context(RejectsFile(table, rejects))
        bar = stack.enter_context(progress_bar(table.size, "Reading"))
        counts = keep_reports(
            database,
            run,
            reports.reports(rejects_file),
            lambda report, reason: rejects_file.add(report.row, reason),
            follow(table, bar),
        )
    kept = f"{counts['new']:,} new, {counts['known already']:,} known already"
    changed = (
        f"{counts['complaint']:,} left by a complaint, {counts['hard bounce']:,} undeliverable"
    )
    click.echo(f"{file.name}: {kept}, {rejected_text(rejects_file)}; {changed}.")
