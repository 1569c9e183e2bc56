"""`serve`: the backend for the sites of the settings."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import click

from widget_backend.app import create_app
from widget_backend.cli.database import connected_to_serve
from widget_backend.cli.misfits import misfits
from widget_backend.config import Settings, SettingsInvalid, read_settings
from widget_backend.context import utc_now
from widget_backend.errors import SettingInvalid, WidgetError
from widget_backend.jobs.schedule import evidence_task, tasks_of
from widget_backend.jobs.work import email
from widget_backend.jobs.worker import background_worker
from widget_backend.log_lines import logging_to
from widget_backend.mail.transports import smtp_transport
from widget_backend.server.listener import listen
from widget_backend.server.shutdown import serve_until_stopped
from widget_backend.signing import Signer
from widget_backend.site.load import SiteInLanguages, load_site
from widget_backend.store.checkpoints import CheckpointFile
from widget_backend.store.evidence_key import EvidenceKey, read_evidence_key

log = logging.getLogger(__name__)


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
    with logging_to(form=settings.log_format), connected_to_serve(migrates) as database:
        app = create_app(
            sites,
            database,
            signer,
            mail=transport.capabilities if transport else None,
            checkpoints=checkpoints,
            security_contact=settings.security_contact,
            sends_mail=not no_mail,
            metrics_key=settings.metrics_key,
        )
        server = listen(
            app,
            settings.port,
            "WIDGET_PORT",
            host=settings.host,
            threads=settings.threads,
            trusted_proxy=settings.trusted_proxy,
            socket_path=settings.socket,
        )
        tasks = tasks_of(each.site for each in sites)
        if key and checkpoints:
            daily = evidence_task([each.site for each in sites], checkpoints.path, key)
            tasks = (*tasks, daily)
        work = [email(transport)] if transport else []
        with background_worker(database, work, utc_now, tasks):
            serve_until_stopped(server, lambda: _say(settings, sites, no_mail))


def _say(settings: Settings, sites: list[SiteInLanguages], no_mail: bool) -> None:
    """What an operator reads once everything is ready."""
    for warning in dict.fromkeys(misfits((each.site for each in sites), settings)):
        _warn(settings, warning)
    if no_mail:
        _warn(settings, "no mail is sent. letters wait until serve runs without --no-mail.")
    click.echo(f"listening on http://{settings.host}:{settings.port}")
    if settings.socket:
        click.echo(f"listening on {settings.socket}, for a proxy")


def _warn(settings: Settings, warning: str) -> None:
    """On stderr, where the log is: a program that reads JSON there reads nothing else."""
    if settings.log_format == "json":
        log.warning("%s", warning)
    else:
        click.echo(f"warning: {warning}", err=True)


def _files_of(
    settings: Settings,
) -> tuple[list[SiteInLanguages], tuple[EvidenceKey | None, CheckpointFile | None]]:
    """The sites, and the key that signs. Raises SettingsInvalid with all that is wrong."""
    mistakes: list[WidgetError] = []
    sites: list[SiteInLanguages] = []
    signing: tuple[EvidenceKey | None, CheckpointFile | None] = (None, None)
    for path in settings.sites:
        with noted(mistakes):
            sites.append(load_site(path))
    with noted(mistakes):
        signing = _signing(settings)
    if not mistakes:
        with noted(mistakes):
            _require_different_ids(sites)
            _require_key_for_letters(sites, signing[0])
    if mistakes:
        raise SettingsInvalid(mistakes)
    return sites, signing


@contextmanager
def noted(mistakes: list[WidgetError]) -> Iterator[None]:
    """What is wrong with one file is told together with the others."""
    try:
        yield
    except WidgetError as error:
        mistakes.append(error)


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


def _require_key_for_letters(sites: list[SiteInLanguages], key: EvidenceKey | None) -> None:
    """Raises SettingInvalid if a site wants checkpoints mailed, and none are signed."""
    promised = [each.id for each in sites if (own := each.site.evidence) and own.checkpoints_to]
    if promised and key is None:
        reason = f"is not set, but “{promised[0]}” has its checkpoints mailed (checkpoints_to)"
        cure = "set it and WIDGET_CHECKPOINTS, or take that key out of the site file"
        raise SettingInvalid("WIDGET_EVIDENCE_KEY", reason, cure)


def _require_different_ids(sites: list[SiteInLanguages]) -> None:
    """Raises SettingInvalid if two files declare one site, or if there is none."""
    repeated = [name for name, count in Counter(site.id for site in sites).items() if count > 1]
    if repeated or not sites:
        reason = f"two files declare the site “{repeated[0]}”" if repeated else "names no file"
        raise SettingInvalid("WIDGET_SITES", reason, "name each site's file once")
