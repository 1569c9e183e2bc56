"""`runs`: the imports of a site, for whoever wants to know where contacts come from."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from widget_backend.cli.contact_options import now
from widget_backend.cli.database import connected
from widget_backend.cli.group import SITE_FILE
from widget_backend.cli.table import aligned
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.store.runs import Run, all_runs
from widget_backend.text import one_line

COUNTS = ("new", "changed", "unchanged", "held_back", "kept_out", "rejected")
HEADER = ("run", "when", "file", "platform", "by", *(each.replace("_", " ") for each in COUNTS))


@click.command()
@click.argument("site_file", type=SITE_FILE)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, newest run first.")
def runs(site_file: Path, as_json: bool) -> None:
    """List the imports of SITE_FILE, newest first.

    “held back” are people who agreed, but who said no later, pause, or get fewer messages; “kept
    out” are strangers on a list of people not to write to, whom no later import brings in. The last
    column says if a run was undone, by whom and when, or did not read its whole file. Times
    are those of the site’s time zone.
    """
    site = load_site(site_file).site
    moment = int(now().timestamp())
    with connected() as database:
        every = all_runs(database, site.id)
    if as_json:
        for each in every:
            click.echo(json.dumps(_as_json(each, moment), ensure_ascii=False))
    elif every:
        rows = [(*HEADER, "state"), *(_row(site, each, moment) for each in every)]
        click.echo("\n".join(aligned(rows)))
    else:
        click.echo("Nothing was imported yet.", err=True)


def _row(site: Site, run: Run, moment: int) -> tuple[str, ...]:
    return (
        str(run.number),
        _when(site, run.started_at),
        one_line(run.file),
        run.platform or "",
        run.staff or "",
        *(f"{run.counts.get(each, 0):,}" for each in COUNTS),
        _state(site, run, moment),
    )


def _state(site: Site, run: Run, moment: int) -> str:
    if run.undone_at is not None:
        return f"undone by {run.undo_staff}, {_when(site, run.undone_at)}"
    if run.undo_began_at is not None:
        return f"half undone by {run.undo_staff}: undo it again"
    if run.finished:
        return ""
    return "still going" if run.is_going(moment) else "interrupted: import the file again"


def _when(site: Site, at: int) -> str:
    return f"{site.local_time(at):%Y-%m-%d %H:%M}"


def _as_json(run: Run, moment: int) -> dict[str, Any]:
    return {
        "run": run.number,
        "file": run.file,
        "platform": run.platform,
        "by": run.staff,
        "options": run.options,
        "started_at": _time(run.started_at),
        "ended_at": _time(run.ended_at),
        "finished": bool(run.finished),
        "still_going": run.is_going(moment),
        **{each: run.counts.get(each, 0) for each in COUNTS},
        "undone_by": run.undo_staff,
        "undone_at": _time(run.undone_at),
    }


def _time(at: int | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat()
