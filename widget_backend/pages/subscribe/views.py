"""Sign-up: a stranger asks to hear from a site."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from functools import lru_cache
from typing import Any

from flask import redirect, request, url_for
from wtforms import SelectMultipleField, StringField, ValidationError

from widget_backend.actions.sign_up import SignUp, sign_up
from widget_backend.links import Link
from widget_backend.pages.blueprints import GET_AND_POST, Page, fragments, hosted
from widget_backend.rate_limits import network_of
from widget_backend.rules.topics import by_group, sign_up_topics
from widget_backend.site.model import Site
from widget_backend.store.ledger import Wording
from widget_backend.web.access import count_stranger, open_by_site
from widget_backend.web.forms import AddressField, LinkForm
from widget_backend.web.labels import rhythm
from widget_backend.web.request_context import RequestContext, reader_language
from widget_backend.web.templates import render_page
from widget_backend.web.urls import sign_up_url


class SignUpForm(LinkForm):
    """An address and the topics to hear about. `form` names this copy of the form."""

    form = StringField()
    email = AddressField()
    topics = SelectMultipleField(validate_choice=False)

    allowed: frozenset[str]
    first: str = ""

    def target(self, field: Any) -> str:
        if field is self.topics and self.first:
            return f"topics-{self.first}"
        return super().target(field)

    def validate_topics(self, field: Any) -> None:
        if not set(field.data or ()) <= self.allowed:
            raise ValidationError(reader_language().gettext("Choose only from the topics shown."))
        if not field.data:
            raise ValidationError(reader_language().gettext("Choose at least one topic."))


@hosted.route("/s/<site_id>", methods=GET_AND_POST)
@fragments.route("/s/<site_id>/fragment", methods=GET_AND_POST)
def sign_up_page(site_id: str) -> Page:
    ctx = open_by_site(site_id)
    return _submit(ctx) if request.method == "POST" else render(ctx)


def _submit(ctx: RequestContext) -> Page:
    count_stranger()
    form, topics = SignUpForm(), sign_up_topics(ctx.site)
    form.allowed = frozenset(topic.id for topic in topics)
    form.first = topics[0].id if topics else ""
    if not form.validate():
        return render(ctx, form), 422
    wanted = SignUp(
        handle=_handle(ctx.site, form),
        email=form.email.address,
        written=form.email.written,
        topics=[
            (each, rhythm(ctx.language, "email", each.frequencies[0]))
            for each in topics
            if each.id in form.topics.data
        ],
    )
    consent = ctx.consent(_wording(ctx.site, ctx.language.tag), "sign-up")
    is_kept = sign_up(ctx.notifier, wanted, network_of(request.remote_addr), consent)
    url = _questions_url(ctx, wanted.handle) if is_kept else _lost_link_url(ctx)
    return redirect(url, 303)


def _handle(site: Site, form: SignUpForm) -> str:
    """The same copy of the form, sent twice with the same in it, is one sign-up.

    Whoever goes back and corrects the address signs up anew, and whoever has seen the name of
    somebody's form cannot come by their handle.
    """
    named = re.fullmatch(r"[0-9a-f]{32}", form.form.data or "")
    name = named[0] if named else secrets.token_hex(16)
    content = ["sign-up", site.id, name, form.email.address, sorted(set(form.topics.data))]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]


def _questions_url(ctx: RequestContext, handle: str) -> str:
    """Where the first questions of the new profile are, in the language that was spoken."""
    link = Link(ctx.site.id, handle, ctx.language.tag)
    token = ctx.signer.mint("answers", link, ctx.context.clock())
    door = "hosted" if ctx.hosted else "fragments"
    return url_for(f"{door}.answers_page", token=token, new=1, lang=ctx.asked_language)


def _lost_link_url(ctx: RequestContext) -> str:
    """For whoever has confirmed already: a link to their choices, which only their mail may get.

    A fragment cannot show that page; its form links to it.
    """
    if not ctx.hosted:
        return sign_up_url(ctx)
    return url_for("hosted.lost_link", site_id=ctx.site.id, lang=ctx.asked_language)


@lru_cache(maxsize=64)
def _wording(site: Site, tag: str) -> Wording:
    offered = sign_up_topics(site)
    groups = {f"groups.{each.id}": each.name for each, _ in by_group(site, offered) if each}
    topics = {f"topics.{each.id}": f"{each.name}: {each.benefit}" for each in offered}
    about = {"data_use": site.data_use, "privacy_policy": site.privacy_policy}
    return Wording.of(site.id, tag, {**groups, **topics, **about})


def render(ctx: RequestContext, form: SignUpForm | None = None) -> str:
    errors = form.errors_in_order() if form else []
    return render_page(
        ctx,
        "subscribe/sign_up.html",
        errors=errors,
        problems={error.field: error.message for error in errors},
        form_name=(form and form.form.data) or secrets.token_hex(16),
        groups=by_group(ctx.site, sign_up_topics(ctx.site)),
        typed_email=form.email.data if form else "",
        ticked=(form and form.topics.data) or [],
    )
