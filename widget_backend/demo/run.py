"""Running the demo: its own database, sample contacts, the backend and the shop."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from peewee import Database

from widget_backend import links
from widget_backend.app import create_app
from widget_backend.contacts.csv_output import RejectsFile
from widget_backend.contacts.csv_reader import open_csv
from widget_backend.contacts.decisions import ImportRun
from widget_backend.contacts.entries import PlatformFile
from widget_backend.contacts.imports import import_file
from widget_backend.contacts.mapping import read_mapping
from widget_backend.contacts.recognise import recognise
from widget_backend.context import utc_now
from widget_backend.demo.shop import create_shop
from widget_backend.errors import FileRefused, unwritable
from widget_backend.jobs.schedule import tasks_of
from widget_backend.jobs.work import email
from widget_backend.jobs.worker import background_worker
from widget_backend.links import Link, Purpose
from widget_backend.mail.transports import FileTransport
from widget_backend.server.listener import listen
from widget_backend.server.shutdown import serve_until_stopped
from widget_backend.signing import Signer
from widget_backend.site.load import SiteInLanguages, load_site
from widget_backend.store.contacts import find_contacts
from widget_backend.store.database import migrate, open_database
from widget_backend.store.suppression import lift

DIMORA = Path(__file__).parent / "dimora"
CUSTOMER = "arta.hoxha@example.com"
"""The sample contact who is signed in at the shop, and whose links are printed."""


@dataclass(frozen=True)
class Demo:
    """A demo ready to serve. `customer` is the handle of the shop's signed-in customer."""

    site: SiteInLanguages
    database: Database
    signer: Signer
    customer: str
    backend_url: str
    shop_url: str

    def link(self, purpose: Purpose, tag: str, now: datetime) -> str:
        token = self.signer.mint(purpose, Link(self.site.id, self.customer, tag), now)
        return links.address(self.backend_url, purpose, token)

    def addresses(self, now: datetime) -> Iterator[tuple[str, str]]:
        """What a newcomer opens: names and addresses."""
        yield "demo shop with the widget", f"{self.shop_url}/"
        yield "the shop's account page", f"{self.shop_url}/account"
        yield "prompt and dialog", f"{self.shop_url}/order"
        for tag in self.site.site.locales:
            yield f"hosted preferences ({tag})", self.link("preferences", tag, now)
        yield "questions in stages", self.link("questions", "en", now)
        yield "unsubscribe", self.link("unsubscribe", "en", now)
        yield "sign-up", f"{self.backend_url}/s/{self.site.id}"
        yield "the owner's page", f"{self.backend_url}/s/{self.site.id}/snippet"
        yield "email that would be sent", f"{self.shop_url}/mail/"


def prepare(folder: Path, backend_url: str, shop_url: str) -> Demo:
    """Everything the demo needs, in `folder`; data from the last time is kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        key = _key(folder / "signing-key")
    except OSError as error:
        raise FileRefused(str(folder), *unwritable(error)) from error
    dimora = load_site(DIMORA / "SITE.toml")
    # With the origins that somebody adds to the file to try the form in their own page.
    origins = dict.fromkeys([shop_url, *dimora.site.origins])
    site = dimora.at(backend_url, tuple(origins))
    database = open_database(f"sqlite:///{folder / 'demo.db'}")
    migrate(database)
    signer = Signer([key])
    with database.connection_context():
        # After somebody tried “Delete my data”, the shop's customer is signed in again.
        lift(database, site.id, CUSTOMER, signer.addresses)
        _import_contacts(database, site, signer, folder)
        customer = find_contacts(database, site.id, [CUSTOMER])[CUSTOMER].profile.handle
    return Demo(site, database, signer, customer, backend_url, shop_url)


def _key(file: Path) -> str:
    """The demo’s own signing key, made once, so that yesterday’s links still open."""
    if not file.exists():
        new_file = file.with_suffix(".new")
        new_file.touch(mode=0o600)
        new_file.write_text(secrets.token_urlsafe(32))
        new_file.rename(file)
    return file.read_text()


def _import_contacts(
    database: Database, site: SiteInLanguages, signer: Signer, folder: Path
) -> None:
    mapping = read_mapping(DIMORA / "tags.toml", site.site)
    file = DIMORA / "contacts.csv"
    platform = recognise(file)
    known = {"file": file.name, "platform": platform.id, "options": {}}
    run = ImportRun(site.site, utc_now(), signer.addresses, mapping=mapping, known=known)
    with (
        open_csv(file, platform=platform) as contacts,
        RejectsFile(contacts, folder / "contacts.rejects.csv") as rejects,
    ):
        export = PlatformFile(contacts, platform, fields=mapping.fields)
        import_file(database, run, export, rejects)


def serve(folder: Path, port: int, shop_port: int, say: Any) -> None:
    """Serve the demo until it is interrupted, after printing what to open."""
    demo = prepare(folder, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{shop_port}")
    backend = listen(create_app([demo.site], demo.database, demo.signer), port, "PORT")
    mail = folder / "mail"
    shop_app = create_shop(
        demo.site.id, demo.backend_url, demo.signer, demo.customer, utc_now, mail
    )
    shop = listen(shop_app, shop_port, "SHOP_PORT")
    lines = "\n".join(f"{name + ':':28}{address}" for name, address in demo.addresses(utc_now()))
    threading.Thread(target=shop.run, daemon=True).start()
    tasks = tasks_of(lambda: [demo.site.site])
    with background_worker(demo.database, [email(FileTransport(mail))], utc_now, tasks):
        serve_until_stopped(backend, lambda: say(lines))
    demo.database.close()
