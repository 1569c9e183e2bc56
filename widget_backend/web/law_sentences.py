"""The law in decisions, in words: what a consent rests on, and what the law makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from widget_backend.i18n.languages import Language

Day = Callable[[int], str]
"""The day of a moment, in words."""


def ground_sentence(
    language: Language, topic: str, facts: Mapping[str, Any], day_of: Day
) -> Markup:
    """What there is instead of a plain yes."""
    gettext = language.gettext
    day = day_of(facts["at"]) if facts["at"] is not None else None
    sentences = {
        "purchase": gettext(
            "They bought something on %(date)s. Nobody asked them about “%(topic)s”.",
            date=day,
            topic=topic,
        ),
        "inquiry": gettext(
            "They asked about something on %(date)s. Nobody asked them about “%(topic)s”.",
            date=day,
            topic=topic,
        ),
        "pre_ticked": gettext("The box for “%(topic)s” was ticked beforehand.", topic=topic),
        "rewarded": gettext(
            "They agreed to “%(topic)s” for a reward, and to decline was not free.", topic=topic
        ),
        "rewarded_free": gettext(
            "They agreed to “%(topic)s” for a reward, and to decline was free.", topic=topic
        ),
    }
    return sentences[facts["is"]]


def law_sentence(language: Language, facts: Mapping[str, Any], day_of: Day) -> Markup:
    """What the law says of a message."""
    gettext, law, hours = language.gettext, facts["name"], ", ".join(facts["hours"])
    if facts.get("is"):
        return _refused(language, facts, day_of)
    if hours:
        return gettext(
            "By law (%(law)s) this channel may be used at these hours: %(hours)s.",
            law=law,
            hours=hours,
        )
    if facts.get("until"):
        return gettext(
            "By law (%(law)s) what they did counts as consent until %(date)s.",
            law=law,
            date=day_of(facts["until"]),
        )
    if facts.get("consent") and facts["basis"] == "opt-in":
        return gettext("By law (%(law)s) this counts as consent until they refuse.", law=law)
    if facts["basis"] == "opt-in":
        return gettext("By law (%(law)s) people must have agreed first.", law=law)
    return gettext("By law (%(law)s) people may be written to until they refuse.", law=law)


def _refused(language: Language, facts: Mapping[str, Any], day_of: Day) -> Markup:
    """Why a consent does not count for which they were not simply asked."""
    gettext, law, until = language.gettext, facts["name"], facts["until"]
    sentences = {
        "no implied consent": gettext(
            "By law (%(law)s) a purchase or an inquiry is not enough: they must have agreed.",
            law=law,
        ),
        "ended": gettext(
            "By law (%(law)s) what they did counted as consent until %(date)s.",
            law=law,
            date=day_of(until) if until else "",
        ),
        "pre-ticked": gettext(
            "By law (%(law)s) a box that was ticked beforehand is no consent.", law=law
        ),
        "rewarded": gettext(
            "By law (%(law)s) a yes that was given for such a reward is no consent.", law=law
        ),
        "not looked up": gettext(
            "Nobody has looked up whether the law (%(law)s) allows such consent.", law=law
        ),
    }
    return sentences[facts["is"]]
