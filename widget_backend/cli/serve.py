"""`serve`: the backend for the sites of the settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import chain
from socket import socket
from threading import Thread

import click
from flask import Flask
from peewee import Database

from widget_backend.app import create_app, replace_sites, served_sites
from widget_backend.cli.database import connected_to_serve
from widget_backend.cli.files_of_settings import Files, read_noting, tell, told_together
from widget_backend.cli.misfits import misfits
from widget_backend.cli.reload_sites import Served, reload_sites, tell_missed_topics
from widget_backend.cli.served_sites import UNSERVED, UNSERVED_CURE, noted
from widget_backend.config import Settings
from widget_backend.context import utc_now
from widget_backend.doctor.files import secret_files
from widget_backend.errors import WidgetError
from widget_backend.i18n.left_out import left_out
from widget_backend.jobs.work import email
from widget_backend.jobs.worker import background_worker
from widget_backend.log_lines import logging_to
from widget_backend.mail.delivery import ask_capabilities
from widget_backend.mail.transports import smtp_transport
from widget_backend.server import unix_socket
from widget_backend.server.handed_over import handed_over, where
from widget_backend.server.listener import bind, listen
from widget_backend.server.pid_file import NoteSites, pid_file
from widget_backend.server.reloading import STOP_TIMEOUT, reloading
from widget_backend.server.shutdown import serve_until_stopped
from widget_backend.signing import Signer
from widget_backend.site.load import SiteInLanguages
from widget_backend.site.todo import todo
from widget_backend.store.sites import sites_not_among
from widget_backend.store.sqlite import SqliteFile

NO_WORKER = (
    "letters wait, and nothing is tidied up, unless preference-widget worker runs. "
    "limits count what this process answers: with several, each counts for itself."
)

WHO_SENDS = (
    "--no-mail and --no-worker contradict each other. say --no-worker alone where "
    "preference-widget worker sends the letters, and --no-mail alone where nobody sends them"
)


@click.command()
@click.option(
    "--migrate",
    "migrates",
    is_flag=True,
    help="Bring the tables of PostgreSQL up to date first; those of SQLite always are.",
)
@click.option(
    "--no-mail",
    is_flag=True,
    help="Nobody sends, and pages say so: letters wait until serve runs without this option.",
)
@click.option(
    "--no-worker",
    is_flag=True,
    help="Only answer requests: preference-widget worker sends letters and does what is due. "
    "Not with --no-mail.",
)
def serve(migrates: bool, no_mail: bool, no_worker: bool) -> None:
    """Serve the sites named by WIDGET_SITES; every setting is an environment variable."""
    if no_mail and no_worker:  # pages would say that a letter waits, which the worker has sent
        raise click.UsageError(WHO_SENDS)
    with (
        _read_and_bound(no_mail) as (settings, files, sockets),
        logging_to(form=settings.log_format),
        connected_to_serve(migrates) as database,
    ):
        transport = None if no_mail else smtp_transport(settings.smtp_url)
        app = create_app(
            files.sites,
            database,
            Signer(settings.signing_keys, settings.retired_keys),
            mail=transport.capabilities if transport else None,
            checkpoints=files.checkpoints,
            security_contact=settings.security_contact,
            sends_mail=not no_mail,
            metrics_key=settings.metrics_key,
            suppressions=files.suppressions,
        )
        server = listen(
            app, sockets, threads=settings.threads, trusted_proxy=settings.trusted_proxy
        )
        with ExitStack() as until_stopped:
            note_sites = until_stopped.enter_context(pid_file(settings.pid_file))
            note_sites([each.id for each in files.sites], [])
            replace = partial(_replace, app, settings, note_sites)
            reload = partial(reload_sites, settings, Served(files.sites), database, replace)
            until_stopped.enter_context(reloading(reload))
            if not no_worker:
                work = [email(transport)] if transport else []
                tasks = files.tasks(partial(served_sites, app))
                until_stopped.enter_context(background_worker(database, work, utc_now, tasks))
            elif transport:
                # Forms refuse what the mail server cannot take, whoever sends.
                Thread(target=ask_capabilities, args=[transport], daemon=True).start()
            look = partial(tell_missed_topics, settings, files.sites, database)
            look_for_topics = until_stopped.enter_context(_in_background(look))

            def when_ready() -> None:
                _say(settings, database, files.sites, no_mail, no_worker)
                look_for_topics()

            serve_until_stopped(server, when_ready)


@contextmanager
def _read_and_bound(no_mail: bool) -> Iterator[tuple[Settings, Files, Sequence[socket]]]:
    """The settings, their files, and the sockets to listen at, which are closed after the block.

    Raises SettingsInvalid with all that is wrong with them and with the pid file: until then
    nothing is written, and the database not asked.
    """
    handed = handed_over()
    with ExitStack() as until_ended:
        with told_together() as mistakes:
            settings, files = read_noting(mistakes, {"WIDGET_SMTP_URL"} if no_mail else ())
            own = [] if handed else _bind(settings, mistakes, until_ended)
            with noted(mistakes), pid_file(settings.pid_file or None):
                pass  # only tried: before the sites are served nobody can have them read anew
        yield where(settings, handed), files, handed or own


def _bind(settings: Settings, mistakes: list[WidgetError], until_ended: ExitStack) -> list[socket]:
    """The sockets of the settings, that of the port first. Adds to the mistakes."""
    bound: list[socket] = []
    if settings.port:
        with noted(mistakes):
            bound.append(bind(settings.port, "WIDGET_PORT", settings.host))
    if settings.socket:
        with noted(mistakes):
            bound.append(unix_socket.bind(settings.socket))
    for each in bound:
        until_ended.enter_context(each)
    return bound


@contextmanager
def _in_background(look: Callable[[], object]) -> Iterator[Callable[[], None]]:
    """What begins the look, in a thread of its own: it reads more than a start should wait for."""
    thread = Thread(target=look, name="look", daemon=True)
    try:
        yield thread.start
    finally:
        if thread.ident:  # it has begun, and uses the database
            thread.join(STOP_TIMEOUT)


def _replace(app: Flask, settings: Settings, note_sites: NoteSites, served: Served) -> None:
    replace_sites(app, served.all)
    note_sites([each.id for each in served.sites], [each.id for each in served.kept])
    _warn_of_sites(settings, served.sites)


def _warn_of_sites(settings: Settings, sites: list[SiteInLanguages]) -> None:
    for misfit in dict.fromkeys(misfits((each.site for each in sites), settings)):
        tell(settings, misfit.text)
    for mistake in chain.from_iterable(todo(each.site) for each in sites):
        tell(settings, str(mistake))
    for line in left_out(tag for each in sites for tag in each.site.locales):
        tell(settings, line)


def _say(
    settings: Settings,
    database: Database,
    sites: list[SiteInLanguages],
    no_mail: bool,
    no_worker: bool,
) -> None:
    """What an operator reads once everything is ready."""
    _warn_of_sites(settings, sites)
    for each in sites_not_among((each.id for each in sites), database):
        tell(settings, f"{UNSERVED.format(site=each)}. {UNSERVED_CURE}.")
    for outcome in secret_files():
        if outcome.state == "wrong":
            tell(settings, f"{outcome.what}: {outcome.text}")
    if isinstance(database, SqliteFile) and database.is_new:  # its name may be mistyped
        tell(settings, f"{database.path} is a new database, with nobody in it.")
    if no_mail:
        tell(settings, "no mail is sent. letters wait until serve runs without --no-mail.")
    if no_worker:
        tell(settings, NO_WORKER)
    if settings.port:
        click.echo(f"listening on http://{settings.host}:{settings.port}")
    if settings.socket:
        click.echo(f"listening on {settings.socket}, for a proxy")
