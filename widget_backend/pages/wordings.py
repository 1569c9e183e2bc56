"""Wordings: what pages say on which something ends, changes or is confirmed, for page and ledger.

Nothing that names a person is in them: wordings outlive the people who read them.
"""

from __future__ import annotations

from collections.abc import Mapping

from widget_backend.i18n.languages import Language
from widget_backend.site.model import Topic
from widget_backend.store.ledger import Wording
from widget_backend.web.request_context import RequestContext


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


def unsubscribing(language: Language, topic: Topic | None) -> dict[str, str]:
    """The unsubscribe page. `heading` takes the site's name, or that of the topic to leave."""
    gettext = language.translations.gettext
    everything = gettext("Unsubscribe from everything that %(site)s sends")
    return {
        "heading": gettext("Unsubscribe from “%(topic)s”") if topic else everything,
        "button": gettext("Unsubscribe"),
        "button for everything": gettext("Unsubscribe from everything") if topic else "",
        "transactional": gettext(
            "You will always get messages about your orders, such as order and delivery "
            "confirmations."
        ),
    }


def unsubscribing_with_an_ended_link(language: Language) -> dict[str, str]:
    """What a link that opens nothing any more still offers."""
    gettext = language.translations.gettext
    return {
        "heading": gettext("You can unsubscribe with any link, however old:"),
        "button": gettext("Unsubscribe from everything"),
    }
