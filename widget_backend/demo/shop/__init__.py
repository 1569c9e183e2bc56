"""The demo shop: a website on another origin, with the pasted snippet in it.

It plays only the site owner's part: it serves its own pages and, for a customer who is signed in,
creates a short-lived embed link at a URL that is never cached. Its texts are in English in its
templates, and translated in its own catalogs in `translations/`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from babel.numbers import format_currency
from flask import Flask, Response, jsonify, render_template, request

from widget_backend import links
from widget_backend.i18n.catalogs import read_catalog, translations_of
from widget_backend.i18n.languages import language, match
from widget_backend.links import Link, Purpose
from widget_backend.preview.mailbox import Letters, mailbox
from widget_backend.signing import Signer

LANGUAGES = ("en", "sq", "ar")
FOLDER = Path(__file__).parent
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self' {backend}; "
    "connect-src 'self' {backend}; img-src 'self'; form-action 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""A strict page: the shop added only our origin to two directives."""


@cache
def texts_in(tag: str) -> Callable[[str], str]:
    """What the shop says in a language, by what its templates say in English."""
    path = FOLDER / "translations" / tag / "LC_MESSAGES" / "shop.po"
    return translations_of(read_catalog(path, tag)).gettext


def create_shop(
    site: str,
    backend: str,
    signer: Signer,
    customer: str,
    clock: Callable[[], datetime],
    letters: Letters | None = None,
) -> Flask:
    """The shop of `site`, with its preference centre at `backend` and one signed-in customer.

    `letters` are the messages that the demo would have sent.
    """
    shop = Flask(__name__, template_folder=".", static_folder=".", static_url_path="/static")

    page = partial(_page, site=site, backend=backend)

    def link(purpose: Purpose) -> str:
        token = signer.mint(purpose, Link(site, customer), clock())
        return links.address(backend, purpose, token)

    @shop.get("/")
    def home() -> str:
        return page("home.html")

    @shop.get("/account")
    def account() -> str:
        return page("account.html", view=request.args.get("view", ""), fallback=link("preferences"))

    @shop.get("/order")
    def order() -> str:
        """Where a customer lands after buying: a few questions, and the choices one click away."""
        return page("order.html", fallback=link("preferences"), questions=link("questions"))

    @shop.get("/account/preferences-link")
    def preferences_link() -> Response:
        """What the script of these pages asks for: a link that works for a few minutes."""
        answer = jsonify(src=link("embed"))
        answer.headers["Cache-Control"] = "no-store"
        return answer

    if letters:
        shop.register_blueprint(mailbox(letters, lambda: LANGUAGES))

    @shop.after_request
    def strict(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY.format(backend=backend))
        response.headers["Cache-Control"] = "no-store"
        return response

    return shop


def _page(template: str, **values: object) -> str:
    """A page of the shop in the language that its address asks for."""
    tag = match(request.args.get("lang"), LANGUAGES) or "en"
    spoken = language(tag)
    return render_template(
        template,
        _=texts_in(tag),
        price=lambda euros: format_currency(euros, "EUR", locale=spoken.formats),
        language=spoken,
        languages=[language(each) for each in LANGUAGES],
        **values,
    )
