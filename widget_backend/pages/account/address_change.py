"""Confirming a new address, at that address; the old one is told."""

from __future__ import annotations

from flask import redirect, request
from werkzeug.wrappers import Response

from widget_backend import links
from widget_backend.errors import LinkRevoked, StaleRevision
from widget_backend.links import Link
from widget_backend.pages import wordings
from widget_backend.pages.letters import preferences_link, write
from widget_backend.store.address_changes import find_move, move
from widget_backend.web.origin_checks import guard_hosted
from widget_backend.web.visits import Visit, current_context, open_visit

Page = Response | str | tuple[str, int]


def respond(token: str) -> Page:
    guard_hosted()
    link = current_context().signer.read("address", token)
    now = current_context().clock()
    found = find_move(current_context().database, link.handle, int(now.timestamp()))
    if found is None:
        links.check_not_expired(link, now)
        raise LinkRevoked  # it was used, or a later one took its place
    handle, address = found
    visit = open_visit("address", token, Link(link.site, handle, link.language))
    if request.method == "POST":
        return _move(visit, link.handle, address)
    if visit.state.email == address:
        raise LinkRevoked  # it was used just now
    return visit.render("move.html", errors=[], address=address)


def _move(visit: Visit, name: str, address: str) -> Page:
    """On to the choices; also for who pressed twice, and so has the new address already."""
    if visit.state.email != address:
        try:
            _keep_move(visit, name, address)
        except StaleRevision:
            return _move(visit.read_again(), name, address)
    path = preferences_link(visit, visit.read_again().person).removeprefix(visit.site.url)
    return redirect(f"{path}?confirmed=1", 303)


def _keep_move(visit: Visit, name: str, address: str) -> None:
    """Raises StaleRevision and AddressTaken."""
    old = visit.state.email
    # No link: whoever reads the old mailbox may be why the person moved, and gets no new one.
    told = write(visit, "address-changed", old) if old else None
    texts = wordings.with_footer(visit, wordings.moving(visit.language))
    how, hashes = visit.how(texts, "new-address"), visit.context.signer.addresses
    move(visit.context.database, visit.person, name, address, how, told, hashes)
