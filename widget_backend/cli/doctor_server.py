"""`doctor --server`: what is wrong with the server itself, a line each with its cure."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from pathlib import Path
from time import time

from peewee import Database, PostgresqlDatabase

from widget_backend.cli.contact_options import now
from widget_backend.cli.database import connected
from widget_backend.cli.misfits import misfits
from widget_backend.cli.removed_topics import missed_topics
from widget_backend.cli.served_sites import UNSERVED, UNSERVED_CURE, site_files
from widget_backend.config import SETTINGS, Settings, settings_and_mistakes
from widget_backend.doctor.files import can_be_written, privacy, room, secret_files
from widget_backend.doctor.mail_records import look_up, mail_records
from widget_backend.doctor.mail_server import letters, mail_server
from widget_backend.doctor.outcomes import Outcome, ok, unsure, wrong
from widget_backend.doctor.own_address import clock, own_address
from widget_backend.errors import ToolMissing, WidgetError
from widget_backend.mail.transports import smtp_transport
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.site.todo import todo
from widget_backend.store.database import open_database
from widget_backend.store.restoring import left_behind
from widget_backend.store.sites import sites_not_among
from widget_backend.store.sqlite import SqliteFile
from widget_backend.store.suppression_file import SuppressionFile, deletions, missing

NO_MAIL = (
    "none is sent, so neither the mail server nor its records in DNS were looked at. letters wait "
    "until serve runs without --no-mail"
)


def server_outcomes(
    letter_to: str | None, selector: str | None, sends_mail: bool = True
) -> Iterator[Outcome]:
    """Everything that can be seen of a server from where it runs, with its settings. Nothing of
    mail is looked at unless it `sends_mail`."""
    settings, mistakes = settings_and_mistakes(may_lack=() if sends_mail else {"WIDGET_SMTP_URL"})
    for mistake in mistakes:
        yield from _lines(mistake)
    every = [*_sites()] if settings.sites else []
    sites = [each for each in every if isinstance(each, Site)]
    for served in every:
        if isinstance(served, WidgetError):
            yield from _lines(served)
    if sites and not mistakes:
        yield ok("settings", f"all are there, for {', '.join(each.id for each in sites)}")
        yield from dict.fromkeys(misfits(sites, settings))
    for each in chain.from_iterable(map(todo, sites)):
        yield wrong(each.file, f"{each.where}: {each.reason}", each.cure)
    yield from _twice_set()
    yield from _files(settings, {mistake.name.removesuffix("_FILE") for mistake in mistakes})
    yield from _database(settings, sites, are_all=len(sites) == len(every))
    for site in sites:
        yield from own_address(site.url, site.id, time())
    if sends_mail:
        yield from _mail(settings, sites, letter_to, selector)
    else:
        yield ok("mail", NO_MAIL)


def _sites() -> Iterator[Site | WidgetError]:
    """Each site, or why it cannot be served."""
    try:
        for file in site_files():
            try:
                yield load_site(file).site
            except WidgetError as error:
                yield error
    except WidgetError as error:
        yield error


def _lines(error: WidgetError) -> Iterator[Outcome]:
    for line in str(error).splitlines():
        what, _, text = line.partition(": ")
        yield Outcome("wrong", what, text)


def _twice_set() -> Iterator[Outcome]:
    """Settings that are given both plainly and in a file, which `config.py` does not read then."""
    for name in (each.name for each in SETTINGS):
        if os.environ.get(name) and (file := os.environ.get(f"{name}_FILE")):
            reason = f"{name}_FILE is set as well ({file}), and that file is not read"
            yield unsure(name, reason, "leave one of them out")


def _files(settings: Settings, mistaken: Collection[str]) -> Iterator[Outcome]:
    """What is wrong with the settings that are `mistaken` is told already."""
    yield from secret_files()
    database = _file_of(settings)
    if database and database.exists():
        yield privacy("WIDGET_DATABASE_URL", database)
    for each in left_behind(database) if database else ():
        reason = "a restore that was ended has left it, and it holds people, also deleted ones"
        yield wrong(str(each), reason, "run restore again, which deletes it, or delete it yourself")
    if settings.suppressions:
        yield can_be_written("WIDGET_SUPPRESSIONS", settings.suppressions)
    elif "WIDGET_SUPPRESSIONS" not in mistaken:
        reason = "is not set, so a backup would bring back who was deleted after it"
        yield unsure(
            "WIDGET_SUPPRESSIONS", reason, "name a file, on another disk than the database"
        )
    if settings.checkpoints:
        yield can_be_written("WIDGET_CHECKPOINTS", settings.checkpoints)
    places = [each for each in (database, settings.suppressions, settings.checkpoints) if each]
    size = database.stat().st_size if database and database.exists() else 0
    yield from room(places, size)


def _file_of(settings: Settings) -> Path | None:
    """The file of the database, if it is one."""
    try:
        database = open_database(settings.database_url)
    except WidgetError:
        return None
    return database.path if isinstance(database, SqliteFile) else None


def _database(settings: Settings, sites: list[Site], are_all: bool) -> Iterator[Outcome]:
    """Unless the sites `are_all`, others may be meant: whose file has a mistake is not gone."""
    if not settings.database_url:
        return
    try:
        with connected() as database:
            yield ok("database", "it answers, and its tables are those of this version")
            yield from _clock_of(database)
            ids = [each.id for each in sites] if are_all else []
            for unserved in sites_not_among(ids, database) if ids else ():
                # Another server may serve it from this database.
                yield unsure("sites", UNSERVED.format(site=unserved), UNSERVED_CURE)
            for site in sites:
                for each in missed_topics(site, database):  # it may have been removed on purpose
                    yield unsure(each.file, f"{each.where}: {each.reason}", each.cure)
            if settings.suppressions:
                yield _completeness(database, SuppressionFile(settings.suppressions))
    except WidgetError as error:
        yield from _lines(error)


def _completeness(database: Database, file: SuppressionFile) -> Outcome:
    """Whether everybody who was deleted is in the file. Raises FileRefused."""
    if count := deletions(missing(database, file)):
        reason = f"deletions of people are not in {file.path}: {count:,}"
        cure = (
            "let serve or worker run, which adds them within the hour; if they were in it before, "
            "see that nobody cuts it or takes it back from a copy"
        )
        return wrong("WIDGET_SUPPRESSIONS", reason, cure)
    return ok("WIDGET_SUPPRESSIONS", "everybody who was deleted is in it")


def _clock_of(database: Database) -> Iterable[Outcome]:
    if not isinstance(database, PostgresqlDatabase):
        return
    query = "SELECT extract(epoch FROM clock_timestamp())"
    ((there,),) = database.execute_sql(query).fetchall()
    yield clock("that of the database", float(there) - time())


def _mail(
    settings: Settings, sites: list[Site], letter_to: str | None, selector: str | None
) -> Iterator[Outcome]:
    if settings.smtp_url:
        transport = smtp_transport(settings.smtp_url)
        yield mail_server(transport)
        if letter_to:
            yield from letters(transport, sites, letter_to, now())
    try:
        for domain in dict.fromkeys(each.mail_from.rpartition("@")[2] for each in sites):
            yield from mail_records(domain, selector, look_up)
    except ToolMissing as error:
        yield Outcome("unsure", "SPF, DKIM, DMARC", str(error))
