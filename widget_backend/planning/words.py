"""Words of the plan’s page: its headline, and why people do not get a campaign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from widget_backend.i18n.languages import Language
from widget_backend.rules.plan_tally import CampaignTally, PlanTally, Reason
from widget_backend.rules.topics import CONTACT_FOR
from widget_backend.site.channels import Channel
from widget_backend.site.model import Site


class WhyNot(NamedTuple):
    """How many do not get a campaign for one reason."""

    number: str
    reason: str


def topic_name(site: Site, topic_id: str) -> str:
    """Its id, if the site has it no longer."""
    topic = site.topic(topic_id)
    return topic.name if topic else topic_id


def headline(language: Language, tally: PlanTally) -> Markup:
    """The most important thing that the plan shows: who is left out, the larger number of them."""
    whole, ngettext = tally.whole, language.ngettext
    if not tally.listed:
        return language.gettext("No campaign is planned in these weeks.")
    if whole.silent >= max(1, whole.capped):
        return ngettext(
            "%(n)s person who could hear from you would hear nothing in these weeks.",
            "%(n)s people who could hear from you would hear nothing in these weeks.",
            whole.silent,
        )
    if whole.capped:
        return ngettext(
            "A cap leaves no room for a message to %(n)s person in these weeks.",
            "A cap leaves no room for a message to %(n)s people in these weeks.",
            whole.capped,
        )
    if whole.could:
        return language.gettext(
            "Everybody who could hear from you hears something, and no cap stops anything."
        )
    return language.gettext("Nobody could hear of these campaigns.")


def reasons(language: Language, tally: CampaignTally, channel: Channel) -> Iterator[WhyNot]:
    """Why others do not get it by this channel, the most frequent reason first."""
    words = reason_words(language)
    if CONTACT_FOR.get(channel) == "phone":
        words |= words_of_phones(language)
    for reason, count in tally.reasons.most_common():
        yield WhyNot(language.number(count), words[reason])


def reason_words(language: Language) -> dict[Reason, str]:
    """What `contacts.audience.REASONS` says, in the reader’s language."""
    pgettext = language.pgettext
    return {
        ("segment", None): pgettext("why not", "not in the segment of the campaign"),
        ("consent", "never agreed"): pgettext("why not", "never agreed to the topic"),
        ("consent", "turned off"): pgettext("why not", "the topic is off for them"),
        ("consent", "by"): pgettext("why not", "chose another channel for the topic"),
        ("consent", "not confirmed"): pgettext("why not", "never confirmed the sign-up"),
        ("unsubscribed", None): pgettext("why not", "left everything"),
        ("address", "missing"): pgettext("why not", "no address for this channel"),
        ("address", "undeliverable"): pgettext("why not", "messages to the address come back"),
        ("address", "not confirmed"): pgettext("why not", "the address was never confirmed"),
        ("law", None): pgettext("why not", "outside the hours that the law allows"),
        ("law", "no implied consent"): pgettext(
            "why not", "never asked, and by law they must have agreed"
        ),
        ("law", "ended"): pgettext(
            "why not", "never asked, and by law the time after a purchase or inquiry is over"
        ),
        ("law", "pre-ticked"): pgettext(
            "why not", "a box ticked beforehand, which by law is no consent"
        ),
        ("law", "rewarded"): pgettext("why not", "agreed for a reward, which by law is no consent"),
        ("law", "not looked up"): pgettext(
            "why not", "nobody has looked up whether the law allows such consent"
        ),
        ("pause", None): pgettext("why not", "paused"),
        ("context", None): pgettext(
            "why not", "an open cart, a service case, or an order on its way"
        ),
        ("frequency", None): pgettext("why not", "got the topic too recently"),
        ("cap", None): pgettext("why not", "got as many messages as a cap allows"),
        ("quiet_hours", None): pgettext("why not", "quiet hours"),
        ("priority", None): pgettext("why not", "something more important comes first"),
    }


def words_of_phones(language: Language) -> dict[Reason, str]:
    """The same of messages that go to a phone number: what `contacts.audience.OF_PHONES` says."""
    pgettext = language.pgettext
    return {
        ("address", "missing"): pgettext("why not", "no phone number"),
        ("address", "undeliverable"): pgettext("why not", "messages to the phone number come back"),
        ("address", "not confirmed"): pgettext("why not", "the phone number was never confirmed"),
    }
