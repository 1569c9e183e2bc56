"""The demo: a preview of Dimora, with sample contacts from a file, and a shop as its website."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Flask

from widget_backend.contacts.csv_output import RejectsFile
from widget_backend.contacts.csv_reader import open_csv
from widget_backend.contacts.decisions import ImportRun
from widget_backend.contacts.entries import PlatformFile
from widget_backend.contacts.imports import import_file
from widget_backend.contacts.mapping import read_mapping
from widget_backend.contacts.recognise import recognise
from widget_backend.demo.shop import create_shop
from widget_backend.preview import run
from widget_backend.preview.run import Port, Preview
from widget_backend.store.contacts import find_contacts
from widget_backend.store.suppression import lift

DIMORA = Path(__file__).parent / "dimora"
SITE_FILE = DIMORA / "SITE.toml"
CUSTOMER = "arta.hoxha@example.com"
"""The sample contact who is signed in at the shop, and whose links are printed."""


class Demo(Preview):
    """A demo ready to serve."""

    @property
    def customer(self) -> str:
        """The handle of the shop’s signed-in customer."""
        with self.database.connection_context():
            contacts = find_contacts(self.database, self.site.id, [CUSTOMER])
        return contacts[CUSTOMER].profile.handle

    def visitor(self, tag: str) -> str:
        return CUSTOMER

    def add_people(self) -> None:
        """Those of the file. The customer is there again after somebody tried “Delete my data”."""
        site = self.site.site
        lift(self.database, site.id, CUSTOMER, self.signer.addresses)
        mapping = read_mapping(DIMORA / "tags.toml", site)
        file = DIMORA / "contacts.csv"
        platform = recognise(file)
        known = {"file": file.name, "platform": platform.id, "options": {}}
        at, hashes = self.clock(), self.signer.addresses
        imported = ImportRun(site, at, hashes, mapping=mapping, known=known)
        with (
            open_csv(file, platform=platform) as contacts,
            RejectsFile(contacts, self.folder / "contacts.rejects.csv") as rejects,
        ):
            export = PlatformFile(contacts, platform, fields=mapping.fields)
            import_file(self.database, imported, export, rejects)

    def make_website(self) -> Flask:
        return create_shop(
            self.site.id, self.watched.url, self.signer, self.customer, self.clock, self.letters
        )

    def website_addresses(self) -> Iterator[tuple[str, str]]:
        yield "demo shop with the widget", f"{self.website_url}/"
        yield "the shop's account page", f"{self.website_url}/account"
        yield "prompt and dialog", f"{self.website_url}/order"


def prepare(folder: Path, backend_url: str, shop_url: str) -> Demo:
    """Everything the demo needs, in `folder`; data from the last time is kept."""
    return run.prepare(Demo, SITE_FILE, folder, backend_url, shop_url)


def serve(folder: Path, port: int, shop_port: int, say: Callable[[str], object]) -> None:
    """Serve the demo until it is interrupted, after printing what to open."""
    ports = (Port(port, "PORT"), Port(shop_port, "SHOP_PORT"))
    run.serve(Demo, SITE_FILE, folder, ports, say, "PORT={} SHOP_PORT={}".format)
