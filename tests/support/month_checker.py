"""The checker of a month of campaigns, which is written in another way than the rules.

It knows what everybody wanted at every moment, walks through everything that was sent and
everything that was not, and counts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.support.month import EARLY, HOURS, TIRANA, Human, Month, Send

LENIENT: dict[tuple[str, str], tuple[str, ...]] = {
    ("CA", "email"): ("purchase", "inquiry"),
    ("CA", "sms"): ("purchase", "inquiry"),
    ("IT", "email"): ("purchase", "rewarded_free"),
    ("IT", "sms"): ("purchase", "rewarded_free"),
    ("US", "email"): ("purchase", "inquiry", "pre_ticked", "rewarded", "rewarded_free"),
}
"""What is enough there instead of a plain yes."""
CANADIAN_MONTHS = {"purchase": 24, "inquiry": 6}

ALL = {
    "does not want it",
    "left",
    "against the law",
    "paused",
    "night",
    "too soon",
    "three in a week",
    "one email a day",
    "two offers in two weeks",
}
"""Every reason against a message that a month must meet."""


@dataclass
class Checked:
    """What was checked: how often each reason was met and a message sent, and what was wrong."""

    seen: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[Send, Human, list[str]]] = field(default_factory=list)


def checked(month: Month) -> Checked:
    """Replay the month, and check each campaign for each person."""
    result = Checked()
    for send, human, is_sent in month.replay():
        reasons = reasons_against(human, send)
        if is_sent == bool(reasons):
            result.wrong.append((send, human, reasons))
        result.seen.update(reasons)
        if is_sent:
            result.seen["sent"] += 1
            human.received.append((send.at, send.topic, send.channel))
    return result


def reasons_against(human: Human, send: Send) -> list[str]:
    """Everything that speaks against this message, worked out from what happened."""
    wish, reasons = human.wish(send.at), []
    on, channel, frequency = wish.topics.get(send.topic, (False, "", "weekly"))
    if not on or channel != send.channel:
        reasons.append("does not want it")
    if wish.reach == "off":
        reasons.append("left")
    if on and send.topic in wish.bases and not _is_enough(human, send, *wish.bases[send.topic]):
        reasons.append("against the law")
    there = datetime.fromtimestamp(send.at, TIRANA)
    if wish.reach == "paused" and there.date().isoformat() < str(wish.until):
        reasons.append("paused")
    if send.channel == "sms" and not 8 <= there.hour < 21:
        reasons.append("night")
    if wish.reach == "less" and frequency != "monthly":
        frequency = "monthly"
    apart = (HOURS[frequency] - EARLY[frequency]) * 3600
    if any(each[1] == send.topic and send.at - each[0] < apart for each in human.received):
        reasons.append("too soon")
    return reasons + _full(human, send, there)


def _is_enough(human: Human, send: Send, basis: str, since: int) -> bool:
    """Whether the law where they are takes this for consent at the time."""
    if basis not in LENIENT.get((human.country, send.channel), ()):
        return False
    if human.country != "CA":
        return True
    began, sent = (datetime.fromtimestamp(each, UTC) for each in (since, send.at))
    months = (sent.year - began.year) * 12 + sent.month - began.month
    # On the same day of the month as it began, it ends at the same time of that day.
    is_past_the_day = (sent.day, sent.time()) >= (began.day, began.time())
    last_day = (sent + timedelta(1)).day == 1 and began.day > sent.day
    is_past = is_past_the_day or (last_day and sent.time() >= began.time())
    return months < CANADIAN_MONTHS[basis] or (months == CANADIAN_MONTHS[basis] and not is_past)


def _full(human: Human, send: Send, there: datetime) -> list[str]:
    week, fortnight = send.at - 7 * 86_400, send.at - 14 * 86_400
    today = [
        each
        for each in human.received
        if each[2] == "email" and datetime.fromtimestamp(each[0], TIRANA).date() == there.date()
    ]
    offers = [each for each in human.received if each[1] == "offers" and each[0] > fortnight]
    full = []
    if sum(each[0] > week for each in human.received) >= 3:
        full.append("three in a week")
    if send.channel == "email" and today:
        full.append("one email a day")
    if send.topic == "offers" and len(offers) >= 2:
        full.append("two offers in two weeks")
    return full
