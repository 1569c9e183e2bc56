"""One-click (RFC 8058): what a mail program sends when its reader presses “unsubscribe”.

The address stands in a header of the message. It takes a POST that says so and nothing else, needs
no cookie, token or origin, and answers without a redirect. A browser that opens it gets the plain
page with its one button, whose form leads to a link of its own purpose.
"""

from __future__ import annotations

from contextlib import suppress

from flask import Response, request

from widget_backend.errors import OneClickIncomplete, ProfileUnknown, SiteUnknown, StaleRevision
from widget_backend.links import Link
from widget_backend.pages.unsubscribe import views as unsubscribe
from widget_backend.store.ledger import shown
from widget_backend.web.visits import Visit, current_context, open_visit

SAYS = ("List-Unsubscribe", "One-Click")


def respond(token: str) -> Response | str:
    link = current_context().signer.read("one-click", token)
    if request.method == "POST":
        return _leave(link)
    return unsubscribe.render(_plain(link))


def _plain(link: Link) -> Visit:
    """The visit of the unsubscribe link that leaves the same."""
    token = current_context().signer.token("unsubscribe", link)
    return open_visit("unsubscribe", token, link)


def _leave(link: Link) -> Response:
    """In effect before the answer, and as often as it is asked for."""
    name, value = SAYS
    # Some senders end the body with a line break, which counts as part of the value.
    if value not in (each.strip() for each in request.form.getlist(name)):
        raise OneClickIncomplete
    try:
        with suppress(ProfileUnknown):  # nobody is left to write to
            _keep_left(_plain(link), link.topic)
    except SiteUnknown:
        # Somebody may still write to them: whoever asks is to ask again, not to believe it done.
        return Response("This site is not served here now.\n", 503, mimetype="text/plain")
    return Response("Unsubscribed.\n", mimetype="text/plain")


def _keep_left(visit: Visit, topic: str | None) -> None:
    try:
        nothing = shown(visit.site.id, visit.language.tag, {})  # the mail program asked, not we
        unsubscribe.keep_left(visit, topic, "one-click", nothing)
    except StaleRevision:
        _keep_left(visit.read_again(), topic)
