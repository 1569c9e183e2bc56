"""`campaigns`: registers a campaign before it goes out, and lists all."""

from __future__ import annotations

from pathlib import Path

import click

from widget_backend.cli.contact_options import now
from widget_backend.cli.database import connected
from widget_backend.cli.group import SITE_FILE
from widget_backend.cli.moments import moment
from widget_backend.errors import FileRefused
from widget_backend.site.channels import CHANNELS, Channel
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.site.sending import Campaign
from widget_backend.site.values import is_name
from widget_backend.store.campaigns import all_campaigns, register
from widget_backend.text import first_control

NAME_IT = "use up to 40 small Latin letters, digits, - and _, starting with a letter"


@click.group()
def campaigns() -> None:
    """Campaigns: one send each, of one topic, with a sentence that its readers may see."""


@campaigns.command()
@click.argument("site_file", type=SITE_FILE)
@click.argument("name")
@click.option("--topic", required=True, help="What unsubscribing from this campaign leaves.")
@click.option("--segment", help="To whom it goes; a segment of the site file.")
@click.option(
    "--sentence",
    "options",
    multiple=True,
    required=True,
    help="Why people get it, for them to read: TEXT, or LANGUAGE=TEXT for the others.",
)
@click.option("--at", "typed_at", metavar="TIME", help="When it is planned: 2026-12-01T09:00.")
@click.option("--channel", type=click.Choice(CHANNELS), default="email", help="Default: email.")
@click.option(
    "--priority",
    type=int,
    default=0,
    metavar="N",
    help="Where there is room for one message only, the highest goes out. Default: 0.",
)
@click.option("--sender", default="", metavar="TEXT", help="Who sends it inside the organisation.")
def add(
    site_file: Path,
    name: str,
    topic: str,
    segment: str | None,
    options: tuple[str, ...],
    typed_at: str | None,
    channel: Channel,
    priority: int,
    sender: str,
) -> None:
    """Register the campaign NAME, or change what was said of it."""
    site = load_site(site_file).site
    sentences = _sentences(site, options)
    at = None if typed_at is None else moment(site, "--at", typed_at)
    registered_at = int(now().timestamp())
    campaign = Campaign(
        name,
        topic,
        sentences[site.source_language],
        segment,
        at=None if at is None else site.local_time(at),
        channel=channel,
        priority=priority,
        sender=sender,
    )
    _require_valid(site, campaign)
    with connected() as database:
        register(database, site.id, campaign, sentences, registered_at)
    for tag in (each for each in site.locales if each not in sentences):
        click.echo(f"warning: no sentence in {tag}: give --sentence {tag}=…", err=True)
    if at is not None and at < registered_at:
        # No mistake where somebody corrects what was sent, or registers it to report deliveries.
        cure = "if it is still to go out, add it again with a later time"
        click.echo(f"warning: --at {typed_at}: is past. {cure}.", err=True)
    click.echo(f"{name}: registered for the topic {topic}.")


@campaigns.command(name="list")
@click.argument("site_file", type=SITE_FILE)
def list_(site_file: Path) -> None:
    """Every campaign: name, topic, segment and sentence, separated by tabs."""
    site = load_site(site_file).site
    with connected() as database:
        registered = all_campaigns(database, site)
    for each in registered:
        click.echo("\t".join((each.id, each.topic, each.segment or "", each.sentence)))


def _sentences(site: Site, options: tuple[str, ...]) -> dict[str, str]:
    """Sentences by language. One without a language is in the site's own. Raises FileRefused."""
    file = str(site.file)
    sentences: dict[str, str] = {}
    for option in options:
        tag, equals, text = option.partition("=")
        if not equals or not tag.isascii() or " " in tag:
            tag, text = site.source_language, option
        if tag not in site.locales:
            reason = f"--sentence {tag}=…: the site does not speak “{tag}”"
            raise FileRefused(file, reason, f"choose one of {', '.join(site.locales)}")
        if control := first_control(text.strip()):
            raise FileRefused(file, f"--sentence {tag}=…: holds {control}", "write it in one line")
        sentences[tag] = text.strip()
    if not sentences.get(site.source_language):
        reason = f"--sentence: there is none in {site.source_language}, the site’s own language"
        raise FileRefused(file, reason, "give it: --sentence “Why people get this”")
    return sentences


def _require_valid(site: Site, campaign: Campaign) -> None:
    """Raises FileRefused unless its name is new, and the site declares its topic and segment."""
    file = str(site.file)
    topics, segments = ([each.id for each in some] for some in (site.topics, site.segments))
    if not is_name(campaign.id):
        raise FileRefused(file, f"“{campaign.id}” is no name of a campaign", NAME_IT)
    if site.campaign(campaign.id):
        reason = f"campaigns.{campaign.id}: stands there already"
        raise FileRefused(file, reason, "change it there")
    if campaign.topic not in topics:
        reason = f"--topic {campaign.topic}: no topic is called that"
        raise FileRefused(file, reason, f"choose one of {', '.join(topics)}")
    if campaign.segment is not None and campaign.segment not in segments:
        cure = f"choose one of {', '.join(segments)}" if segments else "declare it in [[segments]]"
        raise FileRefused(file, f"--segment {campaign.segment}: no segment is called that", cure)
