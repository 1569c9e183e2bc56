"""Link recovery: for who lost their link, and for who comes with one that has ended."""

from __future__ import annotations

from flask import redirect, request

from widget_backend.actions.recover_link import recover_link, renew_link
from widget_backend.links import Purpose
from widget_backend.pages.blueprints import GET_AND_POST, HELD_BACK, Page, hosted
from widget_backend.rate_limits import network_of
from widget_backend.web.access import count_stranger, open_by_site, open_for
from widget_backend.web.forms import AddressField, LinkForm
from widget_backend.web.origin_checks import check_same_site
from widget_backend.web.request_context import RequestContext, current_context
from widget_backend.web.templates import render_page
from widget_backend.web.urls import page_url, same_page


class LostLinkForm(LinkForm):
    """The address that the lost link came to."""

    email = AddressField()


@hosted.route("/s/<site_id>/link", methods=GET_AND_POST)
def lost_link(site_id: str) -> Page:
    """Whoever asks sees the same page after the same work, whether or not the address is known."""
    ctx = open_by_site(site_id)
    if request.method != "POST":
        return _render_lost(ctx)
    count_stranger()
    form = LostLinkForm()
    if not form.validate():
        return _render_lost(ctx, form), 422
    recover_link(ctx.notifier, form.email.address, network_of(request.remote_addr))
    return redirect(page_url(ctx, sent=1), 303)


def _render_lost(ctx: RequestContext, form: LostLinkForm | None = None) -> str:
    errors = form.errors_in_order() if form else []
    return render_page(
        ctx,
        "account/lost_link.html",
        errors=errors,
        problems={error.field: error.message for error in errors},
        typed_email=form.email.data if form else "",
        is_sent="sent" in request.args,
    )


@hosted.route("/p/<token>/renew", methods=GET_AND_POST)
def renew_preferences(token: str) -> Page:
    return _renew("preferences", token)


@hosted.route("/q/<token>/renew", methods=GET_AND_POST)
def renew_questions(token: str) -> Page:
    return _renew("questions", token)


def _renew(purpose: Purpose, token: str) -> Page:
    """A new link for one of ours that expired or was revoked, to the address on file only."""
    check_same_site()
    ctx = open_for(purpose, token, current_context().signer.read(purpose, token))
    if request.method == "POST":
        is_sent = renew_link(ctx.notifier, ctx.profile, purpose, token)
        return redirect(same_page(ctx.asked_language, sent="1" if is_sent else HELD_BACK), 303)
    return render_page(
        ctx,
        "account/renew.html",
        email=ctx.state.email,
        address=same_page(ctx.asked_language),
        is_sent="sent" in request.args,
        is_held_back=request.args.get("sent") == HELD_BACK,
    )
