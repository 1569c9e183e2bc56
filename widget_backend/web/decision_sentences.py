"""Decisions in words: one sentence for each thing that a rule can find, for whoever asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from widget_backend.i18n.languages import Language
from widget_backend.rules.decision import Check, Decision
from widget_backend.rules.snapshot import Message
from widget_backend.site.model import Site
from widget_backend.site.values import stretch_parts
from widget_backend.web.labels import channel_name, frequency_name


@dataclass(frozen=True)
class Words:
    """The language, site and message that sentences are about."""

    language: Language
    site: Site
    message: Message

    def decision(self, decision: Decision) -> str:
        """Whether it may go, why not, and when it may."""
        say = self.language.gettext
        if decision.deciding is None:
            return _plain(say("Yes, this message may go now."))
        why = self.check(decision.deciding)
        if decision.not_before is None:
            return _plain(say("No. %(why)s", why=why))
        at = self.moment(decision.not_before)
        return _plain(say("Not before %(time)s. %(why)s", time=at, why=why))

    def check(self, check: Check) -> str:
        """What one rule found, in a sentence."""
        if check.facts.get("ground"):
            return _plain(
                self.language.gettext("A service message: this rule holds back none of them.")
            )
        return _plain(_SENTENCES[check.rule](self, check.facts))

    def moment(self, at: int) -> str:
        """Day and hour by the clock where the site is."""
        there = self.site.local_time(at)
        return f"{self.language.date(there.date())}, {self.language.time(there)}"

    def day(self, at: int) -> str:
        return self.language.date(self.site.local_time(at).date())

    def topic(self, topic_id: str) -> str:
        topic = self.site.topic(topic_id)
        return topic.name if topic else topic_id


def _plain(sentence: Markup) -> str:
    """For a terminal or a file, without the marks of a page."""
    return str(sentence.striptags())


def _consent(words: Words, facts: Mapping[str, Any]) -> Markup:
    say, topic = words.language.gettext, words.topic(facts["topic"])
    if facts["is"] == "never agreed":
        return say("They never agreed to “%(topic)s”.", topic=topic)
    if facts["is"] == "not confirmed":
        return say("They have not confirmed that they signed up.")
    if facts["is"] == "by":
        by = channel_name(words.language, facts["channel"])
        return say("They get “%(topic)s” by %(channel)s only.", topic=topic, channel=by)
    return _choice(words, topic, facts["is"] == "agreed", facts["at"])


def _choice(words: Words, topic: str, is_on: bool, at: int | None) -> Markup:
    say = words.language.gettext
    if at is None:
        if is_on:
            return say("They agreed to “%(topic)s”.", topic=topic)
        return say("They left “%(topic)s”.", topic=topic)
    if is_on:
        return say("They agreed to “%(topic)s” on %(date)s.", topic=topic, date=words.day(at))
    return say("They left “%(topic)s” on %(date)s.", topic=topic, date=words.day(at))


def _unsubscribed(words: Words, facts: Mapping[str, Any]) -> Markup:
    say = words.language.gettext
    if not facts["from_everything"]:
        return say("They have not unsubscribed from everything.")
    if facts["at"] is None:
        return say("They unsubscribed from everything.")
    return say("They unsubscribed from everything on %(date)s.", date=words.day(facts["at"]))


def _address(words: Words, facts: Mapping[str, Any]) -> Markup:
    say = words.language.gettext
    sentences = {
        ("email", "missing"): say("There is no email address."),
        ("phone", "missing"): say("There is no phone number."),
        ("post", "missing"): say("There is no postal address."),
        ("email", "undeliverable"): say("Email to this address comes back."),
        ("phone", "undeliverable"): say("Messages to this number come back."),
        ("post", "undeliverable"): say("Letters to this address come back."),
        ("email", "not confirmed"): say("Nobody has confirmed this email address."),
        ("phone", "not confirmed"): say("Nobody has confirmed this phone number."),
        ("email", "known"): say("There is an email address that takes messages."),
        ("phone", "known"): say("There is a phone number that takes messages."),
        ("post", "known"): say("There is a postal address."),
    }
    return sentences[facts["kind"], facts["is"]]


def _pause(words: Words, facts: Mapping[str, Any]) -> Markup:
    say = words.language.gettext
    if facts["until"] is None:
        return say("They have not paused messages.")
    until = words.language.date(date.fromisoformat(facts["until"]))
    return say("They paused all messages until %(date)s.", date=until)


def _context(words: Words, facts: Mapping[str, Any]) -> Markup:
    say = words.language.gettext
    sentences = {
        None: say("They are in the middle of nothing."),
        "open-cart": say("They have something in their cart."),
        "service-case": say("Customer service is helping them."),
        "order-on-its-way": say("An order is on its way to them."),
    }
    return sentences[facts["context"]]


def _frequency(words: Words, facts: Mapping[str, Any]) -> Markup:
    say = words.language.gettext
    if facts["frequency"] is None:
        return say("They have chosen no frequency.")
    often = frequency_name(words.language, facts["frequency"])
    if facts["last"] is None:
        return say("They want this topic %(frequency)s, and none was sent yet.", frequency=often)
    last = words.moment(facts["last"])
    if facts["less"]:
        return say(
            "They want fewer messages: this topic %(frequency)s. The last was sent on %(time)s.",
            frequency=often,
            time=last,
        )
    return say(
        "They want this topic %(frequency)s. The last was sent on %(time)s.",
        frequency=often,
        time=last,
    )


def _cap(words: Words, facts: Mapping[str, Any]) -> Markup:
    language = words.language
    most, sent = language.number(facts["most"]), language.number(facts["taken"])
    periods = {
        "day": language.pgettext("period", "one day"),
        "week": language.pgettext("period", "one calendar week"),
        "month": language.pgettext("period", "one calendar month"),
    }
    period = periods.get(facts["calendar"]) or language.stretch(*stretch_parts(facts["window"]))
    of = [words.topic(facts["topic"])] if facts["topic"] else []
    of += [channel_name(language, facts["channel"])] if facts["channel"] else []
    if not of:
        return language.gettext(
            "The site sends at most %(most)s in %(period)s, by all senders; so far %(taken)s.",
            most=most,
            period=period,
            taken=sent,
        )
    what = language.pgettext("between items of a list", ", ").join(of)
    return language.gettext(
        "The site sends at most %(most)s in %(period)s of this kind (%(what)s); so far %(taken)s.",
        most=most,
        period=period,
        what=what,
        taken=sent,
    )


def _quiet_hours(words: Words, facts: Mapping[str, Any]) -> Markup:
    say = words.language.gettext
    if not facts["zones"]:
        return say("This channel has no quiet hours.")
    places = [words.language.place_of(each) for each in facts["zones"][:3]]
    where = words.language.pgettext("between items of a list", ", ").join(places)
    return say("Quiet hours are kept by the clock of %(place)s.", place=where)


def _priority(words: Words, facts: Mapping[str, Any]) -> Markup:
    say = words.language.gettext
    if not facts["campaigns"]:
        return say("Nothing more important needs the room.")
    return say("Room is kept for “%(campaign)s”.", campaign=facts["campaigns"][0])


_SENTENCES: dict[str, Callable[[Words, Mapping[str, Any]], Markup]] = {
    "consent": _consent,
    "unsubscribed": _unsubscribed,
    "address": _address,
    "pause": _pause,
    "context": _context,
    "frequency": _frequency,
    "cap": _cap,
    "quiet_hours": _quiet_hours,
    "priority": _priority,
}
