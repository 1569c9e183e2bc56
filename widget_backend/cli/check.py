"""`check`: whether a site file can be served."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import click

from widget_backend.cli.bases import unlawful_bases
from widget_backend.cli.database import connected
from widget_backend.cli.group import FILE
from widget_backend.cli.misfits import unencrypted
from widget_backend.contacts.exports import removed_topics
from widget_backend.errors import MigrationDue, Mistake
from widget_backend.i18n.languages import catalogs_for, language
from widget_backend.installation import text_file
from widget_backend.rules.law import law_in
from widget_backend.rules.topics import CONTACT_FOR
from widget_backend.site.channels import CHANNELS
from widget_backend.site.load import SiteInLanguages, load_site
from widget_backend.site.model import Site
from widget_backend.site.theme import contrast_findings
from widget_backend.site.todo import todo
from widget_backend.site.toml import read_toml
from widget_backend.store.database import DATABASE


@click.command()
@click.argument("site_file", type=FILE)
@click.option("--strict", is_flag=True, help="Count what people would see as an error.")
def check(site_file: Path, strict: bool) -> None:
    """Say whether SITE_FILE can be served: ok, warnings, or one line for each mistake.

    Warnings are for what people would see: texts without a translation or with one that would
    break a page or a mail, colours that are hard to read. Also for lines with TODO, as `init`
    writes them, for countries whose law is not known here, for SMS and calls where the file does
    not say to which numbers they go, and with WIDGET_DATABASE_URL set for topics that were removed
    while people have them, and for consents that the law of a country does not take for any.
    """
    site = load_site(site_file)
    flaws = [*site.flaws, *_other_flaws(site)]
    for mistake in flaws:
        click.echo(f"{'error' if strict else 'warning'}: {mistake}", err=True)
    addresses = (Mistake(str(site_file), *each) for each in unencrypted(site.site.url))
    others = (todo(site.site), _unknown_laws(site.site), _undecided(site.site))
    for mistake in chain(addresses, *others):
        click.echo(f"warning: {mistake}", err=True)
    try:
        for mistake in chain(_removed_topics(site.site), unlawful_bases(site.site)):
            click.echo(f"warning: {mistake}", err=True)
    except MigrationDue as due:
        if not due.is_empty:  # in an empty database nobody has a topic
            click.echo(f"warning: what people have was not looked up: {due}", err=True)
    if strict and flaws:
        sys.exit(1)
    click.echo("ok")


def _other_flaws(site: SiteInLanguages) -> Iterator[Mistake]:
    """Missing catalogs of our own words, and colours that are hard to read."""
    file = str(site.site.file)
    for locale in site.site.locales:
        if not catalogs_for(locale):
            reason = f"there is no catalog of our own words for “{locale}”: people read English"
            cure = f"translate them: see {text_file('translations/README.md')}"
            yield Mistake(file, "locales", reason, cure)
    for finding in contrast_findings(site.site.theme):
        yield Mistake(file, *finding)


def _unknown_laws(site: Site) -> Iterator[Mistake]:
    for country in site.countries:
        if law_in(country) is None:
            name = language("en").country(country)
            reason = f"the law of {name} is not known here: the strictest of all laws is taken"
            yield Mistake(str(site.file), "countries", reason, "ask a lawyer what holds there")


def _undecided(site: Site) -> Iterator[Mistake]:
    """That nothing goes to a number that people type is to be a choice of the site's owner."""
    offered = [each for each in CHANNELS if CONTACT_FOR.get(each) == "phone"]
    offered = [each for each in offered if any(each in topic.channels for topic in site.topics)]
    if offered and "unverified_numbers" not in read_toml(site.file):
        reason = (
            f"missing, while topics come by {' and '.join(offered)}: nothing will go to a number "
            "that a person types, since nobody has confirmed it"
        )
        cure = (
            "write true to send to such numbers, or false to send only to those that an import "
            "confirms (--phone-evidence)"
        )
        yield Mistake(str(site.file), "unverified_numbers", reason, cure)


def _removed_topics(site: Site) -> Iterator[Mistake]:
    """Topics that people have but the file no longer declares; none if no database is set."""
    if not (os.environ.get(DATABASE) or os.environ.get(f"{DATABASE}_FILE")):
        return
    with connected() as database:
        counts = removed_topics(database, site)
    for topic, people in counts.items():
        who = f"{people:,} people have" if people > 1 else "1 person has"
        reason = f"is no longer declared, and {who} it. Their choice stays in the ledger"
        cure = "declare it again to show it and let them change it"
        yield Mistake(str(site.file), f"topics.{topic}", reason, cure)
