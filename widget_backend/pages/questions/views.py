"""Staged questions: one or two at a time, the next ones on the next visit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from flask import redirect, request

from widget_backend.actions.answers import concurrent_answers, save_answers
from widget_backend.actions.preferences import NotSaved
from widget_backend.actions.sign_up import is_confirmed
from widget_backend.errors import ProfileUnknown
from widget_backend.pages.blueprints import GET_AND_POST, Page, fragments, hosted
from widget_backend.pages.questions.forms import StageForm, longest_text, stage_form
from widget_backend.pages.unsubscribe.views import unsubscribe_or_undo
from widget_backend.rules.questions import Planner, Step
from widget_backend.rules.stage_answers import StageAnswers
from widget_backend.rules.state import Change
from widget_backend.site.model import Question, Site
from widget_backend.store.ledger import Wording
from widget_backend.web.access import check_not_expired, grace_of, is_expired, open_by_link
from widget_backend.web.forms import seen_revision
from widget_backend.web.request_context import RequestContext
from widget_backend.web.templates import render_page
from widget_backend.web.urls import page_url

UNSUBSCRIBING = ("off", "leave", "undo")
"""Buttons of the page that an expired link shows: any link unsubscribes."""


@hosted.route("/q/<token>", methods=GET_AND_POST)
def questions_page(token: str) -> Page:
    return answer_questions(open_by_link("questions", token))


@hosted.route("/a/<token>", methods=GET_AND_POST)
@fragments.route("/a/<token>/fragment", methods=GET_AND_POST)
def answers_page(token: str) -> Page:
    """A kept token may only add answers to a profile that is still pending."""
    ctx = open_by_link("answers", token)
    if is_confirmed(ctx.profile):
        raise ProfileUnknown
    return answer_questions(ctx)


def answer_questions(ctx: RequestContext) -> Page:
    """Ask the next stage, or the one the person went back to; or take its answers."""
    unsubscribes = request.method == "POST" and request.form.get("do") in UNSUBSCRIBING
    if unsubscribes and not ctx.profile.pending:
        return unsubscribe_or_undo(ctx)
    check_not_expired(ctx, grace_of(ctx))
    ctx = ctx.read_answers()
    if request.method == "POST":
        return _submit(ctx)
    return render(ctx, _step_to_ask(ctx, request.args.get("stage")))


def _submit(ctx: RequestContext) -> Page:
    stage, asked = request.form.get("stage", ""), request.form.getlist("asked")
    step = _planner(ctx).revisit_step(stage, asked)
    if step is None:
        # The site file no longer has what was asked: show what there is to ask now.
        return _go_on(ctx)
    form = stage_form(step.questions)
    answers = StageAnswers(step.questions, form.answers(ctx.now))
    seen = seen_revision(ctx, request.form.get("revision")) or 0
    context, site, profile = ctx.context, ctx.site, ctx.profile
    if not form.validate():
        concurrent = concurrent_answers(context, site, profile, answers, seen)
        return render(ctx, step, form, concurrent), 422
    result = save_answers(context, site, profile, answers, seen, ctx.consent(wording(ctx)))
    if isinstance(result, NotSaved):
        return render(ctx.with_profile(result.profile), step, form, result.conflicts), 409
    return _go_on(ctx, result)


def _go_on(ctx: RequestContext, saved: int | None = None) -> Page:
    """On to the next stage; at once where the link would not open it any more."""
    if not is_expired(ctx):
        query = {} if saved is None else {"saved": saved}
        return redirect(page_url(ctx, **query), 303)
    ctx = ctx.read_again().read_answers()
    return render(ctx, _step_to_ask(ctx, None), is_saved=saved is not None)


def _step_to_ask(ctx: RequestContext, stage: str | None) -> Step | None:
    planner = _planner(ctx)
    return (planner.revisit_step(stage) if stage else None) or planner.next_step()


def _planner(ctx: RequestContext) -> Planner:
    return Planner(ctx.site, ctx.state, not ctx.profile.pending, ctx.now)


def render(
    ctx: RequestContext,
    step: Step | None,
    form: StageForm | None = None,
    concurrent: Sequence[Change] = (),
    is_saved: bool = False,
) -> str:
    saved = is_saved or bool({"saved", "new"} & request.args.keys())
    if step is None:
        has_answers = any("said" in each for each in ctx.state.answers().values())
        return render_page(ctx, "questions/done.html", saved=saved, has_answers=has_answers)
    errors = form.errors_in_order() if form else []
    return render_page(
        ctx,
        "questions/stage.html",
        step=step,
        longest_text=longest_text,
        form=form,
        errors=errors,
        problems={error.field: error.message for error in errors},
        concurrent=concurrent,
        again=any(_is_answered(ctx, question) for question in step.questions),
        saved=saved,
        is_new="new" in request.args,
    )


def _is_answered(ctx: RequestContext, question: Question) -> bool:
    """Skipped is not answered."""
    answer = ctx.state.answer(question.id)
    return answer is not None and not answer.get("skipped")


@lru_cache(maxsize=64)
def _wording(site: Site, tag: str) -> Wording:
    texts = {f"questions.{each.id}": f"{each.text} {each.why}" for each in site.questions}
    return Wording.of(site.id, tag, {**texts, "data_use": site.data_use})


def wording(ctx: RequestContext) -> Wording:
    return _wording(ctx.site, ctx.language.tag)
