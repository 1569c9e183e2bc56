"""Routes: which address opens which door."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from widget_backend.embed.snippets import VIEWS, View
from widget_backend.errors import ProfileUnknown
from widget_backend.links import Purpose
from widget_backend.pages.account import address_change, downloads, link_recovery
from widget_backend.pages.account import views as my_data
from widget_backend.pages.preferences import views as preferences
from widget_backend.pages.questions import views as questions
from widget_backend.pages.snippet import views as owner
from widget_backend.pages.subscribe import confirmation
from widget_backend.pages.subscribe import views as sign_up
from widget_backend.pages.unsubscribe import one_click as one_click_door
from widget_backend.pages.unsubscribe import views as unsubscribe
from widget_backend.pages.unsubscribe import why
from widget_backend.web.gateway import MENDED
from widget_backend.web.urls import as_asked, page_of_the_fragment
from widget_backend.web.visits import Visit, find_site, visit_by_link, visit_by_site

pages = Blueprint("pages", __name__)

Page = Response | str | tuple[str, int]
BOTH = ("GET", "POST")

PURPOSES: dict[str, Purpose] = {"p": "preferences", "q": "questions", "u": "unsubscribe"}
"""Of the links in mail, by the first step of their path."""
MAILED = "<any(p, q, u):door>"
OF_A_PAGE = {"pages.sign_up_fragment", "pages.embed_fragment", "pages.answers_fragment"}
"""Fragments of a form that has a page of its own, at the same address without its last step."""
PREVIEWED = f"<any({', '.join(map(repr, VIEWS))}):view>"


@pages.before_app_request
def show_the_clean_address() -> Response | None:
    """Of a link with signs too many. A fragment is only ever fetched, and answered as it is."""
    is_read = request.method in {"GET", "HEAD"} and not request.path.endswith("/fragment")
    return redirect(as_asked()) if is_read and MENDED in request.environ else None


@pages.before_request
def open_the_page() -> Response | None:
    """A link of a form in the widget, opened in a tab of its own: a fragment has no style there."""
    is_tab = request.headers.get("Sec-Fetch-Dest") == "document" and request.method == "GET"
    if not (is_tab and request.endpoint in OF_A_PAGE):
        return None
    return redirect(page_of_the_fragment())


@pages.route("/p/<token>", methods=BOTH)
def preferences_page(token: str) -> Page:
    return preferences.respond(visit_by_link("preferences", token, hosted=True))


@pages.route("/q/<token>", methods=BOTH)
def questions_page(token: str) -> Page:
    return questions.respond(visit_by_link("questions", token, hosted=True))


@pages.get(f"/{MAILED}/<token>/why")
def why_page(door: str, token: str) -> Page:
    return why.respond(visit_by_link(PURPOSES[door], token, hosted=True))


@pages.route(f"/{MAILED}/<token>/data", methods=BOTH)
def data_code(door: str, token: str) -> Page:
    return my_data.ask(visit_by_link(PURPOSES[door], token, hosted=True))


@pages.route("/d/<token>", methods=BOTH)
def data_page(token: str) -> Page:
    return my_data.respond(visit_by_link("data", token, hosted=True))


@pages.get("/d/<token>/download")
def download(token: str) -> Page:
    return downloads.respond(visit_by_link("data", token, hosted=True))


@pages.route("/n/<token>", methods=BOTH)
def new_address(token: str) -> Page:
    return address_change.respond(token)


@pages.route("/p/<token>/renew", methods=BOTH)
def renew_preferences(token: str) -> Page:
    return link_recovery.renew("preferences", token)


@pages.route("/q/<token>/renew", methods=BOTH)
def renew_questions(token: str) -> Page:
    return link_recovery.renew("questions", token)


@pages.route("/u/<token>", methods=BOTH)
def unsubscribe_page(token: str) -> Page:
    return unsubscribe.respond(visit_by_link("unsubscribe", token, hosted=True))


@pages.route("/o/<token>", methods=BOTH)
def one_click(token: str) -> Page:
    return one_click_door.respond(token)


@pages.route("/e/<token>", methods=BOTH)
def embed_page(token: str) -> Page:
    """For whoever opens in a browser what is meant for a page's snippet."""
    return _embedded(visit_by_link("embed", token, hosted=True))


@pages.route("/e/<token>/fragment", methods=BOTH)
def embed_fragment(token: str) -> Page:
    return _embedded(visit_by_link("embed", token, hosted=False))


def _embedded(visit: Visit) -> Page:
    asks = request.args.get("view") == "questions"
    return questions.respond(visit) if asks else preferences.respond(visit)


@pages.route("/s/<site_id>", methods=BOTH)
def sign_up_page(site_id: str) -> Page:
    return sign_up.respond(visit_by_site(site_id, hosted=True))


@pages.route("/s/<site_id>/fragment", methods=BOTH)
def sign_up_fragment(site_id: str) -> Page:
    return sign_up.respond(visit_by_site(site_id, hosted=False))


@pages.route("/c/<token>", methods=BOTH)
def confirm_page(token: str) -> Page:
    return confirmation.respond(visit_by_link("confirm", token, hosted=True))


@pages.route("/a/<token>", methods=BOTH)
def answers_page(token: str) -> Page:
    return questions.respond(_pending(visit_by_link("answers", token, hosted=True)))


@pages.route("/a/<token>/fragment", methods=BOTH)
def answers_fragment(token: str) -> Page:
    return questions.respond(_pending(visit_by_link("answers", token, hosted=False)))


def _pending(visit: Visit) -> Visit:
    """A kept token may only add answers to a profile that is still pending."""
    if not visit.person.pending or visit.person.became:
        raise ProfileUnknown
    return visit


@pages.route("/s/<site_id>/link", methods=BOTH)
def lost_link(site_id: str) -> Page:
    return link_recovery.lost(visit_by_site(site_id, hosted=True))


@pages.get("/s/<site_id>/snippet")
def snippet_page(site_id: str) -> Page:
    return owner.respond(visit_by_site(site_id, hosted=True))


@pages.get(f"/s/<site_id>/preview/{PREVIEWED}")
def preview_page(site_id: str, view: View) -> Page:
    return owner.preview_page(visit_by_site(site_id, hosted=True), view)


@pages.get(f"/s/<site_id>/preview/{PREVIEWED}/fragment")
def preview_fragment(site_id: str, view: View) -> Page:
    return owner.preview_form(visit_by_site(site_id, hosted=False), view)


@pages.get("/s/<site_id>/privacy")
def privacy_policy(site_id: str) -> Response:
    """Fragments may only link to our origin; this is the way on to the site's own policy."""
    return redirect(find_site(site_id).site.privacy_policy, 302)
