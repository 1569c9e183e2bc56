"""The preference centre: what a person gets, through which channel and how often."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g, redirect, request
from werkzeug.wrappers import Response

from widget_backend.errors import LinkEnded, StaleRevision
from widget_backend.pages.preferences.forms import PreferencesForm
from widget_backend.pages.preferences.rendering import render, shown_to
from widget_backend.pages.saving import (
    UNCHANGED,
    changes_since,
    has_receipt,
    keep,
    new_receipt,
    receipt,
    record_of,
    seen_revision,
    told_at,
    undo,
)
from widget_backend.pages.unsubscribe import views as unsubscribe
from widget_backend.rules.state import (
    OVERALL,
    Change,
    State,
    Value,
    difference,
    is_visible,
    reduces_mail,
    reverted,
    topic_subject,
)
from widget_backend.rules.topics import offered_topics
from widget_backend.rules.unsubscribing import only_unsubscribes
from widget_backend.web.labels import sentences
from widget_backend.web.visits import Visit, require_fresh


def respond(visit: Visit) -> Response | str | tuple[str, int]:
    if request.method == "POST":
        return submit(visit)
    require_fresh(visit, visit.grace)
    return render(visit)


def submit(visit: Visit) -> Response | str | tuple[str, int]:
    """Save what the form asks for, or show it again; leaving is done either way."""
    if request.form.get("do") == "leave":
        return unsubscribe.submit(visit)  # from the page that an expired link shows
    form = _read_form(visit)
    try:
        if form.do == "off":
            return _saved(visit, form, _leave_all(visit, form))
        if form.do == "undo":
            return _undo(visit, form.seen or 0)
        return _save(visit, form)
    except StaleRevision:
        # Somebody saved between our reading and our writing: judge anew by what holds now.
        return submit(visit.read_again())


def _undo(visit: Visit, revision: int) -> Response | str | tuple[str, int]:
    proven = has_receipt(visit, revision, request.form.get("receipt"))
    made = record_of(visit, revision) if proven else None
    if not (made and only_unsubscribes(made.changes, None, visit.today)):
        require_fresh(visit, visit.grace)
    following = undo(visit, made, shown_to(visit))
    if following is None:
        require_fresh(visit, visit.grace)
        return render(visit, meanwhile=changes_since(visit, revision), not_undone=True), 409
    return _tell(visit, following, "")  # no receipt: an undo is not undone, only saved anew


def _read_form(visit: Visit) -> PreferencesForm:
    topics = offered_topics(visit.site, visit.person.roles, visit.state)
    seen = seen_revision(visit, request.form.get("revision"))
    return PreferencesForm(visit.site, visit.state, topics, visit.today, seen)


def _save(visit: Visit, form: PreferencesForm) -> Response | str | tuple[str, int]:
    meanwhile = [] if form.seen is None else changes_since(visit, form.seen)
    valid = form.validate()
    conflicts = _conflicts(visit, form, meanwhile) if valid else meanwhile
    try:
        require_fresh(visit, visit.grace)
    except LinkEnded:
        left = _leave(visit, form, meanwhile)
        g.done = sentences(visit.language, visit.site, left)
        raise
    if not valid or conflicts:
        left = _leave(visit, form, meanwhile)
        seen = reverted(visit.state, meanwhile)
        return _again(visit.read_again() if left else visit, form, conflicts, left, seen)
    return _saved(visit, form, difference(visit.state, form.wanted()))


def _conflicts(visit: Visit, form: PreferencesForm, meanwhile: list[Change]) -> list[Change]:
    """What changed since the form was shown and is not what the form asks for anyway."""
    if not meanwhile:
        return []
    wanted = form.wanted()
    about = {topic_subject(topic.id) for topic in form.shown} | {OVERALL, *wanted}
    return [
        change
        for change in meanwhile
        if is_visible(change)
        and change.subject in about
        and visit.state.get(change.subject) != wanted.get(change.subject, change.before)
    ]


def _leave(visit: Visit, form: PreferencesForm, meanwhile: list[Change]) -> list[Change]:
    """Do what the form ends, whatever else is wrong with it: leaving is never blocked."""
    seen: State = reverted(visit.state, meanwhile)
    ended = difference(visit.state, form.left(seen))
    changes = [each for each in ended if reduces_mail(each, visit.today)]
    keep(visit, changes, shown_to(visit))
    return changes


def _leave_all(visit: Visit, form: PreferencesForm) -> list[Change]:
    off: Mapping[str, Value] = {OVERALL: form.overall()}
    return difference(visit.state, off)


def _saved(visit: Visit, form: PreferencesForm, changes: list[Change]) -> Response | str:
    """A repeated save tells once more what changed."""
    # The page of an ended link has one button, and shows no revision to come back with.
    texts = shown_to(visit) if form.seen is not None else unsubscribe.shown_to(visit)
    revision = keep(visit, changes, texts)
    repeated = revision == UNCHANGED and (form.seen or 0) < visit.person.revision
    if repeated:
        return _tell(visit, visit.person.revision, receipt(visit, visit.person.revision))
    return _tell(visit, revision, new_receipt(visit, revision))


def _tell(visit: Visit, revision: int, given: str) -> Response | str:
    """On to the page that tells what changed; at once where the link would not open it any more."""
    if not visit.is_over:
        return redirect(told_at(visit, revision, given), 303)
    visit = visit.read_again()
    try:
        require_fresh(visit, visit.grace)
    except LinkEnded:
        return unsubscribe.render(visit, revision, given)
    return render(visit, saved=revision, given=given)


def _again(
    visit: Visit,
    form: PreferencesForm,
    conflicts: list[Change],
    left: list[Change],
    seen: State,
) -> tuple[str, int]:
    """The same form with what was typed: 422 for mistakes, 409 for what changed meanwhile."""
    status = 422 if form.errors_in_order() else 409
    return render(visit, form, conflicts, left, seen=seen), status
