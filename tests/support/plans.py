"""A contact plan of a shop, made of a few campaigns and people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from tests.support.decisions import CAPPED, NOW, TIRANA, choice, person
from widget_backend.i18n.languages import language
from widget_backend.rules.plan import Planned, Week, flat_refusals, play, weeks_from
from widget_backend.rules.plan_tally import PlanTally
from widget_backend.rules.snapshot import Message, Sent, Snapshot
from widget_backend.site.model import Site
from widget_backend.site.sending import Campaign

HOSTILE = "<script>alert(1)</script>\"'&amp;]]>\u202e</style><img src=x onerror=alert(1)>"
Send = tuple[str, str, int, int]
"""Name and topic of a campaign, and on which day of June 2026 it goes, at which hour."""

SHOP = replace(CAPPED, name="Kutia", time_zone="Europe/Tirane")
SENDS = [("offers-of-june", "offers", 9, 12), ("news", "news", 11, 9), ("again", "offers", 23, 9)]


def planned_of(site: Site, weeks: Sequence[Week], *sends: Send) -> list[Planned]:
    return [
        Planned(
            Campaign(name, topic, HOSTILE, sender=HOSTILE),
            Message(name, topic, "email"),
            at := int(datetime(2026, 6, day, hour, tzinfo=TIRANA).timestamp()),
            next(n for n, week in enumerate(weeks) if week.begins <= at < week.ends),
        )
        for name, topic, day, hour in sends
    ]


def tally_of(
    tag: str = "en",
    sends: list[Send] = SENDS,
    people: tuple[Snapshot, ...] = (person(), person(news=choice()), person(offers=None)),
    site: Site = SHOP,
) -> PlanTally:
    weeks = weeks_from(site, date(2026, 6, 9), 4, language(tag).first_weekday, NOW)
    planned = planned_of(site, weeks, *sends)
    tally = PlanTally(site, weeks, planned, NOW)
    for who in people:
        known = [who] * len(planned)
        flat = flat_refusals(site, planned, known)
        tally.add(who, list(play(site, planned, known, flat, Sent())))
    return tally
