"""The options of `export` for what is written, and since when; bad ones become one line."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from peewee import Database

from widget_backend.cli.group import FILE
from widget_backend.cli.output_paths import FILE_ON_DISK
from widget_backend.contacts.cursors import START, CursorFile, read_cursor
from widget_backend.contacts.export_fields import Field, all_fields, usual_fields
from widget_backend.contacts.exports import CsvOutput, JsonOutput
from widget_backend.contacts.platform_output import STATUSES, WRITTEN
from widget_backend.contacts.times import read_time
from widget_backend.errors import CursorRefused
from widget_backend.site.model import Site
from widget_backend.store.changes import Cursor, cursor_at, require_known

ALL = "all"
FORMATS: dict[str, type[CsvOutput] | type[JsonOutput]] = {"csv": CsvOutput, "ndjson": JsonOutput}


def _time(_: click.Context, __: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    at = read_time(value)
    if at is None:
        cure = "write 2026-11-22, or 2026-11-22T09:00+01:00"
        raise click.BadParameter(f"“{value}” is no time: {cure}")
    return at


FIELDS = click.option(
    "--fields",
    "names",
    metavar="NAME,…",
    help=f"What to write of each person: “{ALL}”, or fields by name, such as "
    "email,roles,phone,answer:kitchen. Default: the choices.",
)
FORMAT = click.option(
    "--format", "style", type=click.Choice([*FORMATS]), default="csv", show_default=True
)
SINCE = click.option(
    "--since",
    metavar="TIME",
    callback=_time,
    help="Only people of whom something changed since then (ISO 8601; UTC unless it names a zone).",
)
CURSOR = click.option(
    "--cursor",
    metavar="VALUE",
    help=f"Only changes since the export that printed this cursor; “{START}” is everyone.",
)
CURSOR_FILE = click.option(
    "--cursor-file",
    "cursor_path",
    type=FILE_ON_DISK,
    help="The same with the cursor in this file, which is replaced once the export is complete. "
    "Without the file: everyone.",
)

FOR = click.option(
    "--for",
    "platform",
    type=click.Choice([*WRITTEN]),
    help="Write a file that can be loaded into this mail platform. Who has paused, wants fewer "
    "messages, or none that has a tag in --map, is written as unsubscribed.",
)
MAP = click.option(
    "--map",
    "mapping_file",
    type=FILE,
    help="With --for: the TOML file of `import --map`, read backwards: which topic is which tag.",
)
STATUS = click.option(
    "--status",
    type=click.Choice(STATUSES),
    help="With --for: only people of this status. Needed for platforms that load one at a time.",
)


def chosen_fields(site: Site, at: datetime, names: str | None, of_changes: bool) -> list[Field]:
    """Raises click.BadParameter for a name that there is not. Changes always name the person."""
    known = all_fields(site, at)
    if names == ALL:
        return list(known.values())
    fields = usual_fields(site, known) if names is None else named_fields(known, names)
    person = known["person"]
    return [person, *fields] if of_changes and person not in fields else fields


def named_fields(known: dict[str, Field], names: str) -> list[Field]:
    """Raises click.BadParameter for a name that there is not."""
    wanted = dict.fromkeys(name.strip() for name in names.split(","))
    for name in wanted:
        if name not in known:
            fields = ", ".join((ALL, *known))
            raise click.BadParameter(
                f"“{name}” is no field; there are {fields}", param_hint="'--fields'"
            )
    return [known[name] for name in wanted]


def begin_of(
    database: Database, site: Site, since: datetime | None, cursor: str | CursorFile | None
) -> Cursor | None:
    """Where the changes to export begin, None for everyone. Raises CursorRefused, FileRefused."""
    if since:
        day = since.astimezone(UTC).date().isoformat()
        return cursor_at(database, site.id, int(since.timestamp()), day)
    text = cursor.before or START if isinstance(cursor, CursorFile) else cursor
    if text is None:
        return None
    try:
        begin = read_cursor(text, site.id)
        if begin:
            require_known(database, begin)
    except CursorRefused as error:
        if isinstance(cursor, CursorFile):
            raise cursor.refused(error) from error
        raise
    return begin
