"""Commands that serve: the backend for a site, and the demo for a newcomer."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from widget_backend.app import create_app
from widget_backend.cli.opening import opened_to_serve, telling_faults
from widget_backend.cli.usage import FILE
from widget_backend.config import read_setting, read_settings
from widget_backend.context import utc_now
from widget_backend.demo import run
from widget_backend.errors import SettingInvalid
from widget_backend.jobs.work import email
from widget_backend.jobs.worker import background_worker
from widget_backend.mail.transports import smtp_transport
from widget_backend.server.listener import listen
from widget_backend.server.shutdown import serve_until_stopped
from widget_backend.signing import Signer
from widget_backend.site.load import SiteInLanguages, load_site
from widget_backend.store.database import DATABASE, migrate, open_database

PORT = click.IntRange(1, 65_535)


@click.command()
def serve() -> None:
    """Serve the sites named by WIDGET_SITES; every setting is an environment variable."""
    settings = read_settings()
    sites = _load(settings.sites)
    transport = smtp_transport(settings.smtp_url)
    with opened_to_serve(settings.database_url) as database:
        signer = Signer(settings.signing_keys, settings.retired_keys)
        app = create_app(sites, database, signer, mail=transport.capabilities)
        server = listen(
            app,
            settings.port,
            "WIDGET_PORT",
            settings.host,
            settings.threads,
            settings.trusted_proxy,
        )
        with background_worker(database, [email(transport)], utc_now):
            line = f"listening on http://{settings.host}:{settings.port}"
            serve_until_stopped(server, lambda: click.echo(line))


def _load(paths: tuple[Path, ...]) -> list[SiteInLanguages]:
    """The sites, each with an id of its own. Raises SiteFileInvalid and SettingInvalid."""
    sites = [load_site(path) for path in paths]
    counts = Counter(site.id for site in sites)
    repeated = [name for name, count in counts.items() if count > 1]
    if repeated or not sites:
        reason = f"two files declare the site “{repeated[0]}”" if repeated else "names no file"
        raise SettingInvalid("WIDGET_SITES", reason, "name each site's file once")
    return sites


@click.command()
@click.option("--folder", type=FILE, default="var", show_default=True)
@click.option("--port", envvar="PORT", type=PORT, default=8000, show_default=True)
@click.option("--shop-port", envvar="SHOP_PORT", type=PORT, default=8001, show_default=True)
def demo(folder: Path, port: int, shop_port: int) -> None:
    """Serve the demo site with sample contacts, and a shop of another origin with the widget."""
    run.serve(folder, port, shop_port, click.echo)


@click.command(name="migrate")
def migrate_() -> None:
    """Make the tables of WIDGET_DATABASE_URL, or bring them to this version.

    Says what was done, line by line. `serve` and `import` do the same by themselves; all other
    commands leave the tables alone.
    """
    database = open_database(read_setting(DATABASE))
    with telling_faults(database):
        names = migrate(database)
    for name in names:
        click.echo(f"applied {name}")
    click.echo("The database is up to date.")
