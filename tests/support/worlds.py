"""A world to walk through: the real app on a real database, with a clock that tests turn."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from peewee import Database

from tests.support.linting import LintingClient
from widget_backend.app import create_app
from widget_backend.context import Context
from widget_backend.demo.run import DIMORA
from widget_backend.links import PATHS, Link, Purpose
from widget_backend.rules.state import State, difference
from widget_backend.signing import Signer
from widget_backend.site.load import SiteInLanguages, load_site
from widget_backend.site.model import Site
from widget_backend.store.field_values import keep_values
from widget_backend.store.ledger import ConsentContext, Door, Record, Wording, records
from widget_backend.store.models import Identity
from widget_backend.store.profiles import Profile, create_profile, read_profile, with_answers
from widget_backend.store.runs import begin_run
from widget_backend.store.saves import save

SHOP = "https://kutia.example"
"""An origin that both sites list."""

KUTIA = load_site(Path(__file__).parent / "kutia" / "SITE.toml")
DIMORA_SITE = load_site(DIMORA / "SITE.toml").at("https://prefs.dimora.example", (SHOP,))

LANGUAGES = ("en", "sq", "ar")
EMAIL = "canary.person@example.com"
MONDAY = datetime(2027, 3, 1, 12, tzinfo=UTC)

OFFERS = {"on": True, "channel": "email", "frequency": "weekly"}
NEWS = {"on": True, "channel": "email", "frequency": "monthly"}
TIPS = {"on": True, "channel": "email", "frequency": "quarterly"}
OFF = {"reach": "off", "until": None}
LESS = {"reach": "less", "until": None}
AS_CHOSEN = {"reach": "as_chosen", "until": None}
TIPS_NAME = "\"Tips\" 'n' tricks %(n)s {{ 7*7 }}"
OFFERS_NAME = "Offers <b>& more</b> −50%"
NEWS_NAME = "جديد محمد 24"
RECEIPTS = "receipts <i>& bills</i>"
"""What Kutia sends whatever people choose."""
SAID = {"topic:offers": OFFERS, "topic:news": NEWS}


def no(preference: dict[str, Any]) -> dict[str, Any]:
    return {**preference, "on": False}


DECLINED = {"topic:tips": no(TIPS)}
"""What a save adds for who has the other topics: the one left unticked is a no."""


@dataclass
class Clock:
    """Stands still until it is turned."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)


@dataclass
class World:
    """The app with its sites, and what a test needs to look behind the pages.

    `home` is the site of people and texts where no other is named; `door` is where people say what
    a test has them say.
    """

    app: Flask
    database: Database
    signer: Signer
    clock: Clock
    sites: Mapping[str, SiteInLanguages] = field(default_factory=dict)
    home: str = "kutia"
    door: Door = "import"

    def client(self) -> LintingClient:
        client = self.app.test_client()
        assert isinstance(client, LintingClient)
        return client

    def hurried_client(self) -> FlaskClient:
        """One that lints nothing, for very many requests."""
        return FlaskClient(self.app, self.app.response_class)

    def site(self, tag: str = "en", name: str = "") -> Site:
        """A site with its texts in a language."""
        return self.sites[name or self.home].in_locale[tag]

    # ── people ──

    def person(
        self, said: State | None = None, site: str = "", email: str = EMAIL, **known: Any
    ) -> Profile:
        """Somebody with an email who has said these things, in one save."""
        at, site = int(self.clock().timestamp()), site or self.home
        person = create_profile(self.database, site, at, **known)
        confirmed = not person.pending
        row = {"site": site, "profile": person.id, "kind": "email", "value": email}
        if email:
            Identity.insert(**row, confirmed=confirmed).execute(self.database)
        self.say(person, said or {})
        return self.read(person)

    def say(self, person: Profile, said: State) -> None:
        """Another device, or anybody, saves this."""
        how = ConsentContext(
            int(self.clock().timestamp()), self.door, Wording.of(person.site, "en", {})
        )
        now = self.read(person)
        save(self.database, now, difference(now.state, said), how)

    def bring(self, person: Profile, platform: str | None = "brevo", **values: Any) -> int:
        """An import brings these values of fields now; returns its number."""
        now = int(self.clock().timestamp())
        known = {"site": person.site, "file": "list.csv", "platform": platform, "options": {}}
        number = begin_run(self.database, now, **known)
        keep_values(self.database, number, {person.id: values})
        return number

    def read(self, person: Profile) -> Profile:
        found = read_profile(self.database, person.site, person.handle)
        return with_answers(self.database, found)

    def state(self, person: Profile) -> dict[str, Any]:
        return dict(self.read(person).state)

    def ledger(self, person: Profile) -> list[Record]:
        return records(self.database, person.ledger_key)

    # ── links ──

    def token(self, purpose: Purpose, person: Profile, tag: str | None = None) -> str:
        said = Link(person.site, person.handle, tag, link_version=person.link_version)
        return self.signer.mint(purpose, said, self.clock())

    def link(self, purpose: Purpose, person: Profile, tag: str | None = None) -> str:
        """The path of a link made now; of the fragment for those of the widget."""
        end = "/fragment" if purpose == "embed" else ""
        return f"/{PATHS[purpose]}/{self.token(purpose, person, tag)}{end}"

    # ── everything that is stored ──

    def dump(self) -> dict[str, list[str]]:
        """Every row of every table."""
        return {
            table: sorted(map(repr, self.database.execute_sql(f'SELECT * FROM "{table}"')))
            for table in self.database.get_tables()
        }


SIGNER = Signer(["a key of the tests that is long enough"])
BOTH_SITES = (KUTIA, DIMORA_SITE)


def make_world(
    database: Database, sites: Collection[SiteInLanguages] = BOTH_SITES, is_quick: bool = False
) -> World:
    """The app of these sites on a database. The `is_quick` one is made once for all tests."""
    clock, served = Clock(), {site.id: site for site in sites}
    app = _quick_app(database) if is_quick else _make_app(database, sites)
    app.extensions["preference-widget"] = Context(served, database, SIGNER, clock)
    return World(app, database, SIGNER, clock, served)


def _make_app(database: Database, sites: Collection[SiteInLanguages]) -> Flask:
    app = create_app(sites, database, SIGNER)
    app.test_client_class = _client_of(sites)
    return app


_MADE: list[Flask] = []


def _quick_app(database: Database) -> Flask:
    """Routes take longer to build than a page; what belongs to a test is put in afterwards."""
    if not _MADE:
        _MADE.append(_make_app(database, BOTH_SITES))
    return _MADE[0]


def _client_of(sites: Collection[SiteInLanguages]) -> type[LintingClient]:
    names = [
        name
        for site in sites
        if site.id == KUTIA.id
        for name in (site.site.name, site.site.legal_address, *_names(site.site))
    ]
    policies = [each.site.privacy_policy for each in sites]
    return type("Client", (LintingClient,), {"inserted": names, "elsewhere": policies})


def _names(site: Site) -> Iterable[str]:
    """What the owner of Kutia called things; chosen so that they occur in no other text."""
    yield from (topic.name for topic in site.topics)
    yield from (each.name for each in (*site.follow, *site.service_messages))
    yield from ("Much <u>indeed</u>", "Bath & shower", "صالة 2", "None of these")


def declaring(site: SiteInLanguages, **parts: Any) -> SiteInLanguages:
    """The same site after its owner has changed some parts of the file."""
    in_locale = {tag: replace(each, **parts) for tag, each in site.in_locale.items()}
    return replace(site, site=in_locale[site.site.source_language], in_locale=in_locale)


def without_topic(site: SiteInLanguages, gone: str) -> SiteInLanguages:
    return declaring(site, topics=tuple(each for each in site.site.topics if each.id != gone))
