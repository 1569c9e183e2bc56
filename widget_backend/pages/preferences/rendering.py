"""What the preference form shows: stored choices, or what was typed when it comes back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from flask import request
from markupsafe import Markup

from widget_backend.i18n.languages import Language
from widget_backend.pages.notices import Notice, changes_told, confirmed_notice, saved_notice
from widget_backend.pages.preferences.forms import PreferencesForm
from widget_backend.rules.questions import Planner
from widget_backend.rules.state import Change, State
from widget_backend.rules.topics import first_preference, offered_topics
from widget_backend.site.model import Site, Topic
from widget_backend.store.ledger import Shown, shown
from widget_backend.web.forms import FormError
from widget_backend.web.labels import overall_sentence, sentences
from widget_backend.web.templates import render_template
from widget_backend.web.visits import Visit

PAUSES = (30, 91, 182)
"""Days of the pauses on offer; each is shown as the date on which it ends."""


@dataclass(frozen=True)
class Row:
    """One topic as the form shows it. `problems` maps a field's name to its message."""

    on: bool
    channel: str
    frequency: str
    problems: tuple[tuple[str, Markup], ...] = ()


@lru_cache(maxsize=64)
def _shown(site: Site, tag: str) -> Shown:
    """The site's words on this form. Topics for other roles are among them: one wording a site."""
    topics = {
        f"topics.{topic.id}": f"{topic.name}: {topic.benefit} {topic.expect}"
        for topic in site.topics
    }
    about = {"why_we_write": site.why_we_write, "data_use": site.data_use}
    return shown(site.id, tag, {**topics, **about, "privacy_policy": site.privacy_policy})


def shown_to(visit: Visit) -> Shown:
    """The wording of the preference form in this visit's language, for the ledger."""
    return _shown(visit.site, visit.language.tag)


def render(
    visit: Visit,
    form: PreferencesForm | None = None,
    meanwhile: Sequence[Change] = (),
    left: Sequence[Change] = (),
    not_undone: bool = False,
    seen: State | None = None,
    saved: int | None = None,
    given: str | None = None,
) -> str:
    """The page or fragment. With a form, what was typed in it; else what is stored.

    With `saved`, the revision that was made just now, and the receipt `given` for it.

    With `seen`, what the form was made of: a topic that it left as it was shows what is stored
    by now, or the next press would undo in silence what was said elsewhere.
    """
    errors = form.errors_in_order() if form else []
    return visit.render(
        "preferences.html",
        errors=errors,
        problems={error.field: error.message for error in errors},
        topics=_rows(visit, form, errors, visit.state if seen is None else seen),
        overall=visit.state.overall_on(visit.today),
        overall_sentence=overall_sentence,
        pauses=_pauses(visit.today),
        typed=_typed(visit, form),
        notice=None if form else _notice(visit, saved, given),
        meanwhile=changes_told(visit, meanwhile),
        left=sentences(visit.language, visit.site, left),
        not_undone=not_undone,
        questions_waiting=_questions_waiting(visit),
    )


def _rows(
    visit: Visit, form: PreferencesForm | None, errors: Sequence[FormError], seen: State
) -> list[Markup]:
    topics = offered_topics(visit.site, visit.person.roles, visit.state)
    untouched = form.untouched(seen) if form else frozenset()
    rows = [
        (topic, _row(visit, None if topic.id in untouched else form, errors, topic))
        for topic in topics
    ]
    return [topic_markup(visit.language, topic, row) for topic, row in rows]


def _row(
    visit: Visit, form: PreferencesForm | None, errors: Sequence[FormError], topic: Topic
) -> Row:
    stored = visit.state.preference(topic.id) or {**first_preference(topic), "on": False}
    if form is None:
        return Row(stored["on"], stored["channel"], stored["frequency"])
    names = (f"channel-{topic.id}", f"frequency-{topic.id}")
    on, channel, frequency = form.chosen[topic.id]
    return Row(
        on,
        channel if channel in topic.channels else stored["channel"],
        frequency if frequency in topic.frequencies else stored["frequency"],
        tuple((each.field, each.message) for each in errors if each.field in names),
    )


@lru_cache(maxsize=4096)
def topic_markup(language: Language, topic: Topic, row: Row) -> Markup:
    """One topic's part of the form. There are few different ones, so they are rendered once."""
    values = {"topic": topic, "row": row, "problems": dict(row.problems)}
    return Markup(render_template("parts/topic.html", language, hosted=True, **values))  # noqa: S704 - a template with autoescape made it


def _pauses(today: date) -> list[date]:
    return [today + timedelta(days=days) for days in PAUSES]


def _typed(visit: Visit, form: PreferencesForm | None) -> dict[str, str]:
    stored = visit.state.language
    if stored not in visit.site.locales:
        stored = visit.language.tag
    if form is None:
        return {"language": stored, "shown": stored, "phone": "", "post": "", "reach": ""}
    return {
        "language": form.language if form.language_is_chosen else stored,
        "shown": stored,
        "phone": form.phone.data,
        "post": form.post.data,
        "reach": form.reach,
    }


def _notice(visit: Visit, saved: int | None, given: str | None) -> Notice | None:
    if saved is not None:
        return saved_notice(visit, saved, given)
    if "confirmed" in request.args:
        return confirmed_notice(visit)
    told = request.args.get("saved", "")
    shown = request.args.get("undo")
    return saved_notice(visit, int(told), shown) if re.fullmatch(r"[0-9]{1,9}", told) else None


def _questions_waiting(visit: Visit) -> int:
    """How many questions wait behind this same link; only embed links show both."""
    if visit.purpose != "embed":
        return 0
    with_answers = visit.read_answers()
    return Planner(visit.site, with_answers.state, True, visit.now).count_due()
