"""Decisions in words: one sentence for each thing that a rule can find, for whoever asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from widget_backend.i18n.languages import Language
from widget_backend.rules.basis import BASES
from widget_backend.rules.check import Check
from widget_backend.rules.decision import Decision
from widget_backend.site.model import Site
from widget_backend.site.time_values import stretch_parts
from widget_backend.web.labels import channel_name, frequency_name
from widget_backend.web.law_sentences import ground_sentence, law_sentence


@dataclass(frozen=True)
class Words:
    """The language of sentences, and the site in it."""

    language: Language
    site: Site

    def decision(self, decision: Decision) -> str:
        """Whether it may go, why not, and when it may."""
        gettext = self.language.gettext
        if decision.deciding is None:
            return _plain(gettext("Yes, this message may go."))
        why = self.check(decision.deciding)
        if decision.not_before is None:
            return _plain(gettext("No. %(why)s", why=why))
        at = self.moment(decision.not_before)
        return _plain(gettext("Not before %(time)s. %(why)s", time=at, why=why))

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
        return self.language.date(self.site.local_day(at))

    def topic(self, topic_id: str) -> str:
        topic = self.site.topic(topic_id)
        return topic.name if topic else topic_id


def _plain(sentence: Markup) -> str:
    """For a terminal or a file, without the marks of a page."""
    return str(sentence.striptags())


def _segment(words: Words, facts: Mapping[str, Any]) -> Markup:
    gettext, segment = words.language.gettext, facts["segment"]
    if segment is None:
        return gettext("The message is for everybody who gets its topic.")
    known = words.site.segment(segment)
    if known and known.where is None:
        return gettext("Nobody can tell who is in the segment “%(segment)s”.", segment=segment)
    if facts["in"]:
        return gettext("They are in the segment “%(segment)s”.", segment=segment)
    return gettext("They are not in the segment “%(segment)s”.", segment=segment)


def _consent(words: Words, facts: Mapping[str, Any]) -> Markup:
    gettext, topic = words.language.gettext, words.topic(facts["topic"])
    if facts["is"] == "never agreed":
        return gettext("They never agreed to “%(topic)s”.", topic=topic)
    if facts["is"] == "not confirmed":
        return gettext("They have not confirmed that they signed up.")
    if facts["is"] == "by":
        by = channel_name(words.language, facts["channel"])
        return gettext("They get “%(topic)s” by %(channel)s only.", topic=topic, channel=by)
    if facts["is"] in BASES:
        return ground_sentence(words.language, topic, facts, words.day)
    return _choice(words, topic, facts["is"] == "agreed", facts["at"])


def _choice(words: Words, topic: str, is_on: bool, at: int | None) -> Markup:
    gettext = words.language.gettext
    if at is None:
        if is_on:
            return gettext("They agreed to “%(topic)s”.", topic=topic)
        return gettext("“%(topic)s” is turned off for them.", topic=topic)
    if is_on:
        return gettext("They agreed to “%(topic)s” on %(date)s.", topic=topic, date=words.day(at))
    return gettext(
        "“%(topic)s” was turned off for them on %(date)s.", topic=topic, date=words.day(at)
    )


def _unsubscribed(words: Words, facts: Mapping[str, Any]) -> Markup:
    gettext = words.language.gettext
    if not facts["from_everything"]:
        return gettext("They have not unsubscribed from everything.")
    if facts["at"] is None:
        return gettext("They unsubscribed from everything.")
    return gettext("They unsubscribed from everything on %(date)s.", date=words.day(facts["at"]))


def _address(words: Words, facts: Mapping[str, Any]) -> Markup:
    gettext = words.language.gettext
    sentences = {
        ("email", "missing"): gettext("There is no email address."),
        ("phone", "missing"): gettext("There is no phone number."),
        ("post", "missing"): gettext("There is no postal address."),
        ("email", "undeliverable"): gettext("Email to this address comes back."),
        ("phone", "undeliverable"): gettext("Messages to this number come back."),
        ("post", "undeliverable"): gettext("Letters to this address come back."),
        ("email", "not confirmed"): gettext("Nobody has confirmed this email address."),
        ("phone", "not confirmed"): gettext("Nobody has confirmed this phone number."),
        ("email", "known"): gettext("There is an email address that takes messages."),
        ("phone", "known"): gettext("There is a phone number that takes messages."),
        ("post", "known"): gettext("There is a postal address."),
    }
    return sentences[facts["kind"], facts["is"]]


def _pause(words: Words, facts: Mapping[str, Any]) -> Markup:
    gettext = words.language.gettext
    if facts["until"] is None:
        return gettext("They have not paused messages.")
    until = words.language.date(date.fromisoformat(facts["until"]))
    return gettext("They paused all messages until %(date)s.", date=until)


def _context(words: Words, facts: Mapping[str, Any]) -> Markup:
    gettext = words.language.gettext
    sentences = {
        None: gettext("They have no open cart, service case, or order on its way."),
        "open-cart": gettext("They have something in their cart."),
        "service-case": gettext("Customer service is helping them."),
        "order-on-its-way": gettext("An order is on its way to them."),
    }
    return sentences[facts["context"]]


def _frequency(words: Words, facts: Mapping[str, Any]) -> Markup:
    gettext = words.language.gettext
    if facts["frequency"] is None:
        return gettext("They have chosen no frequency.")
    often = frequency_name(words.language, facts["frequency"])
    if facts["planned"] is not None:
        return gettext(
            "This topic comes to them %(frequency)s. One is planned for %(time)s.",
            frequency=often,
            time=words.moment(facts["planned"]),
        )
    if facts["last"] is None:
        return gettext(
            "This topic comes to them %(frequency)s, and none was sent yet.", frequency=often
        )
    last = words.moment(facts["last"])
    if facts["less"]:
        return gettext(
            "They want fewer messages: this topic %(frequency)s. The last was sent on %(time)s.",
            frequency=often,
            time=last,
        )
    return gettext(
        "This topic comes to them %(frequency)s. The last was sent on %(time)s.",
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
    gettext = words.language.gettext
    if not facts["kept"]:
        return gettext("This channel has no quiet hours.")
    if not facts["zones"]:
        return gettext("It is no quiet hour where they live.")
    places = [words.language.place_of(each) for each in facts["zones"][:3]]
    where = words.language.pgettext("between items of a list", ", ").join(places)
    return gettext("It is a quiet hour by the clock of %(place)s.", place=where)


def _priority(words: Words, facts: Mapping[str, Any]) -> Markup:
    gettext = words.language.gettext
    if not facts["campaigns"]:
        return gettext("No campaign of a higher priority is planned for them.")
    return gettext(
        "Room is kept for the campaign “%(campaign)s”, which has a higher priority.",
        campaign=facts["campaigns"][0],
    )


_SENTENCES: dict[str, Callable[[Words, Mapping[str, Any]], Markup]] = {
    "segment": _segment,
    "consent": _consent,
    "unsubscribed": _unsubscribed,
    "address": _address,
    "law": lambda words, facts: law_sentence(words.language, facts, words.day),
    "pause": _pause,
    "context": _context,
    "frequency": _frequency,
    "cap": _cap,
    "quiet_hours": _quiet_hours,
    "priority": _priority,
}
