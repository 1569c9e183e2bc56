"""Profile summary: what is kept about a person now, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from widget_backend.contacts.recognise import BY_ID, OWN_LIST
from widget_backend.i18n.languages import Language, bdi
from widget_backend.pages.waiting import waiting_topics
from widget_backend.rules.fields import holds
from widget_backend.rules.questions import DAY, asked_again_at
from widget_backend.rules.state import OVERALL, Preference
from widget_backend.site.model import ProfileField, Question
from widget_backend.store.deliveries import deliveries_to
from widget_backend.store.field_values import Known, values_of
from widget_backend.store.ledger import records
from widget_backend.store.personal_data import (
    OtherDetail,
    email_of,
    other_details,
    unconfirmed_sign_ups,
    wanted_address,
)
from widget_backend.text import sentence_start
from widget_backend.web.consents import consents_by_topic
from widget_backend.web.labels import (
    answer_text,
    field_text,
    overall_sentence,
    rhythm,
)
from widget_backend.web.request_context import RequestContext


@dataclass(frozen=True)
class Row:
    """What something is called, what it is, and what else there is to say of it."""

    name: str
    values: list[str | Markup]
    notes: list[Markup]


def contacts(ctx: RequestContext) -> list[Row]:
    """Where the person can be reached, each as it is held, and in which language."""
    gettext, state = ctx.language.gettext, ctx.state
    others = other_details(ctx.database, ctx.profile)
    customer, phone = others.get("customer"), others.get("phone")
    rows = [
        _email(ctx),
        _wanted(ctx),
        Row(gettext("Phone number"), _of(state.phone), [*_of_number(ctx, phone)]),
        Row(gettext("Postal address"), _of(state.contact("post")), []),
        Row(gettext("Customer number"), _of(customer.value if customer else None), []),
        Row(gettext("Language"), _language(ctx), []),
    ]
    return [row for row in rows if row.values]


def _of_number(ctx: RequestContext, phone: OtherDetail | None) -> Iterator[Markup]:
    if phone and not (phone.is_confirmed or ctx.site.unverified_numbers):
        yield ctx.language.gettext("It is not confirmed yet, so we send nothing to it.")
    if phone and phone.undeliverable_at is not None:
        day = _day(ctx, phone.undeliverable_at)
        yield ctx.language.gettext("Messages to this number came back on %(date)s.", date=day)


def _of(value: str | None) -> list[str | Markup]:
    return [bdi(value)] if value else []


def _language(ctx: RequestContext) -> list[str | Markup]:
    tag = ctx.state.language
    return _of(sentence_start(ctx.language.name_of(tag)) if tag else None)


def _email(ctx: RequestContext) -> Row:
    gettext, address = ctx.language.gettext, ctx.state.email
    name = gettext("Email address")
    if not address:
        return Row(name, [], [])
    known = email_of(ctx.database, ctx.profile)
    values = [*_of(address), *_of(known.written if known.written != address else None)]
    notes = [*_unconfirmed(ctx)]
    if known.undeliverable_at is not None:
        day = _day(ctx, known.undeliverable_at)
        notes.insert(0, gettext("Email to this address came back on %(date)s.", date=day))
    return Row(name, values, notes)


def _unconfirmed(ctx: RequestContext) -> Iterator[Markup]:
    for each in unconfirmed_sign_ups(ctx.database, ctx.profile):
        yield ctx.language.gettext(
            "Someone signed up with this address on %(date)s but has not confirmed it yet.",
            date=_day(ctx, each[0].at),
        )


def _day(ctx: RequestContext, at: int) -> str:
    return ctx.language.date(ctx.site.local_day(at))


def _wanted(ctx: RequestContext) -> Row:
    address, gettext = wanted_address(ctx.database, ctx.profile, ctx.now), ctx.language.gettext
    waits = gettext("You asked for this but have not confirmed it yet.")
    return Row(gettext("New email address"), _of(address), [waits])


@dataclass(frozen=True)
class Sent:
    """How many messages were sent to the person, as senders reported, and the day of the last."""

    count: int
    last: str


def sent(ctx: RequestContext) -> Sent | None:
    """None if nothing is known to have been sent."""
    deliveries = deliveries_to(ctx.database, ctx.profile.id)
    return Sent(len(deliveries), _day(ctx, deliveries[-1].message.sent_at)) if deliveries else None


def roles(ctx: RequestContext) -> list[str]:
    """By their names, where the site still names them."""
    names = {each.id: each.name for each in ctx.site.roles}
    return [names.get(each, each) for each in ctx.profile.roles]


def topics(ctx: RequestContext) -> list[Row]:
    """Each topic that was chosen or declined, also one that the site has no longer."""
    names = {each.id: each.name for each in ctx.site.topics}
    agreed = consents_by_topic(ctx.site, records(ctx.database, ctx.profile.ledger_key))
    preferences, waiting = ctx.state.preferences(), waiting_topics(ctx)
    ordered = [
        *(each for each in names if each in preferences),
        *sorted(preferences.keys() - names.keys()),
    ]
    return [
        _choice(
            ctx,
            names.get(each, each),
            preferences[each],
            [
                *([agreed[each].sentence(ctx.language)] if each in agreed else []),
                *([waiting[each]] if each in waiting else []),
            ],
        )
        for each in ordered
    ]


def _choice(ctx: RequestContext, name: str, preference: Preference, notes: list[Markup]) -> Row:
    language = ctx.language
    if not preference["on"]:
        return Row(name, [language.gettext("You said no to this.")], [])
    how = rhythm(language, preference["channel"], preference["frequency"])
    return Row(name, [sentence_start(how)], notes)


def overall(ctx: RequestContext) -> Markup | None:
    """What holds above all topics today, if anything was said of that."""
    if OVERALL not in ctx.state:
        return None
    return overall_sentence(ctx.language, ctx.state.overall_on(ctx.today))


def wish_day(ctx: RequestContext) -> str:
    """Since when the person wants not to be tracked, or no longer; empty if nobody knows."""
    wish = ctx.state.do_not_track
    return _day(ctx, wish["at"]) if wish and wish["at"] is not None else ""


def answers(ctx: RequestContext) -> list[Row]:
    """Each question that was answered, and the answer in words; also one no longer asked."""
    answered = ctx.state.answers()
    asked = {each.id: each for each in ctx.site.questions}
    rows = [
        _answer(ctx, question, answered[name])
        for name, question in asked.items()
        if name in answered
    ]
    rows += [
        Row(name, [_raw(ctx.language, answer)], [])
        for name, answer in answered.items()
        if name not in asked
    ]
    return rows


def fields(ctx: RequestContext) -> list[Row]:
    """What other systems know of the person, as far as the site shows it and still uses it."""
    known = {name: each for _, name, each in values_of(ctx.database, [ctx.profile.id])}
    return [
        _field(ctx, field, known[field.id])
        for field in ctx.site.fields
        if field.shown and field.id in known and holds(field, known[field.id].at, ctx.now)
    ]


def _field(ctx: RequestContext, field: ProfileField, known: Known) -> Row:
    gettext, day = ctx.language.gettext, _day(ctx, known.at)
    platform = BY_ID.get(known.source or "", OWN_LIST)
    source = (
        gettext("We got this from a list of ours on %(date)s.", date=day)
        if platform is OWN_LIST
        else gettext("We got this from %(platform)s on %(date)s.", platform=platform.name, date=day)
    )
    notes = [source]
    if field.lifespan_days is not None:
        until = _day(ctx, known.at + field.lifespan_days * DAY)
        notes.append(gettext("This counts until %(date)s.", date=until))
    return Row(field.name, [field_text(ctx.language, field, known.value)], notes)


def _answer(ctx: RequestContext, question: Question, answer: Mapping[str, Any]) -> Row:
    words = answer_text(ctx.language, question, answer)
    return Row(question.text, [words], [*_until(ctx, question, answer)])


def _until(ctx: RequestContext, question: Question, answer: Mapping[str, Any]) -> Iterator[Markup]:
    """How long the answer counts, if it does not count for good. Skipping is no answer."""
    ends_at = None if answer.get("skipped") else asked_again_at(question, answer)
    if ends_at is None:
        return
    day, gettext = _day(ctx, ends_at), ctx.language.gettext
    if ends_at > ctx.now:
        yield gettext("This counts until %(date)s.", date=day)
    else:
        yield gettext("This counted until %(date)s.", date=day)


def _raw(language: Language, answer: object) -> Markup:
    """An answer as it is stored, where the site file no longer has the words for it."""
    value = answer.get("said") if isinstance(answer, dict) else answer
    return bdi(language.pgettext("answer", "skipped") if value is None else value)
