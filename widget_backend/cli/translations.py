"""`translations`: the catalogs of this software's own words, and of a site's texts."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from widget_backend.cli.group import SITE_FILE
from widget_backend.i18n import extraction
from widget_backend.site import texts
from widget_backend.site.load import read_data


@click.group()
def translations() -> None:
    """The catalogs: of this software's own words, or of a site's texts."""


@translations.command()
@click.argument("site_file", type=SITE_FILE, required=False)
def update(site_file: Path | None) -> None:
    """Write or update the catalogs beside SITE_FILE.

    Without one, those of our own words, in translations/ in WIDGET_FOLDER or in a checkout.

    Translations that still fit stay; those of texts that changed are marked fuzzy. Says of each
    catalog of a site how many of its texts people cannot read yet.
    """
    if site_file:
        data = read_data(site_file)
        paths = texts.update_translations(site_file, data)
    else:
        paths = extraction.update_catalogs()
    for path in paths:
        click.echo(path)
    if site_file:
        for catalog, count in texts.untranslated(site_file, data).items():
            lacks = "1 text has" if count == 1 else f"{count} texts have"
            click.echo(f"{catalog}: {lacks} no translation that can be shown", err=True)


@translations.command(name="check")
def check_translations() -> None:
    """Say whether our own catalogs are complete, correct and up to date with the sources."""
    mistakes = list(extraction.check_catalogs())
    for mistake in mistakes:
        click.echo(str(mistake), err=True)
    if mistakes:
        sys.exit(1)
    click.echo("ok")
