"""`export`: what people chose and said, of everyone or of those who changed, as CSV or NDJSON."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import click
from peewee import Database

from widget_backend.cli.contact_options import now, progress_bar
from widget_backend.cli.database import connected
from widget_backend.cli.export_for import export_for
from widget_backend.cli.export_options import (
    ALL,
    CURSOR,
    CURSOR_FILE,
    FIELDS,
    FOR,
    FORMAT,
    FORMATS,
    MAP,
    SINCE,
    STATUS,
    begin_of,
    chosen_fields,
)
from widget_backend.cli.group import SITE_FILE
from widget_backend.cli.output_paths import OUT
from widget_backend.contacts.csv_output import output_file
from widget_backend.contacts.cursors import cursor_file
from widget_backend.contacts.exports import (
    removed_fields,
    removed_questions,
    removed_topics,
    write_changes,
    write_people,
)
from widget_backend.contacts.platform import Status
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.store.changes import changed_people, cursor_now
from widget_backend.store.contacts import count_contacts

FOR_ALONE = (
    "--for writes everyone, with the platform’s own columns: name no --fields, --format, --since, "
    "--cursor or --cursor-file"
)


@click.command()
@click.argument("site_file", type=SITE_FILE)
@OUT
@FIELDS
@FORMAT
@SINCE
@CURSOR
@CURSOR_FILE
@FOR
@MAP
@STATUS
def export(
    site_file: Path,
    out: Path,
    names: str | None,
    style: str,
    since: datetime | None,
    cursor: str | None,
    cursor_path: Path | None,
    platform: str | None,
    mapping_file: Path | None,
    status: Status | None,
) -> None:
    """Write what people chose and said, one line a person.

    In CSV, a cell that a spreadsheet would run as a formula has an apostrophe before it, but not in
    a file for a platform.
    """
    starts = [start for start in (since, cursor, cursor_path) if start is not None]
    if len(starts) > 1:
        raise click.UsageError("--since, --cursor and --cursor-file exclude each other")
    if platform and (starts or names or style != "csv"):
        raise click.UsageError(FOR_ALONE)
    if (mapping_file or status) and not platform:
        raise click.UsageError("--map and --status belong to --for: name the platform")
    if platform:
        export_for(site_file, out, platform, mapping_file, status)
    else:
        _export_people(site_file, out, names, style, since, cursor, cursor_path)


def _export_people(
    site_file: Path,
    out: Path,
    names: str | None,
    style: str,
    since: datetime | None,
    cursor: str | None,
    cursor_path: Path | None,
) -> None:
    """Everyone, or who has changed if a start is given."""
    is_of_changes = bool(since or cursor or cursor_path)
    site, at = load_site(site_file).site, now()
    fields = chosen_fields(site, at, names, is_of_changes)
    lines: list[str] = []
    with ExitStack() as stack:
        database = stack.enter_context(connected())
        kept = stack.enter_context(cursor_file(cursor_path, site_file)) if cursor_path else None
        # Read before anybody is: what changes while we write is told again by the next export.
        until = cursor_now(database, site.id, at.date().isoformat()) if is_of_changes else None
        begin = begin_of(database, site, since, kept or cursor)
        inputs = [each for each in (site_file, cursor_path) if each]
        text = stack.enter_context(output_file(out, *inputs))
        output = FORMATS[style](text, fields, of_changes=is_of_changes)
        if begin and until:
            changed = stack.enter_context(changed_people(database, begin, until.day))
            bar = stack.enter_context(progress_bar(changed.count(), "Writing", out))
            count = write_changes(database, changed, fields, output, bar.update)
            left = f"{count.erased:,} erased, {count.merged:,} merged into others"
            lines += [f"{site.id}: changes of {count.people:,}, {left}."]
        else:
            total = count_contacts(database, site.id)
            bar = stack.enter_context(progress_bar(total, "Writing", out))
            people = write_people(database, site, fields, output, bar.update)
            lines += [*_warnings(database, site, names), f"{site.id}: choices of {people:,}."]
        if until:
            output.end(str(until))
            lines.append(f"cursor: {until}")
        if kept and until:
            kept.keep(until)
    for line in lines:
        click.echo(line, err=True)


def _warnings(database: Database, site: Site, names: str | None) -> Iterator[str]:
    """What people have that no column is for; nothing where the fields were named."""
    removed = {
        "topic": removed_topics(database, site) if names in {None, ALL} else {},
        "question": removed_questions(database, site) if names == ALL else {},
        "field": removed_fields(database, site) if names == ALL else {},
    }
    for kind, counts in removed.items():
        for name, people in counts.items():
            reason = f"{site.file} no longer declares the {kind} “{name}”, held by {people:,}"
            yield f"warning: {reason}. It has no column; declare it again to see it."
