"""`serve`: the backend for the sites of the settings."""

from __future__ import annotations

from collections import Counter

import click

from widget_backend.app import create_app
from widget_backend.cli.database import connected_and_migrated
from widget_backend.config import Settings, read_settings
from widget_backend.context import utc_now
from widget_backend.errors import SettingInvalid
from widget_backend.jobs.schedule import evidence_task, tasks_of
from widget_backend.jobs.work import email
from widget_backend.jobs.worker import background_worker
from widget_backend.mail.transports import smtp_transport
from widget_backend.server.listener import listen
from widget_backend.server.shutdown import serve_until_stopped
from widget_backend.signing import Signer
from widget_backend.site.load import SiteInLanguages, load_site
from widget_backend.store.checkpoints import CheckpointFile
from widget_backend.store.evidence_key import EvidenceKey, read_evidence_key


@click.command()
def serve() -> None:
    """Serve the sites named by WIDGET_SITES; every setting is an environment variable."""
    settings = read_settings()
    sites = [load_site(path) for path in settings.sites]
    _require_different_ids(sites)
    transport = smtp_transport(settings.smtp_url)
    key, checkpoints = _signing(settings)
    _require_key_for_letters(sites, key)
    signer = Signer(settings.signing_keys, settings.retired_keys)
    with connected_and_migrated() as database:
        app = create_app(
            sites,
            database,
            signer,
            mail=transport.capabilities,
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
        tasks = tasks_of(each.site for each in sites)
        if key and checkpoints:
            daily = evidence_task([each.site for each in sites], checkpoints.path, key)
            tasks = (*tasks, daily)
        with background_worker(database, [email(transport)], utc_now, tasks):
            line = f"listening on http://{settings.host}:{settings.port}"
            serve_until_stopped(server, lambda: click.echo(line))


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
