"""`reasons`: why people left, as counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from widget_backend.cli.contact_options import now
from widget_backend.cli.database import connected
from widget_backend.cli.group import SITE_FILE
from widget_backend.cli.spoken import ENGLISH, in_english
from widget_backend.i18n.languages import language
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.store.reasons import reasons_told
from widget_backend.web.labels import reason_name


@click.command()
@click.argument("site_file", type=SITE_FILE)
@click.option(
    "--months",
    type=click.IntRange(1, 1200),
    default=12,
    show_default=True,
    help="How many months, the current one among them.",
)
def reasons(site_file: Path, months: int) -> None:
    """Say why people left: month, topic, reason and how many told it, separated by tabs.

    The newest month comes first. Who left all topics counts as “everything”. Nothing of who told a
    reason is kept.
    """
    site = in_english(load_site(site_file))
    with connected() as database:
        counts = reasons_told(database, site.id, first_month(now().date(), months))
        is_empty = not counts and not reasons_told(database, site.id)
    for each in counts:
        words = reason_name(language(ENGLISH), each.reason)
        click.echo(f"{each.month}\t{_topic_name(site, each.topic)}\t{words}\t{each.times}")
    if is_empty:
        click.echo("Nobody has told a reason yet.", err=True)
    elif not counts:
        click.echo("Nobody told a reason in these months: see more with --months.", err=True)


def first_month(today: date, months: int) -> str:
    """The first of so many months up to today's, as YYYY-MM."""
    year, month = divmod(today.year * 12 + today.month - months, 12)
    return f"{year:04}-{month + 1:02}"


def _topic_name(site: Site, topic_id: str) -> str:
    """The id of a topic that the site no longer has."""
    topic = site.topic(topic_id)
    return topic.name if topic else topic_id or "everything"
