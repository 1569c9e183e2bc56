"""`export`: everyone's current choices as CSV."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from widget_backend.cli.contact_options import OUT, now, progress_bar
from widget_backend.cli.database import connected
from widget_backend.cli.group import FILE
from widget_backend.contacts.csv_output import output_file
from widget_backend.contacts.exports import removed_topics, write_choices
from widget_backend.site.load import load_site
from widget_backend.store.contacts import count_contacts


@click.command()
@click.argument("site_file", type=FILE)
@OUT
def export(site_file: Path, out: Path | None) -> None:
    """Write everyone's current choices as CSV, one column a topic.

    A cell that a spreadsheet would run as a formula has an apostrophe before it.
    """
    site = load_site(site_file).site
    with ExitStack() as stack:
        database = stack.enter_context(connected())
        text = stack.enter_context(output_file(out, site_file))
        total = count_contacts(database, site.id)
        bar = stack.enter_context(progress_bar(total, "Writing", out is None))
        count = write_choices(database, site, now().date(), text, bar.update)
        removed = removed_topics(database, site)
    for topic, people in removed.items():
        reason = f"{site_file} no longer declares the topic “{topic}”, held by {people:,}"
        click.echo(f"warning: {reason}. It has no column; declare it again to see it.", err=True)
    click.echo(f"{site.id}: choices of {count:,}.", err=True)
