"""`audience`: those who may hear of a campaign, with their links, and why the others may not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import click
from peewee import Database

from widget_backend.actions.may_send import Question, question_of
from widget_backend.cli.audience_shape import shape_of
from widget_backend.cli.contact_options import now, progress_bar
from widget_backend.cli.database import connected
from widget_backend.cli.export_for import NO_GUARD
from widget_backend.cli.export_options import MAP
from widget_backend.cli.group import FILE, SITE_FILE
from widget_backend.cli.moments import later_moment
from widget_backend.cli.output_paths import OUT, OUTPUT, require_other_output
from widget_backend.cli.recheck import recheck
from widget_backend.config import read_setting, signing_keys
from widget_backend.contacts.audience import Answer, Asking, Tally, audience, reserved_audience
from widget_backend.contacts.audience_file import AudienceFile, ReasonsFile
from widget_backend.contacts.bulk_links import BulkLinks
from widget_backend.contacts.csv_output import output_file
from widget_backend.contacts.platform_output import WRITTEN
from widget_backend.errors import FileRefused
from widget_backend.signing import Signer
from widget_backend.site.channels import CHANNELS, Channel
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.store.campaigns import find_campaign
from widget_backend.store.contacts import count_contacts

HOUR = 3600
HOURS = 72
"""For which places are kept if nobody says it: a file is sent in the days after it was made."""


@click.command(name="audience")
@click.argument("site_file", type=SITE_FILE)
@click.option("--campaign", required=True, metavar="KEY", help="The campaign, by its id.")
@click.option(
    "--at", "typed_at", metavar="TIME", help="When it goes out: 2026-12-01T09:00. Default: now."
)
@click.option("--channel", type=click.Choice(CHANNELS), help="Default: the campaign’s own.")
@OUT
@click.option(
    "--for",
    "platform",
    type=click.Choice([*WRITTEN]),
    help="Write a file that can be loaded into this mail platform: everybody in it is subscribed.",
)
@MAP
@click.option(
    "--fields",
    "names",
    metavar="NAME,…",
    help="What else to write of each person, by the names of export --fields.",
)
@click.option(
    "--reasons", type=OUTPUT, metavar="FILE", help="Where those go who may not get it, and why not."
)
@click.option(
    "--reserve", "reserves", is_flag=True, help="Take the places of those who are in the file."
)
@click.option(
    "--hours",
    type=click.IntRange(1, 24 * 31),
    help=f"With --reserve: how long after --at the places are kept. Default: {HOURS}.",
)
@click.option(
    "--recheck",
    "earlier",
    type=FILE,
    metavar="FILE",
    help="Write who of this earlier audience may no longer get it, and why not.",
)
def audience_command(
    site_file: Path,
    campaign: str,
    typed_at: str | None,
    channel: Channel | None,
    out: Path,
    platform: str | None,
    mapping_file: Path | None,
    names: str | None,
    reasons: Path | None,
    reserves: bool,
    hours: int | None,
    earlier: Path | None,
) -> None:
    """Write everyone to whom a message of this campaign may go, with their links.

    At the end it says how many may not get it, and why. Without --reserve nothing is taken: between
    the file and its sending others may use the same room.
    """
    if earlier and reserves:
        raise click.UsageError("--recheck reserves nothing: leave out --reserve")
    if hours and not reserves:
        raise click.UsageError("--hours says how long places are kept: add --reserve")
    require_other_output("--reasons", reasons, out)
    site, moment = load_site(site_file).site, int(now().timestamp())
    at = later_moment(site, "--at", typed_at, moment)
    inputs = [each for each in (site_file, mapping_file, earlier) if each]
    with ExitStack() as stack:
        database = stack.enter_context(connected())
        question = _question(database, site, campaign, channel)
        asking = Asking(site, question, at, moment)
        text = stack.enter_context(output_file(out, *inputs))
        if earlier:
            click.echo(recheck(database, asking, earlier, text), err=True)
            return
        shape = shape_of(site, question, names, platform, mapping_file)
        file = AudienceFile(text, shape, _links(database, site, question), moment)
        outputs = [*inputs, out]
        why = stack.enter_context(output_file(reasons, *outputs)) if reasons else None
        reasons_file = ReasonsFile(why) if why else None
        total = count_contacts(database, site.id)
        bar = stack.enter_context(progress_bar(total, "Deciding", out))
        pages = _pages(database, asking, (hours or HOURS) if reserves else None)
        tally = _write(database, pages, file, reasons_file, bar.update)
    if platform and mapping_file and not shape.tag:
        click.echo(f"warning: {mapping_file} has no tag for “{question.message.topic}”.", err=True)
    _say(campaign, tally)
    if platform:
        click.echo(NO_GUARD, err=True)


def _write(
    database: Database,
    pages: Iterable[Sequence[Answer]],
    file: AudienceFile,
    reasons: ReasonsFile | None,
    progress: Callable[[int], object],
) -> Tally:
    """Who may get it goes into the file, and why the others may not to the reasons."""
    tally = Tally()
    for answers in pages:
        tally.add(answers)
        file.add(database, [each.contact for each in answers if each.against is None])
        if reasons:
            reasons.add(answers)
        progress(len(answers))
    return tally


def _question(database: Database, site: Site, name: str, channel: Channel | None) -> Question:
    """Raises CampaignUnknown, and FileRefused for a service message, which has no audience."""
    question = question_of(database, site, name, channel)
    if question.message.service:
        reason = f"--campaign {name}: a service message goes only to whom it concerns"
        raise FileRefused(str(site.file), reason, "ask decide for each of them")
    return question


def _pages(database: Database, asking: Asking, hours: int | None) -> Iterator[list[Answer]]:
    if hours is None:
        return audience(database, asking)
    return reserved_audience(database, asking, hours * HOUR)


def _links(database: Database, site: Site, question: Question) -> BulkLinks:
    signer = Signer(signing_keys(read_setting("WIDGET_SIGNING_KEYS")))
    campaign = find_campaign(database, site, question.message.campaign, site.source_language)
    return BulkLinks(site, signer, now(), campaign)


def _say(campaign: str, tally: Tally) -> None:
    left_out = f"{tally.left_out:,} may not{':' if tally.left_out else ''}"
    click.echo(f"{campaign}: {tally.allowed:,} may get it, {left_out}", err=True)
    for why, count in tally.reasons.most_common():
        click.echo(f"  {count:>9,}: {why}", err=True)
