"""What the preference form shows: stored choices, or what was typed when it comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from flask import request
from markupsafe import Markup

from widget_backend.actions.preferences import NotSaved
from widget_backend.actions.saving import record_of
from widget_backend.i18n.languages import Language
from widget_backend.pages.notices import (
    Notice,
    confirmed_notice,
    describe_changes,
    saved_notice,
)
from widget_backend.pages.preferences.forms import PreferencesForm
from widget_backend.pages.unsubscribe.rendering import reasons
from widget_backend.pages.waiting import expected_a_month, refused_topics
from widget_backend.rules.pauses import pause_dates
from widget_backend.rules.questions import Planner
from widget_backend.rules.state import Change, State
from widget_backend.rules.topics import by_group, first_preference, offered_topics
from widget_backend.site.model import Group, Site, Topic
from widget_backend.store.ledger import Wording
from widget_backend.web.forms import FormError, revision_in
from widget_backend.web.labels import overall_sentence, sentences
from widget_backend.web.request_context import RequestContext
from widget_backend.web.templates import render_page, render_template


@dataclass(frozen=True)
class Row:
    """One topic as the form shows it. `problems` maps a field's name to its message. `refused` says
    why nothing of it comes, if it is on and nothing does."""

    on: bool
    channel: str
    frequency: str
    problems: tuple[tuple[str, Markup], ...] = ()
    refused: Markup | None = None


@lru_cache(maxsize=64)
def _wording(site: Site, tag: str) -> Wording:
    """The site's words on this form. Topics for other roles are among them: one wording a site."""
    topics = {
        f"topics.{topic.id}": f"{topic.name}: {topic.benefit} {topic.expect}"
        for topic in site.topics
    }
    groups = {f"groups.{group.id}": group.name for group in site.groups}
    service = {f"service_messages.{each.id}": each.name for each in site.service_messages}
    about = {"why_we_write": site.why_we_write, "data_use": site.data_use}
    texts = {**groups, **topics, **service, **about, "privacy_policy": site.privacy_policy}
    return Wording.of(site.id, tag, texts)


def wording(ctx: RequestContext) -> Wording:
    """The wording of the preference form in the reader's language, for the ledger."""
    return _wording(ctx.site, ctx.language.tag)


def render(
    ctx: RequestContext,
    form: PreferencesForm | None = None,
    not_saved: NotSaved | None = None,
    *,
    concurrent: Sequence[Change] = (),
    not_undone: bool = False,
    saved: int | None = None,
    token: str | None = None,
) -> str:
    """The page or fragment: what is stored, or with a form what was typed in it.

    `not_saved` is why the form comes back. `saved` is the revision that was made just now, `token`
    undoes it. `concurrent` was changed elsewhere since the page was shown.
    """
    errors = form.errors_in_order() if form else []
    if not_saved:
        concurrent = not_saved.conflicts
    revision = revision_in(request.args.get("saved")) if saved is None else saved
    undo_token = request.args.get("undo") if saved is None else token
    refused = refused_topics(ctx)
    return render_page(
        ctx,
        "preferences/form.html",
        errors=errors,
        problems={error.field: error.message for error in errors},
        groups=_topics(ctx, form, errors, not_saved.seen if not_saved else ctx.state, refused),
        overall=ctx.state.overall_on(ctx.today),
        overall_sentence=overall_sentence,
        pauses=pause_dates(ctx.today),
        typed=_typed(ctx, form),
        saved=None if form else _notice(ctx, revision, undo_token),
        revision=revision,
        undo_token=undo_token,
        reasons={} if form else _reasons(ctx, revision, undo_token),
        thanked="thanked" in request.args and not form,
        messages_a_month=expected_a_month(ctx, refused),
        concurrent=describe_changes(ctx, concurrent, refused),
        unsubscribed=sentences(ctx.language, ctx.site, not_saved.unsubscribed if not_saved else ()),
        not_undone=not_undone,
        questions_waiting=_questions_waiting(ctx),
    )


def _topics(
    ctx: RequestContext,
    form: PreferencesForm | None,
    errors: Sequence[FormError],
    seen: State,
    refused: Mapping[str, Markup],
) -> list[tuple[Group | None, Markup]]:
    """The topics under their groups. With a form, what was typed; but a topic that it left as it
    was, or did not have, shows what is stored by now.

    Otherwise the next press would undo in silence what was chosen elsewhere.
    """
    topics = offered_topics(ctx.site, ctx.profile.roles, ctx.state)
    typed: set[str] = set()
    if form:
        typed = {each.id for each in form.shown} - form.choices().untouched(ctx.state, seen)

    def markup(topic: Topic) -> str:
        row = _row(ctx, form if topic.id in typed else None, errors, topic)
        if row.on and topic.id in refused:
            row = replace(row, refused=refused[topic.id])
        return topic_markup(ctx.language, topic, row)

    return [
        (group, Markup("\n".join(map(markup, some))))  # noqa: S704 - each is markup
        for group, some in by_group(ctx.site, topics)
    ]


def _row(
    ctx: RequestContext, form: PreferencesForm | None, errors: Sequence[FormError], topic: Topic
) -> Row:
    stored = ctx.state.preference(topic.id) or {**first_preference(topic), "on": False}
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
    return Markup(render_template("preferences/topic.html", language, hosted=True, **values))  # noqa: S704 - a template with autoescape made it


def _typed(ctx: RequestContext, form: PreferencesForm | None) -> dict[str, str]:
    stored = ctx.state.language
    if stored not in ctx.site.locales:
        stored = ctx.language.tag
    if form is None:
        return {"language": stored, "shown": stored, "phone": "", "post": "", "reach": ""}
    return {
        "language": form.language if form.language_is_chosen else stored,
        "shown": stored,
        "phone": form.phone.data,
        "post": form.post.data,
        "reach": form.reach,
    }


def _notice(ctx: RequestContext, revision: int | None, token: str | None) -> Notice | None:
    if revision is not None:
        return saved_notice(ctx, revision, token)
    return confirmed_notice(ctx) if "confirmed" in request.args else None


def _reasons(ctx: RequestContext, revision: int | None, token: str | None) -> dict[str, str]:
    """Asked for on the hosted page, of who has just left everything on it."""
    is_asked = ctx.hosted and ctx.purpose == "preferences" and ctx.state.reach == "off"
    if not is_asked or revision is None:
        return {}
    return reasons(ctx, record_of(ctx.context, ctx.profile, revision), None, token)


def _questions_waiting(ctx: RequestContext) -> int:
    """How many questions wait behind this same link; only embed links show both."""
    if ctx.purpose != "embed":
        return 0
    state = ctx.read_answers().state
    return Planner(ctx.site, state, is_confirmed=True, now=ctx.now).count_due()
