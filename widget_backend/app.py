"""The application: `create_app` wires the rooms together, nothing more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from flask import Flask, Response, request
from peewee import Database

from widget_backend.context import Clock, Context, utc_now
from widget_backend.mail.transports import ServerCapabilities
from widget_backend.pages import evidence_key, privacy, start, well_known
from widget_backend.pages.account import address_change, downloads, link_recovery, receipts
from widget_backend.pages.account import views as account
from widget_backend.pages.assets import assets
from widget_backend.pages.blueprints import fragments, hosted
from widget_backend.pages.operating import operating
from widget_backend.pages.preferences import views as preferences
from widget_backend.pages.questions import views as questions
from widget_backend.pages.snippet import views as snippet
from widget_backend.pages.subscribe import confirmation
from widget_backend.pages.subscribe import views as subscribe
from widget_backend.pages.unsubscribe import one_click, why
from widget_backend.pages.unsubscribe import views as unsubscribe
from widget_backend.signing import Signer
from widget_backend.site.load import SiteInLanguages
from widget_backend.site.model import Site
from widget_backend.store import timeouts
from widget_backend.store.checkpoints import CheckpointFile
from widget_backend.store.database import release
from widget_backend.store.suppression_file import SuppressionFile
from widget_backend.web import error_handlers
from widget_backend.web.gateway import Gateway
from widget_backend.web.headers import finish_page
from widget_backend.web.metrics import IN_APP, Metrics
from widget_backend.web.request_context import Request
from widget_backend.web.request_log import RequestLog, note_request

VIEWS = (
    preferences,
    questions,
    subscribe,
    confirmation,
    unsubscribe,
    one_click,
    why,
    account,
    downloads,
    receipts,
    address_change,
    link_recovery,
    snippet,
    privacy,
    start,
    evidence_key,
    well_known,
)
"""Whose routes the blueprints have."""

LARGEST_FORM = 64 * 1024
"""Bytes. The longest honest form has some three thousand."""


class App(Flask):
    """Flask, for requests of ours and functions that are not coroutines."""

    request_class = Request

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(
    sites: Iterable[SiteInLanguages],
    database: Database,
    signer: Signer,
    clock: Clock = utc_now,
    mail: ServerCapabilities | None = None,
    checkpoints: CheckpointFile | None = None,
    security_contact: tuple[str, ...] = (),
    sends_mail: bool = True,
    metrics_key: str = "",
    suppressions: SuppressionFile | None = None,
) -> Flask:
    """The backend for these sites on this database, which is already migrated.

    `mail` is what the mail server can, kept up to date by who delivers. `checkpoints` are those
    that are signed, if any are, `security_contact` the addresses of `security.txt`, and
    `suppressions` the file that keeps who was erased. Without `sends_mail` letters wait on purpose.
    With `metrics_key` it is counted what is done, for who has that key; raises SettingInvalid where
    the library is missing.
    """
    app = App(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_FORM
    app.url_map.merge_slashes = False  # a redirect of its own; `Gateway` mends paths
    by_id = {site.id: site for site in sites}
    app.extensions["preference-widget"] = Context(
        by_id,
        database,
        signer,
        clock,
        mail=mail or ServerCapabilities(),
        checkpoints=checkpoints,
        security_contact=security_contact,
        sends_mail=sends_mail,
        suppressions=suppressions,
    )
    if metrics_key:
        app.extensions[IN_APP] = Metrics(metrics_key, database, clock)
    error_handlers.prepare_pages(by_id.values())
    _answer_requests(app)
    return app


def _answer_requests(app: Flask) -> None:
    """Every request goes through the log and the gateway to a blueprint, or to an error page."""
    for blueprint in (hosted, fragments, assets, operating):
        app.register_blueprint(blueprint)
    app.after_request(_finish_unrouted)
    app.before_request(timeouts.begin_request)
    app.teardown_request(lambda _error: _end_request(app.extensions["preference-widget"].database))
    app.teardown_request(note_request)
    error_handlers.register(app)
    # Flask would log the path and the values of what it cannot handle; `Gateway` does not.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    gateway = Gateway(app.wsgi_app, lambda: app.extensions["preference-widget"])
    app.wsgi_app = RequestLog(  # type: ignore[method-assign]
        gateway, lambda: app.extensions.get(IN_APP)
    )


def replace_sites(app: Flask, sites: Iterable[SiteInLanguages]) -> None:
    """From the next request on, serve these. Requests under way end with those they began with."""
    by_id = {site.id: site for site in sites}
    error_handlers.prepare_pages(by_id.values())
    app.extensions["preference-widget"] = replace(app.extensions["preference-widget"], sites=by_id)


def served_sites(app: Flask) -> list[Site]:
    """The sites as they are served now, each in its own language."""
    return [each.site for each in app.extensions["preference-widget"].sites.values()]


def _finish_unrouted(response: Response) -> Response:
    """What no blueprint answers, such as an address that leads nowhere, is a page all the same."""
    return response if request.blueprint else finish_page(response)


def _end_request(database: Database) -> None:
    try:
        release(database)
    finally:
        timeouts.end_request()
