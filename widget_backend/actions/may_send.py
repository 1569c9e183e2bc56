"""May I send this? Asking, and taking a place under the caps in the same step (S0.9, S4.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from peewee import Database

from widget_backend.errors import CampaignUnknown, ProfileUnknown, ReservationRefused
from widget_backend.rules.decision import Decision, decide
from widget_backend.rules.snapshot import Ahead, Message
from widget_backend.site.channels import Channel
from widget_backend.site.model import Site
from widget_backend.site.sending import Campaign
from widget_backend.store.campaigns import all_campaigns, find_campaign
from widget_backend.store.contacts import Contact, contacts_of
from widget_backend.store.reservations import (
    Reservation,
    give_back,
    is_key_of_another,
    place_of,
    take_many,
)
from widget_backend.store.snapshots import sent_to, snapshots_of, without_messages
from widget_backend.store.writing import write

ONE_BY_ONE = int(timedelta(minutes=10).total_seconds())
IN_A_FILE = int(timedelta(days=3).total_seconds())
"""Seconds after which a place ends that nobody confirmed."""


@dataclass(frozen=True)
class Question:
    """What somebody wants to send, and which sender asks."""

    message: Message
    sender: str = ""


def question_of(
    database: Database, site: Site, name: str, channel: Channel | None = None
) -> Question:
    """The campaign, or service message, of this name. Raises CampaignUnknown."""
    service = next((each for each in site.service_messages if each.id == name), None)
    if service:
        return Question(Message(name, None, channel or "email", service=service))
    campaign = find_campaign(database, site, name, site.source_language)
    if campaign is None:
        raise CampaignUnknown(name)
    more_important = tuple(
        Ahead(_message(site, each, each.channel), site.moment(each))
        for each in all_campaigns(database, site)
        if each.at is not None and each.priority > campaign.priority
    )
    message = _message(site, campaign, channel or campaign.channel)
    return Question(replace(message, more_important=more_important), campaign.sender)


def _message(site: Site, campaign: Campaign, channel: Channel) -> Message:
    segment = site.segment(campaign.segment) if campaign.segment else None
    return Message(campaign.id, campaign.topic, channel, segment=segment)


def ask(
    database: Database, site: Site, question: Question, person: Contact, at: int, now: int
) -> Decision:
    """Whether the message may go to the person at this moment; both in seconds since 1970."""
    message = question.message
    snapshots = snapshots_of(database, site, [person], at, now, message)
    return decide(site, message, snapshots[person.profile.id], at)


def outlook(database: Database, site: Site, profile: int, at: int) -> dict[str, Decision]:
    """Whether a message of each topic that the person has on may go to them now, by topic.

    As they may know it: of no campaign in particular, and so without its segment and priority, and
    without places that are only taken. Empty for who has not confirmed yet, or is gone.
    """
    contacts = contacts_of(database, site.id, [profile], hold=False)
    known = without_messages(database, site, contacts.values(), at).get(profile)
    if known is None:
        return {}
    sent = sent_to(database, site, [profile], at, at)[profile]
    snapshot = known._replace(attempts=sent.attempts, contexts=sent.contexts)
    preferences = snapshot.state.preferences()
    return {
        topic.id: decide(site, Message("", topic.id, preference["channel"]), snapshot, at)
        for topic in site.topics
        if (preference := preferences.get(topic.id)) and preference["on"]
    }


@dataclass(frozen=True)
class Place:
    """A place that somebody wants: for which message, to whom, when, and until how long after.

    Times are in seconds. A key is of one place: who asks again with it after a crash takes no other
    one, and hears if the message was sent meanwhile.
    """

    question: Question
    profile: int
    at: int
    lasts: int = ONE_BY_ONE
    idempotency_key: str | None = None


def reserve(database: Database, site: Site, wanted: Place, now: int) -> Decision:
    """Ask, and take the place if the answer is yes, as one: no two messages get the same place.

    A campaign has one place for a person and channel: asking again prolongs it. Raises
    ProfileUnknown, and ReservationRefused for a moment that is past, a place of another sender, the
    key of another place, or that of a message which was sent.
    """
    if wanted.at < now:
        raise ReservationRefused("the moment is past", "name a later one, or none for now")

    def ask_and_take() -> Decision:
        people = contacts_of(database, site.id, [wanted.profile])
        if wanted.profile not in people:
            raise ProfileUnknown
        _require_free(database, site, wanted, now)
        person = people[wanted.profile]
        decision = ask(database, site, wanted.question, person, wanted.at, now)
        if decision.allowed:
            key = wanted.idempotency_key
            take_places(database, wanted.question, [wanted.profile], wanted.at, wanted.lasts, key)
        return decision

    return write(database, ask_and_take)


def _require_free(database: Database, site: Site, wanted: Place, now: int) -> None:
    """Raises ReservationRefused if the place, or its key, is not this sender’s to take."""
    message, key = wanted.question.message, wanted.idempotency_key
    place = place_of(database, wanted.profile, message.campaign, message.channel)
    if key and is_key_of_another(database, site.id, key, place):
        raise ReservationRefused("its key is that of another place", "use a new key for each")
    if place and place.confirmed and key and key == place.idempotency_key:
        raise ReservationRefused("its message was sent", "do not send it again")
    if place is None or place.confirmed or place.until <= now:
        return
    if place.sender != wanted.question.sender:
        reason = f"“{place.sender}” has taken the place of this campaign"
        raise ReservationRefused(reason, "ask them, or wait until it ends")
    if place.idempotency_key != key:
        reason = "its place is taken with another key, or for a file"
        raise ReservationRefused(reason, "leave it to whoever took it, or wait until it ends")


def take_places(
    database: Database,
    question: Question,
    profiles: Iterable[int],
    at: int,
    lasts: int,
    idempotency_key: str | None = None,
) -> None:
    """Take the places of people to whom the message may go. Must stand in the transaction that has
    decided this, and holds them."""
    message = question.message
    take_many(
        database,
        [
            Reservation(
                profile,
                message.campaign,
                message.topic or "",
                message.channel,
                question.sender,
                at,
                at + lasts,
                idempotency_key,
            )
            for profile in profiles
        ],
    )


def release(database: Database, site: Site, question: Question, profile: int) -> None:
    """Give the place back. Raises ReservationRefused if there is none, or another sender’s."""

    def give() -> None:
        place = place_of(database, profile, question.message.campaign, question.message.channel)
        if place is None or place.confirmed:
            raise ReservationRefused("there is no such place", "it has ended, or was confirmed")
        if place.sender != question.sender:
            raise ReservationRefused(f"it is of “{place.sender}”", "only they can give it back")
        give_back(database, place)

    write(database, give)
