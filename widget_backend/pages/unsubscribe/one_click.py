"""One-click (RFC 8058): what a mail program sends when its reader presses “unsubscribe”.

The address stands in a header of the message. It takes a POST that says so and nothing else, needs
no cookie, token or origin, and answers without a redirect. A browser that opens it gets the plain
page with its one button, whose form leads to a link of its own purpose.
"""

from __future__ import annotations

from contextlib import suppress

from flask import Response, request

from widget_backend.actions.unsubscribe import unsubscribe
from widget_backend.errors import OneClickIncomplete, ProfileUnknown, SiteUnknown
from widget_backend.links import Link
from widget_backend.pages.blueprints import GET_AND_POST, Page, hosted
from widget_backend.pages.unsubscribe.rendering import render
from widget_backend.store.ledger import no_wording
from widget_backend.web.access import open_for
from widget_backend.web.request_context import RequestContext, current_context

FIELD, VALUE = "List-Unsubscribe", "One-Click"


@hosted.route("/o/<token>", methods=GET_AND_POST)
def one_click(token: str) -> Page:
    link = current_context().signer.read("one-click", token)
    return _unsubscribe(link) if request.method == "POST" else render(_open_page(link))


def _open_page(link: Link) -> RequestContext:
    """As the unsubscribe link that ends the same would be opened."""
    return open_for("unsubscribe", current_context().signer.token("unsubscribe", link), link)


def _unsubscribe(link: Link) -> Response:
    """In effect before the answer, and as often as it is asked for."""
    # Some senders end the body with a line break, which counts as part of the value.
    if VALUE not in (each.strip() for each in request.form.getlist(FIELD)):
        raise OneClickIncomplete
    try:
        with suppress(ProfileUnknown):  # the person was erased: there is nobody to write to
            ctx = _open_page(link)
            # The mail program asked, in words of its own.
            nothing_shown = no_wording(ctx.site.id, ctx.language.tag)
            consent = ctx.consent(nothing_shown, "one-click")
            unsubscribe(ctx.context, ctx.site, ctx.profile, link.topic, consent)
    except SiteUnknown:
        # Somebody may still write to them: the mail program is to ask again.
        return Response("This site is not served here now.\n", 503, mimetype="text/plain")
    return Response("Unsubscribed.\n", mimetype="text/plain")
