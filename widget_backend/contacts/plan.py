"""The contact plan for everybody: people are read a page at a time, and each campaign is played.

It keeps to the rules of a decision and of an audience. Nothing is written or reserved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from peewee import Database

from widget_backend.actions.may_send import Question, question_of
from widget_backend.contacts.audience import Asking
from widget_backend.rules.plan import Planned, Week, flat_refusals, play
from widget_backend.rules.plan_tally import PlanTally
from widget_backend.rules.snapshot import Snapshot
from widget_backend.site.model import Site
from widget_backend.site.sending import Campaign
from widget_backend.store.campaigns import all_campaigns
from widget_backend.store.contacts import Contact, all_contacts
from widget_backend.store.snapshots import sent_to, without_messages


def planned_campaigns(
    database: Database, site: Site, weeks: Sequence[Week], now: int
) -> list[Planned]:
    """Those of the site file, and the registered ones, from now until the last of these weeks ends.

    They are in the order of time; of two at the same moment, that of the higher priority goes
    first, and then the one that was declared first.
    """
    ahead = [
        (site.moment(each), each)
        for each in all_campaigns(database, site)
        if each.at and now <= site.moment(each) < weeks[-1].ends
    ]
    ahead.sort(key=lambda pair: (pair[0], -pair[1].priority))
    return [_planned(database, site, each, at, weeks) for at, each in ahead]


def _planned(
    database: Database, site: Site, campaign: Campaign, at: int, weeks: Sequence[Week]
) -> Planned:
    number = next((n for n, week in enumerate(weeks) if week.begins <= at < week.ends), None)
    return Planned(campaign, question_of(database, site, campaign.id).message, at, number)


def tally_plan(database: Database, tally: PlanTally) -> Iterator[int]:
    """Add everybody of the site to the tally; yields how many people each page has."""
    site, planned, now = tally.site, tally.planned, tally.now
    topics = {each.id for each in site.topics}
    for each in planned:
        topics |= Asking(site, Question(each.message), each.at, now).topics
    for contacts in all_contacts(database, site.id, topics):
        _tally_page(database, tally, contacts)
        yield len(contacts)


def _tally_page(database: Database, tally: PlanTally, contacts: Collection[Contact]) -> None:
    site, planned = tally.site, tally.planned
    people = without_messages(database, site, contacts, tally.now)
    later = _later(database, tally, contacts)
    flat, known = {}, {}
    for profile, person in people.items():
        known[profile] = [later[each.at][profile] if later else person for each in planned]
        flat[profile] = flat_refusals(site, planned, known[profile])
    # What was sent is read only of those whom no flat no keeps from every campaign.
    possible = [profile for profile, refusals in flat.items() if None in refusals]
    sent = sent_to(database, site, possible, tally.now, tally.now) if possible else {}
    for profile, person in people.items():
        against = flat[profile]
        if profile in sent:
            against = [*play(site, planned, known[profile], against, sent[profile])]
        tally.add(person, against)


def _later(
    database: Database, tally: PlanTally, contacts: Collection[Contact]
) -> dict[int, dict[int, Snapshot]]:
    """The people at the moment of each campaign, where what is known of them may end before it."""
    if not any(each.lifespan_days for each in tally.site.fields):
        return {}
    moments = {each.at for each in tally.planned}
    return {at: without_messages(database, tally.site, contacts, at) for at in moments}
