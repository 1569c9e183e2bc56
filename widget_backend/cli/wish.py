"""`contact wish`: what somebody says on the phone, kept as their own word."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from widget_backend.actions.staff import Kept, record_wish
from widget_backend.cli.address import person_called, typed_name
from widget_backend.cli.contact_options import now
from widget_backend.cli.database import connected
from widget_backend.cli.group import SITE_FILE
from widget_backend.cli.spoken import LANG, spoken
from widget_backend.cli.staff import BY, required_staff
from widget_backend.errors import PersonRefused
from widget_backend.i18n.languages import Language
from widget_backend.rules.wishes import Wish
from widget_backend.site.channels import CHANNELS, FREQUENCIES, Channel, Frequency
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.text import first_control
from widget_backend.web.decision_sentences import Words
from widget_backend.web.record_sentences import change_sentences
from widget_backend.web.waiting_sentences import refusals


@click.command()
@click.argument("site_file", type=SITE_FILE)
@click.argument("address")
@click.option("--off", multiple=True, metavar="TOPIC", help="They want this topic no more.")
@click.option("--leave", "leaves", is_flag=True, help="They want nothing more at all.")
@click.option(
    "--pause-until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="They want nothing until this day.",
)
@click.option("--do-not-track", "is_not_tracked", is_flag=True, help="They want no tracking.")
@click.option("--on", multiple=True, metavar="TOPIC", help="They want this topic. Needs --words.")
@click.option("--channel", type=click.Choice(CHANNELS), help="How they want it.")
@click.option("--frequency", type=click.Choice(FREQUENCIES), help="How often they want it.")
@click.option(
    "--come-back",
    "comes_back",
    is_flag=True,
    help="Their pause, or getting less, is over. After leaving everything it needs --on as well.",
)
@click.option(
    "--words",
    default="",
    metavar="TEXT",
    help="What they said, as evidence of a yes; `-` reads it from standard input.",
)
@LANG
@BY
def wish(
    site_file: Path,
    address: str,
    off: tuple[str, ...],
    leaves: bool,
    pause_until: datetime | None,
    is_not_tracked: bool,
    on: tuple[str, ...],
    channel: Channel | None,
    frequency: Frequency | None,
    comes_back: bool,
    words: str,
    lang: str | None,
    by: str | None,
) -> None:
    """Keep what the person at ADDRESS says on the phone, as said now.

    See first that it is them. What brings less is always kept. What brings more is their consent:
    ask them, and write what they said with --words. Several can be told at once. The last lines say
    what changed, and what comes again, in the words of the person’s history.
    """
    name, until = typed_name(address), pause_until.date() if pause_until else None
    wanted = Wish(
        off, on, channel, frequency, leaves, until, comes_back, is_not_tracked, _checked(words)
    )
    if not (until or wanted.is_more_than_a_pause):
        raise click.UsageError("say what they want, such as --off TOPIC or --leave")
    sites, staff, at = load_site(site_file), required_staff(by), int(now().timestamp())
    language, site = spoken(sites, lang)
    with connected() as database:
        find = partial(person_called, database, site, name)
        kept = record_wish(database, site, find, wanted, at, staff)
    no_pause = wanted.loses_its_pause(kept.reach)
    if not (kept.changes or kept.refusals) and (wanted.is_more_than_a_pause or not no_pause):
        click.echo("That was so already. It is kept that they said it again.")
    if no_pause:
        click.echo("No pause is kept: they have left everything, which is more.")
    for line in _lines(language, site, kept):
        click.echo(line)
    if kept.refusals:
        raise PersonRefused(*kept.refusals)


def _lines(language: Language, site: Site, kept: Kept) -> Iterator[str]:
    """What changed and what comes as before, and of what cannot come, why, as `contact` says it."""
    refused = refusals(kept.outlook)
    for change in (*kept.changes, *kept.chosen_already):
        for sentence in change_sentences(language, site, change, "phone", kept.reach, refused):
            yield sentence.striptags()
            if change.kind == "topic" and change.name in refused:
                yield f"  no message may go: {Words(language, site).check(refused[change.name])}"


def _checked(words: str) -> str:
    """`-` reads what follows on standard input, so that no shell keeps it."""
    text = " ".join((sys.stdin.read() if words == "-" else words).split())
    if control := first_control(text):
        raise click.UsageError(f"--words holds {control}: write it without")
    return text
