"""Wordings: what pages say on which something ends, changes or is confirmed, for page and ledger.

Nothing that names a person is in them: wordings outlive the people who read them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import NamedTuple

from widget_backend.i18n.languages import Language
from widget_backend.rules.state import DoNotTrack
from widget_backend.store.ledger import Wording
from widget_backend.web.request_context import RequestContext
from widget_backend.web.service_sentences import service_note


def with_footer(ctx: RequestContext, texts: Mapping[str, str]) -> Wording:
    """The texts of a page together with what stands at its end, for the ledger."""
    site = ctx.site
    footer = {"data_use": site.data_use, "privacy_policy": site.privacy_policy}
    return Wording.of(site.id, ctx.language.tag, {**texts, **footer})


def erasing(language: Language) -> dict[str, str]:
    gettext = language.translations.gettext
    return {
        "heading": gettext("Delete my data"),
        "what": gettext(
            "Everything on this page will be permanently deleted. We keep a note that there "
            "were records, but not what was in them. You cannot undo this."
        ),
        "kept": gettext(
            "We also keep your email address in a scrambled form that nobody can read, so that no "
            "list we import brings you back. It is deleted if you sign up again yourself."
        ),
        "button": gettext("Delete everything now"),
    }


def tracking(language: Language, wish: DoNotTrack | None, is_signalled: bool) -> dict[str, str]:
    """What is said of the wish not to be tracked, by how it stands. `what` may take its date."""
    gettext = language.translations.gettext
    heading = gettext("Do not track me")
    if wish is None or not wish["wanted"]:
        what = gettext(
            "You can say that we may not learn anything about you from what you do: from messages "
            "you open, links you click or pages you visit. You can take it back at any time."
        )
        signal = gettext(
            "Your browser asks for privacy (Global Privacy Control). With this button, we keep "
            "that wish for all your devices."
        )
        offer = {"signal": signal} if is_signalled else {}
        return {"heading": heading, "what": what, **offer, "button": heading}
    since = gettext(
        "Since %(date)s, we may not learn anything about you from what you do: from messages you "
        "open, links you click or pages you visit."
    )
    undated = gettext(
        "We may not learn anything about you from what you do: from messages you open, links you "
        "click or pages you visit."
    )
    what = undated if wish["at"] is None else since
    return {"heading": heading, "what": what, "button": gettext("Take this back")}


def ending_links(language: Language) -> dict[str, str]:
    gettext = language.translations.gettext
    return {
        "heading": gettext("If someone else might have your links"),
        "button": gettext("Cancel my links and send me a new one"),
    }


def changing_address(language: Language) -> dict[str, str]:
    """`what` takes the site's name and the address, masked."""
    gettext = language.translations.gettext
    return {
        "heading": gettext("Confirm your new address"),
        "what": gettext("After that, %(site)s will write to you at %(address)s."),
        "button": gettext("Confirm"),
        "note": gettext("If this was not you, close this page. Nothing will change."),
    }


def confirming_sign_up(language: Language) -> dict[str, str]:
    """`heading` takes the site's name."""
    gettext = language.translations.gettext
    return {
        "heading": gettext("Confirm that you want to hear from %(site)s"),
        "button": gettext("Confirm"),
        "note": gettext(
            "If this was not you, close this page. We will not send anything unless you confirm."
        ),
    }


class Button(NamedTuple):
    """What a button says, and in a second line what it does."""

    name: str
    meaning: str


@lru_cache(maxsize=256)
def unsubscribe_buttons(language: Language, has_topic: bool) -> dict[str, Button]:
    """The buttons of the unsubscribe page by the value that they send, with and without a topic."""
    gettext = language.translations.gettext
    only_topic = gettext("only this topic; you can undo it")
    everything = gettext("from everything; you can undo it")
    rare_topic = gettext("this topic at most once a month")
    rare = gettext("each topic at most once a month")
    return {
        "leave": Button(gettext("Unsubscribe"), only_topic if has_topic else everything),
        "less": Button(gettext("Get fewer messages"), rare_topic if has_topic else rare),
        "pause": Button(gettext("Pause"), gettext("all messages, until a date you choose")),
        "off": Button(gettext("Unsubscribe from everything"), gettext("you can undo it")),
    }


def unsubscribing(ctx: RequestContext, has_topic: bool, buttons: Collection[str]) -> dict[str, str]:
    """The unsubscribe page with these of its buttons. `heading` takes the site's name, or that of
    the topic; `days` takes each date of a pause."""
    language = ctx.language
    note = service_note(language, ctx.site)
    texts = {
        f"button {do}": f"{button.name} {button.meaning}"
        for do, button in unsubscribe_buttons(language, has_topic).items()
        if do in buttons
    }
    days = language.translations.gettext("Pause until %(date)s")
    return {
        "heading": _unsubscribe_heading(language, has_topic, buttons),
        **texts,
        **({"days": days} if "pause" in buttons else {}),
        **({"transactional": note.striptags()} if note else {}),
    }


def _unsubscribe_heading(language: Language, has_topic: bool, buttons: Collection[str]) -> str:
    gettext = language.translations.gettext
    if not buttons:
        return gettext("You are unsubscribed from everything")
    if not has_topic:
        return gettext("Unsubscribe from everything that %(site)s sends")
    if {*buttons} == {"off"}:
        return gettext("You no longer get “%(topic)s”")
    return gettext("Unsubscribe from “%(topic)s”")


def unsubscribing_with_an_ended_link(language: Language) -> dict[str, str]:
    """What a link that opens nothing any more still offers."""
    gettext = language.translations.gettext
    return {
        "heading": gettext("You can unsubscribe with any link, however old:"),
        "button": gettext("Unsubscribe from everything"),
    }
