"""Commands for contacts: bring them in, mint their links, take their choices out."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from peewee import Database

from widget_backend.audience.exports import vanished_topics, write_choices
from widget_backend.audience.imports import Import, import_entries
from widget_backend.audience.linking import ADDRESS_COLUMNS, Linking
from widget_backend.audience.mailchimp import ADDRESS, Audience, Entry
from widget_backend.audience.outputs import Rejects, output
from widget_backend.audience.tables import Table, open_table
from widget_backend.audience.tags import TagMap, read_tag_map, require_list, require_topic
from widget_backend.cli.opening import opened, opened_to_serve
from widget_backend.cli.usage import FILE
from widget_backend.config import read_setting, signing_keys
from widget_backend.errors import FileRefused, one_line
from widget_backend.links import Signer
from widget_backend.site.load import load_site
from widget_backend.site.model import Campaign, Site
from widget_backend.store.campaigns import find_campaign
from widget_backend.store.contacts import count_contacts

LINK_REJECTS = "links.rejects"
MOST_TAGS = 5
"""Tags that are named one by one."""

OUT = click.option(
    "-o",
    "--out",
    type=FILE,
    help="File to write, replaced once the new one is complete; none of those that are read. "
    "Default: the standard output.",
)


def rejects_option(suffix: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--rejects`; of a name of its own, so that `links` leaves alone what `import` wrote."""
    help_ = f"Where rows that cannot be used go. Default: FILE.{suffix}.csv"
    return click.option("--rejects", type=FILE, help=help_)


@click.command(name="import")
@click.argument("site_file", type=FILE)
@click.argument("file", type=FILE)
@click.option("--topic", "topics", multiple=True, help="Subscribe everyone to it. Repeatable.")
@click.option("--map", "tag_map", type=FILE, help="TOML file: which tag is which topic or role.")
@click.option(
    "--list", "list_", help="FILE is this list of the map; anyone who left it leaves its topic."
)
@rejects_option("rejects")
def import_(
    site_file: Path,
    file: Path,
    topics: tuple[str, ...],
    tag_map: Path | None,
    list_: str | None,
    rejects: Path | None,
) -> None:
    """Bring in FILE, a Mailchimp audience export, as contacts of SITE_FILE.

    Subscribed, unsubscribed and cleaned contacts are told apart by their columns. Nobody is
    subscribed to more than --topic and --map say, and what was turned off here stays off.
    Running it again changes nothing.
    """
    site = load_site(site_file).site
    for topic in topics:
        require_topic(site, topic, str(site_file), f"--topic {topic}")
    tags = read_tag_map(tag_map, site) if tag_map else TagMap()
    if list_:
        require_list(tags, list_, tag_map)
    with ExitStack() as stack:
        table = stack.enter_context(open_table(file, ADDRESS))
        audience = Audience(table)
        database = stack.enter_context(opened_to_serve(read_setting("WIDGET_DATABASE_URL")))
        rejected = stack.enter_context(Rejects(table, rejects))
        bar = stack.enter_context(_bar(table.size, "Reading"))
        run = Import(site, audience.kind, _now(), topics, tags, list_)
        unknown: Counter[str] = Counter()
        entries = _noting(audience.entries(rejected), tags, unknown)
        outcomes = import_entries(database, run, entries, _follow(table, bar))
    counts = ", ".join(f"{outcomes[each]:,} {each}" for each in ("new", "updated", "unchanged"))
    click.echo(f"{file.name} ({run.kind}): {counts}, {_rejected(rejected)}.{_hint(run)}")
    if unknown:
        click.echo(f"warning: {file.name}: {_without_effect(unknown)}", err=True)


def _noting(entries: Iterable[Entry], tags: TagMap, unknown: Counter[str]) -> Iterator[Entry]:
    """The entries as they come, with every tag counted that gives them nothing."""
    for entry in entries:
        unknown.update(tags.unknown(entry.tags))
        yield entry


def _without_effect(unknown: Counter[str]) -> str:
    named = ", ".join(f"“{tag}” ({count:,})" for tag, count in unknown.most_common(MOST_TAGS))
    more = f" and {len(unknown) - MOST_TAGS:,} more" if len(unknown) > MOST_TAGS else ""
    tags = f"{len(unknown):,} tags" if len(unknown) > 1 else "1 tag"
    cure = "name them in the file of --map if they should have one"
    return one_line(f"{tags} had no effect: {named}{more}. {cure}.")


def _hint(run: Import) -> str:
    if run.kind != "subscribed" or run.topics or run.tags.topics or run.left:
        return ""
    return " Nobody was subscribed to a topic: name topics with --topic or --map."


@click.command()
@click.argument("site_file", type=FILE)
@click.argument("file", type=FILE)
@click.option("--campaign", help="The send these links are for; unsubscribing leaves its topic.")
@OUT
@rejects_option(LINK_REJECTS)
def links(
    site_file: Path, file: Path, campaign: str | None, out: Path | None, rejects: Path | None
) -> None:
    """Write FILE again with signed links for each of its contacts.

    FILE is CSV with a column “Email Address” or “email”; the columns preferences_url,
    unsubscribe_url and questions_url are added, and list_unsubscribe and list_unsubscribe_post,
    the values of the headers that bulk senders must send. Your own columns stay as they are,
    without the apostrophe that export puts before what a spreadsheet would run as a formula: they
    go on to a mail platform, which would print it.
    """
    site = load_site(site_file).site
    signer = Signer(signing_keys(read_setting("WIDGET_SIGNING_KEYS")))
    with ExitStack() as stack:
        table = stack.enter_context(open_table(file, *ADDRESS_COLUMNS))
        database = stack.enter_context(opened(read_setting("WIDGET_DATABASE_URL")))
        linking = Linking(site, signer, _now(), _campaign(database, site, campaign))
        rejected = stack.enter_context(Rejects(table, rejects, LINK_REJECTS))
        text = stack.enter_context(output(out, site_file, file, rejected.path))
        bar = stack.enter_context(_bar(table.size, "Reading", out is None))
        count = linking.write(database, table, text, rejected, _follow(table, bar))
    click.echo(f"{file.name}: links for {count:,}, {_rejected(rejected)}.", err=True)


def _campaign(database: Database, site: Site, name: str | None) -> Campaign | None:
    """Raises FileRefused when nobody registered it: then nobody knows what leaving it leaves."""
    found = find_campaign(database, site, name, site.source_language) if name else None
    if name and not found:
        cure = f"register it: preference-widget campaigns add {site.file} {name} --topic …"
        raise FileRefused(str(site.file), f"--campaign {name}: no campaign is called that", cure)
    return found


@click.command()
@click.argument("site_file", type=FILE)
@OUT
def export(site_file: Path, out: Path | None) -> None:
    """Write everyone's current choices as CSV, one column a topic.

    A cell that a spreadsheet would run as a formula has an apostrophe before it.
    """
    site = load_site(site_file).site
    with ExitStack() as stack:
        database = stack.enter_context(opened(read_setting("WIDGET_DATABASE_URL")))
        text = stack.enter_context(output(out, site_file))
        bar = stack.enter_context(_bar(count_contacts(database, site.id), "Writing", out is None))
        count = write_choices(database, site, _now().date(), text, bar.update)
        vanished = vanished_topics(database, site)
    for topic, people in vanished.items():
        gone = f"{site_file} no longer declares the topic “{topic}”, held by {people:,}"
        click.echo(f"warning: {gone}. It has no column; declare it again to see it.", err=True)
    click.echo(f"{site.id}: choices of {count:,}.", err=True)


def _now() -> datetime:
    return datetime.now(UTC)


def _rejected(rejects: Rejects) -> str:
    where = f" (see {rejects.path})" if rejects.count else ""
    return f"{rejects.count:,} rejected{where}"


def _bar(length: int, label: str, to_standard_output: bool = False) -> Any:
    """A bar on a terminal, unless that is where the result itself goes."""
    hidden = not sys.stderr.isatty() or (to_standard_output and sys.stdout.isatty())
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=hidden)


def _follow(table: Table, bar: Any) -> Callable[[], None]:
    """To be called after each step through the table: the bar shows bytes read."""
    return lambda: bar.update(table.position - bar.pos)


COMMANDS = (import_, links, export)
