"""`due`: what people asked for by phone or letter, until when it must be done, and what is late."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from widget_backend.actions.requests import (
    Asked,
    Done,
    Recorded,
    finish_request,
    record_request,
)
from widget_backend.calling import calling
from widget_backend.cli.address import email_named, nobody_has_it
from widget_backend.cli.contact_options import now
from widget_backend.cli.database import connected
from widget_backend.cli.group import SITE_FILE, UsualGroup
from widget_backend.cli.keys import address_hashes, suppression_file
from widget_backend.cli.staff import BY, required_staff
from widget_backend.cli.table import aligned
from widget_backend.errors import ProfileUnknown
from widget_backend.i18n.languages import language
from widget_backend.rules.law import NO_ADVICE, REQUESTS, UNSEEN, rule_of
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.store.requests import KeptRequest, all_requests, open_requests

HEADER = ("request", "asks for", "who", "received", "by", "due", "law", "state")
ASKS = {
    "data": "a copy of their data",
    "erase": "deletion",
    "correct": "a correction",
    "stop": "no more messages",
}
NOBODY = "(deleted)"
LONGEST_AGO = timedelta(3653)
"""Ten years: an earlier day is a slip of the pen."""


class _DueGroup(UsualGroup):
    usual = "list"


@click.group(cls=_DueGroup)
def due() -> None:
    """Requests by phone or letter: `due SITE_FILE` lists what is due, as `due list` does."""


@due.command("list")
@click.argument("site_file", type=SITE_FILE)
@click.option("--overdue", is_flag=True, help="Only what is late; the exit code is 1 if any is.")
@click.option("--all", "with_done", is_flag=True, help="What is done, too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_due(site_file: Path, overdue: bool, with_done: bool, as_json: bool) -> None:
    """List what people asked for by phone or letter, the most urgent first.

    A “*” behind a law means that nobody has read this rule at its source. Days are those of the
    site’s time zone. This is not legal advice.
    """
    site = load_site(site_file).site
    moment = now()
    with connected() as database:
        requests = (all_requests if with_done else open_requests)(database, site.id)
    if overdue:
        requests = [each for each in requests if _is_late(each, moment)]
    if as_json:
        for each in requests:
            click.echo(json.dumps(_as_json(site, each, moment), ensure_ascii=False))
    elif requests:
        click.echo("\n".join(_table(site, requests, moment)))
    else:
        click.echo("Nothing is overdue." if overdue else "Nothing is due.", err=True)
    if overdue and requests:
        sys.exit(1)


def _table(site: Site, requests: Sequence[KeptRequest], moment: datetime) -> list[str]:
    rows = [HEADER, *(_row(site, each, moment) for each in requests)]
    unseen = any(row[HEADER.index("law")].endswith("*") for row in rows)
    return [*aligned(rows), *([f"* {UNSEEN}"] if unseen else []), NO_ADVICE]


def _row(site: Site, request: KeptRequest, moment: datetime) -> tuple[str, ...]:
    return (
        str(request.number),
        ASKS[request.kind],
        request.email or NOBODY,
        _day(site, request.received_at),
        request.door,
        _last_day(site, request),
        request.law if _is_seen(request) else f"{request.law}*",
        _state(site, request, moment),
    )


def _state(site: Site, request: KeptRequest, moment: datetime) -> str:
    if request.done_at is not None:
        who = f" by {request.done_staff}" if request.done_staff else ""
        late = ", late" if _is_late(request, moment) else ""
        return f"done on {_day(site, request.done_at)}{who}{late}"
    today = site.local_time(int(moment.timestamp())).date()
    days = (site.local_time(request.due_at - 1).date() - today).days
    if days < 0:
        return f"overdue by {_days(-days)}"
    return f"{_days(days)} left" if days else "due today"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"


def _is_late(request: KeptRequest, moment: datetime) -> bool:
    at = moment.timestamp() if request.done_at is None else request.done_at
    return at >= request.due_at


def _is_seen(request: KeptRequest) -> bool:
    rule = rule_of(request.kind, request.law)
    return rule is not None and rule.source.seen


def _day(site: Site, at: int) -> str:
    return site.local_time(at).date().isoformat()


def _last_day(site: Site, request: KeptRequest) -> str:
    """It is late from the midnight after that on."""
    return _day(site, request.due_at - 1)


def _as_json(site: Site, request: KeptRequest, moment: datetime) -> dict[str, Any]:
    return {
        "request": request.number,
        "asks_for": request.kind,
        "email": request.email,
        "received": _day(site, request.received_at),
        "by": request.door,
        "due": _last_day(site, request),
        "law": request.law,
        "law_seen": _is_seen(request),
        "late": _is_late(request, moment),
        "recorded_by": request.staff,
        "done": None if request.done_at is None else _day(site, request.done_at),
        "done_by": request.done_staff,
    }


@due.command()
@click.argument("site_file", type=SITE_FILE)
@click.argument("address")
@click.option(
    "--what",
    type=click.Choice(REQUESTS),
    required=True,
    help="A copy of their data, its deletion, a correction, or no more messages.",
)
@click.option("--by-phone", is_flag=True, help="They called.")
@click.option("--by-letter", is_flag=True, help="They wrote on paper.")
@click.option(
    "--received",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    metavar="DATE",
    help="The day of the call, or on which the letter came.",
)
@BY
def add(
    site_file: Path,
    address: str,
    what: Any,
    by_phone: bool,
    by_letter: bool,
    received: datetime,
    by: str | None,
) -> None:
    """Record what the person at ADDRESS asked for, and say until when it is due.

    See first that it is them who ask. “stop” turns off everything at once, but for what they have
    agreed to since that day. With `-` as ADDRESS, it is read from standard input, so that no shell
    keeps it.
    """
    if by_phone == by_letter:
        raise click.UsageError("say how it came: --by-phone or --by-letter")
    site, staff, moment = load_site(site_file).site, required_staff(by), now()
    today = site.local_time(int(moment.timestamp())).date()
    day = received.date()
    if not today - LONGEST_AGO <= day <= today:
        raise click.UsageError(f"--received {day} is to come, or is ten years ago: see the year")
    asked = Asked(what, "phone" if by_phone else "letter", day, staff)
    email = email_named(address, site_file)
    with connected() as database:
        try:
            recorded = record_request(database, site, email, asked, moment)
        except ProfileUnknown as unknown:
            raise nobody_has_it(site_file) from unknown
    click.echo("\n".join(_told(site_file, asked, recorded)))


def _told(site_file: Path, asked: Asked, recorded: Recorded) -> list[str]:
    rule, number = recorded.rule, recorded.number
    seen = "" if rule.source.seen else f"; {UNSEEN}"
    place = language("en").country(recorded.country) if recorded.country else "an unknown country"
    done = calling(f"due done {site_file} {number}")
    what_to_do = {
        "data": f"Answer them, then: {done}",
        "erase": f"Delete their data with: {done} --erase",
        "correct": f"Correct it in the system that it comes from, and import it. Then: {done}",
        "stop": f"Tell your other systems (see “export --cursor-file”), then: {done}",
    }
    effect = "Everything is turned off here."
    if recorded.stays_on:
        effect = f"They have agreed again since {asked.received}: that stays on."
    return [
        f"request {number}: {ASKS[asked.request]}, due by {recorded.due}, for somebody in {place}.",
        f"By {rule.source.text} ({rule.value}{seen}).",
        *([effect] if asked.request == "stop" else []),
        what_to_do[asked.request],
        NO_ADVICE,
    ]


@due.command()
@click.argument("site_file", type=SITE_FILE)
@click.argument("number", type=click.IntRange(1, 2**31 - 1))
@click.option(
    "--erase/--keep",
    default=None,
    help="Of who asks for deletion: delete their data now, or close the request without that.",
)
@BY
def done(site_file: Path, number: int, erase: bool | None, by: str | None) -> None:
    """Note that request NUMBER is done.

    With --erase it deletes everything that is held of the person, for good; that a request was
    answered in time is kept without them.
    """
    site, at = load_site(site_file).site, int(now().timestamp())
    hashes = address_hashes() if erase else None
    ending = Done(at, required_staff(by), hashes, erase is False, suppression_file())
    with connected() as database:
        request = finish_request(database, site, number, ending)
    late = ", late" if at >= request.due_at else ", in time"
    deleted = " The data of the person is deleted." if erase and request.handle else ""
    click.echo(f"request {number}: done{late}.{deleted}")
