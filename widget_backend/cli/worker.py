"""`worker`: what `serve` does beside answering requests, in a process of its own."""

from __future__ import annotations

from functools import partial

import click

from widget_backend.cli.database import connected_to_serve
from widget_backend.cli.files_of_settings import read_all
from widget_backend.cli.reload_sites import Served, reload_sites
from widget_backend.context import utc_now
from widget_backend.jobs.work import email
from widget_backend.jobs.worker import background_worker
from widget_backend.log_lines import logging_to
from widget_backend.mail.transports import smtp_transport
from widget_backend.server.reloading import reloading
from widget_backend.server.shutdown import wait_until_stopped


@click.command()
def worker() -> None:
    """Send the letters that wait, and do what is due, for servers that run with --no-worker.

    Needs the settings of `serve` except WIDGET_SIGNING_KEYS, and listens nowhere.
    """
    settings, files = read_all(may_lack={"WIDGET_SIGNING_KEYS", "WIDGET_METRICS_KEY"})
    work = [email(smtp_transport(settings.smtp_url))]
    sites = [each.site for each in files.sites]

    def replace(served: Served) -> None:
        sites[:] = [each.site for each in served.all]

    with (
        logging_to(form=settings.log_format),
        connected_to_serve(migrates=False) as database,
        reloading(partial(reload_sites, settings, Served(files.sites), database, replace)),
        background_worker(database, work, utc_now, files.tasks(lambda: tuple(sites))),
    ):
        wait_until_stopped(lambda: click.echo("working"))
