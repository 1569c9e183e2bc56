"""The preference centre: what a person gets, through which channel and how often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import redirect, request

from widget_backend.actions.preferences import Asked, NotSaved, save_overall, save_preferences
from widget_backend.actions.saving import UNCHANGED, concurrent_changes, record_of
from widget_backend.actions.undo import has_undo_token, new_undo_token, undo, undo_token
from widget_backend.errors import LinkEnded
from widget_backend.pages.blueprints import GET_AND_POST, Page, fragments, hosted
from widget_backend.pages.preferences.forms import PreferencesForm
from widget_backend.pages.preferences.rendering import render, wording
from widget_backend.pages.questions.views import answer_questions
from widget_backend.pages.unsubscribe import rendering as unsubscribe_page
from widget_backend.pages.unsubscribe.views import take_reason, unsubscribe_or_undo
from widget_backend.rate_limits import is_just_now
from widget_backend.rules.state import Change
from widget_backend.rules.unsubscribing import only_unsubscribes
from widget_backend.store.ledger import ConsentContext
from widget_backend.store.profiles import Profile
from widget_backend.web.access import check_not_expired, grace_of, is_expired, open_by_link
from widget_backend.web.request_context import RequestContext
from widget_backend.web.urls import result_url


@hosted.route("/p/<token>", methods=GET_AND_POST)
def preferences_page(token: str) -> Page:
    ctx = open_by_link("preferences", token)
    if request.method == "POST" and "why" in request.form and "do" not in request.form:
        check_not_expired(ctx, grace_of(ctx))
        return take_reason(ctx, None)
    return show_or_save(ctx)


@hosted.route("/e/<token>", methods=GET_AND_POST)
@fragments.route("/e/<token>/fragment", methods=GET_AND_POST)
def embedded(token: str) -> Page:
    """For a page that knows the person; hosted for whoever opens its link in a browser."""
    ctx = open_by_link("embed", token)
    if request.args.get("view") == "questions":
        return answer_questions(ctx)
    return show_or_save(ctx)


def show_or_save(ctx: RequestContext) -> Page:
    if request.method == "POST":
        return save(ctx)
    check_not_expired(ctx, grace_of(ctx))
    return render(ctx)


def save(ctx: RequestContext) -> Page:
    """Save what the form asks for, or show it again; what only ends something is saved anyway."""
    button = request.form.get("do")
    if button == "leave":
        return unsubscribe_or_undo(ctx)  # from the page of an expired link
    form = PreferencesForm(ctx)
    if button == "off":
        return _unsubscribe_from_everything(ctx, form)
    if button == "undo":
        return _undo(ctx, form.seen or 0)
    return _save(ctx, form)


def _unsubscribe_from_everything(ctx: RequestContext, form: PreferencesForm) -> Page:
    # The page of an ended link has one button, and sends no revision.
    texts = wording(ctx) if form.seen is not None else unsubscribe_page.wording(ctx, "off")
    saved = save_overall(ctx.context, ctx.profile, form.choices(), ctx.consent(texts))
    return _tell_saved(ctx.with_profile(saved.profile), form, saved.revision)


def _save(ctx: RequestContext, form: PreferencesForm) -> Page:
    asked_of = _reading(ctx, form.asked())
    consent = ctx.consent(wording(ctx))
    try:
        check_not_expired(ctx, grace_of(ctx))
    except LinkEnded as error:
        error.unsubscribed = _save_reductions(ctx, asked_of, consent)
        raise
    result = save_preferences(ctx.context, ctx.profile, asked_of, consent)
    if isinstance(result, NotSaved):
        return _show_again(ctx, result)
    return _tell_saved(ctx.with_profile(result.profile), form, result.revision)


def _reading(ctx: RequestContext, asked: Asked) -> Callable[[Profile], Asked]:
    """What the form asks of a profile; `asked` is what it asks of the one that was opened."""

    def asked_of(profile: Profile) -> Asked:
        is_same = profile is ctx.profile
        return asked if is_same else PreferencesForm(ctx.with_profile(profile)).asked()

    return asked_of


def _save_reductions(
    ctx: RequestContext, asked_of: Callable[[Profile], Asked], consent: ConsentContext
) -> tuple[Change, ...]:
    """Of a form whose link has ended only what ends something is saved; returns that."""

    def only_less(profile: Profile) -> Asked:
        return replace(asked_of(profile), is_complete=False)

    result = save_preferences(ctx.context, ctx.profile, only_less, consent)
    return tuple(result.unsubscribed) if isinstance(result, NotSaved) else ()


def _show_again(ctx: RequestContext, result: NotSaved) -> Page:
    """The same form with what was typed: 422 for mistakes, 409 for what changed meanwhile."""
    ctx = ctx.with_profile(result.profile)
    if result.unsubscribed:
        ctx = ctx.read_again()
    form = PreferencesForm(ctx)
    status = 409 if form.validate() else 422
    return render(ctx, form, result), status


def _undo(ctx: RequestContext, revision: int) -> Page:
    context, profile = ctx.context, ctx.profile
    is_proven = has_undo_token(context, profile, revision, request.form.get("receipt"))
    record = record_of(context, profile, revision) if is_proven else None
    if not (record and only_unsubscribes(record.changes, None, ctx.today)):
        check_not_expired(ctx, grace_of(ctx))
    undone = undo(context, profile, record, ctx.consent(wording(ctx))) if record else None
    if undone is None:
        check_not_expired(ctx, grace_of(ctx))
        ctx = ctx.read_again()
        concurrent = concurrent_changes(context, ctx.profile, revision)
        return render(ctx, concurrent=concurrent, not_undone=True), 409
    return _redirect_to_result(ctx, undone, "")  # an undo is not undone, only saved anew


def _tell_saved(ctx: RequestContext, form: PreferencesForm, revision: int) -> Page:
    """What this press saved. Pressed twice, also on the page that tells of it, it is told again."""
    newest = ctx.profile.revision
    if revision == UNCHANGED and ((form.seen or 0) < newest or _is_pressed_again(ctx)):
        return _redirect_to_result(ctx, newest, undo_token(ctx.context, ctx.profile, newest))
    return _redirect_to_result(ctx, revision, new_undo_token(ctx.context, ctx.profile, revision))


def _is_pressed_again(ctx: RequestContext) -> bool:
    """Whether the newest save was made at this door, and just now."""
    record = record_of(ctx.context, ctx.profile, ctx.profile.revision)
    return record is not None and record.door == ctx.door and is_just_now(record.at, ctx.now)


def _redirect_to_result(ctx: RequestContext, revision: int, token: str) -> Page:
    """On to the page that tells what changed; at once where the link would not open it any more."""
    if not is_expired(ctx):
        return redirect(result_url(ctx, revision, token), 303)
    ctx = ctx.read_again()
    try:
        check_not_expired(ctx, grace_of(ctx))
    except LinkEnded:
        return unsubscribe_page.render(ctx, revision, token)
    return render(ctx, saved=revision, token=token)
