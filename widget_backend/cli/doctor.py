"""`doctor`: what keeps the form from an owner's live page, or what is wrong with the server."""

from __future__ import annotations

import sys

import click
from marshmallow import ValidationError

from widget_backend.cli.doctor_server import server_outcomes
from widget_backend.doctor.findings import findings
from widget_backend.doctor.inspection import inspect_page
from widget_backend.errors import Mistake, PageUnreachable
from widget_backend.rules.email_addresses import email_address
from widget_backend.site.values import is_language


@click.command()
@click.argument("url", required=False)
@click.option("--lang", help="What the form should speak. Default: what the page says.")
@click.option("--server", is_flag=True, help="Look at the server of the settings, and at no page.")
@click.option(
    "--letter-to", metavar="ADDRESS", help="With --server: send a test letter of each site there."
)
@click.option("--selector", help="With --server: the name of your DKIM key in DNS.")
@click.option("--no-mail", is_flag=True, help="With --server: serve runs with --no-mail, too.")
def doctor(
    url: str | None,
    lang: str | None,
    server: bool,
    letter_to: str | None,
    selector: str | None,
    no_mail: bool,
) -> None:
    """Look at the page at URL in a real browser and say what keeps the form from it: ok, or lines.

    The page is opened as anybody would, on a telephone and in a wide window. Nothing is sent.

    With --server, look at the server instead: settings, files, database, disks, clock, proxy and
    mail, a line each. The exit code is 1 if something is wrong.
    """
    if server == (url is not None):
        raise click.UsageError("name either the URL of a page, or --server")
    if url is None:
        _look_at_server(letter_to, selector, no_mail)
    elif letter_to or selector or no_mail:
        raise click.UsageError("--letter-to, --selector and --no-mail are for --server")
    else:
        _look_at_page(url, lang)


def _look_at_server(letter_to: str | None, selector: str | None, no_mail: bool) -> None:
    if no_mail and (letter_to or selector):
        raise click.UsageError("--letter-to and --selector look at mail: leave out --no-mail")
    if letter_to is not None and email_address(letter_to) is None:
        raise click.UsageError(f"--letter-to {letter_to}: is no address")
    is_wrong = False
    for each in server_outcomes(letter_to, selector, sends_mail=not no_mail):
        click.echo(str(each))
        is_wrong |= each.state == "wrong"
    if is_wrong:
        sys.exit(1)


def _look_at_page(url: str, lang: str | None) -> None:
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
