"""Fields: how long what other systems know of people is used, and what it tells of their place."""

from __future__ import annotations

from collections.abc import Mapping

from widget_backend.rules.questions import DAY
from widget_backend.site.filters import Value
from widget_backend.site.model import Gives, ProfileField, Site


def holds(field: ProfileField, at: int, now: int) -> bool:
    """Whether a value that came in then is still used. Both are seconds since 1970."""
    return field.lifespan_days is None or now < at + field.lifespan_days * DAY


def gifts(site: Site, values: Mapping[str, Value]) -> dict[Gives, str]:
    """What the values that hold give: a country, a region, a time zone."""
    return {
        each.gives: str(values[each.id]) for each in site.fields if each.gives and each.id in values
    }


def country_of(site: Site, values: Mapping[str, Value]) -> str | None:
    """Where somebody is (ISO 3166-1), by the field of the country or the region."""
    known = gifts(site, values)
    return known.get("country") or known.get("region", "").partition("-")[0] or None
