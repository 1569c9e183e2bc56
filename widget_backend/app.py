"""The application: `create_app` wires the rooms together, nothing more."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask
from peewee import Database

from widget_backend.context import Clock, Context, utc_now
from widget_backend.mail.transports import ServerCapabilities
from widget_backend.pages.assets import assets
from widget_backend.pages.routes import pages
from widget_backend.signing import Signer
from widget_backend.site.load import SiteInLanguages
from widget_backend.store import timeouts
from widget_backend.store.database import release
from widget_backend.web import error_pages, headers
from widget_backend.web.gateway import Incoming

LARGEST_FORM = 64 * 1024
"""Bytes. The longest honest form has some three thousand."""


def create_app(
    sites: Iterable[SiteInLanguages],
    database: Database,
    signer: Signer,
    clock: Clock = utc_now,
    mail: ServerCapabilities | None = None,
) -> Flask:
    """The backend for these sites on this database, which is already migrated.

    `mail` is what the mail server can, kept up to date by who delivers.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_FORM
    app.url_map.merge_slashes = False  # a redirect of its own; `Incoming` mends paths
    app.config["WTF_CSRF_ENABLED"] = False  # the signed link in the path is the secret
    by_id = {site.id: site for site in sites}
    app.extensions["preference-widget"] = Context(
        by_id, database, signer, clock, mail=mail or ServerCapabilities()
    )
    app.register_blueprint(pages)
    app.register_blueprint(assets)
    headers.register(app)
    app.before_request(timeouts.begin_request)
    app.teardown_request(lambda _error: _end_request(app.extensions["preference-widget"].database))
    error_pages.register(app)
    # Flask would log the path and the values of what it cannot handle; `Incoming` does not.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.wsgi_app = Incoming(  # type: ignore[method-assign]
        app.wsgi_app, lambda: app.extensions["preference-widget"]
    )
    return app


def _end_request(database: Database) -> None:
    try:
        release(database)
    finally:
        timeouts.end_request()
