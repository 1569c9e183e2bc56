"""`context`: what a person is busy with, so that no marketing message comes in between (S1.2)."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from widget_backend.cli.address import email_named, person_named
from widget_backend.cli.contact_options import (
    first_rejected,
    follow,
    now,
    progress_bar,
    rejected_text,
    rejects_option,
)
from widget_backend.cli.database import connected, connected_and_migrated
from widget_backend.cli.group import FILE, SITE_FILE
from widget_backend.cli.moments import end_of
from widget_backend.contacts.column_map import read_names
from widget_backend.contacts.context_file import ContextFile, ContextMap
from widget_backend.contacts.contexts import keep_contexts
from widget_backend.contacts.csv_output import Rejects, RejectsFile
from widget_backend.contacts.csv_reader import open_table
from widget_backend.errors import FileRefused
from widget_backend.rules.snapshot import CONTEXTS, Context
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.store.current_contexts import contexts_of, set_context
from widget_backend.store.writing import write
from widget_backend.text import one_line


@click.command()
@click.argument("site_file", type=SITE_FILE)
@click.argument("address", required=False)
@click.argument("context", type=click.Choice(CONTEXTS), required=False)
@click.option("--until", metavar="TIME", help="When it ends at the latest, like 2026-12-01T09:00.")
@click.option("--over", is_flag=True, help="It has ended.")
@click.option(
    "--file",
    type=FILE,
    help="CSV file with a row for each: person, email or customer, context, until (or “over”).",
)
@click.option(
    "--columns",
    "column_map",
    type=FILE,
    metavar="MAP",
    help="With --file: TOML file that says what its columns are called.",
)
@click.option("--dry-run", is_flag=True, help="With --file: say what it would do, write nothing.")
@rejects_option("rejects")
def context(
    site_file: Path,
    address: str | None,
    context: Context | None,
    until: str | None,
    over: bool,
    file: Path | None,
    column_map: Path | None,
    dry_run: bool,
    rejects: Path | None,
) -> None:
    """Say that ADDRESS has an open cart, a service case, or an order on its way: until then no
    marketing message goes to them. Without a CONTEXT, list what they have.

    With `-` as ADDRESS, it is read from standard input, so that no shell keeps it. With --file, say
    so of many people. Running it again changes nothing.
    """
    if (file is None) == (address is None):
        raise click.UsageError("name either an ADDRESS, or a file with --file")
    if file and (until or over):
        raise click.UsageError("--until and --over are for one ADDRESS: the file has a column")
    if not file and (column_map or dry_run or rejects):
        raise click.UsageError("--columns, --dry-run and --rejects are for --file")
    site = load_site(site_file).site
    if file:
        _read(site, file, column_map, rejects, dry_run)
    elif address:
        _of_one(site, address, context, until, over)


def _of_one(
    site: Site, address: str, context: Context | None, until: str | None, over: bool
) -> None:
    email, at = email_named(address, site.file), int(now().timestamp())
    if context and over == (until is not None):
        raise FileRefused(
            str(site.file), f"{context}: it is not said until when", "give --until or --over"
        )
    ends = at if over or until is None else end_of(site, "--until", until)
    if until is not None and ends <= at:
        raise FileRefused(
            str(site.file), f"--until {until}: is past", "name a later time, or --over"
        )
    with connected() as database:
        profile = person_named(database, site, email).profile.id
        if context is not None:
            kind = context
            write(database, lambda: set_context(database, profile, kind, ends))
        lasting = contexts_of(database, profile, at)
    for kind, end in lasting:
        click.echo(f"{kind}\tuntil {site.local_time(end):%Y-%m-%d %H:%M}")
    if not lasting:
        click.echo("They have no open cart, service case, or order on its way.", err=True)


def _read(
    site: Site, file: Path, column_map: Path | None, rejects_file: Path | None, is_dry_run: bool
) -> None:
    """What a file says of many."""
    columns = read_names(column_map, ContextMap) if column_map else ContextMap()
    connect = connected if is_dry_run else connected_and_migrated
    with ExitStack() as stack:
        table = stack.enter_context(open_table(file, columns.separator, columns.encoding))
        contexts = ContextFile(table, columns, site, now())
        database = stack.enter_context(connect())
        rejects = stack.enter_context(Rejects() if is_dry_run else RejectsFile(table, rejects_file))
        counts = keep_contexts(
            database,
            site.id,
            int(now().timestamp()),
            contexts.rows(rejects),
            lambda busy, reason: rejects.add(busy.row, reason),
            follow(table, stack.enter_context(progress_bar(table.size, "Reading"))),
            is_dry_run,
        )
    kept = ", ".join(f"{counts[each]:,} {each}" for each in ("new", "changed", "over"))
    end = " Nothing was written." if is_dry_run else ""
    line = f"{file.name}: {kept}, {counts['known already']:,} known already"
    click.echo(f"{line}, {rejected_text(rejects)}.{end}")
    for each in first_rejected(rejects) if is_dry_run else ():
        click.echo(one_line(file.name, each), err=True)
