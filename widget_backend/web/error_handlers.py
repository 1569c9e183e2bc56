"""Error handlers: the one place where an error becomes an answer, in the reader's language."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from flask import Flask, Response, make_response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from widget_backend import errors
from widget_backend.fault_log import log_fault
from widget_backend.i18n.languages import Language, language
from widget_backend.site.load import SiteInLanguages
from widget_backend.web.error_pages import BY_ERROR, BY_STATUS, INTERNAL, Problem
from widget_backend.web.headers import PERSONAL
from widget_backend.web.labels import sentences
from widget_backend.web.negotiation import OURS, choose_language, choose_our_language
from widget_backend.web.request_context import current_context, facts, is_fragment
from widget_backend.web.templates import closed_until, environment, render_template
from widget_backend.web.urls import as_asked, here

log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    for kind in BY_ERROR:
        app.register_error_handler(kind, _answer_error)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_fault)


def prepare_pages(sites: Iterable[SiteInLanguages]) -> None:
    """What error pages are made of is read now, and not when something is wrong."""
    for tag in {*OURS, *(tag for each in sites for tag in each.site.locales)}:
        for hosted in (True, False):
            templates = environment(language(tag), hosted)
            for name in ("error.html", "page.html", "fragment.html"):
                templates.get_template(name)


def _answer_error(error: Exception) -> Response:
    if isinstance(error, errors.LinkExpired) and _is_first_load_of_widget():
        return Response("", 410, mimetype="text/plain", headers=PERSONAL)
    answer = _page(BY_ERROR[type(error)], error)
    if isinstance(error, errors.DatabaseUnavailable):
        log.warning("the database does not work: %s", error.text)
    if isinstance(error, errors.RateLimited | errors.DatabaseUnavailable):
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _is_first_load_of_widget() -> bool:
    """Whether a widget asks for its form for the first time.

    If its link has expired by then, the widget keeps showing the link that the owner put inside it.
    That one works for months, so it helps people more than our error page would.
    """
    loads = is_fragment() and request.method != "POST"
    shown_before = request.args.keys() & {"opened", "saved"}
    return loads and facts().purpose == "embed" and not shown_before


def _answer_http(error: HTTPException) -> Response:
    problem = BY_STATUS.get(error.code or 500)
    if problem is None:
        # What no person's browser sends, such as a malformed host name, for which no page has URLs.
        return Response(error.name, error.code, mimetype="text/plain")
    answer = _page(problem, error)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _answer_fault(error: Exception) -> Response:
    log_fault(error, request.endpoint)
    return _page(INTERNAL, error)


def _page(problem: Problem, error: Exception) -> Response:
    known = facts()
    known_site = known.site or _only_site()
    reader_language = known.language = known.language or _language_for(known_site)
    if is_fragment() and known.site is None:
        # It says nothing of anybody; unread, a browser would keep a dead token for ever.
        known.allowed_origin = request.headers.get("Origin")
    site = known_site.in_locale.get(reader_language.tag) if known_site else None
    page = problem.page(reader_language, error)
    unsubscribed = error.unsubscribed if isinstance(error, errors.LinkEnded) else ()
    html = render_template(
        "error.html",
        reader_language,
        hosted=not is_fragment(),
        site=site,
        closed_until=closed_until(site),
        problem=problem,
        page=page,
        unsubscribed=sentences(reader_language, site, unsubscribed) if site else [],
        again=as_asked() if page.offers_repeating else "",
        sent_fields=_sent_fields() if page.offers_repeating else [],
        link_url=known.link_url or here(),
        errors=[],
    )
    return make_response(html, problem.status)


def _only_site() -> SiteInLanguages | None:
    """Where the link says nothing: the site that is served, if it is only one."""
    sites = list(current_context().sites.values())
    return sites[0] if len(sites) == 1 else None


def _language_for(site: SiteInLanguages | None) -> Language:
    """The reader's language, by the address, the link and the browser."""
    if site:
        return language(choose_language(site, (facts().link_language,))[0])
    return language(choose_our_language())


def _sent_fields() -> list[tuple[str, str]]:
    """What the form that was sent held, to be sent once more; no more than a form may hold."""
    try:
        return list(request.form.items(multi=True))
    except HTTPException:  # too much, or nothing that a browser sends
        return []
