"""`serve`: the backend for the sites of the settings."""

from __future__ import annotations

from functools import partial

import click
from flask import Flask

from widget_backend.app import create_app, replace_sites, served_sites
from widget_backend.cli.database import connected_to_serve
from widget_backend.cli.misfits import misfits
from widget_backend.cli.served_sites import load_sites, noted
from widget_backend.config import Settings, SettingsInvalid, read_settings
from widget_backend.context import utc_now
from widget_backend.errors import SettingInvalid, WidgetError
from widget_backend.jobs.schedule import evidence_task, tasks_of
from widget_backend.jobs.work import email
from widget_backend.jobs.worker import background_worker
from widget_backend.mail.transports import smtp_transport
from widget_backend.server.listener import listen
from widget_backend.server.pid_file import pid_file
from widget_backend.server.reloading import reloading
from widget_backend.server.shutdown import serve_until_stopped
from widget_backend.signing import Signer
from widget_backend.site.load import SiteInLanguages
from widget_backend.store.checkpoints import CheckpointFile
from widget_backend.store.evidence_key import EvidenceKey, read_evidence_key


@click.command()
@click.option(
    "--migrate",
    "migrates",
    is_flag=True,
    help="Bring the tables of PostgreSQL up to date first; those of SQLite always are.",
)
@click.option(
    "--no-mail", is_flag=True, help="Send nothing: letters wait in the database until it is told."
)
def serve(migrates: bool, no_mail: bool) -> None:
    """Serve the sites named by WIDGET_SITES; every setting is an environment variable."""
    settings = read_settings(may_lack={"WIDGET_SMTP_URL"} if no_mail else ())
    sites, (key, checkpoints) = _files_of(settings)
    transport = None if no_mail else smtp_transport(settings.smtp_url)
    signer = Signer(settings.signing_keys, settings.retired_keys)
    with connected_to_serve(migrates) as database:
        app = create_app(
            sites,
            database,
            signer,
            mail=transport.capabilities if transport else None,
            checkpoints=checkpoints,
            security_contact=settings.security_contact,
        )
        server = listen(
            app,
            settings.port,
            "WIDGET_PORT",
            host=settings.host,
            threads=settings.threads,
            trusted_proxy=settings.trusted_proxy,
        )
        tasks = tasks_of(partial(served_sites, app))
        if key and checkpoints:
            tasks = (*tasks, evidence_task(partial(served_sites, app), checkpoints.path, key))
        work = [email(transport)] if transport else []
        with (
            reloading(partial(_reload, app, settings)),
            pid_file(settings.pid_file),
            background_worker(database, work, utc_now, tasks),
        ):
            serve_until_stopped(server, lambda: _say(settings, sites, no_mail))


def _reload(app: Flask, settings: Settings) -> None:
    """Serve the sites as they stand in their files now, or go on if one of them has a mistake."""
    try:
        sites = load_sites(may_sign=bool(settings.evidence_key))
    except WidgetError as error:
        for line in str(error).splitlines():
            click.echo(f"not reloaded, and the sites stay as they were: {line}", err=True)
        return
    replace_sites(app, sites)
    _warn_of_misfits(settings, sites)
    click.echo(f"reloaded: {', '.join(each.id for each in sites)}")


def _say(settings: Settings, sites: list[SiteInLanguages], no_mail: bool) -> None:
    """What an operator reads once everything is ready."""
    _warn_of_misfits(settings, sites)
    if no_mail:
        click.echo(
            "warning: no mail is sent. letters wait until serve runs without --no-mail.", err=True
        )
    click.echo(f"listening on http://{settings.host}:{settings.port}")


def _warn_of_misfits(settings: Settings, sites: list[SiteInLanguages]) -> None:
    for warning in dict.fromkeys(misfits((each.site for each in sites), settings)):
        click.echo(f"warning: {warning}", err=True)


def _files_of(
    settings: Settings,
) -> tuple[list[SiteInLanguages], tuple[EvidenceKey | None, CheckpointFile | None]]:
    """The sites, and the key that signs. Raises SettingsInvalid with all that is wrong."""
    mistakes: list[WidgetError] = []
    sites: list[SiteInLanguages] = []
    signing: tuple[EvidenceKey | None, CheckpointFile | None] = (None, None)
    with noted(mistakes):
        sites = load_sites(may_sign=bool(settings.evidence_key))
    with noted(mistakes):
        signing = _signing(settings)
    if mistakes:
        raise SettingsInvalid(mistakes)
    return sites, signing


def _signing(settings: Settings) -> tuple[EvidenceKey | None, CheckpointFile | None]:
    """The key and the file of checkpoints, if the settings name both. Raises SettingInvalid for
    half of them."""
    if not settings.evidence_key and not settings.checkpoints:
        return None, None
    key = read_evidence_key(settings.evidence_key)
    if settings.checkpoints is None:
        reason = "is not set, but the key that signs is"
        raise SettingInvalid("WIDGET_CHECKPOINTS", reason, "name a file, or set neither")
    return key, CheckpointFile(settings.checkpoints, key.public)
