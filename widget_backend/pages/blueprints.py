"""Blueprints: the two kinds of doors for people, each with headers and errors of its own."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as Redirect

from widget_backend.errors import SiteUnknown
from widget_backend.links import Purpose
from widget_backend.web.gateway import REPAIRED
from widget_backend.web.headers import finish_fragment, finish_page
from widget_backend.web.urls import as_asked, page_of_the_fragment

hosted = Blueprint("hosted", __name__)
"""Pages of our own, complete without JavaScript."""

fragments = Blueprint("fragments", __name__)
"""The same forms, for the widget in somebody else's page."""

Page = Response | Redirect | str | tuple[str, int]
GET_AND_POST = ("GET", "POST")

PURPOSES: dict[str, Purpose] = {"p": "preferences", "q": "questions", "u": "unsubscribe"}
"""Of the links in mail, by the first step of their path."""
MAILED = "<any(p, q, u):door>"

HELD_BACK = "held-back"
"""Stands in the address of a page that tells who holds a link of their own that no mail went."""

hosted.after_request(finish_page)
fragments.after_request(finish_fragment)


@hosted.before_app_request
def redirect_to_repaired_url() -> Redirect | None:
    """Of a link with signs too many. A fragment is only ever fetched, and answered as it is."""
    is_read = request.method in {"GET", "HEAD"} and request.blueprint != "fragments"
    return redirect(as_asked()) if is_read and REPAIRED in request.environ else None


@fragments.before_request
def redirect_tab_to_page() -> Redirect | None:
    """A link of a form in the widget, opened in a tab of its own: a fragment has no style there."""
    is_tab = request.headers.get("Sec-Fetch-Dest") == "document" and request.method == "GET"
    has_page = request.endpoint not in {"fragments.preview_form", "fragments.nowhere"}
    return redirect(page_of_the_fragment()) if is_tab and has_page else None


@fragments.route("/<path:_>/fragment", methods=GET_AND_POST)
def nowhere(_: str) -> Page:
    """So that the widget gets an error that it can show."""
    raise SiteUnknown
