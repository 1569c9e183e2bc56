"""Which platform a file is from: by the columns in its first line, never by its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from widget_backend.contacts.columns import fold_name
from widget_backend.contacts.encodings import require_text
from widget_backend.contacts.first_line import first_line, names_in
from widget_backend.contacts.platform import Kind, Platform, Words
from widget_backend.contacts.platforms import (
    activecampaign,
    beehiiv,
    brevo,
    ghost,
    hubspot,
    klaviyo,
    listmonk,
    mailchimp,
    mailerlite,
    own_export,
    own_list,
    phplist,
    sendy,
    substack,
)
from widget_backend.errors import FileRefused

PLATFORMS = (
    mailchimp.PLATFORM,
    hubspot.PLATFORM,
    listmonk.PLATFORM,
    brevo.PLATFORM,
    klaviyo.PLATFORM,
    klaviyo.SUPPRESSED,
    mailerlite.PLATFORM,
    ghost.PLATFORM,
    substack.PLATFORM,
    activecampaign.PLATFORM,
    beehiiv.PLATFORM,
    sendy.PLATFORM,
    phplist.PLATFORM,
)
OWN_LIST = own_list.PLATFORM
OWN_EXPORT = own_export.PLATFORM

BY_ID = {each.id: each for each in (*PLATFORMS, OWN_LIST, OWN_EXPORT)}

_OF_OUR_FIELDS = re.compile(r"[^:]+:(at|source)|answer:[^:]+(:kind)?")
"""Names of columns that only our own export has, whatever else was asked for."""

_WITH_NAMES_OF_THEIR_OWN = (mailchimp, hubspot, brevo, klaviyo, ghost, substack, own_list)
STATUSES: dict[str, Words] = {
    fold_name(column): words
    for each in _WITH_NAMES_OF_THEIR_OWN
    for column, words in each.PLATFORM.statuses.items()
}
"""Status columns, by their folded names, that are obeyed in the files of every platform: somebody
may have added one, and it must not be passed over. Those of the file's own platform come first."""


def recognise(path: Path) -> Platform:
    """The platform whose columns the file has, or OWN_LIST if they are nobody's.

    Raises FileRefused if it is no text in UTF-8, or if it could be of several platforms.
    """
    require_text(path)
    line = first_line(path)
    if line.startswith("{"):
        cure = "export it as CSV, with --fields all and without --format ndjson"
        raise FileRefused(str(path), "line 1: it has JSON objects, not columns", cure)
    possible = [
        replace(each, separator=separator)
        for each in (*PLATFORMS, OWN_EXPORT)
        if (separator := _separator(line, each, each.recognised_by))
    ]
    if OWN_EXPORT not in possible and _has_our_fields(line):
        possible.append(OWN_EXPORT)
    if len(possible) > 1:
        names = " and ".join(each.name for each in possible)
        cure = f"say which with --platform {' or '.join(each.id for each in possible)}"
        raise FileRefused(str(path), f"line 1: it has the columns of {names}", cure)
    return possible[0] if possible else OWN_LIST


def _has_our_fields(line: str) -> bool:
    """Whether it is an export of named fields, and of people by their addresses."""
    names = names_in(line, OWN_EXPORT.separator)
    return "email" in names and any(map(_OF_OUR_FIELDS.fullmatch, names))


def as_list_of(platform: Platform, kind: Kind) -> Platform:
    """The platform's files as a bare list of such contacts, whatever their other columns say.

    Nothing in it is a time: that they are on the list is all that is known.
    """
    return Platform(
        id=platform.id,
        name=platform.name,
        source=platform.source,
        address=platform.address,
        phone=platform.phone,
        without_status=kind,
        separator=platform.separator,
        encoding=platform.encoding,
        is_list=True,
    )


def of_platform(path: Path, name: str) -> Platform:
    """The platform that the importer named, for this file. Raises FileRefused if it is unknown."""
    platform = BY_ID.get(name)
    if platform is None:
        cure = f"known are {', '.join(BY_ID)}; describe others with --columns"
        raise FileRefused(str(path), f"--platform {name}: no such platform is known here", cure)
    require_text(path, platform.encoding)
    addresses = [(each,) for each in platform.address]
    separator = _separator(first_line(path), platform, addresses)
    return replace(platform, separator=separator or platform.separator)


def _separator(line: str, platform: Platform, columns: Iterable[Sequence[str]]) -> str | None:
    """The separator with which the line has one of these sets of columns; None if it has none.

    Our own rejects of a file have commas, whatever the file had.
    """
    for separator in (platform.separator, ","):
        header = {fold_name(name) for name in names_in(line, separator)}
        if any({fold_name(name) for name in each} <= header for each in columns):
            return separator
    return None
