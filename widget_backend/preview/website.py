"""The website: a page of another origin with the snippet in it, as the snippet tool writes it.

It plays only the owner’s part: whoever is chosen as signed in is known by a cookie of its own, and
for them it makes a short-lived embed link at an address that is never cached.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from flask import Flask, Response, jsonify, make_response, render_template, request

from widget_backend.embed import snippets
from widget_backend.embed.snippets import MODES, Choice, Mode, View
from widget_backend.i18n.languages import Language, language, match, own_name
from widget_backend.links import Purpose
from widget_backend.pages.snippet.views import mode_name, view_names
from widget_backend.preview.mailbox import Letters, mailbox
from widget_backend.site.load import SiteInLanguages
from widget_backend.site.model import Site

PERSON = "preview-person"
"""The cookie that says who is signed in."""
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self' {backend}; "
    "connect-src 'self' {backend}; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""As strict as an owner’s page may be."""


class Previewed(Protocol):
    """What is previewed, as far as a website has to know it."""

    @property
    def site(self) -> SiteInLanguages: ...

    @property
    def letters(self) -> Letters: ...

    def people(self) -> list[str]: ...

    def visitor(self, tag: str) -> str: ...

    def link(self, purpose: Purpose, tag: str, email: str = "") -> str: ...


@dataclass(frozen=True)
class Visit:
    """What the address of the page asks for, of what there is. `person` is who is signed in, empty
    for nobody; `sample` whose pages the links are for."""

    site: Site
    language: Language
    choice: Choice
    person: str
    sample: str


def make_website(preview: Previewed) -> Flask:
    website = Flask(__name__)

    @website.get("/")
    def page() -> Response:
        visit = _visit(preview)
        site, choice = visit.site, visit.choice
        head, element = snippets.head_lines(site, choice), snippets.element(site, choice)
        answer = make_response(
            render_template(
                "website.html",
                _=visit.language.translations.gettext,
                pgettext=visit.language.translations.pgettext,
                **vars(visit),
                tags=[(tag, own_name(tag)) for tag in site.locales],
                views=view_names(visit.language, site),
                modes={mode: mode_name(visit.language, mode) for mode in MODES},
                people=preview.people(),
                head=head,
                element=element,
                links=list(_links(preview, visit)),
            )
        )
        answer.set_cookie(PERSON, visit.person, httponly=True, samesite="Strict")
        return answer

    @website.get("/account.js")
    def account_script() -> Response:
        return Response(snippets.ACCOUNT, mimetype="text/javascript")

    @website.get("/account/preferences-link")
    def preferences_link() -> Response:
        """What the owner’s script asks for; 404 for who is not, or no longer, among the people."""
        address = preview.link("embed", "", request.cookies.get(PERSON, ""))
        return jsonify(src=address) if address else Response(status=404)

    website.register_blueprint(mailbox(preview.letters, lambda: preview.site.site.locales))

    @website.after_request
    def strict(response: Response) -> Response:
        backend = preview.site.site.url
        response.headers.setdefault("Content-Security-Policy", POLICY.format(backend=backend))
        response.headers["Cache-Control"] = "no-store"
        return response

    return website


def _visit(preview: Previewed) -> Visit:
    """Anything that there is not counts as not asked for."""
    site, asked = preview.site, request.args
    tag = match(asked.get("lang"), site.site.locales) or site.site.locales[0]
    own, spoken = site.in_locale[tag], language(tag)
    views = view_names(spoken, own)
    view: View = next((each for each in views if each == asked.get("view")), "sign-up")
    mode: Mode = next((each for each in MODES if each == asked.get("mode")), "inline")
    choice, person = Choice(tag, mode, view), asked.get("person", "")
    known = person if person in preview.people() else ""
    sample = known or preview.visitor(tag)
    # A form for anyone stands beside nobody in particular; the others need somebody.
    return Visit(own, spoken, choice, sample if choice.is_personal else known, sample)


def _links(preview: Previewed, visit: Visit) -> Iterator[tuple[str, str]]:
    """Other doors of the person, in the language of the page: names and addresses."""
    gettext, tag = visit.language.translations.gettext, visit.language.tag
    names: dict[Purpose, str] = {
        "preferences": gettext("What they get"),
        "questions": gettext("Questions") if visit.site.stages else "",
        "unsubscribe": gettext("Unsubscribe"),
    }
    for purpose, name in names.items():
        if name and (address := preview.link(purpose, tag, visit.sample)):
            yield name, address
