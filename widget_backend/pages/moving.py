"""Confirming a new address, at that address; the old one is told."""

from __future__ import annotations

from flask import redirect, request
from peewee import IntegrityError
from werkzeug.wrappers import Response

from widget_backend import links
from widget_backend.errors import AddressTaken, LinkRevoked, StaleRevision
from widget_backend.links import Link
from widget_backend.pages.guards import guard_hosted
from widget_backend.pages.letters import letter, preferences_link
from widget_backend.pages.unsubscribe import shown_to
from widget_backend.pages.visits import Visit, backend, open_visit
from widget_backend.store.moving import find_move, move

Page = Response | str | tuple[str, int]


def respond(token: str) -> Page:
    guard_hosted()
    link = backend().signer.read("address", token)
    now = backend().clock()
    found = find_move(backend().database, link.handle, int(now.timestamp()))
    if found is None:
        links.require_fresh(link, now)
        raise LinkRevoked  # it was used, or a later one took its place
    handle, address = found
    visit = open_visit("address", token, Link(link.site, handle, link.language))
    if request.method != "POST":
        return visit.render("move.html", errors=[], address=address)
    return _move(visit, address)


def _move(visit: Visit, address: str) -> Page:
    old = visit.state.get("contact:email")
    # No link into the choices: whoever reads the old mailbox may be why the person moved.
    url = f"{visit.site.url}/s/{visit.site.id}/link"
    told = letter(visit, "address-changed", old, url=url) if old else None
    try:
        move(visit.backend.database, visit.person, address, visit.how(shown_to(visit)), told)
    except StaleRevision:
        return _move(visit.read_again(), address)
    except IntegrityError as error:
        raise AddressTaken from error
    path = preferences_link(visit, visit.read_again().person).removeprefix(visit.site.url)
    return redirect(f"{path}?confirmed=1", 303)
