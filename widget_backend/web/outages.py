"""Outages: what a page says while the database does not do what is asked, and keeps meanwhile."""

from __future__ import annotations

from flask import request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from widget_backend.i18n.languages import Language


def words(language: Language) -> tuple[Markup, Markup]:
    """Title and advice. Neither says that nothing was saved: that is not known of every outage."""
    if request.method == "POST":
        return (
            language.gettext("This cannot be done right now"),
            language.gettext(
                "What you entered is still on this page. Wait a minute, then try again. "
                "Sending it twice does no harm."
            ),
        )
    return (
        language.gettext("This page cannot be shown right now"),
        language.gettext("Wait a minute, then try again."),
    )


def sent() -> list[tuple[str, str]]:
    """What the form that was sent held, to be sent once more; no more than a form may hold."""
    try:
        return list(request.form.items(multi=True))
    except HTTPException:  # too much, or nothing that a browser sends
        return []
