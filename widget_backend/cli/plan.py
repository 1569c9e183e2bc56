"""`plan`: what the campaigns of the coming weeks would bring to people, and to whom nothing."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import click

from widget_backend.calling import calling
from widget_backend.cli.contact_options import now, progress_bar
from widget_backend.cli.database import connected
from widget_backend.cli.group import SITE_FILE
from widget_backend.cli.output_paths import OUTPUT, require_other_output
from widget_backend.cli.plan_table import nothing_planned, plan_lines
from widget_backend.cli.spoken import spoken
from widget_backend.contacts.csv_output import STANDARD_OUTPUT, output_file
from widget_backend.contacts.plan import planned_campaigns, tally_plan
from widget_backend.contacts.plan_file import write_plan
from widget_backend.errors import FileRefused
from widget_backend.planning.page import plan_page
from widget_backend.rules.plan import weeks_from
from widget_backend.rules.plan_tally import PlanTally
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.store.contacts import count_contacts

LATEST = timedelta(days=366)
NOBODY = f"Nobody is here yet: bring people in with {calling('import')}."


@click.command()
@click.argument("site_file", type=SITE_FILE)
@click.option(
    "--from", "typed_day", metavar="DATE", help="Begin in the week of this day. Default: today."
)
@click.option(
    "--weeks",
    "count",
    type=click.IntRange(1, 26),
    default=4,
    show_default=True,
    metavar="N",
    help="How many weeks, the first one included: 1 to 26.",
)
@click.option(
    "--lang",
    metavar="TAG",
    help="The language of the page, and with which day its weeks begin. Default: that of the "
    "site file.",
)
@click.option("-o", "--out", type=OUTPUT, metavar="FILE", help="Write all numbers there as CSV.")
@click.option("--page", type=OUTPUT, metavar="FILE", help="Write the plan there as a page (HTML).")
def plan(
    site_file: Path,
    typed_day: str | None,
    count: int,
    lang: str | None,
    out: Path | None,
    page: Path | None,
) -> None:
    """Say what the campaigns that have a time would bring in the coming weeks, as things stand.

    For everybody each campaign is decided as by decide, in the order of time, and each message
    that would go counts for those after it. Nothing is changed or reserved. What is printed goes
    to standard error where “-”, the standard output, is the FILE of an option.
    """
    require_other_output("--page", page, out)
    sites = load_site(site_file)
    language, site = spoken(sites, lang or sites.site.source_language)
    moment = int(now().timestamp())
    day = _day(site, typed_day, site.local_time(moment).date())
    weeks = weeks_from(site, day, count, language.first_weekday, moment)
    with ExitStack() as stack:
        database = stack.enter_context(connected())
        planned = planned_campaigns(database, site, weeks, moment)
        text = stack.enter_context(output_file(out, site_file)) if out else None
        inputs = [site_file, *([out] if out else [])]
        html = stack.enter_context(output_file(page, *inputs)) if page else None
        tally = PlanTally(site, weeks, planned, moment)
        total = count_contacts(database, site.id)
        with progress_bar(total, "Planning") as bar:
            for people in tally_plan(database, tally):
                bar.update(people)
        if text:
            write_plan(text, tally)
        if html:
            html.write(plan_page(tally, language))
    click.echo("\n".join(plan_lines(tally)), err=STANDARD_OUTPUT in {out, page})
    if not tally.listed:
        click.echo(nothing_planned(tally), err=True)
    if not tally.people:
        click.echo(NOBODY, err=True)


def _day(site: Site, typed: str | None, today: date) -> date:
    """The day in whose week the plan begins. Raises FileRefused."""
    if typed is None:
        return today
    try:
        day = date.fromisoformat(typed)
    except ValueError as error:
        reason = f"--from {typed}: is no day"
        raise FileRefused(str(site.file), reason, "write it like 2026-12-01") from error
    if day < today:
        raise FileRefused(str(site.file), f"--from {typed}: is past", "name a later day, or none")
    if day > today + LATEST:
        reason = f"--from {typed}: is more than a year ahead"
        raise FileRefused(str(site.file), reason, "name an earlier day")
    return day
