"""Error pages: what each error means to whoever meets it, for pages, fragments and an API alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request
from markupsafe import Markup

from widget_backend import errors
from widget_backend.i18n.languages import Language
from widget_backend.links import REVOCABLE, Purpose
from widget_backend.web.request_context import facts


@dataclass(frozen=True)
class ErrorPage:
    """What happened, and what to do about it."""

    title: Markup
    advice: Markup
    offers_unsubscribing: bool = False
    offers_renewal: bool = False
    offers_repeating: bool = False


@dataclass(frozen=True)
class Problem:
    """An error as any door tells it: `slug` names it to programs (RFC 9457), `page` to people."""

    status: int
    slug: str
    page: Callable[[Language, Any], ErrorPage]


def _expired(language: Language, error: errors.LinkExpired) -> ErrorPage:
    purpose = facts().purpose
    if purpose == "embed":
        return ErrorPage(
            language.gettext("This form has been open for too long"),
            language.gettext("Reload the page to continue. Everything you saved is safe."),
            offers_unsubscribing=True,
        )
    title = language.gettext("This link has expired")
    if purpose == "confirm":
        advice = language.gettext("You are not subscribed yet. Sign up again to get a new link.")
        return ErrorPage(title, advice)
    advice = language.gettext(
        "It expired on %(date)s. Use the link in our latest email. Links expire so that "
        "nobody else can use them.",
        date=language.date(error.expired_at.date()),
    )
    return ErrorPage(title, advice, _can_unsubscribe(), _can_be_renewed())


def _can_unsubscribe() -> bool:
    """Whether the page of this link takes the button that unsubscribes from everything.

    A sign-up that was not confirmed gets nothing, so there is nothing to unsubscribe from.
    """
    return facts().purpose not in {"answers", "data", "address"}


def _can_be_renewed() -> bool:
    """Whether a new link of this purpose can be mailed."""
    return facts().purpose in REVOCABLE


def _forged(language: Language, error: Exception) -> ErrorPage:
    return ErrorPage(
        language.gettext("This link is not complete"),
        language.gettext(
            "Email apps sometimes cut long links short. Open the link from the email itself, "
            "or copy all of it."
        ),
    )


def _revoked(language: Language, error: Exception) -> ErrorPage:
    return ErrorPage(
        language.gettext("This link no longer works"),
        language.gettext("It was replaced by a newer link, so that nobody else can use it."),
        offers_unsubscribing=_can_unsubscribe(),
        offers_renewal=_can_be_renewed(),
    )


def _wrong_purpose(language: Language, error: errors.LinkWrongPurpose) -> ErrorPage:
    unsubscribing = language.gettext("This link is for unsubscribing.")
    confirming = language.gettext("This link is for confirming an address.")
    answering = language.gettext("This link is for answering questions.")
    names: dict[Purpose | str, Markup] = {
        "preferences": language.gettext("This link is for choosing what you receive."),
        "questions": answering,
        "unsubscribe": unsubscribing,
        "one-click": unsubscribing,
        "confirm": confirming,
        "address": confirming,
        "data": language.gettext("This link is for seeing the data we hold about you."),
        "embed": language.gettext("This link is for a form inside another page."),
        "answers": answering,
    }
    advice = language.gettext("Go back to the message it came from and open the link again.")
    title = language.gettext("This link opens a different page")
    return ErrorPage(title, names[error.purpose] + " " + advice)


def _not_found(language: Language, error: Exception) -> ErrorPage:
    return ErrorPage(
        language.gettext("Page not found"),
        language.gettext(
            "Check the address, or open the link from the message or page it came from."
        ),
    )


def _already_erased(language: Language, error: Exception) -> ErrorPage:
    return ErrorPage(
        language.gettext("Your data is deleted"),
        language.gettext("You will not get any more messages, and your links no longer work."),
    )


def _profile_unknown(language: Language, error: Exception) -> ErrorPage:
    return ErrorPage(
        language.gettext("We could not find anything for this link"),
        language.gettext(
            "The data it led to was deleted or moved. Use the link in our latest email."
        ),
    )


def _origin_not_allowed(language: Language, error: Exception) -> ErrorPage:
    return ErrorPage(
        language.gettext("This form cannot be shown on this page"),
        language.gettext(
            "The owner of this page can allow it by adding the page’s origin to SITE.toml."
        ),
    )


def _one_click_incomplete(language: Language, error: Exception) -> ErrorPage:
    return ErrorPage(
        language.gettext("Nothing was changed"),
        language.gettext(
            "This address is for email apps. To unsubscribe, open this link in a browser and "
            "press the button there."
        ),
    )


def _cross_site(language: Language, error: Exception) -> ErrorPage:
    return ErrorPage(
        language.gettext("This form was sent from another website"),
        language.gettext("Nothing was saved. Open the link from your message and choose there."),
    )


def _address_taken(language: Language, error: Exception) -> ErrorPage:
    return ErrorPage(
        language.gettext("This email address already has its own choices"),
        language.gettext(
            "Nothing was changed. Unsubscribe your old address, and use this one from now on."
        ),
    )


def _rate_limited(language: Language, error: errors.RateLimited) -> ErrorPage:
    return ErrorPage(
        language.gettext("Too many requests came from your network"),
        language.gettext("Nothing was saved. Wait ten minutes and send the form again.")
        if error.seconds <= 600
        else language.gettext(
            "Nothing was saved. Send the form again tomorrow, or use another network now."
        ),
    )


def _too_large(language: Language, error: Exception) -> ErrorPage:
    return ErrorPage(
        language.gettext("You have entered too much text"),
        language.gettext("Nothing was saved. Go back, shorten what you wrote, and save again."),
    )


def _method_not_allowed(language: Language, error: Exception) -> ErrorPage:
    return ErrorPage(
        language.gettext("This page cannot be used that way"),
        language.gettext("Open it in a browser and use the form on it."),
    )


def _internal(language: Language, error: Exception) -> ErrorPage:
    return ErrorPage(
        language.gettext("Something went wrong on our side"),
        language.gettext(
            "Everything we told you was saved is still saved. Try again in a few minutes."
        ),
    )


def _unavailable(language: Language, error: Exception) -> ErrorPage:
    """Does not say that nothing was saved: that is not known of every outage."""
    if request.method == "POST":
        return ErrorPage(
            language.gettext("This cannot be done right now"),
            language.gettext(
                "What you entered is still on this page. Wait a minute, then try again. "
                "Sending it twice does no harm."
            ),
            offers_repeating=True,
        )
    return ErrorPage(
        language.gettext("This page cannot be shown right now"),
        language.gettext("Wait a minute, then try again."),
        offers_repeating=True,
    )


BY_ERROR: dict[type[Exception], Problem] = {
    errors.LinkExpired: Problem(410, "link-expired", _expired),
    errors.LinkForged: Problem(404, "link-not-complete", _forged),
    errors.LinkRevoked: Problem(410, "link-revoked", _revoked),
    errors.LinkWrongPurpose: Problem(403, "link-of-another-purpose", _wrong_purpose),
    errors.SiteUnknown: Problem(404, "not-found", _not_found),
    errors.AlreadyErased: Problem(200, "already-erased", _already_erased),
    errors.ProfileUnknown: Problem(410, "profile-unknown", _profile_unknown),
    errors.OriginNotAllowed: Problem(403, "origin-not-allowed", _origin_not_allowed),
    errors.CrossSitePost: Problem(403, "cross-site-post", _cross_site),
    errors.OneClickIncomplete: Problem(400, "one-click-incomplete", _one_click_incomplete),
    errors.RateLimited: Problem(429, "rate-limited", _rate_limited),
    errors.AddressTaken: Problem(409, "address-taken", _address_taken),
    errors.DatabaseUnavailable: Problem(503, "database-unavailable", _unavailable),
}
"""What rooms below raise."""

BY_STATUS = {
    404: BY_ERROR[errors.SiteUnknown],
    405: Problem(405, "method-not-allowed", _method_not_allowed),
    413: Problem(413, "too-large", _too_large),
}
"""What the web framework refuses by itself."""

INTERNAL = Problem(500, "internal", _internal)
"""A fault of our own."""
