"""Profile summary: what is kept about a person now, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from markupsafe import Markup

from widget_backend.i18n.languages import Language, bdi
from widget_backend.pages.account.consents import Consent, consents_by_topic
from widget_backend.rules.state import OVERALL, Preference
from widget_backend.store.ledger import records
from widget_backend.store.personal_data import email_of, unconfirmed_sign_ups, wanted_address
from widget_backend.text import sentence_start
from widget_backend.web.labels import (
    answer_text,
    channel_name,
    frequency_name,
    overall_sentence,
)
from widget_backend.web.request_context import RequestContext

Row = tuple[str | Markup, list[str | Markup]]
"""What something is called, and what there is to say of it."""


def contacts(ctx: RequestContext) -> list[Row]:
    """Where the person can be reached, each as it is held, and in which language."""
    gettext, state = ctx.language.gettext, ctx.state
    named = [
        (gettext("Email address"), _email(ctx)),
        (gettext("New email address"), _wanted(ctx)),
        (gettext("Phone number"), _of(state.phone)),
        (gettext("Postal address"), _of(state.contact("post"))),
        (gettext("Language"), _language(ctx)),
    ]
    return [(name, values) for name, values in named if values]


def _of(value: str | None) -> list[str | Markup]:
    return [bdi(value)] if value else []


def _language(ctx: RequestContext) -> list[str | Markup]:
    tag = ctx.state.language
    return _of(sentence_start(ctx.language.name_of(tag)) if tag else None)


def _email(ctx: RequestContext) -> list[str | Markup]:
    address = ctx.state.email
    if not address:
        return []
    known = email_of(ctx.database, ctx.profile)
    values: list[str | Markup] = [bdi(address)]
    values += _of(known.written if known.written != address else None)
    if known.undeliverable_at is not None:
        day = _day(ctx, known.undeliverable_at)
        gettext = ctx.language.gettext
        values.append(gettext("Email to this address came back on %(date)s.", date=day))
    return [*values, *_unconfirmed(ctx)]


def _unconfirmed(ctx: RequestContext) -> Iterator[Markup]:
    for each in unconfirmed_sign_ups(ctx.database, ctx.profile):
        yield ctx.language.gettext(
            "Someone signed up with this address on %(date)s but has not confirmed it yet.",
            date=_day(ctx, each[0].at),
        )


def _day(ctx: RequestContext, at: int) -> str:
    return ctx.language.date(datetime.fromtimestamp(at, UTC).date())


def _wanted(ctx: RequestContext) -> list[str | Markup]:
    address = wanted_address(ctx.database, ctx.profile, ctx.now)
    waits = ctx.language.gettext("You asked for this but have not confirmed it yet.")
    return [bdi(address), waits] if address else []


def roles(ctx: RequestContext) -> list[str]:
    """By their names, where the site still names them."""
    names = {each.id: each.name for each in ctx.site.roles}
    return [names.get(each, each) for each in ctx.profile.roles]


def topics(ctx: RequestContext) -> list[Row]:
    """Each topic that was chosen or declined, also one that the site has no longer."""
    names = {each.id: each.name for each in ctx.site.topics}
    agreed = consents_by_topic(records(ctx.database, ctx.profile.ledger_key))
    preferences = ctx.state.preferences()
    ordered = [
        *(each for each in names if each in preferences),
        *sorted(preferences.keys() - names.keys()),
    ]
    return [
        (names.get(each, each), list(_choice(ctx, preferences[each], agreed.get(each))))
        for each in ordered
    ]


def _choice(
    ctx: RequestContext, preference: Preference, agreed: Consent | None
) -> Iterator[str | Markup]:
    language = ctx.language
    if not preference["on"]:
        yield language.gettext("You said no to this.")
        return
    channel = sentence_start(channel_name(language, preference["channel"]))
    between = language.pgettext("between items of a list", ", ")
    yield f"{channel}{between}{frequency_name(language, preference['frequency'])}"
    if agreed:
        yield agreed.sentence(language)


def overall(ctx: RequestContext) -> Markup | None:
    """What holds above all topics today, if anything was said of that."""
    if OVERALL not in ctx.state:
        return None
    return overall_sentence(ctx.language, ctx.state.overall_on(ctx.today))


def answers(ctx: RequestContext) -> list[Row]:
    """Each question that was answered, and the answer in words; also one no longer asked."""
    answered = ctx.state.answers()
    asked = {each.id: each for each in ctx.site.questions}
    rows: list[Row] = [
        (question.text, [answer_text(ctx.language, question, answered[name])])
        for name, question in asked.items()
        if name in answered
    ]
    rows += [
        (name, [_raw(ctx.language, answer)])
        for name, answer in answered.items()
        if name not in asked
    ]
    return rows


def _raw(language: Language, answer: object) -> Markup:
    """An answer as it is stored, where the site file no longer has the words for it."""
    value = answer.get("said") if isinstance(answer, dict) else answer
    return bdi(language.pgettext("answer", "skipped") if value is None else value)
