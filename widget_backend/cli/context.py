"""`context`: what a person is busy with, so that no marketing message comes in between (S1.2)."""

from __future__ import annotations

from pathlib import Path

import click

from widget_backend.cli.address import email_named, person_named
from widget_backend.cli.contact_options import now
from widget_backend.cli.database import connected
from widget_backend.cli.group import FILE
from widget_backend.cli.moments import moment
from widget_backend.errors import FileRefused
from widget_backend.rules.snapshot import CONTEXTS, Context
from widget_backend.site.load import load_site
from widget_backend.store.current_contexts import contexts_of, set_context
from widget_backend.store.writing import write


@click.command()
@click.argument("site_file", type=FILE)
@click.argument("address")
@click.argument("context", type=click.Choice(CONTEXTS), required=False)
@click.option("--until", metavar="TIME", help="When it ends at the latest, like 2026-12-01T09:00.")
@click.option("--over", is_flag=True, help="It has ended.")
def context(
    site_file: Path, address: str, context: Context | None, until: str | None, over: bool
) -> None:
    """Say that ADDRESS has an open cart, a service case, or an order on its way: until then no
    marketing message goes to them. Without a CONTEXT, list what they have.

    With `-` as ADDRESS, it is read from standard input, so that no shell keeps it.
    """
    site = load_site(site_file).site
    email, at = email_named(address, site_file), int(now().timestamp())
    if context and over == (until is not None):
        raise FileRefused(
            str(site_file), f"{context}: it is not said until when", "give --until or --over"
        )
    ends = at if over or until is None else moment(site, "--until", until)
    if until is not None and ends <= at:
        raise FileRefused(
            str(site_file), f"--until {until}: is past", "name a later time, or --over"
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
