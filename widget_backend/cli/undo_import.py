"""`import --undo`: a run is taken back, and whoever said something since is listed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from widget_backend.cli.contact_options import now, progress_bar
from widget_backend.cli.database import connected
from widget_backend.cli.staff import staff_name
from widget_backend.contacts.csv_output import STANDARD_OUTPUT, csv_writer, output_file
from widget_backend.contacts.formula_guard import escape_formula
from widget_backend.contacts.undoing import Left, Undoing
from widget_backend.site.load import load_site
from widget_backend.store.run_effects import count_people

WITH_UNDO = {"site_file", "undo", "by", "out", "as_json"}
"""The options of `import` that may stand beside --undo."""


def undo_import(
    site_file: Path, number: int, by: str | None, out: Path | None, as_json: bool
) -> None:
    """Undo the run of this number, and say what became of whom it names."""
    site = load_site(site_file).site
    staff = staff_name(by)
    if not staff:
        raise click.UsageError("--undo needs --by: name the person who does this")
    path = out or Path(f"undo-{number}.left.csv")
    with ExitStack() as stack:
        database = stack.enter_context(connected())
        undoing = Undoing(database, site, number, staff, now())
        run = undoing.begin()
        leave = stack.enter_context(_left_file(path, site_file))
        bar = stack.enter_context(progress_bar(count_people(database, number), "Undoing"))
        counts = undoing.undo(leave, bar.update)
    is_printed = path == STANDARD_OUTPUT
    file = str(path) if counts["left"] and not is_printed else None
    if as_json:
        names = {"restored": "restored", "deleted": "deleted", "let_in_again": "let in again"}
        counted = {name: counts[outcome] for name, outcome in names.items()}  # type: ignore[index]
        left = {"left": counts["left"], "left_file": file}
        report = json.dumps({"run": number, "by": staff, **counted, **left}, ensure_ascii=False)
        click.echo(report, err=is_printed)
        return
    where = f" (see {file})" if file else ""
    again = f", {counts['let in again']:,} let in again" if counts["let in again"] else ""
    click.echo(
        f"run {number} ({run.file}) undone: {counts['restored']:,} back as before, "
        f"{counts['deleted']:,} deleted{again}, {counts['left']:,} left as they are{where}.",
        err=is_printed,
    )


@contextmanager
def _left_file(path: Path, *inputs: Path) -> Iterator[Callable[[Left], None]]:
    """Writes who is left to a file, which is made for the first of them."""
    with ExitStack() as stack:
        rows: list[Callable[[tuple[str, str]], object]] = []

        def leave(each: Left) -> None:
            if not rows:
                rows.append(csv_writer(stack.enter_context(output_file(path, *inputs))).writerow)
                rows[0](("email", "reason"))
            rows[0]((escape_formula(each.email or ""), each.reason))

        yield leave


def refuse_other_options(context: click.Context) -> None:
    """Raises click's UsageError if an option stands beside --undo that is for importing a file."""
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        is_given = source is click.core.ParameterSource.COMMANDLINE
        if is_given and parameter.name not in WITH_UNDO:
            name = parameter.opts[0] if isinstance(parameter, click.Option) else "FILE"
            raise click.UsageError(f"--undo takes no {name}: it undoes the run as it was")
