"""Commands for campaigns: register one before it goes out, list them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from widget_backend.cli.opening import opened
from widget_backend.cli.usage import FILE
from widget_backend.config import read_setting
from widget_backend.errors import FileRefused
from widget_backend.site.load import load_site
from widget_backend.site.model import Campaign, Site
from widget_backend.site.values import is_name
from widget_backend.store.campaigns import all_campaigns, register
from widget_backend.text import first_control

NAME_IT = "use up to 40 small Latin letters, digits, - and _, starting with a letter"


@click.group()
def campaigns() -> None:
    """Campaigns: one send each, of one topic, with a sentence that its readers may see."""


@campaigns.command()
@click.argument("site_file", type=FILE)
@click.argument("name")
@click.option("--topic", required=True, help="What unsubscribing from this campaign leaves.")
@click.option("--segment", help="To whom it goes; a segment of the site file.")
@click.option(
    "--sentence",
    "said",
    multiple=True,
    required=True,
    help="Why people get it, for them to read: TEXT, or LANGUAGE=TEXT for the others.",
)
def add(site_file: Path, name: str, topic: str, segment: str | None, said: tuple[str, ...]) -> None:
    """Register the campaign NAME, or change what was said of it."""
    site = load_site(site_file).site
    sentences = _sentences(site, str(site_file), said)
    _require(site, str(site_file), name, topic, segment)
    campaign = Campaign(name, topic, sentences[site.source_language], segment)
    with opened(read_setting("WIDGET_DATABASE_URL")) as database:
        register(database, site.id, campaign, sentences, int(datetime.now(UTC).timestamp()))
    missing = [each for each in site.locales if each not in sentences]
    for tag in missing:
        click.echo(f"warning: no sentence in {tag}: give --sentence {tag}=…", err=True)
    click.echo(f"{name}: registered for the topic {topic}.")


@campaigns.command(name="list")
@click.argument("site_file", type=FILE)
def list_(site_file: Path) -> None:
    """Every campaign: name, topic, segment and sentence, separated by tabs."""
    site = load_site(site_file).site
    with opened(read_setting("WIDGET_DATABASE_URL")) as database:
        found = all_campaigns(database, site)
    for each in found:
        click.echo("\t".join((each.id, each.topic, each.segment or "", each.sentence)))


def _sentences(site: Site, file: str, said: tuple[str, ...]) -> dict[str, str]:
    """By language; a sentence without one is in the site's own."""
    sentences: dict[str, str] = {}
    for each in said:
        tag, equals, text = each.partition("=")
        if not equals or not tag.isascii() or " " in tag:
            tag, text = site.source_language, each
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


def _require(site: Site, file: str, name: str, topic: str, segment: str | None) -> None:
    """Raises FileRefused unless the site knows the topic and segment, and the name is free."""
    topics, segments = ([each.id for each in some] for some in (site.topics, site.segments))
    if not is_name(name):
        raise FileRefused(file, f"“{name}” is no name of a campaign", NAME_IT)
    if site.campaign(name):
        raise FileRefused(file, f"campaigns.{name}: stands there already", "change it there")
    if topic not in topics:
        reason, cure = f"--topic {topic}: no topic is called that", f"one of {', '.join(topics)}"
        raise FileRefused(file, reason, f"choose {cure}")
    if segment is not None and segment not in segments:
        known = f"choose one of {', '.join(segments)}" if segments else "declare it in [[segments]]"
        raise FileRefused(file, f"--segment {segment}: no segment is called that", known)
