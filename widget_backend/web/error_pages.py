"""Refusals: the one place where errors become pages and fragments, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response

from widget_backend import errors
from widget_backend.fault_log import log_fault
from widget_backend.i18n.languages import Language, language
from widget_backend.links import REVOCABLE, Purpose
from widget_backend.web import outages
from widget_backend.web.headers import PERSONAL
from widget_backend.web.known import OURS, known_language, known_site
from widget_backend.web.templates import environment, render_template
from widget_backend.web.urls import as_asked, here
from widget_backend.web.visits import closed_until


@dataclass(frozen=True)
class Refusal:
    """A page that says what happened and where to turn."""

    status: int
    title: Markup
    advice: Markup
    offers_leaving: bool = False
    offers_renewal: bool = False
    offers_repeating: bool = False


def _expired(language: Language, error: errors.LinkExpired) -> Refusal:
    if g.get("purpose") == "embed":
        return Refusal(
            410,
            language.gettext("This form has been open for too long"),
            language.gettext("Reload the page to continue. Everything you saved is safe."),
            offers_leaving=True,
        )
    if request.endpoint == "pages.confirm_page":
        return Refusal(
            410,
            language.gettext("This link has expired"),
            language.gettext("You are not subscribed yet. Sign up again to get a new link."),
        )
    title = language.gettext("This link has expired")
    advice = language.gettext(
        "It expired on %(date)s. Use the link in our latest email. Links expire so that "
        "nobody else can use them.",
        date=language.date(error.expired_at.date()),
    )
    # Whoever only signed up, unconfirmed, gets nothing that they could leave.
    is_pending = request.endpoint in {"pages.answers_page", "pages.answers_fragment"}
    leaves = not is_pending and g.get("purpose") not in {"data", "address"}
    return Refusal(410, title, advice, leaves, _is_mailed())


def _is_mailed() -> bool:
    """Whether the link is one of those that a new one can be mailed for."""
    return g.get("purpose") in REVOCABLE


def _forged(language: Language, error: Exception) -> Refusal:
    return Refusal(
        404,
        language.gettext("This link is not complete"),
        language.gettext(
            "Email apps sometimes cut long links short. Open the link from the email itself, "
            "or copy all of it."
        ),
    )


def _revoked(language: Language, error: Exception) -> Refusal:
    return Refusal(
        410,
        language.gettext("This link no longer works"),
        language.gettext("It was replaced by a newer link, so that nobody else can use it."),
        offers_leaving=True,
        offers_renewal=_is_mailed(),
    )


def _wrong_purpose(language: Language, error: errors.LinkWrongPurpose) -> Refusal:
    names: dict[Purpose | str, Markup] = {
        "preferences": language.gettext("This link is for choosing what you receive."),
        "questions": language.gettext("This link is for answering questions."),
        "unsubscribe": language.gettext("This link is for unsubscribing."),
        "one-click": language.gettext("This link is for unsubscribing."),
        "confirm": language.gettext("This link is for confirming an address."),
        "address": language.gettext("This link is for confirming an address."),
        "data": language.gettext("This link is for seeing the data we hold about you."),
        "embed": language.gettext("This link is for a form inside another page."),
        "answers": language.gettext("This link is for answering questions."),
    }
    advice = language.gettext("Go back to the message it came from and open the link again.")
    return Refusal(
        403,
        language.gettext("This link opens a different page"),
        names[error.purpose] + " " + advice,
    )


def _site_unknown(language: Language, error: Exception) -> Refusal:
    return Refusal(
        404,
        language.gettext("Page not found"),
        language.gettext(
            "Check the address, or open the link from the message or page it came from."
        ),
    )


def _profile_unknown(language: Language, error: Exception) -> Refusal:
    if g.get("purpose") == "data" and request.form.get("do") == "erase":
        # One more press of the button that erased them.
        return Refusal(
            200,
            language.gettext("Your data is deleted"),
            language.gettext("You will not get any more messages, and your links no longer work."),
        )
    return Refusal(
        410,
        language.gettext("We could not find anything for this link"),
        language.gettext(
            "The data it led to was deleted or moved. Use the link in our latest email."
        ),
    )


def _origin(language: Language, error: Exception) -> Refusal:
    return Refusal(
        403,
        language.gettext("This form cannot be shown on this page"),
        language.gettext(
            "The owner of this page can allow it by adding the page’s origin to SITE.toml."
        ),
    )


def _one_click(language: Language, error: Exception) -> Refusal:
    return Refusal(
        400,
        language.gettext("Nothing was changed"),
        language.gettext(
            "This address is for email apps. To unsubscribe, open this link in a browser and "
            "press the button there."
        ),
    )


def _cross_site(language: Language, error: Exception) -> Refusal:
    return Refusal(
        403,
        language.gettext("This form was sent from another website"),
        language.gettext("Nothing was saved. Open the link from your message and choose there."),
    )


def _taken(language: Language, error: Exception) -> Refusal:
    return Refusal(
        409,
        language.gettext("This email address already has its own choices"),
        language.gettext(
            "Nothing was changed. Unsubscribe your old address, and use this one from now on."
        ),
    )


def _too_many(language: Language, error: errors.RateLimited) -> Refusal:
    return Refusal(
        429,
        language.gettext("Too many requests came from your network"),
        language.gettext("Nothing was saved. Wait ten minutes and send the form again.")
        if error.seconds <= 600
        else language.gettext(
            "Nothing was saved. Send the form again tomorrow, or use another network now."
        ),
    )


def _too_large(language: Language, error: Exception) -> Refusal:
    return Refusal(
        413,
        language.gettext("You have entered too much text"),
        language.gettext("Nothing was saved. Go back, shorten what you wrote, and save again."),
    )


def _method(language: Language, error: Exception) -> Refusal:
    return Refusal(
        405,
        language.gettext("This page cannot be used that way"),
        language.gettext("Open it in a browser and use the form on it."),
    )


def _broken(language: Language, error: Exception) -> Refusal:
    return Refusal(
        500,
        language.gettext("Something went wrong on our side"),
        language.gettext(
            "Everything we told you was saved is still saved. Try again in a few minutes."
        ),
    )


def _unavailable(language: Language, error: Exception) -> Refusal:
    return Refusal(503, *outages.words(language), offers_repeating=True)


_BY_ERROR: dict[type[Exception], Callable[[Language, Any], Refusal]] = {
    errors.LinkExpired: _expired,
    errors.LinkForged: _forged,
    errors.LinkRevoked: _revoked,
    errors.LinkWrongPurpose: _wrong_purpose,
    errors.SiteUnknown: _site_unknown,
    errors.ProfileUnknown: _profile_unknown,
    errors.OriginNotAllowed: _origin,
    errors.CrossSitePost: _cross_site,
    errors.OneClickIncomplete: _one_click,
    errors.RateLimited: _too_many,
    errors.AddressTaken: _taken,
    errors.DatabaseUnavailable: _unavailable,
}
_BY_STATUS: dict[int, Callable[[Language, Any], Refusal]] = {
    404: _site_unknown,
    405: _method,
    413: _too_large,
}


def register(app: Flask) -> None:
    """To call last: what a refusal is made of is read now, and not when something is wrong."""
    sites = app.extensions["preference-widget"].sites.values()
    for tag in {*OURS, *(tag for each in sites for tag in each.site.locales)}:
        for hosted in (True, False):
            templates = environment(language(tag), hosted)
            for name in ("refusal.html", "page.html", "fragment.html"):
                templates.get_template(name)
    for kind in _BY_ERROR:
        app.register_error_handler(kind, _refuse)
    app.register_error_handler(HTTPException, _refuse_http)
    app.register_error_handler(Exception, _refuse_broken)


def _refuse(error: Exception) -> tuple[str, int, dict[str, str]]:
    if isinstance(error, errors.LinkExpired) and _is_nothing_shown_yet():
        return "", 410, {**PERSONAL, "Content-Type": "text/plain"}
    return *_render(lambda language: _BY_ERROR[type(error)](language, error)), _later(error)


def _later(error: Exception) -> dict[str, str]:
    if isinstance(error, errors.RateLimited | errors.DatabaseUnavailable):
        return {"Retry-After": str(error.seconds)}
    return {}


def _is_nothing_shown_yet() -> bool:
    """Whether a widget loads with a link that is over: then the link inside it, which opens for
    months, helps more than our words in its place."""
    loads = request.path.endswith("/fragment") and request.method != "POST"
    return loads and g.get("purpose") == "embed" and not request.args.keys() & {"opened", "saved"}


def _refuse_http(error: HTTPException) -> tuple[str, int, dict[str, str]] | Response:
    make = _BY_STATUS.get(error.code or 500)
    if make is None:
        # What no person's browser sends, such as a malformed host name, for which no page has URLs.
        return Response(error.name, error.code, mimetype="text/plain")
    methods = error.valid_methods if isinstance(error, MethodNotAllowed) else None
    allow = {"Allow": ", ".join(sorted(methods))} if methods else {}
    return *_render(lambda language: make(language, error)), allow


def _refuse_broken(error: Exception) -> tuple[str, int]:
    log_fault(error, request.endpoint)
    return _render(lambda language: _broken(language, error))


def _render(make: Callable[[Language], Refusal]) -> tuple[str, int]:
    site = known_site()
    reader_language = known_language(site)
    g.language = reader_language
    refusal = make(reader_language)
    if request.path.endswith("/fragment") and "site" not in g:
        # It says nothing of anybody; unread, a browser would keep a dead token for ever.
        g.allowed_origin = request.headers.get("Origin")
    spoken_site = site.in_locale.get(reader_language.tag) if site else None
    return render_template(
        "refusal.html",
        reader_language,
        hosted=not request.path.endswith("/fragment"),
        site=spoken_site,
        closed_until=closed_until(spoken_site),
        refusal=refusal,
        done=g.get("done", []),
        again=as_asked() if refusal.offers_repeating else "",
        sent=outages.sent() if refusal.offers_repeating else [],
        own_path=g.get("own_path", here()),
        errors=[],
        visit=None,
    ), refusal.status
