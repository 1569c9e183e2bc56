"""My data: what is held about a person, for whoever proves to read the mail of the address on file.

Holding a link is not enough, since mail is forwarded: a code goes to the address, and only who
enters it gets a link of its own purpose, for half an hour, to see, download, move and erase.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from flask import redirect, request, url_for
from markupsafe import Markup

from widget_backend.actions.account import (
    ask_not_to_be_tracked,
    end_links,
    erase,
    prove_by_code,
    request_address_change,
    request_code,
    wish_record,
)
from widget_backend.actions.saving import UNCHANGED
from widget_backend.actions.undo import has_undo_token, undo, undo_token
from widget_backend.errors import AlreadyErased, ProfileUnknown
from widget_backend.pages import wordings
from widget_backend.pages.account import profile_summary
from widget_backend.pages.account.history import history
from widget_backend.pages.blueprints import (
    GET_AND_POST,
    HELD_BACK,
    MAILED,
    PURPOSES,
    Page,
    hosted,
)
from widget_backend.pages.notices import saved_notice
from widget_backend.rules.do_not_track import may_be_observed
from widget_backend.store.ledger import ConsentContext
from widget_backend.store.personal_data import all_records
from widget_backend.store.staff_uses import uses_of
from widget_backend.text import latin_digits
from widget_backend.web.access import check_not_expired, open_by_link
from widget_backend.web.forms import AddressField, LinkForm, TextField, revision_in
from widget_backend.web.privacy_signal import is_signalled
from widget_backend.web.request_context import RequestContext, reader_language
from widget_backend.web.templates import render_page
from widget_backend.web.urls import page_url, result_url, same_page

# ── before the code ─────────────────────────────────────────────────────────────────────────


def _enter_the_code() -> Markup:
    return reader_language().gettext("Enter the code from our latest email, or ask for a new one.")


class CodeForm(LinkForm):
    """Six digits of any script, with or without the gap in the middle."""

    code = TextField(40, _enter_the_code)

    @property
    def digits(self) -> str:
        """Empty for what is too long to be a code."""
        typed = "" if self.code.is_too_long else self.code.data or ""
        return "".join(latin_digits(typed).split())

    def refuse(self) -> None:
        self.code.errors = [_enter_the_code()]


@hosted.route(f"/{MAILED}/<token>/data", methods=GET_AND_POST)
def data_code(door: str, token: str) -> Page:
    """The page that sends a code and takes it."""
    ctx = open_by_link(PURPOSES[door], token)
    check_not_expired(ctx)
    if request.method != "POST":
        return _render_code(ctx)
    if request.form.get("do") == "send":
        is_sent = request_code(ctx.notifier, ctx.profile, ctx.token)
        return redirect(same_page(ctx.asked_language, sent="1" if is_sent else HELD_BACK), 303)
    form = CodeForm()
    if prove_by_code(ctx.context, ctx.profile, ctx.token, form.digits):
        return redirect(_data_url(ctx, ctx.profile.link_version), 303)
    form.refuse()
    return _render_code(ctx, form), 422


def _render_code(ctx: RequestContext, form: CodeForm | None = None) -> str:
    errors = form.errors_in_order() if form else []
    return render_page(
        ctx,
        "account/code.html",
        errors=errors,
        problems={error.field: error.message for error in errors},
        email=ctx.state.email,
        address=same_page(ctx.asked_language),
        is_sent=form is not None or "sent" in request.args,
        is_held_back=request.args.get("sent") == HELD_BACK,
        typed=form.code.data if form else "",
    )


def _data_url(ctx: RequestContext, link_version: int, done: str | None = None) -> str:
    """The page of the data, for as long as such a link lives."""
    assert ctx.link is not None  # a request by link has one
    link = replace(ctx.link, link_version=link_version)
    token = ctx.signer.mint("data", link, ctx.context.clock())
    return url_for("hosted.data_page", token=token, lang=ctx.asked_language, done=done)


# ── after the code ──────────────────────────────────────────────────────────────────────────


class AddressChangeForm(LinkForm):
    """The address to move to."""

    email = AddressField()


@hosted.route("/d/<token>", methods=GET_AND_POST)
def data_page(token: str) -> Page:
    button = request.form.get("do", "")
    try:
        ctx = open_by_link("data", token)
    except ProfileUnknown as error:
        raise (AlreadyErased if button == "erase" else error) from error
    if ctx.is_revoked and button == "revoke":
        # The same button once more: the link is on its way, and this one opens nothing any more.
        lang, site = ctx.kept_language, ctx.site.id
        return redirect(url_for("hosted.lost_link", site_id=site, lang=lang, sent=1), 303)
    check_not_expired(ctx)
    ctx = ctx.read_answers()
    if request.method != "POST":
        return _render(ctx)
    action = ACTIONS.get(button, _request_address_change)
    return action(ctx)


def _render(
    ctx: RequestContext, form: AddressChangeForm | None = None, not_undone: bool = False
) -> str:
    """The page, with a form that has mistakes, or after an undo that was not possible."""
    saved = None if form or not_undone else revision_in(request.args.get("saved"))
    errors = form.errors_in_order() if form else []
    return render_page(
        ctx,
        "account/data.html",
        errors=errors,
        problems={error.field: error.message for error in errors},
        contacts=profile_summary.contacts(ctx),
        roles=profile_summary.roles(ctx),
        overall=profile_summary.overall(ctx),
        topics=profile_summary.topics(ctx),
        answers=profile_summary.answers(ctx),
        fields=profile_summary.fields(ctx),
        sent=profile_summary.sent(ctx),
        history=history(
            ctx, all_records(ctx.database, ctx.profile), uses_of(ctx.database, ctx.profile)
        ),
        ending_links=wordings.ending_links(ctx.language),
        erasing=wordings.erasing(ctx.language),
        tracking=_tracking(ctx),
        may_be_observed=may_be_observed(ctx.state),
        wish_day=profile_summary.wish_day(ctx),
        saved=None if saved is None else saved_notice(ctx, saved, request.args.get("undo")),
        not_undone=not_undone,
        typed=form.email.data if form else "",
        done=request.args.get("done", ""),
    )


def _consent(ctx: RequestContext, texts: Mapping[str, str]) -> ConsentContext:
    return ctx.consent(wordings.with_footer(ctx, texts), "my-data")


def _erase(ctx: RequestContext) -> Page:
    erase(ctx.context, ctx.profile, _consent(ctx, wordings.erasing(ctx.language)))
    return render_page(ctx, "account/erased.html")


def _end_links(ctx: RequestContext) -> Page:
    consent = _consent(ctx, wordings.ending_links(ctx.language))
    is_mailed = end_links(ctx.notifier, ctx.profile, consent)
    done = "revoked" if is_mailed else "only-revoked"
    return redirect(_data_url(ctx, ctx.profile.link_version + 1, done=done), 303)


def _tracking(ctx: RequestContext) -> dict[str, str]:
    return wordings.tracking(ctx.language, ctx.state.do_not_track, is_signalled())


def _ask_not_to_be_tracked(ctx: RequestContext) -> Page:
    """Keep the wish, or take it back. Pressed twice, it is told again."""
    wanted = request.form["do"] == "do-not-track"
    consent = _consent(ctx, _tracking(ctx))
    revision = ask_not_to_be_tracked(ctx.context, ctx.profile, wanted, consent)
    ctx = ctx.read_again()
    if revision == UNCHANGED and wish_record(ctx.context, ctx.profile, ctx.profile.revision):
        revision = ctx.profile.revision
    token = undo_token(ctx.context, ctx.profile, revision)
    return redirect(result_url(ctx, revision, token), 303)


def _undo(ctx: RequestContext) -> Page:
    """Undo what the button for that wish did, and nothing else."""
    context, profile = ctx.context, ctx.profile
    revision = revision_in(request.form.get("revision")) or 0
    is_proven = has_undo_token(context, profile, revision, request.form.get("receipt"))
    record = wish_record(context, profile, revision) if is_proven else None
    undone = undo(context, profile, record, _consent(ctx, _tracking(ctx))) if record else None
    if undone is None:
        return _render(ctx.read_again().read_answers(), not_undone=True), 409
    return redirect(result_url(ctx, undone, ""), 303)


def _request_address_change(ctx: RequestContext) -> Page:
    form = AddressChangeForm()
    if not form.validate():
        return _render(ctx, form), 422
    email = form.email
    is_sent = request_address_change(ctx.notifier, ctx.profile, email.address, email.written)
    return redirect(page_url(ctx, done="asked" if is_sent else HELD_BACK), 303)


ACTIONS: Mapping[str, Callable[[RequestContext], Page]] = {
    "erase": _erase,
    "revoke": _end_links,
    "do-not-track": _ask_not_to_be_tracked,
    "take-back": _ask_not_to_be_tracked,
    "undo": _undo,
}
"""What the buttons do; any other sends the form with the address."""
