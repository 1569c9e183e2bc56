"""`import`: contacts of another platform become contacts of a site."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from peewee import Database

from widget_backend.address_hashes import AddressHashes
from widget_backend.cli.contact_options import (
    ADDRESS_COLUMN,
    follow,
    now,
    progress_bar,
    rejects_option,
)
from widget_backend.cli.database import connected, connected_and_migrated
from widget_backend.cli.group import FILE, SITE_FILE
from widget_backend.cli.import_report import Report, say_columns
from widget_backend.cli.import_source import (
    COLUMN_MAP,
    LISTS,
    PLATFORM,
    opened,
    require_list_options,
    source_of,
    stated_consent,
    with_statements,
)
from widget_backend.cli.keys import address_hashes
from widget_backend.cli.output_paths import OUTPUT
from widget_backend.cli.staff import BY, staff_name
from widget_backend.cli.undo_import import refuse_other_options, undo_import
from widget_backend.contacts.csv_output import Rejects, RejectsFile
from widget_backend.contacts.customer_numbers import join_rows
from widget_backend.contacts.decisions import ImportRun
from widget_backend.contacts.describe import describe
from widget_backend.contacts.dry_run import try_file
from widget_backend.contacts.imports import import_file
from widget_backend.contacts.mapping import (
    TagMapping,
    read_mapping,
    require_list,
    require_topic,
)
from widget_backend.contacts.number_lists import import_numbers, try_numbers
from widget_backend.errors import SettingInvalid
from widget_backend.rules.basis import BASES, Basis
from widget_backend.site.channels import CHANNELS, Channel
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.store.suppression import keeps_unreadable
from widget_backend.text import without_addresses

GO = {
    (False, False): import_file,
    (False, True): try_file,
    (True, False): import_numbers,
    (True, True): try_numbers,
}
"""What imports a file: whether it is a list of numbers, and whether it is a dry run."""


@click.command(name="import")
@click.argument("site_file", type=SITE_FILE, required=False, metavar="SITE_FILE")
@click.argument("file", type=FILE, required=False)
@PLATFORM
@COLUMN_MAP
@click.option(
    "--describe",
    "described",
    type=FILE,
    metavar="FILE",
    help="Draft the file of --columns for FILE, write it to the standard output, and stop. With "
    "SITE_FILE, the draft names its fields.",
)
@click.option(
    "--as",
    "list_of",
    type=click.Choice([*LISTS]),
    help="FILE is a bare list of people to whom nothing is to be sent. Those who are not "
    "known here are kept out of later imports.",
)
@click.option(
    "--channel",
    type=click.Choice(CHANNELS),
    help="With --as: FILE is a list of phone numbers, and nothing more is to be sent to them "
    "through this channel, which is sms or phone.",
)
@click.option("--topic", "topics", multiple=True, help="Subscribe everyone to it. Repeatable.")
@click.option(
    "--map", "mapping_file", type=FILE, help="TOML file: which tag is which topic or role."
)
@click.option(
    "--list", "list_name", help="FILE is this list of the map; anyone who left it leaves its topic."
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
@click.option(
    "--basis",
    type=click.Choice(sorted(BASES)),
    help="What all consents in FILE rest on, if people were not simply asked and agreed.",
)
@click.option(
    "--phone-evidence",
    metavar="TEXT",
    help="How the phone numbers in FILE are known to be the people’s; kept as evidence. Without "
    "it they are not confirmed.",
)
@ADDRESS_COLUMN
@rejects_option("rejects")
@BY
@click.option(
    "--dry-run",
    is_flag=True,
    help="Say what each column will do and count what would change; write nothing.",
)
@click.option(
    "--undo",
    type=click.IntRange(1),
    metavar="RUN",
    help="Without FILE: everyone whom this run touched goes back to what held before.",
)
@click.option(
    "-o",
    "--out",
    type=OUTPUT,
    help="With --undo, where those go who stay as they are. Default: undo-RUN.left.csv",
)
@click.option("--verbose", is_flag=True, help="Say what each column does, also in a pipe.")
@click.option("--json", "as_json", is_flag=True, help="Write the report as one JSON object.")
def import_contacts(site_file: Path | None, described: Path | None, **arguments: Any) -> None:
    """Bring in FILE, an export of a mail platform or a list of your own, as contacts of SITE_FILE.

    Subscribed, unsubscribed and cleaned contacts are told apart by their columns, or by a status
    column. Nobody is subscribed without a time at which they agreed, nor to more than --topic and
    --map say. What was turned off here stays off, unless they agreed to it afterwards. Running it
    again changes nothing.
    """
    if described:
        site = load_site(site_file).site if site_file else None
        for line in describe(described, site):
            click.echo(line)
        return
    if site_file is None:
        raise click.UsageError("missing argument 'SITE_FILE'")
    options = _Options(site_file, **arguments)
    if options.undo is not None:
        refuse_other_options(click.get_current_context())
        undo_import(options.site_file, options.undo, options.by, options.out, options.as_json)
    elif options.file is None:
        raise click.UsageError("missing argument 'FILE'")
    elif options.out:
        raise click.UsageError("-o is for --undo")
    else:
        _import_file(options, options.file)


@dataclass(frozen=True)
class _Options:
    """The arguments, by the names of the parameters."""

    site_file: Path
    file: Path | None
    platform: str | None
    column_map: Path | None
    list_of: str | None
    channel: Channel | None
    topics: tuple[str, ...]
    mapping_file: Path | None
    list_name: str | None
    consent: str | None
    consented_on: datetime | None
    basis: Basis | None
    phone_evidence: str | None
    address_column: str | None
    rejects: Path | None
    by: str | None
    dry_run: bool
    undo: int | None
    out: Path | None
    verbose: bool
    as_json: bool


def _import_file(options: _Options, file: Path) -> None:
    consent = stated_consent(options.consent, options.consented_on)
    require_list_options(options.list_of, options.channel, options.topics)
    run = _run(options, file, address_hashes())
    with ExitStack() as stack:
        source = source_of(
            file,
            run.site,
            options.platform,
            options.column_map,
            options.list_of,
            options.channel,
        )
        source = with_statements(source, options.basis, options.phone_evidence)
        run = replace(run, known={**run.known, "platform": source.id})
        export, run = opened(stack, file, options.address_column, source, run, consent)
        contacts = export.csv_file
        if not options.as_json:
            say_columns(export, options.dry_run, options.verbose)
        connect = connected if options.dry_run else connected_and_migrated
        database = stack.enter_context(connect())
        _require_keys_of_erased(database, run.site, run.hashes)
        if "customer" in run.details:
            export.join = partial(join_rows, database, run.site.id)
        rejects = Rejects() if options.dry_run else RejectsFile(contacts, options.rejects)
        stack.enter_context(rejects)
        bar = stack.enter_context(progress_bar(contacts.size, "Reading"))
        go = GO[bool(run.channel), options.dry_run]
        result = go(database, run, export, rejects, follow(contacts, bar))
    Report(file, run, export, result, rejects).say(options.as_json)


def _run(options: _Options, file: Path, hashes: AddressHashes) -> ImportRun:
    """Raises FileRefused where the options name what the site or the map does not have."""
    site_file, mapping_file, list_name = options.site_file, options.mapping_file, options.list_name
    site = load_site(site_file).site
    for topic in options.topics:
        require_topic(site, topic, str(site_file), f"--topic {topic}")
    mapping = read_mapping(mapping_file, site) if mapping_file else TagMapping()
    if list_name:
        require_list(mapping, list_name, mapping_file)
    return ImportRun(
        site,
        now(),
        hashes,
        options.topics,
        mapping,
        list_name,
        makes_people=not options.list_of,
        channel=options.channel,
        staff=staff_name(options.by),
        known={"file": without_addresses(file.name)[:255], "options": _kept(options)},
    )


def _kept(options: _Options) -> dict[str, Any]:
    """What a run keeps of its options: nothing that leads to a person."""
    mapping, day = options.mapping_file, options.consented_on
    kept = {
        "topics": list(options.topics),
        "map": mapping and without_addresses(mapping.name),
        "list": options.list_name,
        "as": options.list_of,
        "channel": options.channel,
        "consent": options.consent is not None,
        "consented_on": day and day.date().isoformat(),
        "basis": options.basis,
        "phone_evidence": options.phone_evidence is not None,
    }
    return {name: value for name, value in kept.items() if value}


def _require_keys_of_erased(database: Database, site: Site, hashes: AddressHashes) -> None:
    """Raises SettingInvalid if a person was erased while a key was in use that is missing now."""
    if keeps_unreadable(database, site.id, hashes):
        reason = "lacks a key by which people who had their data deleted are known again"
        cure = "add every key that WIDGET_SIGNING_KEYS ever held"
        raise SettingInvalid("WIDGET_RETIRED_KEYS", reason, cure)
