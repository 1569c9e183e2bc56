"""`evidence`: the key that signs checkpoints, a checkpoint of what was recorded, and its check."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import sleep

import click

from widget_backend.actions.evidence import (
    Verdict,
    mail_checkpoint,
    make_checkpoint,
    seal_all,
    verify,
)
from widget_backend.cli.contact_options import now, progress_bar
from widget_backend.cli.database import connected
from widget_backend.cli.group import FILE, SITE_FILE
from widget_backend.cli.output_paths import FILE_ON_DISK
from widget_backend.config import read_setting
from widget_backend.errors import SettingInvalid
from widget_backend.site.load import load_site
from widget_backend.store.checkpoints import Checkpoint, read_checkpoints
from widget_backend.store.evidence_key import (
    NAME,
    PublicKey,
    make_evidence_key,
    read_evidence_key,
    read_public_key,
)
from widget_backend.store.folder_lock import one_at_a_time
from widget_backend.store.seal_checks import Difference
from widget_backend.store.seals import sealed, unsealed_count

CHECKPOINTS = "WIDGET_CHECKPOINTS"
PAUSE = 0.004
"""Seconds between two steps of sealing, in which saves that wait for SQLite get their turn."""


@click.group()
def evidence() -> None:
    """Signed checkpoints, by which anybody can tell later that no record was changed."""


@evidence.command()
@click.argument("file", type=FILE_ON_DISK)
def key(file: Path) -> None:
    """Make the key that signs checkpoints: its secret half in FILE, its public half on screen.

    FILE is never overwritten.
    """
    public = make_evidence_key(file)
    click.echo(public.text)
    line = f"The secret half is in {file}: name it in {NAME}_FILE. Give the public half to anybody."
    click.echo(line, err=True)


@evidence.command()
@click.argument("site_file", type=SITE_FILE)
@click.option("-o", "--out", type=FILE_ON_DISK, help=f"File to add it to. Default: {CHECKPOINTS}.")
def checkpoint(site_file: Path, out: Path | None) -> None:
    """Sign what is recorded until now for the site of SITE_FILE: one line, added to a file.

    Keep the file away from the database, and send its lines to somebody else: they show that no
    record from before was changed, whoever can write to the database.
    """
    site, file = load_site(site_file).site, _file(out, "-o")
    signing = read_evidence_key(read_setting(NAME))
    with connected() as database:
        waiting = unsealed_count(database, site.id)
        with progress_bar(waiting, "sealing") as bar:
            for count in seal_all(database, site.id):
                bar.update(count)
                sleep(PAUSE)
        with one_at_a_time(file):
            signed = make_checkpoint(database, site.id, file, signing, now())
            mailed = mail_checkpoint(database, site, signed.checkpoint, now()) if signed else ()
    if signed is None:
        click.echo(f"Nothing is recorded for {site.id} yet.", err=True)
        return
    click.echo(signed.checkpoint.line)
    if not signed.is_new:
        click.echo("Nothing was recorded since then: this one still holds.", err=True)
    for each in mailed:
        click.echo(f"The server mails it to {each}.", err=True)


@evidence.command(name="verify")
@click.argument("site_file", type=SITE_FILE)
@click.option(
    "--checkpoint",
    "named",
    type=FILE,
    multiple=True,
    help=f"File of them, or a saved email with one; as often as you like. Default: {CHECKPOINTS}.",
)
@click.option(
    "--key",
    "public",
    multiple=True,
    metavar="DIGITS",
    help=f"Public half of a key that has signed. Default: that of {NAME}.",
)
def verify_records(site_file: Path, named: Sequence[Path], public: Sequence[str]) -> None:
    """Check every record of a site against its seal, and against all checkpoints in the files.

    It names the first record that was changed, taken away, added or moved. The exit code is 1 if
    there is one, or if a checkpoint does not hold.
    """
    site, files = load_site(site_file).site, named or [_file(None, "--checkpoint")]
    keys, file = _public_keys(public), ", ".join(map(str, files))
    each_read = {line for each in files for line in read_checkpoints(each, site.id, keys)}
    checkpoints = sorted(each_read, key=lambda each: each.size)
    with connected() as database:
        size = sealed(database, site.id).size
        with progress_bar(size, "verifying") as bar:
            verdict = verify(
                database, site.id, checkpoints, lambda count: bar.update(count - bar.pos)
            )
        since = unsealed_count(database, site.id)
    click.echo("\n".join(_lines(site.id, file, checkpoints, verdict)))
    if since:
        click.echo(f"{since:,} more were recorded since, without a seal yet.")
    if not checkpoints:
        reason = f"{file} has no checkpoint of {site.id}: who can write to the database could have"
        click.echo(f"{reason} changed records and their seals.", err=True)
    if not verdict.is_good:
        sys.exit(1)


def _file(option: Path | None, name: str) -> Path:
    if option is not None:
        return option
    if file := read_setting(CHECKPOINTS):
        return Path(file)
    raise SettingInvalid(CHECKPOINTS, "is not set", f"set it, or name the file with {name}")


def _public_keys(digits: Sequence[str]) -> dict[str, PublicKey]:
    keys = [read_public_key("--key", each) for each in digits]
    keys = keys or [read_evidence_key(read_setting(NAME)).public]
    return {each.id: each for each in keys}


# ── what is printed ─────────────────────────────────────────────────────────────────────────


def _lines(
    site: str, file: str, checkpoints: Sequence[Checkpoint], verdict: Verdict
) -> Iterator[str]:
    yield f"{verdict.size:,} records of {site} are sealed."
    if verdict.erased:
        yield f"Of {verdict.erased:,} the values were erased with the person; the rest is there."
    if verdict.first:
        yield f"{_place(verdict.first)}: {_words(verdict.first)}."
        if verdict.differences > 1:
            yield f"{verdict.differences - 1:,} more differ after it."
    if verdict.holds:
        yield _holding(verdict.holds, verdict.first is None)
    if verdict.broken:
        yield _broken(file, verdict)
    elif verdict.is_good and checkpoints:
        yield "No record was changed, added, moved or taken away."


def _holding(holds: Sequence[Checkpoint], is_right: bool) -> str:
    count, last = len(holds), holds[-1]
    each = "The checkpoint holds" if count == 1 else f"{count:,} checkpoints hold"
    more = "" if count == 1 else ", and each continues the one before"
    seals = "" if is_right else " Seals are as they were signed."
    return f"{each}{more}: until {last.time} ({last.size:,} records).{seals}"


def _place(difference: Difference) -> str:
    if difference.kind == "block":
        return "table seal"
    row = f"row {difference.ledger_id} of table ledger"
    if difference.ledger_id is None:
        return f"leaf {difference.leaf}"
    if difference.kind == "added":
        return f"{row}, before leaf {difference.leaf}"
    return f"leaf {difference.leaf} ({row})"


def _words(difference: Difference) -> str:
    detail = difference.detail
    return {
        "changed": f"“{detail}” was changed" if detail else "was changed, in more than can be told",
        "values": "what was chosen was changed (in table ledgervalue)",
        "emptied": "what was chosen is gone (from table ledgervalue), but the person is still here",
        "reordered": f"the record of leaf {detail} stands here" if detail else "is out of order",
        "missing": "was deleted",
        "unsealed": "the seal is gone, and nothing from here on was looked at",
        "added": "was put in later: no seal knows it",
        "block": "a “block” is not what follows from its leaves",
    }[difference.kind]


def _broken(file: str, verdict: Verdict) -> str:
    broken = verdict.broken
    assert broken is not None
    where = f"{file}: the checkpoint of {broken.size:,} records ({broken.time})"
    if broken.size > verdict.size:
        reason = f"size: there are only {verdict.size:,} sealed records"
    elif verdict.sound:
        reason = (
            f"root: records from leaf {verdict.sound} on were changed together with their seals"
        )
    else:
        reason = "root: it is of another database, or records were changed with their seals"
    return f"{where}: {reason}. take the database and the file that belong together, from a backup."
