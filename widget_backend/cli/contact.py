"""`contact`: what is held of one person, and what the staff do for them, kept with who asked."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from widget_backend.actions.notify import Notifier
from widget_backend.actions.staff import (
    KINDS,
    Kind,
    look,
    mail_link,
    make_link,
    mark_undeliverable,
)
from widget_backend.cli.address import person_called, typed_name
from widget_backend.cli.contact_options import now
from widget_backend.cli.contact_sheet import Sheet
from widget_backend.cli.database import connected
from widget_backend.cli.group import SITE_FILE, UsualGroup
from widget_backend.cli.revoke import revoke
from widget_backend.cli.spoken import LANG, spoken
from widget_backend.cli.staff import BY, required_staff
from widget_backend.cli.wish import wish
from widget_backend.config import read_setting, signing_keys
from widget_backend.context import Context
from widget_backend.i18n.languages import language
from widget_backend.signing import Signer
from widget_backend.site.load import load_site


class _ContactGroup(UsualGroup):
    usual = "show"


@click.group(cls=_ContactGroup)
def contact() -> None:
    """One person: `contact SITE_FILE ADDRESS` shows them, as `contact show` does.

    ADDRESS is their email address, phone number, customer number or key, as exports call it. With
    `-` it is read from standard input, so that no shell keeps it. Who looks or does something is
    kept, and the person can see on the page with their data that somebody of the staff did.
    """


@contact.command()
@click.argument("site_file", type=SITE_FILE)
@click.argument("address")
@click.option("--addresses", "unmasked", is_flag=True, help="Show addresses and numbers in full.")
@click.option("--all", "whole", is_flag=True, help="The whole history, not only the newest.")
@LANG
@BY
def show(
    site_file: Path, address: str, unmasked: bool, whole: bool, lang: str | None, by: str | None
) -> None:
    """Show what is held of the person at ADDRESS: choices, history, links, mail that waits.

    Sentences are those of the person’s own page. Times are by the site’s clock.
    """
    sites, staff, at = load_site(site_file), required_staff(by), int(now().timestamp())
    words, site = spoken(sites, lang)
    name = typed_name(address)
    with connected() as database:
        person = look(database, partial(person_called, database, site, name), at, staff)
        sheet = Sheet(database, site, words, person, unmasked, at)
        click.echo("\n".join([*sheet.now_held(), "", *sheet.history(whole)]))


@contact.command()
@click.argument("site_file", type=SITE_FILE)
@click.argument("address")
@click.option("--mail", "by_mail", is_flag=True, help="Email it to the address on file instead.")
@BY
def link(site_file: Path, address: str, by_mail: bool, by: str | None) -> None:
    """Print a new link to the choices of the person at ADDRESS, in their language.

    Who has it can see and change these choices, so give it to nobody else. It opens for 180 days.
    Earlier links go on working: see `contact revoke`. It needs the keys of `serve`.
    """
    sites, staff, name = load_site(site_file), required_staff(by), typed_name(address)
    signer = Signer(signing_keys(read_setting("WIDGET_SIGNING_KEYS")))
    with connected() as database:
        context = Context({sites.site.id: sites}, database, signer, now)
        notifier = Notifier(context, sites.site, language(sites.site.source_language))
        find = partial(person_called, database, sites.site, name)
        if by_mail:
            mail_link(notifier, find, staff)
            click.echo("The email waits, and leaves as soon as the server sends mail.")
        else:
            click.echo(make_link(notifier, find, staff))


contact.add_command(revoke)
contact.add_command(wish)


@contact.command()
@click.argument("site_file", type=SITE_FILE)
@click.argument("address")
@click.option(
    "--what",
    "kind",
    type=click.Choice(list(KINDS)),
    default="email",
    help="What comes back: email (the default), what goes to their phone, or letters.",
)
@BY
def undeliverable(site_file: Path, address: str, kind: Kind, by: str | None) -> None:
    """Note that what is sent to the person at ADDRESS comes back. What they chose stays as it is.

    No message goes there any more until the person answers one, or another address is on file.
    """
    site, staff, at = load_site(site_file).site, required_staff(by), int(now().timestamp())
    name = typed_name(address)
    with connected() as database:
        find = partial(person_called, database, site, name)
        is_news = mark_undeliverable(database, find, kind, at, staff)
    click.echo("It is noted." if is_news else "That was known already.")
