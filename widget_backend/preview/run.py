"""Running a preview: its own database, its people, the backend, and a website that embeds it."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeVar

from flask import Flask
from peewee import Database

from widget_backend import links
from widget_backend.app import create_app, replace_sites, served_sites
from widget_backend.context import Clock, utc_now
from widget_backend.errors import FileRefused, SettingInvalid, WidgetError
from widget_backend.file_errors import unwritable
from widget_backend.jobs.schedule import Task, tasks_of
from widget_backend.jobs.work import email
from widget_backend.jobs.worker import background_worker
from widget_backend.links import Link, Purpose
from widget_backend.mail.transports import FileTransport
from widget_backend.preview.banner import Banner, Notice
from widget_backend.preview.mailbox import Letters
from widget_backend.preview.people import add_people, email_of, sample_people
from widget_backend.preview.watching import WatchedSite
from widget_backend.preview.website import make_website
from widget_backend.server.listener import bind, listen
from widget_backend.server.shutdown import serve_until_stopped
from widget_backend.signing import Signer
from widget_backend.site.load import SiteInLanguages
from widget_backend.store.contacts import find_contacts
from widget_backend.store.database import migrate, open_database
from widget_backend.store.outbox import texts_waiting

Kind = TypeVar("Kind", bound="Preview")

PEOPLE_CHECKED_EVERY = 1
"""Seconds. A language that comes into the site file soon has its people."""
OTHER_PORTS = range(8080, 8100)
"""Of these the first two that nobody uses are named, if one of those that were chosen is taken."""


@dataclass(frozen=True)
class Preview:
    """A site with people in it, ready to serve. `folder` is where the data of the preview is."""

    watched: WatchedSite
    database: Database
    signer: Signer
    folder: Path
    clock: Clock = utc_now

    @property
    def site(self) -> SiteInLanguages:
        return self.watched.site()

    @property
    def website_url(self) -> str:
        return self.watched.origin

    @property
    def mail(self) -> Path:
        """The folder of the letters that would have gone."""
        return self.folder / "mail"

    @property
    def letters(self) -> Letters:
        return Letters(self.mail, self._waiting)

    def _waiting(self) -> list[str]:
        with self.database.connection_context():
            return texts_waiting(self.database)

    def link(self, purpose: Purpose, tag: str, email: str = "") -> str:
        """The address of a signed link; empty if the person is not there any more."""
        email, site = email or self.visitor(tag), self.site.id
        with self.database.connection_context():
            contact = find_contacts(self.database, site, [email]).get(email)
        if contact is None:
            return ""
        link = Link(site, contact.profile.handle, tag, link_version=contact.profile.link_version)
        return links.address(
            self.watched.url, purpose, self.signer.mint(purpose, link, self.clock())
        )

    # ── what a demo has of its own ──

    def visitor(self, tag: str) -> str:
        """The email of whoever is signed in on the website, in this language."""
        return email_of("all", tag)

    def people(self) -> list[str]:
        return [each.email for each in sample_people(self.site)]

    def add_people(self) -> None:
        """Those who are not there yet. The connection is open."""
        now = int(self.clock().timestamp())
        add_people(self.database, self.site, self.signer.addresses, now)

    def make_website(self) -> Flask:
        return make_website(self)

    def website_addresses(self) -> Iterator[tuple[str, str]]:
        yield "a website with the form", f"{self.website_url}/"

    # ── what to open ──

    def addresses(self) -> Iterator[tuple[str, str]]:
        """What a newcomer opens: names and addresses."""
        site, url = self.site.site, self.watched.url
        first = site.locales[0]
        yield from self.website_addresses()
        for tag in site.locales:
            yield f"hosted preferences ({tag})", self.link("preferences", tag)
        if site.stages:
            yield "questions in stages", self.link("questions", first)
        yield "unsubscribe", self.link("unsubscribe", first)
        yield "sign-up", f"{url}/s/{site.id}"
        yield "the owner's page", f"{url}/s/{site.id}/snippet"
        yield "email that would be sent", f"{self.website_url}/mail/"

    # ── serving ──

    def backend(self) -> Flask:
        """The backend, which serves at each request what the files say then."""
        app = create_app([self.site], self.database, self.signer, self.clock)
        app.wsgi_app = Banner(app.wsgi_app, lambda: self._follow(app))  # type: ignore[method-assign]
        return app

    def website(self) -> Flask:
        app = self.make_website()
        app.wsgi_app = Banner(app.wsgi_app, self.notice)  # type: ignore[method-assign]
        return app

    def _follow(self, app: Flask) -> Notice:
        site = self.site
        if served_sites(app) != [site.site]:
            replace_sites(app, [site])
        return Notice(self.watched.problem, self.watched.hints)

    def notice(self) -> Notice:
        """What is to be told of the files now."""
        self.watched.site()
        return Notice(self.watched.problem, self.watched.hints)

    def people_task(self) -> Task:
        """New people for a site that changed; and the terminal soon hears of a mistake."""
        peopled = [self.site]

        def step(_database: Database, _now: int) -> bool:
            site = self.site
            if site is not peopled[0]:
                peopled[0] = site
                self.add_people()
            return False

        return Task("adding sample people", step, PEOPLE_CHECKED_EVERY)


def prepare(
    kind: type[Kind],
    file: Path,
    folder: Path,
    url: str,
    website_url: str,
    say: Callable[[str], object] = lambda line: None,
    clock: Clock = utc_now,
) -> Kind:
    """Everything that a preview needs, in `folder`; data from the last time is kept."""
    watched = WatchedSite(file, url, website_url, say)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _keep_out_of_git(folder)
        key = _key(folder / "signing-key")
    except OSError as error:
        raise FileRefused(str(folder), *unwritable(error)) from error
    database = open_database(f"sqlite:///{folder.resolve() / 'preview.db'}")
    migrate(database)
    preview = kind(watched, database, Signer([key]), folder, clock)
    with database.connection_context():
        preview.add_people()
    return preview


def _keep_out_of_git(folder: Path) -> None:
    """The folder is often one in somebody’s repository, and has a key in it."""
    ignored = folder / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*\n")


def _key(file: Path) -> str:
    """The preview’s own signing key, made once, so that yesterday’s links still open."""
    if not file.exists():
        new_file = file.with_suffix(".new")
        new_file.touch(mode=0o600)
        new_file.write_text(secrets.token_urlsafe(32))
        new_file.rename(file)
    return file.read_text()


@dataclass(frozen=True)
class Port:
    """Where one of the two servers listens; `option` is what somebody types to change it."""

    number: int
    option: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.number}"


@contextmanager
def _other_ports_told(ports: tuple[Port, Port], typed: Callable[[int, int], str]) -> Iterator[None]:
    try:
        yield
    except SettingInvalid as error:
        if error.name not in {each.option for each in ports}:
            raise
        first, second, *_ = chain(filter(_is_free, OTHER_PORTS), OTHER_PORTS)
        cure = f"choose others, as “{typed(first, second)}”"
        raise SettingInvalid(error.name, error.reason, cure) from error


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def serve(
    kind: type[Preview],
    file: Path,
    folder: Path,
    ports: tuple[Port, Port],
    say: Callable[[str], object],
    typed: Callable[[int, int], str],
) -> None:
    """Serve a preview until it is interrupted, after printing what to open.

    The first port is that of the form, the second that of the website. `typed` is what somebody
    types for two others, which is told if one of them is taken.
    """
    form, site = ports
    preview = prepare(kind, file, folder, form.url, site.url, say)
    with _other_ports_told(ports, typed):
        own = bind(form.number, form.option)
        try:
            other = bind(site.number, site.option)
        except WidgetError:
            own.close()
            raise
    backend, website = listen(preview.backend(), [own]), listen(preview.website(), [other])
    addresses = "\n".join(f"{name + ':':28}{address}" for name, address in preview.addresses())

    def tell() -> None:
        say(addresses)
        preview.watched.say_hints()

    threading.Thread(target=website.run, daemon=True).start()
    tasks = (*tasks_of(lambda: [preview.site.site]), preview.people_task())
    letters = [email(FileTransport(preview.mail))]
    with background_worker(preview.database, letters, preview.clock, tasks):
        serve_until_stopped(backend, tell)
    preview.database.close()
