"""`audience --recheck`: who of an earlier audience may no longer get the message."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import click
from peewee import Database

from widget_backend.cli.contact_options import follow, progress_bar
from widget_backend.contacts.audience import Asking
from widget_backend.contacts.audience_file import ReasonsFile
from widget_backend.contacts.batches import in_batches
from widget_backend.contacts.csv_reader import open_csv
from widget_backend.contacts.recognise import recognise
from widget_backend.rules.email_addresses import email_address
from widget_backend.store.contacts import find_contacts
from widget_backend.store.recipients import MOST_ASKED


def recheck(database: Database, asking: Asking, earlier: Path, text: TextIO) -> str:
    """Write them with the reason; returns the summary. Raises click's UsageError, FileRefused."""
    if asking.question.message.channel != "email":
        raise click.UsageError("--recheck finds people by their email: write the audience anew")
    file, checked, ended = ReasonsFile(text), 0, 0
    with (
        open_csv(earlier, None, recognise(earlier)) as table,
        progress_bar(table.size, "Reading") as bar,
    ):
        move = follow(table, bar)
        for rows in in_batches(table.rows(), MOST_ASKED):
            emails = [None if row.problem else email_address(row[table.address]) for row in rows]
            known = find_contacts(database, asking.site.id, {each for each in emails if each})
            answers = asking.answers(database, list(known.values()))
            file.add(answers)
            gone = [
                (row.line, email)
                for row, email in zip(rows, emails, strict=True)
                if email not in known
            ]
            file.add_gone(gone)
            checked += len(rows)
            ended += len(gone) + sum(each.against is not None for each in answers)
            move()
    return f"{earlier.name}: {ended:,} of {checked:,} may no longer get it."
