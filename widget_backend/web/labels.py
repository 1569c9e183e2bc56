"""Labels: what is kept as identifiers, said in the reader's language."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from widget_backend.i18n.languages import Language, bdi
from widget_backend.rules.do_not_track import is_wanted
from widget_backend.rules.state import (
    AS_CHOSEN,
    DO_NOT_TRACK,
    LANGUAGE,
    OVERALL,
    Change,
    DoNotTrack,
    Overall,
    Preference,
    Reach,
)
from widget_backend.rules.volume import most_often
from widget_backend.site.filters import Value
from widget_backend.site.model import ProfileField, Question, Site
from widget_backend.text import masked, sentence_start


def channel_name(language: Language, channel: str) -> str:
    names = {
        "email": language.pgettext("channel", "email"),
        "sms": language.pgettext("channel", "SMS"),
        "phone": language.pgettext("channel", "phone call"),
        "post": language.pgettext("channel", "post"),
    }
    return names.get(channel, channel)


def frequency_name(language: Language, frequency: str) -> str:
    names = {
        "daily": language.pgettext("frequency", "daily"),
        "weekly": language.pgettext("frequency", "weekly"),
        "every_two_weeks": language.pgettext("frequency", "every two weeks"),
        "monthly": language.pgettext("frequency", "monthly"),
        "quarterly": language.pgettext("frequency", "quarterly"),
    }
    return names.get(frequency, frequency)


def rhythm(language: Language, channel: str, frequency: str) -> str:
    """How and how often something comes: “email, weekly”."""
    between = language.pgettext("between items of a list", ", ")
    return f"{channel_name(language, channel)}{between}{frequency_name(language, frequency)}"


def sentences(
    language: Language,
    site: Site,
    changes: Iterable[Change],
    reach: Reach = "as_chosen",
    refused: Collection[str] = (),
) -> list[Markup]:
    """What changed, one sentence a change; topics that vanished since are passed over.

    `reach` is what holds above all topics: nothing may come for now, or less than is chosen.
    `refused` are ids of topics of which nothing may come: no sentence says that they do.
    """
    each_told = (_sentence(language, site, change, reach, refused) for change in changes)
    return [sentence for sentence in each_told if sentence]


def _sentence(
    language: Language, site: Site, change: Change, reach: Reach, refused: Collection[str]
) -> Markup | None:
    if change.kind == "topic":
        return _topic_sentence(language, site, change, reach, change.name in refused)
    if change.subject == OVERALL:
        return overall_sentence(language, change.after)
    if change.subject == LANGUAGE and change.after:
        return language.gettext(
            "We will now write to you in %(language)s.", language=language.name_of(change.after)
        )
    if change.subject == DO_NOT_TRACK:
        return _wish_sentence(language, change.after)
    if change.kind == "contact":
        return _contact_sentence(language, change)
    return None


def _is_on(preference: Preference | None) -> bool:
    return bool(preference and preference["on"])


def _topic_sentence(
    language: Language, site: Site, change: Change, reach: Reach, is_refused: bool
) -> Markup | None:
    topic = site.topic(change.name)
    if topic is None or not (_is_on(change.before) or _is_on(change.after)):
        return None
    if not _is_on(change.after):
        return language.gettext("You will no longer get “%(topic)s”.", topic=topic.name)
    choice = {
        "topic": topic.name,
        "channel": channel_name(language, change.after["channel"]),
        "frequency": frequency_name(language, most_often(change.after["frequency"], reach)),
    }
    if is_refused:
        return language.gettext("“%(topic)s”: %(channel)s, %(frequency)s.", **choice)
    if reach in {"paused", "off"}:
        return language.gettext(
            "When messages start again, you will get “%(topic)s”: %(channel)s, %(frequency)s.",
            **choice,
        )
    return language.gettext("You get “%(topic)s”: %(channel)s, %(frequency)s.", **choice)


def overall_sentence(language: Language, overall: Overall | None) -> Markup:
    reach = (overall or AS_CHOSEN)["reach"]
    if reach == "off":
        return language.gettext("You are unsubscribed from everything.")
    if reach == "less":
        return language.gettext("You get fewer messages: each topic at most once a month.")
    if reach == "paused" and overall:
        day = date.fromisoformat(str(overall["until"]))
        return language.gettext("All messages are paused until %(date)s.", date=language.date(day))
    return language.gettext("You get messages as you chose for each topic.")


def _wish_sentence(language: Language, wish: DoNotTrack | None) -> Markup:
    if is_wanted(wish):
        return language.gettext("You asked us not to track you.")
    return language.gettext("Your wish not to be tracked no longer holds.")


def _contact_sentence(language: Language, change: Change) -> Markup:
    if change.after is None:
        return language.gettext("We removed a contact detail.")
    if change.name == "email":
        return language.gettext("We now write to you at a different address.")
    if change.name == "phone":
        sentence = language.translations.gettext("We saved your phone number: %(phone)s.")
        return Markup(escape(sentence)) % {"phone": masked(change.after)}  # noqa: S704 - escaped
    if change.name == "customer":
        return language.gettext("We saved your customer number.")
    return language.gettext("We saved your postal address.")


def door_name(language: Language, door: str) -> str:
    """Where something was said."""
    names = {
        "hosted": language.pgettext("where it was said", "on this site"),
        "widget": language.pgettext("where it was said", "in the form on our page"),
        "unsubscribe": language.pgettext("where it was said", "by an unsubscribe link"),
        "delivery": language.pgettext("where it was said", "by marking a message as spam"),
        "one-click": language.pgettext("where it was said", "in your email app"),
        "mail": language.pgettext("where it was said", "by email"),
        "sign-up": language.pgettext("where it was said", "when you signed up"),
        "confirmation": language.pgettext("where it was said", "when you confirmed your address"),
        "new-address": language.pgettext("where it was said", "when you confirmed a new address"),
        "my-data": language.pgettext("where it was said", "on the page with your data"),
        "import": language.pgettext("where it was said", "in our previous system"),
        "phone": language.pgettext("where it was said", "by phone"),
        "letter": language.pgettext("where it was said", "by letter"),
        "staff": language.pgettext("where it was said", "by our staff"),
    }
    return names.get(door, door)


def reason_name(language: Language, reason: str) -> str:
    """Why somebody left."""
    names = {
        "many": language.pgettext("why somebody leaves", "Too many messages"),
        "use": language.pgettext("why somebody leaves", "Not useful to me any more"),
        "asked": language.pgettext("why somebody leaves", "I did not ask for them"),
        "elsewhere": language.pgettext("why somebody leaves", "I follow you elsewhere"),
        "other": language.pgettext("why somebody leaves", "Something else"),
    }
    return names.get(reason, reason)


def answer_text(language: Language, question: Question, answer: Mapping[str, Any]) -> Markup:
    """An answer as the person gave it, each option with its own direction."""
    if answer.get("skipped"):
        return escape(sentence_start(language.pgettext("answer", "skipped")))
    if answer.get("declined"):
        return escape(language.translations.gettext("Prefer not to say"))
    value = answer["said"]
    if isinstance(value, list):
        chosen = [bdi(_option_text(language, question, each)) for each in value]
        between = escape(language.pgettext("between items of a list", ", "))
        return between.join(chosen) or bdi(question.none)
    is_number = isinstance(value, int)
    return bdi(language.number(value) if is_number else _option_text(language, question, value))


def field_text(language: Language, field: ProfileField, value: Value) -> Markup:
    """What other systems know of somebody, in words."""
    if isinstance(value, bool):
        return bdi(_yes_or_no(language)["yes" if value else "no"])
    if isinstance(value, int | float):
        return bdi(language.amount(value, field.unit))
    if field.kind == "date":
        return bdi(language.date(date.fromisoformat(value)))
    words = {"country": language.country, "time_zone": language.place_of}
    return bdi(words[field.gives](value) if field.gives in words else value)


def _yes_or_no(language: Language) -> dict[str, str]:
    return {"yes": language.pgettext("answer", "Yes"), "no": language.pgettext("answer", "No")}


def _option_text(language: Language, question: Question, value: str) -> str:
    options = {option.id: option.text for option in question.options}
    return (_yes_or_no(language) if question.kind == "yes_no" else options).get(value, value)
