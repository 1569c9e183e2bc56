"""`doctor`: what keeps the form from an owner's live page."""

from __future__ import annotations

import sys

import click
from marshmallow import ValidationError

from widget_backend.doctor.findings import findings
from widget_backend.doctor.inspection import inspect_page
from widget_backend.errors import Mistake, PageUnreachable
from widget_backend.site.values import is_language


@click.command()
@click.argument("url")
@click.option("--lang", help="What the form should speak. Default: what the page says.")
def doctor(url: str, lang: str | None) -> None:
    """Look at the page at URL in a real browser and say what keeps the form from it: ok, or lines.

    The page is opened as anybody would, on a telephone and in a wide window. Nothing is sent.
    """
    if not url.lower().startswith(("https://", "http://")):
        raise PageUnreachable(url, "it is not the address of a web page", "write https://…")
    try:
        is_language(lang or "en")
    except ValidationError as error:
        raise click.UsageError(f"--lang {lang}: no language of that name is known") from error
    problems = findings(inspect_page(url), lang)
    for each in problems:
        click.echo(str(Mistake(url, *each)))
    if problems:
        sys.exit(1)
    click.echo("ok")
