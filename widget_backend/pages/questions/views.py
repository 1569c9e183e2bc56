"""Staged questions: one or two at a time, the next ones on the next visit."""

from __future__ import annotations

from functools import lru_cache

from flask import redirect, request
from werkzeug.wrappers import Response

from widget_backend.errors import StaleRevision
from widget_backend.pages.questions.forms import StageForm, longest_text, stage_form
from widget_backend.pages.saving import changes_since, keep, seen_revision
from widget_backend.pages.unsubscribe import views as unsubscribe
from widget_backend.rules.questions import Planner, Step, same_answer
from widget_backend.rules.state import Change, Value, answer_subject, difference
from widget_backend.site.model import Question, Site
from widget_backend.store.ledger import Shown, shown
from widget_backend.web.visits import Visit, require_fresh

LEAVING = ("off", "leave", "undo")
"""Buttons of the page that an expired link shows: leaving is possible with any link."""


def respond(visit: Visit) -> Response | str | tuple[str, int]:
    """Ask the next stage, or the one the person went back to; or take its answers."""
    leaves = request.method == "POST" and request.form.get("do") in LEAVING
    if leaves and not visit.person.pending:
        return unsubscribe.submit(visit)
    require_fresh(visit, visit.grace)
    visit = visit.read_answers()
    if request.method == "POST":
        return submit(visit)
    return render(visit, _step_to_ask(visit, request.args.get("stage")))


def submit(visit: Visit) -> Response | str | tuple[str, int]:
    stage, asked = request.form.get("stage", ""), request.form.getlist("asked")
    step = _planner(visit).revisit_step(stage, asked)
    if step is None:
        # The site file no longer has what was asked: show what there is to ask now.
        return _go_on(visit)
    form = stage_form(step.questions)
    valid = form.validate()
    meanwhile = _answered_meanwhile(visit, form)
    if not valid or meanwhile:
        return render(visit, step, form, meanwhile), 422 if not valid else 409
    return _save(visit, form)


def _save(visit: Visit, form: StageForm) -> Response | str | tuple[str, int]:
    news = {
        subject: answer
        for subject, answer in _wanted(visit, form).items()
        if not same_answer(visit.state.get(subject), answer) or not _is_recent(visit, subject)
    }
    try:
        revision = keep(visit, difference(visit.state, news), shown_to(visit))
    except StaleRevision:
        return submit(visit.read_again().read_answers())
    skipped = all("skipped" in answer for answer in news.values())
    return _go_on(visit, None if skipped else revision)


def _go_on(visit: Visit, saved: int | None = None) -> Response | str:
    """On to the next stage; at once where the link would not open it any more."""
    if not visit.is_over:
        query = {} if saved is None else {"saved": saved}
        return redirect(visit.address(**query), 303)
    visit = visit.read_again().read_answers()
    return render(visit, _step_to_ask(visit, None), is_saved=saved is not None)


def _wanted(visit: Visit, form: StageForm) -> dict[str, Value]:
    """The answers; skipping is “not now”, so it takes nothing back that was answered."""
    answers = form.answers(visit.now)
    due = {answer_subject(each.id) for each in form.questions if _planner(visit).is_due(each)}
    return {
        subject: answer
        for subject, answer in answers.items()
        if subject in due or "skipped" not in answer
    }


REPEAT = 3600
"""Seconds within which the same answer again is a repeated save and not a new statement."""


def _is_repeat(visit: Visit, change: Change, answer: Value) -> bool:
    """The same save again. Later it is compared no more: guessing would tell what was answered."""
    return same_answer(change.after, answer) and _is_recent(visit, change.subject)


def _is_recent(visit: Visit, subject: str) -> bool:
    return visit.now - int(visit.state[subject]["at"]) < REPEAT


def _answered_meanwhile(visit: Visit, form: StageForm) -> list[Change]:
    """Answers that another tab or device gave since, and differently."""
    wanted = _wanted(visit, form)
    return [
        change
        for change in changes_since(visit, seen_revision(visit, request.form.get("revision")) or 0)
        if change.subject in wanted and not _is_repeat(visit, change, wanted[change.subject])
    ]


def _step_to_ask(visit: Visit, stage: str | None) -> Step | None:
    planner = _planner(visit)
    return (planner.revisit_step(stage) if stage else None) or planner.next_step()


def _planner(visit: Visit) -> Planner:
    return Planner(visit.site, visit.state, not visit.person.pending, visit.now)


def render(
    visit: Visit,
    step: Step | None,
    form: StageForm | None = None,
    meanwhile: list[Change] | None = None,
    is_saved: bool = False,
) -> str:
    saved = is_saved or _just_saved()
    if step is None:
        return visit.render("questions_done.html", errors=[], saved=saved)
    errors = form.errors_in_order() if form else []
    return visit.render(
        "questions.html",
        step=step,
        longest_text=longest_text,
        form=form,
        errors=errors,
        problems={error.field: error.message for error in errors},
        meanwhile=meanwhile,
        again=any(_is_answered(visit, question) for question in step.questions),
        saved=saved,
        is_new="new" in request.args,
    )


def _is_answered(visit: Visit, question: Question) -> bool:
    """Skipped is not answered."""
    answer = visit.state.answer(question.id)
    return answer is not None and not answer.get("skipped")


def _just_saved() -> bool:
    return "saved" in request.args or "new" in request.args


@lru_cache(maxsize=64)
def _shown(site: Site, tag: str) -> Shown:
    texts = {f"questions.{each.id}": f"{each.text} {each.why}" for each in site.questions}
    return shown(site.id, tag, {**texts, "data_use": site.data_use})


def shown_to(visit: Visit) -> Shown:
    return _shown(visit.site, visit.language.tag)
