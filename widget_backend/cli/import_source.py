"""What FILE of `import` and `links` is: of a platform, a list, or our own export; and opened."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from widget_backend.cli.contact_options import now
from widget_backend.cli.group import FILE
from widget_backend.contacts.column_map import read_column_map
from widget_backend.contacts.csv_reader import open_csv
from widget_backend.contacts.decisions import ImportRun
from widget_backend.contacts.entries import PlatformFile
from widget_backend.contacts.number_columns import open_contacts, open_numbers
from widget_backend.contacts.number_lists import NumberFile
from widget_backend.contacts.own_export import OwnExport, roles_as_tags
from widget_backend.contacts.platform import Kind, Platform, StatedBasis
from widget_backend.contacts.recognise import BY_ID, as_list_of, of_platform, recognise
from widget_backend.contacts.stated_consent import StatedConsent
from widget_backend.rules.basis import Basis
from widget_backend.site.channels import Channel
from widget_backend.site.model import Site

PLATFORM = click.option(
    "--platform",
    metavar="NAME",
    help=f"Where FILE is from, if its columns do not tell: {', '.join(BY_ID)}.",
)
COLUMN_MAP = click.option(
    "--columns",
    "column_map",
    type=FILE,
    metavar="MAP",
    help="TOML file: what the columns of FILE hold, if it is from no platform known here.",
)

LISTS: dict[str, Kind] = {"unsubscribed": "unsubscribed", "undeliverable": "cleaned"}
"""What --as may say, and the kind of the contacts."""

OF_NUMBERS: tuple[Channel, ...] = ("sms", "phone")
"""What --channel may say."""


def require_list_options(
    list_of: str | None, channel: Channel | None, topics: Collection[str]
) -> None:
    """Raises click's UsageError unless a list can be about this channel, and names no topics."""
    if list_of and topics:
        reason = f"--topic subscribes people, and --as {list_of} is about all topics"
        raise click.UsageError(f"{reason}: leave one out; for a list of one topic there is --list")
    if channel and not list_of:
        raise click.UsageError("--channel is for lists: say which with --as")
    if channel == "email":
        raise click.UsageError("--channel email: leave it out for a list of email addresses")
    if channel and channel not in OF_NUMBERS:
        reason = f"--channel {channel}: a list of postal addresses cannot be read"
        raise click.UsageError(f"{reason}; there are lists of phone numbers, for sms or phone")


def source_of(
    file: Path,
    site: Site,
    platform: str | None,
    column_map: Path | None,
    list_of: str | None = None,
    channel: Channel | None = None,
) -> Platform:
    """How the file is to be read. Raises click's UsageError if two options say it."""
    if platform and column_map:
        raise click.UsageError("--platform and --columns both say what FILE holds: name one")
    if column_map:
        source = read_column_map(column_map, file, site, is_of_numbers=channel is not None)
    else:
        source = of_platform(file, platform) if platform else recognise(file)
    return as_list_of(source, LISTS[list_of]) if list_of else source


def stated_consent(text: str | None, day: datetime | None) -> StatedConsent | None:
    """Raises click's UsageError for a day that is still to come, or a day or text that is missing
    where the other is given."""
    on = day.date() if day else None
    if on and on > now().astimezone().date():
        raise click.UsageError("--consented-on is a day that is still to come")
    if text is not None and not text.strip():
        raise click.UsageError("--consent is empty: say where and when people agreed")
    if on and text is None:
        raise click.UsageError("--consented-on needs --consent, which says where they agreed")
    return StatedConsent(text.strip(), on) if text else None


def with_statements(source: Platform, basis: Basis | None, phone_evidence: str | None) -> Platform:
    """The same with what whoever imports says of all rows. Raises click's UsageError where that
    means nothing for the file, or for text that is empty."""
    if basis and (source.is_list or source.is_ours):
        what = "an export of our own, which says it itself" if source.is_ours else "about a no"
        raise click.UsageError(f"--basis {basis}: this file is {what}: leave it out")
    if phone_evidence is not None and not phone_evidence.strip():
        raise click.UsageError("--phone-evidence is empty: say how the numbers are known")
    if phone_evidence and source.is_list:
        raise click.UsageError("--phone-evidence: this file is about a no: leave it out")
    stated = replace(source.basis or StatedBasis(), usual=basis) if basis else source.basis
    return replace(source, basis=stated, stated_phone_evidence=(phone_evidence or "").strip())


def opened(
    stack: ExitStack,
    file: Path,
    column: str | None,
    source: Platform,
    run: ImportRun,
    consent: StatedConsent | None,
) -> tuple[PlatformFile, ImportRun]:
    """The file, open until the stack ends, and the run as it is for such a file. Raises FileRefused
    for what cannot be read, and click's UsageError for options that mean nothing for the file."""
    source = _with_numbers(source, run.mapping.contacts)
    if run.channel:
        numbers = stack.enter_context(open_numbers(file, column, source, run.site.region))
        export: PlatformFile = NumberFile(numbers, source, region=run.site.region)
    elif source.is_ours:
        _refuse_topics(run)
        run = replace(run, mapping=roles_as_tags(run.site, run.mapping))
        contacts = stack.enter_context(open_csv(file, column, source))
        export = OwnExport(contacts, source, run.site, run.mapping, consent, run.now)
    else:
        if column and not source.address:
            source = replace(source, address=(column,))
        contacts = stack.enter_context(open_contacts(file, column, source))
        export = PlatformFile(
            contacts,
            source,
            consent,
            run.now,
            run.mapping.names,
            run.mapping.fields,
            run.site.region,
            run.site.locales,
        )
    return export, replace(run, details=export.details)


def _with_numbers(source: Platform, columns: Mapping[str, str]) -> Platform:
    """The same with the columns of numbers that the map names."""
    phone = (columns["phone"],) if "phone" in columns else source.phone
    customer = (columns["customer"],) if "customer" in columns else source.customer
    return replace(source, phone=phone, customer=customer)


def _refuse_topics(run: ImportRun) -> None:
    if run.topics or run.list_name:
        reason = "this file is an export of our own and says itself who gets what"
        raise click.UsageError(f"{reason}: leave --topic and --list out")
