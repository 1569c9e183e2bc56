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
    MessageWithoutLink,
    NoMessage,
    ProfileUnknown,
    SettingInvalid,
    StaleRevision,
    WidgetError,
    unreadable,
)
from widget_backend.fault_log import without_values
from widget_backend.links import Link
from widget_backend.mail.inbound import one_click_link
from widget_backend.mail.sender_checks import check_message
from widget_backend.rules.unsubscribing import unsubscribe
from widget_backend.signing import Signer
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.store.ledger import Circumstances, shown
from widget_backend.store.profiles import read_person
from widget_backend.store.saves import save
from widget_backend.text import one_line

LARGEST = 25 * 1024 * 1024
"""Bytes of a message that are read."""
TRY_LATER = 75
"""The exit code by which a mail server keeps a message and tries it again (sysexits)."""


@click.command()
def inbound() -> None:
    """Unsubscribe the person whose link is in the subject of the message on standard input.

    For the address of `unsubscribe_mail`: let the mail server pipe its messages here. The exit code
    is 75 when the server should keep the message and try again. A message without a link changes
    nothing: one line says so, and the exit code is 0.
    """
    try:
        _unsubscribe(sys.stdin.buffer.read(LARGEST))
    except MessageWithoutLink:
        # Nothing goes back: the sender of spam is forged, and a stranger would get the answer.
        click.echo("Nothing was changed: the subject names no unsubscribe link.", err=True)
    except NoMessage:
        click.echo("Nothing was changed: the standard input holds no email message.", err=True)
    except Exception as error:  # whatever it is, who asked to leave must not be lost
        click.echo(_told(error), err=True)
        raise SystemExit(TRY_LATER) from error


def _told(error: Exception) -> str:
    if isinstance(error, WidgetError):
        return str(error)
    # Without values, as in the server's log: what an error says may quote the message.
    place = " ".join(without_values(error).split())
    return one_line("inbound", f"{place}. The message is to be tried again; report this line.")


def _unsubscribe(source: bytes) -> None:
    keys = signing_keys(read_setting("WIDGET_SIGNING_KEYS"))
    signer = Signer(keys, retired_keys(read_setting("WIDGET_RETIRED_KEYS")))
    link = one_click_link(source, signer)
    with opened(read_setting("WIDGET_DATABASE_URL")) as database:
        _leave(database, _site_of(link), link)


def _site_of(link: Link) -> Site:
    try:
        return _sites()[link.site]
    except KeyError as error:
        reason = f"does not name the site “{link.site}”"
        raise SettingInvalid("WIDGET_SITES", reason, "Add its file") from error


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
        save(database, person, unsubscribe(site, person.state, link.topic), how)
    except StaleRevision:
        _leave(database, site, link)
    except ProfileUnknown:
        return


@click.command(name="mail-check")
@click.argument("file", type=FILE)
@click.option("--site", "site_files", type=FILE, multiple=True)
def mail_check(file: Path, site_files: tuple[Path, ...]) -> None:
    """Say, line by line, what the finished bulk message FILE still needs.

    The site is that of --site, or one of WIDGET_SITES. The exit code is 1 if anything is missing.
    """
    sites = [load_site(each).site for each in site_files] or list(_sites().values())
    try:
        source = file.read_bytes()
    except OSError as error:
        raise FileRefused(str(file), *unreadable(error)) from error
    try:
        checks = check_message(source, [each for site in sites for each in _in_languages(site)])
    except NoMessage as error:
        raise FileRefused(str(file), "is no email message", "save it with its headers") from error
    for each in checks:
        click.echo(f"ok       {each.what}" if each.ok else f"lacking  {each.what}: {each.cure}")
    if not all(each.ok for each in checks):
        sys.exit(1)


def _in_languages(site: Site) -> list[Site]:
    return list(load_site(site.file).in_locale.values())
