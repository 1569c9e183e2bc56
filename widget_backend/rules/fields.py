"""Fields: how long what other systems know of people is used."""

from __future__ import annotations

from widget_backend.rules.questions import DAY
from widget_backend.site.model import ProfileField


def holds(field: ProfileField, at: int, now: int) -> bool:
    """Whether a value that came in then is still used. Both are seconds since 1970."""
    return field.lifespan_days is None or now < at + field.lifespan_days * DAY
