"""`translations`: the catalogs of this software's own words, and of a site's texts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from widget_backend.calling import calling
from widget_backend.cli.group import SITE_FILE
from widget_backend.errors import Mistake
from widget_backend.i18n import extraction
from widget_backend.i18n.catalog_checks import Missing
from widget_backend.site import texts
from widget_backend.site.load import read_data
from widget_backend.text import one_line


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


FEW = 5
"""So many texts without a translation are named, of one catalog; more of them are counted."""
MISSING = calling("translations check --missing")


@translations.command(name="check")
@click.option("--missing", is_flag=True, help="Name all texts without a translation.")
def check_translations(missing: bool) -> None:
    """Say whether our own catalogs are complete, correct and up to date with the sources.

    Where a catalog lacks many texts, says how many. What is wrong stands last.
    """
    mistakes = list(extraction.check_catalogs())
    for line in _lines(mistakes, sys.maxsize if missing else FEW):
        click.echo(line, err=True)
    if mistakes:
        sys.exit(1)
    click.echo("ok")


def _lines(mistakes: list[Mistake], few: int) -> Iterator[str]:
    """What is missing, counted by catalog where there is more than a `few`; then what is wrong."""
    lacking: dict[tuple[str, str], list[Missing]] = {}
    for each in mistakes:
        if isinstance(each, Missing):
            lacking.setdefault((each.file, each.many), []).append(each)
    for (file, many), sentences in lacking.items():
        if len(sentences) <= few:
            yield from map(str, sentences)
        else:
            reason = f"{len(sentences)} sentences {many}"
            yield one_line(file, f"{reason}. {MISSING} lists them.")
    yield from (str(each) for each in mistakes if not isinstance(each, Missing))
