"""`mail-check`: what a finished bulk message still needs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from widget_backend.cli.group import FILE, SITE_FILE
from widget_backend.cli.served_sites import served_sites
from widget_backend.errors import FileRefused, NoMessage
from widget_backend.file_errors import unreadable
from widget_backend.mail.sender_checks import check_message
from widget_backend.site.load import load_site


@click.command(name="mail-check")
@click.argument("file", type=FILE)
@click.option("--site", "site_files", type=SITE_FILE, multiple=True)
def mail_check(file: Path, site_files: tuple[Path, ...]) -> None:
    """Say, line by line, what the finished bulk message FILE still needs.

    The site is that of --site, or one of WIDGET_SITES. The exit code is 1 if anything is missing.
    """
    sites = [load_site(each) for each in site_files] or served_sites()
    try:
        source = file.read_bytes()
    except OSError as error:
        raise FileRefused(str(file), *unreadable(error)) from error
    try:
        checks = check_message(source, [each for site in sites for each in site.in_locale.values()])
    except NoMessage as error:
        raise FileRefused(str(file), "is no email message", "save it with its headers") from error
    for each in checks:
        click.echo(f"ok       {each.what}" if each.ok else f"lacking  {each.what}: {each.cure}")
    if not all(each.ok for each in checks):
        sys.exit(1)
