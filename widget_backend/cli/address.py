"""Whom a command is about: ADDRESS on the command line, or on standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from widget_backend.errors import FileRefused
from widget_backend.rules.email_addresses import email_address


def email_named(address: str, site_file: Path) -> str:
    """The address in its one spelling; `-` reads it from standard input, so that no shell keeps it.

    Raises FileRefused.
    """
    email = email_address(sys.stdin.readline() if address == "-" else address)
    if email is None:
        raise FileRefused(str(site_file), "ADDRESS: it is no email address", "give one, or -")
    return email


def nobody_has_it(site_file: Path) -> FileRefused:
    return FileRefused(str(site_file), "ADDRESS: nobody has it", "see how it is written")
