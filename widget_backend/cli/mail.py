"""Commands for mail: take a message that unsubscribes, judge one before it is sent."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from peewee import Database

from widget_backend.cli.opening import opened
from widget_backend.cli.usage import FILE
from widget_backend.config import read_setting, retired_keys, signing_keys
from widget_backend.errors import (
    FileRefused,
    LinkForged,
    LinkWrongPurpose,
    MessageWithoutLink,
    ProfileUnknown,
    StaleRevision,
    WidgetError,
    unreadable,
)
from widget_backend.links import Link, Signer
from widget_backend.mail.checking import check
from widget_backend.mail.inbound import token_in
from widget_backend.rules.leaving import leave
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.store.ledger import Circumstances, shown
from widget_backend.store.profiles import read_person
from widget_backend.store.saves import save

LARGEST = 25 * 1024 * 1024
"""Bytes of a message that are read."""
DATA_ERROR, TRY_LATER = 65, 75
"""Exit codes by which a mail server sends a message back, or tries it again (sysexits)."""


@click.command()
def inbound() -> None:
    """Unsubscribe whoever sent the message on standard input, as its subject says.

    For the address of `unsubscribe_mail`: let the mail server pipe its messages here.
    """
    try:
        token = token_in(sys.stdin.buffer.read(LARGEST))
        keys = signing_keys(read_setting("WIDGET_SIGNING_KEYS"))
        signer = Signer(keys, retired_keys(read_setting("WIDGET_RETIRED_KEYS")))
        link = signer.read("one-click", token)
    except (MessageWithoutLink, LinkForged, LinkWrongPurpose) as error:
        click.echo("The subject names no unsubscribe link. Use the link in the message.", err=True)
        raise SystemExit(DATA_ERROR) from error
    try:
        with opened(read_setting("WIDGET_DATABASE_URL")) as database:
            _leave(database, _sites()[link.site], link)
    except KeyError as error:
        click.echo(f"WIDGET_SITES: does not name the site “{link.site}”. Add its file.", err=True)
        raise SystemExit(TRY_LATER) from error
    except WidgetError as error:
        click.echo(str(error), err=True)
        raise SystemExit(TRY_LATER) from error


def _sites() -> dict[str, Site]:
    files = read_setting("WIDGET_SITES").split(os.pathsep)
    sites = (load_site(Path(file)).site for file in files if file)
    return {site.id: site for site in sites}


def _leave(database: Database, site: Site, link: Link) -> None:
    """In effect when it returns. Of a person who is gone, nothing is left to end."""
    try:
        person = read_person(database, link.site, link.handle)
        how = Circumstances(
            int(datetime.now(UTC).timestamp()), "mail", shown(site.id, site.source_language, {})
        )
        save(database, person, leave(site, person.state, link.topic), how)
    except StaleRevision:
        _leave(database, site, link)
    except ProfileUnknown:
        return


@click.command(name="mail-check")
@click.argument("file", type=FILE)
@click.option("--site", "site_files", type=FILE, multiple=True)
def mail_check(file: Path, site_files: tuple[Path, ...]) -> None:
    """Say, line by line, what the finished message FILE still lacks as a bulk sender's.

    The site is that of --site, or one of WIDGET_SITES. The exit code is 1 when anything lacks.
    """
    sites = [load_site(each).site for each in site_files] or list(_sites().values())
    try:
        source = file.read_bytes()
    except OSError as error:
        raise FileRefused(str(file), *unreadable(error)) from error
    findings = check(source, [each for site in sites for each in _in_languages(site)])
    for each in findings:
        click.echo(f"ok       {each.what}" if each.ok else f"lacking  {each.what}: {each.cure}")
    if not all(each.ok for each in findings):
        sys.exit(1)


def _in_languages(site: Site) -> list[Site]:
    return list(load_site(site.file).in_locale.values())


COMMANDS: tuple[click.Command, ...] = (inbound, mail_check)
