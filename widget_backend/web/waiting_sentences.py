"""What holds messages of a topic back, said to the person whom they are for.

Only what is theirs to read: what they chose, what was sent to them, and hours of rest. Of other
reasons of the site only their end is named. For staff see `decision_sentences.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from markupsafe import Markup

from widget_backend.i18n.languages import Language
from widget_backend.rules.check import Check, Rule
from widget_backend.rules.decision import Decision, refusal_of
from widget_backend.site.model import Site
from widget_backend.web.labels import frequency_name

OF_EVERYTHING: tuple[Rule, ...] = ("unsubscribed", "pause")
"""Rules that hold back every topic: a page that lists topics says so once, above them."""


def waiting_sentence(language: Language, site: Site, decision: Decision) -> Markup | None:
    """Why nothing of a topic comes now, and from when it may; None if nothing holds it back."""
    if decision.deciding is None:
        return None
    if decision.deciding.not_before is None:
        return refusal_sentence(language, decision.deciding)
    if decision.not_before is None:
        return language.gettext("Nothing of this comes for now.")
    sentence = _UNTIL.get(decision.deciding.rule, _next)
    return sentence(language, site, decision.deciding, decision.not_before)


def refusal_sentences(language: Language, outlook: Mapping[str, Decision]) -> dict[str, Markup]:
    """A sentence for each topic that is refused, by id, whatever holds above all topics."""
    return {topic: refusal_sentence(language, each) for topic, each in refusals(outlook).items()}


def refusals(outlook: Mapping[str, Decision]) -> dict[str, Check]:
    """What refuses each topic that is refused, by id, whatever holds above all topics."""
    checks = {topic: refusal_of(each, but_for=OF_EVERYTHING) for topic, each in outlook.items()}
    return {topic: check for topic, check in checks.items() if check}


def refusal_sentence(language: Language, check: Check) -> Markup:
    """Why nothing comes until somebody changes something."""
    gettext = language.gettext
    sentences = {
        ("email", "missing"): gettext("Nothing comes: we have no email address for you."),
        ("phone", "missing"): gettext("Nothing comes: we have no phone number for you."),
        ("post", "missing"): gettext("Nothing comes: we have no postal address for you."),
        ("email", "undeliverable"): gettext("Nothing comes: our emails to you came back."),
        ("phone", "undeliverable"): gettext("Nothing comes: messages to your number came back."),
        ("post", "undeliverable"): gettext("Nothing comes: our letters to you came back."),
        ("email", "not confirmed"): gettext("Nothing comes: your address is not confirmed yet."),
        ("phone", "not confirmed"): gettext("Nothing comes: your number is not confirmed yet."),
    }
    reason = (str(check.facts.get("kind")), str(check.facts.get("is")))
    return sentences.get(reason) or gettext("Nothing of this comes for now.")


def _pause(language: Language, _: Site, check: Check, _not_before: int) -> Markup:
    day = language.date(date.fromisoformat(check.facts["until"]))
    return language.gettext("Nothing comes until %(date)s: you asked for a pause.", date=day)


def _frequency(language: Language, site: Site, check: Check, not_before: int) -> Markup:
    last = language.date(site.local_day(check.facts["last"]))
    day = _day(language, site, not_before)
    if check.facts["less"]:
        return language.gettext(
            "The last one was sent on %(last)s. You asked for fewer messages, so the next may come "
            "from %(date)s.",
            last=last,
            date=day,
        )
    return language.gettext(
        "The last one was sent on %(last)s. You get this topic %(frequency)s, so the next may come "
        "from %(date)s.",
        last=last,
        frequency=frequency_name(language, check.facts["frequency"]),
        date=day,
    )


def _night(language: Language, site: Site, _: Check, not_before: int) -> Markup:
    there = site.local_time(not_before)
    return language.gettext(
        "Nothing comes at this hour. The next may come from %(date)s, %(time)s.",
        date=language.date(there.date()),
        time=language.time(there),
    )


def _cap(language: Language, site: Site, _: Check, not_before: int) -> Markup:
    return language.gettext(
        "So that you do not get too many messages, the next may come from %(date)s.",
        date=_day(language, site, not_before),
    )


def _next(language: Language, site: Site, _: Check, not_before: int) -> Markup:
    day = _day(language, site, not_before)
    return language.gettext("The next may come from %(date)s.", date=day)


def _day(language: Language, site: Site, at: int) -> str:
    return language.date(site.local_time(at).date())


_UNTIL: dict[str, Callable[[Language, Site, Check, int], Markup]] = {
    "pause": _pause,
    "frequency": _frequency,
    "law": _night,
    "quiet_hours": _night,
    "cap": _cap,
}
