"""Confirming a new address, at that address; the old one is told."""

from __future__ import annotations

from flask import redirect, request

from widget_backend import links
from widget_backend.actions.account import confirm_address_change
from widget_backend.errors import LinkRevoked
from widget_backend.links import Link
from widget_backend.pages import wordings
from widget_backend.pages.blueprints import GET_AND_POST, Page, hosted
from widget_backend.store.address_changes import find_change
from widget_backend.web.access import open_for
from widget_backend.web.origin_checks import check_same_site
from widget_backend.web.request_context import RequestContext, current_context, facts
from widget_backend.web.templates import render_page


@hosted.route("/n/<token>", methods=GET_AND_POST)
def new_address(token: str) -> Page:
    check_same_site()
    context = current_context()
    link = context.signer.read("address", token)
    facts().purpose = "address"
    wanted = find_change(context.database, link.handle, context.now)
    if wanted is None:
        links.check_not_expired(link, context.clock())
        raise LinkRevoked  # it was used, or a later one took its place
    handle, address = wanted
    ctx = open_for("address", token, Link(link.site, handle, link.language))
    if request.method == "POST":
        return _confirm(ctx, link.handle, address)
    if ctx.state.email == address:
        raise LinkRevoked  # it was used just now
    return render_page(ctx, "account/new_address.html", address=address)


def _confirm(ctx: RequestContext, name: str, address: str) -> Page:
    """On to the choices; also for who pressed twice, and so has the new address already."""
    wording = wordings.with_footer(ctx, wordings.changing_address(ctx.language))
    consent = ctx.consent(wording, "new-address")
    confirm_address_change(ctx.notifier, ctx.profile, name, address, consent)
    url = ctx.notifier.preferences_link(ctx.read_again().profile)
    return redirect(f"{url.removeprefix(ctx.site.url)}?confirmed=1", 303)
