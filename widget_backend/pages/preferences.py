"""The preference centre: what a person gets, through which channel and how often."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g, redirect, request
from werkzeug.wrappers import Response

from widget_backend.errors import LinkExpired, StaleRevision
from widget_backend.pages import unsubscribe
from widget_backend.pages.preferences_form import PreferencesForm
from widget_backend.pages.preferences_view import render, shown_to
from widget_backend.pages.saving import (
    UNCHANGED,
    changes_at,
    changes_since,
    keep,
    seen_revision,
    undo,
)
from widget_backend.pages.visits import Visit, require_fresh
from widget_backend.pages.words import sentences
from widget_backend.rules.leaving import only_leaves
from widget_backend.rules.state import (
    Change,
    State,
    Value,
    difference,
    is_leaving,
    reach_of,
    rewound,
)
from widget_backend.rules.topics import offered_topics


def respond(visit: Visit) -> Response | str | tuple[str, int]:
    if request.method == "POST":
        return submit(visit)
    try:
        require_fresh(visit)
    except LinkExpired:
        if reach_of(visit.state) != "off" or "saved" not in request.args:
            raise
        return unsubscribe.render(visit)
    return render(visit)


def submit(visit: Visit) -> Response | tuple[str, int]:
    """Save what the form asks for, or show it again; leaving is done either way."""
    form = _read_form(visit)
    try:
        if form.do == "off":
            return _saved(visit, form, _leave_all(visit, form))
        if form.do == "undo":
            return _undo(visit, seen_revision(visit, form.revision))
        return _save(visit, form)
    except StaleRevision:
        # Somebody saved between our reading and our writing: judge anew by what holds now.
        return submit(visit.read_again())


def _undo(visit: Visit, revision: int) -> Response | tuple[str, int]:
    if not only_leaves(changes_at(visit, revision), None, visit.today):
        require_fresh(visit)
    done = undo(visit, revision, shown_to(visit))
    again = changes_since(visit, revision)
    return done or (render(visit, meanwhile=again, not_undone=True), 409)


def _read_form(visit: Visit) -> PreferencesForm:
    topics = offered_topics(visit.site, visit.person.roles, visit.state)
    return PreferencesForm(visit.site, visit.state, topics, visit.today)


def _save(visit: Visit, form: PreferencesForm) -> Response | tuple[str, int]:
    meanwhile = changes_since(visit, seen_revision(visit, form.revision))
    valid = form.validate()
    conflicts = _conflicts(visit, form, meanwhile) if valid else meanwhile
    try:
        require_fresh(visit)
    except LinkExpired:
        left = _leave(visit, form, meanwhile)
        g.done = sentences(visit.language, visit.site, left)
        raise
    if not valid or conflicts:
        left = _leave(visit, form, meanwhile)
        seen = rewound(visit.state, meanwhile)
        return _again(visit.read_again() if left else visit, form, conflicts, left, seen)
    return _saved(visit, form, difference(visit.state, form.wanted()))


def _conflicts(visit: Visit, form: PreferencesForm, meanwhile: list[Change]) -> list[Change]:
    """What changed since the form was shown and is not what the form asks for anyway."""
    if not meanwhile:
        return []
    wanted = form.wanted()
    about = {f"topic:{topic.id}" for topic in form.shown} | {"overall", *wanted}
    return [
        change
        for change in meanwhile
        if change.subject in about
        and visit.state.get(change.subject) != wanted.get(change.subject, change.before)
    ]


def _leave(visit: Visit, form: PreferencesForm, meanwhile: list[Change]) -> list[Change]:
    """Do what the form ends, whatever else is wrong with it: leaving is never blocked."""
    seen: State = rewound(visit.state, meanwhile)
    ended = difference(visit.state, form.left(seen))
    changes = [each for each in ended if is_leaving(each, visit.today)]
    keep(visit, changes, shown_to(visit))
    return changes


def _leave_all(visit: Visit, form: PreferencesForm) -> list[Change]:
    off: Mapping[str, Value] = {"overall": form.overall()}
    return difference(visit.state, off)


def _saved(visit: Visit, form: PreferencesForm, changes: list[Change]) -> Response:
    """On to the page that tells what changed; a repeated save tells it once more."""
    revision = keep(visit, changes, shown_to(visit))
    seen = seen_revision(visit, form.revision)
    repeated = revision == UNCHANGED and seen < visit.person.revision
    return redirect(visit.address(saved=visit.person.revision if repeated else revision), 303)


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
