"""Campaigns: those of the site file, and those registered by command for one send after another."""

from __future__ import annotations

from collections.abc import Mapping

from peewee import Database

from widget_backend.site.channels import Channel
from widget_backend.site.clocks import LATEST
from widget_backend.site.model import Site
from widget_backend.site.sending import Campaign
from widget_backend.store import models_of_nobody as models
from widget_backend.store.writing import write


def register(
    database: Database, site: str, campaign: Campaign, sentences: Mapping[str, str], at: int
) -> None:
    """Keep a campaign with its public sentence by language; registering it again replaces it.

    If it has an `at`, that has a time zone.
    """
    row = {
        "name": campaign.id,
        "topic": campaign.topic,
        "segment": campaign.segment,
        "channel": campaign.channel,
        "priority": campaign.priority,
        "sender": campaign.sender,
        "at": campaign.at and int(campaign.at.timestamp()),
        "sentences": dict(sentences),
        "registered_at": at,
    }
    columns = models.Campaign
    insert = columns.insert(site=site, **row).on_conflict(
        conflict_target=[columns.site, columns.name],
        preserve=[getattr(columns, each) for each in row if each != "name"],
    )
    write(database, lambda: insert.execute(database))


def find_campaign(database: Database, site: Site, name: str, tag: str) -> Campaign | None:
    """The campaign of this name, its sentence in the language of the tag if it was given in it."""
    if declared := site.campaign(name):
        return declared
    columns = models.Campaign
    query = columns.select().where((columns.site == site.id) & (columns.name == name))
    registered = next(iter(query.execute(database)), None)
    return _in_language(registered, site, tag) if registered else None


def all_campaigns(database: Database, site: Site) -> list[Campaign]:
    """Those of the site file, then those registered under other names, newest last."""
    columns = models.Campaign
    query = columns.select().where(columns.site == site.id).order_by(columns.registered_at)
    registered = [
        _in_language(each, site, site.source_language)
        for each in query.execute(database)
        if site.campaign(each.name) is None
    ]
    return [*site.campaigns, *registered]


def _in_language(row: models.Campaign, site: Site, tag: str) -> Campaign:
    sentences = row.sentences
    sentence = sentences.get(tag) or sentences[site.source_language]
    at = None if row.at is None else site.local_time(min(row.at, LATEST))
    channel: Channel = row.channel  # type: ignore[assignment]
    return Campaign(
        row.name, row.topic, sentence, row.segment, at, channel, row.priority, row.sender
    )
