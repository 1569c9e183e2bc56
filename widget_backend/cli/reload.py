"""`reload`: the server that runs reads its site files anew."""

from __future__ import annotations

import os
import signal
from collections.abc import Collection, Iterable
from pathlib import Path

import click

from widget_backend.cli.database import connected, names_database
from widget_backend.cli.reload_sites import KEPT, is_mended
from widget_backend.cli.removed_topics import missed_topics, warning_if_unseen
from widget_backend.cli.served_sites import SITES, load_sites
from widget_backend.config import read_setting
from widget_backend.errors import FileRefused, Mistake, SettingInvalid, ToolMissing
from widget_backend.i18n.languages import read_anew
from widget_backend.i18n.left_out import left_out
from widget_backend.server.pid_file import running_server
from widget_backend.site.load import SiteInLanguages


@click.command()
@click.option(
    "--gone", multiple=True, metavar="ID", help="This site has no file any more, on purpose."
)
def reload(gone: tuple[str, ...]) -> None:
    """Have the running server read its site files, catalogs and logos anew, without a restart.

    Checks them first, and sends nothing if one has a mistake. Needs WIDGET_SITES, WIDGET_PID_FILE
    and WIDGET_FOLDER as `serve` has them; with WIDGET_DATABASE_URL it also warns of topics that
    people have and no file declares any more. Sends nothing either if a site that is served is in
    no file any more, unless you name it with --gone, once.
    """
    number = getattr(signal, "SIGHUP", None)
    if number is None:
        raise ToolMissing("this system has no signal to reload by", "start serve again")
    file = read_setting("WIDGET_PID_FILE")
    if not file:
        cure = "set it, for serve as well, to a file such as /var/lib/preference-widget/pid"
        raise SettingInvalid("WIDGET_PID_FILE", "is not set", cure)
    sites = load_sites(may_sign=bool(read_setting("WIDGET_EVIDENCE_KEY")))
    tags = [tag for each in sites for tag in each.site.locales]
    read_anew(tags)
    server = running_server(Path(file))
    process = server.number
    ids = {each.id for each in sites}
    _require_gone(gone, {*server.sites, *server.kept}, ids)
    lost = sorted({*server.sites} - ids - {*gone})
    if lost and not is_mended(server.kept, ids):
        raise _no_longer_there(lost)
    try:
        os.kill(process, number)
    except PermissionError as error:
        reason = f"process {process} is another user’s"
        raise FileRefused(file, reason, "run this as the user who runs serve") from error
    except ProcessLookupError as error:
        raise FileRefused(file, f"process {process} has just ended", "start serve") from error
    names = ", ".join(each.id for each in sites)
    click.echo(f"Without a mistake: {names}.")
    kept = [KEPT.format(site=each) for each in sorted({*server.kept} - ids)]
    for line in (*kept, *left_out(tags)):
        click.echo(f"warning: {line}", err=True)
    click.echo(f"Sent SIGHUP to process {process}. Its output, or log, says whether it reloaded.")
    with warning_if_unseen():
        for mistake in _missed_topics(sites):
            click.echo(f"warning: {mistake}", err=True)


def _missed_topics(sites: list[SiteInLanguages]) -> list[Mistake]:
    """None if no database is set. Raises SettingInvalid."""
    if not names_database():
        return []
    with connected() as database:
        return [mistake for each in sites for mistake in missed_topics(each.site, database)]


def _require_gone(named: Iterable[str], served: Collection[str], ids: Collection[str]) -> None:
    """Raises SettingInvalid about an option that names a site which is not gone: perhaps another
    was meant."""
    for each in named:
        if each in ids:
            cure = "take the file away first, or leave the option out"
            raise SettingInvalid(f"--gone {each}", "a site file has that id", cure)
        if each not in served:
            cure = f"name one of these: {', '.join(sorted(served))}"
            raise SettingInvalid(f"--gone {each}", "the server serves no such site", cure)


def _no_longer_there(lost: list[str]) -> SettingInvalid:
    names, options = ", ".join(lost), " ".join(f"--gone {each}" for each in lost)
    reason = (
        f"no site file has {names} any more, which the server still serves. after the next start "
        "mailed links lead nowhere there, also those to unsubscribe"
    )
    return SettingInvalid(SITES, reason, f"give the id back, or type {options} if it is meant")
