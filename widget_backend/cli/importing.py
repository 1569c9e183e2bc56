"""The command that brings contacts in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path

import click
from peewee import Database

from widget_backend.address_hashes import AddressHashes
from widget_backend.cli.opening import opened_to_serve
from widget_backend.cli.tables import (
    ADDRESS_COLUMN,
    bar_of,
    follow,
    now,
    rejected_rows,
    rejects_option,
)
from widget_backend.cli.usage import FILE
from widget_backend.config import read_setting, retired_keys, signing_keys
from widget_backend.contacts.csv_output import RejectsFile
from widget_backend.contacts.csv_reader import open_csv
from widget_backend.contacts.imports import ImportRun, import_entries
from widget_backend.contacts.mailchimp import Entry, MailchimpExport, StatedConsent
from widget_backend.contacts.mapping import TagMapping, read_mapping, require_list, require_topic
from widget_backend.errors import SettingInvalid
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.store.suppression import keeps_unreadable
from widget_backend.text import one_line

MOST_TAGS = 5
"""Tags that are named one by one."""


@click.command(name="import")
@click.argument("site_file", type=FILE)
@click.argument("file", type=FILE)
@click.option("--topic", "topics", multiple=True, help="Subscribe everyone to it. Repeatable.")
@click.option("--map", "tag_map", type=FILE, help="TOML file: which tag is which topic or role.")
@click.option(
    "--list", "list_", help="FILE is this list of the map; anyone who left it leaves its topic."
)
@click.option(
    "--consent",
    metavar="TEXT",
    help="Where and when people agreed whose row has no opt-in or confirmation time; kept as "
    "evidence. Without it they are rejected. Never counts against a status or a no.",
)
@click.option(
    "--consented-on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day of --consent, as 2024-03-01, if it was one day.",
)
@ADDRESS_COLUMN
@rejects_option("rejects")
def import_(
    site_file: Path,
    file: Path,
    topics: tuple[str, ...],
    tag_map: Path | None,
    list_: str | None,
    consent: str | None,
    consented_on: datetime | None,
    address_column: str | None,
    rejects: Path | None,
) -> None:
    """Bring in FILE, a Mailchimp audience export, as contacts of SITE_FILE.

    Subscribed, unsubscribed and cleaned contacts are told apart by their columns, or by a status
    column. Nobody is subscribed without a time at which they agreed, nor to more than --topic and
    --map say, and what was turned off here stays off. Running it again changes nothing.
    """
    agreed = _consent(consent, consented_on)
    hashes = AddressHashes(
        signing_keys(read_setting("WIDGET_SIGNING_KEYS")),
        retired_keys(read_setting("WIDGET_RETIRED_KEYS")),
    )
    site = load_site(site_file).site
    for topic in topics:
        require_topic(site, topic, str(site_file), f"--topic {topic}")
    tags = read_mapping(tag_map, site) if tag_map else TagMapping()
    if list_:
        require_list(tags, list_, tag_map)
    with ExitStack() as stack:
        table = stack.enter_context(open_csv(file, address_column))
        audience = MailchimpExport(table, agreed, now())
        database = stack.enter_context(opened_to_serve(read_setting("WIDGET_DATABASE_URL")))
        _require_keys_of_erased(database, site, hashes)
        rejected = stack.enter_context(RejectsFile(table, rejects))
        bar = stack.enter_context(bar_of(table.size, "Reading"))
        run = ImportRun(site, now(), hashes, topics, tags, list_)
        unknown: Counter[str] = Counter()
        entries = _noting(audience.entries(rejected), tags, unknown)
        outcomes = import_entries(
            database, run, entries, follow(table, bar), reject=_into(rejected)
        )
    counts = ", ".join(f"{outcomes[each]:,} {each}" for each in ("new", "changed", "unchanged"))
    hint = _hint(run, audience)
    click.echo(f"{file.name} ({audience.kind_source}): {counts}, {rejected_rows(rejected)}.{hint}")
    for warning in _warnings(audience, unknown):
        click.echo(one_line("warning", file.name, warning), err=True)


def _consent(text: str | None, day: datetime | None) -> StatedConsent | None:
    """Raises click's UsageError for a day that is to come, or without words."""
    on: date | None = day.date() if day else None
    if on and on > now().astimezone().date():
        raise click.UsageError("--consented-on is a day that is still to come")
    if text is not None and not text.strip():
        raise click.UsageError("--consent is empty: say where and when people agreed")
    if on and text is None:
        raise click.UsageError("--consented-on needs --consent, which says where they agreed")
    return StatedConsent(text.strip(), on) if text else None


def _require_keys_of_erased(database: Database, site: Site, hashes: AddressHashes) -> None:
    """Raises SettingInvalid when somebody was erased under a key that is missing here."""
    if keeps_unreadable(database, site.id, hashes):
        reason = "lacks a key by which people who had their data deleted are known again"
        cure = "add every key that WIDGET_SIGNING_KEYS ever held"
        raise SettingInvalid("WIDGET_RETIRED_KEYS", reason, cure)


def _into(rejects: RejectsFile) -> Callable[[Entry, str], None]:
    def reject(entry: Entry, reason: str) -> None:
        if entry.row:
            rejects.add(entry.row, reason)

    return reject


def _noting(entries: Iterable[Entry], tags: TagMapping, unknown: Counter[str]) -> Iterator[Entry]:
    """The entries as they come, with every tag counted that gives them nothing."""
    for entry in entries:
        unknown.update(tags.unknown(entry.tags))
        yield entry


def _warnings(audience: MailchimpExport, unknown: Counter[str]) -> Iterator[str]:
    if unknown:
        yield _without_effect(unknown)
    if audience.unreadable.count:
        cure = "export it again and import the file as it is: a spreadsheet rewrote the times"
        yield f"{audience.unreadable}. {cure}."


def _without_effect(unknown: Counter[str]) -> str:
    named = ", ".join(f"“{tag}” ({count:,})" for tag, count in unknown.most_common(MOST_TAGS))
    more = f" and {len(unknown) - MOST_TAGS:,} more" if len(unknown) > MOST_TAGS else ""
    tags = f"{len(unknown):,} tags" if len(unknown) > 1 else "1 tag"
    cure = "name them in the file of --map if they should have one"
    return f"{tags} had no effect: {named}{more}. {cure}."


def _hint(run: ImportRun, audience: MailchimpExport) -> str:
    subscribers = audience.kind in {None, "subscribed"}
    if not subscribers or run.topics or run.mapping.topics or run.list_topic:
        return ""
    return " Nobody was subscribed to a topic: name topics with --topic or --map."
