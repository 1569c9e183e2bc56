"""Commands that serve: the backend for a site, and the demo for a newcomer."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from widget_backend import create_app
from widget_backend.cli.opening import opened
from widget_backend.cli.usage import FILE
from widget_backend.config import read_settings
from widget_backend.demo import run
from widget_backend.errors import SettingInvalid
from widget_backend.links import Signer
from widget_backend.mail.postman import going_round
from widget_backend.mail.sending import mail_server
from widget_backend.pages.visits import utc_now
from widget_backend.serving import listen
from widget_backend.site.load import SiteInLanguages, load_site

PORT = click.IntRange(1, 65_535)


@click.command()
def serve() -> None:
    """Serve the sites named by WIDGET_SITES; every setting is an environment variable."""
    settings = read_settings()
    sites = _load(settings.sites)
    carrier = mail_server(settings.smtp_url)
    with opened(settings.database_url) as database:
        app = create_app(sites, database, Signer(settings.signing_keys, settings.retired_keys))
        server = listen(
            app,
            settings.port,
            "WIDGET_PORT",
            settings.host,
            settings.threads,
            settings.trusted_proxy,
        )
        with going_round(database, carrier, utc_now):
            click.echo(f"listening on http://{settings.host}:{settings.port}")
            server.run()


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


COMMANDS: tuple[click.Command, ...] = (serve, demo)
