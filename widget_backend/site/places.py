"""Places: by which clocks a person may live, as far as it is known where."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.core import get_global

Zones = tuple[ZoneInfo, ...]
"""Clocks, by one of which a person lives."""


@lru_cache(maxsize=300)
def zones_of(country: str) -> Zones:
    """Every time zone of a country (ISO 3166-1) by the CLDR; none of one that is unknown."""
    names: Sequence[str] = get_global("territory_zones").get(country, ())
    return tuple(ZoneInfo(name) for name in names)


@lru_cache(maxsize=1_000)
def zones_of_person(
    time_zone: str | None, country: str | None, countries: tuple[str, ...], site_zone: str
) -> Zones:
    """The clocks of the person: their own, those of their country, or of all the site's countries.

    Whoever they are, what must hold for them must hold by each of these clocks. A site that names
    no countries is taken for a local one: its own clock is that of its readers.
    """
    if time_zone:
        return (ZoneInfo(time_zone),)
    known = zones_of(country) if country else ()
    if known:
        return known
    declared = dict.fromkeys(zone for each in countries for zone in zones_of(each))
    return tuple(declared) or (ZoneInfo(site_zone),)
