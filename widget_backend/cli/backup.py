"""`backup`: a copy of the database in one file, while the server runs."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from widget_backend.cli.contact_options import now
from widget_backend.cli.database import connected_to_copy
from widget_backend.cli.keys import address_hashes, evidence_key_id, suppression_file
from widget_backend.cli.output_paths import FILE_ON_DISK
from widget_backend.store.backup_file import Manifest, new_file, pack
from widget_backend.store.backups import copy_database

UNKNOWN_LATER = (
    "WIDGET_SUPPRESSIONS is not set. if the database is lost, nothing says who was deleted after "
    "this backup, and they come back with it. set it for serve, too, to a file on another disk."
)


@click.command()
@click.argument("file", type=FILE_ON_DISK)
def backup(file: Path) -> None:
    """Copy the database of WIDGET_DATABASE_URL to FILE, a zip file, while the server runs.

    The copy is checked, and FILE is never overwritten. The keys are not in it: keep them elsewhere.
    The exit code is 1 if somebody’s choices are not what the ledger says; then FILE is written all
    the same.
    """
    key_ids, evidence_key, taken_at = address_hashes().key_ids, evidence_key_id(), now()
    with new_file(file) as part, TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        copy = Path(folder) / "copy"
        copy.touch(mode=0o600)
        with connected_to_copy() as database:
            facts = copy_database(database, copy)
        manifest = Manifest(
            software=version("preference-widget"),
            taken_at=taken_at.isoformat(timespec="seconds"),
            signing_keys=sorted(key_ids),
            evidence_key=evidence_key,
            database=facts.database,
            server=facts.server,
            migration=facts.migration,
            sites=facts.sites,
            counts=facts.counts,
        )
        pack(copy, manifest, part)
    click.echo(f"{file}: {contents(manifest)}. Read again and checked.")
    click.echo(f"It belongs to {_keys(manifest)}, which are not in it: keep them elsewhere.")
    if not suppression_file():
        click.echo(f"warning: {UNKNOWN_LATER}", err=True)
    if facts.unlike_ledger:
        line = f"people whose choices are not what the ledger says: {facts.unlike_ledger:,}."
        click.echo(f"warning: {line} run evidence verify.", err=True)
        sys.exit(1)


def contents(manifest: Manifest) -> str:
    """What is in a backup, on one line."""
    people, records = manifest.counts.get("profile", 0), manifest.counts.get("ledger", 0)
    sites = ", ".join(manifest.sites) or "no site"
    return f"{people:,} people and {records:,} records of {sites}, until {manifest.taken_at}"


def _keys(manifest: Manifest) -> str:
    ids = f"the signing keys {', '.join(manifest.signing_keys)}"
    return f"{ids} and the evidence key {manifest.evidence_key}" if manifest.evidence_key else ids
