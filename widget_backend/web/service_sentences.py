"""What comes whatever people choose, and the sentences of pages that must except it.

A site that declares no service messages has none: there the exception goes, and so does the note.
"""

from __future__ import annotations

from markupsafe import Markup

from widget_backend.i18n.languages import Language
from widget_backend.site.model import Site


def service_note(language: Language, site: Site) -> Markup | None:
    """What choices do not change; None if the site declares no service messages."""
    if messages := _names(language, site):
        return language.gettext(
            "Whatever you choose, you still get: %(messages)s.", messages=messages
        )
    return None


def no_messages(language: Language, site: Site) -> Markup:
    """To somebody who gets nothing by what they chose."""
    if messages := _names(language, site):
        return language.gettext(
            "You will not get any messages, except: %(messages)s.", messages=messages
        )
    return language.gettext("You will not get any messages.")


def no_more_messages(language: Language, site: Site) -> Markup:
    """To somebody who has just left everything."""
    if messages := _names(language, site):
        return language.gettext(
            "You will not get any more messages, except: %(messages)s.", messages=messages
        )
    return language.gettext("You will not get any more messages.")


def nothing_for_now(language: Language, site: Site) -> Markup:
    """Above the choices of somebody who has paused or left everything."""
    if messages := _names(language, site):
        return language.gettext(
            "We keep your choices below but send nothing for now, except: %(messages)s.",
            messages=messages,
        )
    return language.gettext("We keep your choices below but send nothing for now.")


def _names(language: Language, site: Site) -> str:
    between = language.pgettext("between items of a list", ", ")
    return between.join(message.name for message in site.service_messages)
