"""Rate limits: how often something may happen. Counted in memory, never in the database.

Nobody is locked out for what others do behind the same IP address: requests with a signed link
count for the person, mail for the mailbox it goes to, and only requests of strangers for the
network.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from math import ceil
from threading import Lock

MOST_KEPT = 100_000
"""Counters that are kept; those unused for longest are dropped first."""

JUST_NOW = 60
"""Seconds within which pressing a button again counts as the same press."""

AT_ONCE = 10
"""Seconds within which pressing it again sends no other message."""

AHEAD = 5
"""Seconds by which one thread's time may be ahead of another's. Times further in the future were
counted while the clock was wrong, and are dropped."""


@dataclass(frozen=True)
class Limit:
    """At most `most` times in `seconds`."""

    name: str
    most: int
    seconds: int


Counter = tuple[Limit, str]
"""A limit, and whose it is: a mailbox, a person, a network."""

MAIL_TO_ONE = Limit("mail", 3, 3600)
"""Messages of one kind to one mailbox: enough after a deleted and a mistyped one, but no flood."""

MAIL_IN_A_DAY = Limit("mail in a day", 10, 86_400)
"""Messages of all kinds to one mailbox: one an hour would be a flood, too."""

ADDRESS_CHANGES = Limit("address changes", 3, 86_400)
"""Address changes of one person: each mails another address, so no mailbox limit counts them."""

REASONS_OF_ONE = Limit("reasons of one", 1, 86_400)
"""Reasons for leaving that are counted for one person and topic. A server that is started anew
remembers none of them."""

STRANGERS = Limit("strangers", 1000, 600)
"""Requests without a link from one network: twice an office of 500 who all sign up at once."""

MAIL_TO_STRANGERS = Limit("mail to strangers", 600, 86_400)
"""Messages of one kind requested from one network: an office of 500 people, some of whom mistype.
All may go to one mailbox, if its domain accepts every name, which we cannot see."""


class Limits:
    """Counts what happened lately. There is one in each serving process."""

    def __init__(self) -> None:
        self._times: OrderedDict[bytes, deque[float]] = OrderedDict()
        self._lock = Lock()

    def allows(self, limit: Limit, who: str, now: float) -> bool:
        """Whether it may happen once more; if so, it is counted."""
        return self.allows_all([(limit, who)], now)

    def allows_all(self, counters: Sequence[Counter], now: float) -> bool:
        """Whether it may happen once more under each of these limits; only then each counts it."""
        with self._lock:
            times = [self._lately(limit, who, now) for limit, who in counters]
            full = any(
                len(each) >= limit.most for each, (limit, _) in zip(times, counters, strict=True)
            )
            if not full:
                for each in times:
                    each.append(now)
            return not full

    def give_back(self, limit: Limit, who: str, now: float) -> None:
        """Count once less: what was allowed at this time has failed."""
        with self._lock:
            times = self._lately(limit, who, now)
            if now in times:
                times.remove(now)

    def wait(self, limit: Limit, who: str, now: float) -> int:
        """Seconds until it may happen once more; 0 when it may now."""
        with self._lock:
            times = self._lately(limit, who, now)
            if len(times) < limit.most:
                return 0
            return max(1, ceil(times[0] + limit.seconds - now))

    def _lately(self, limit: Limit, who: str, now: float) -> deque[float]:
        """When it happened within the seconds of the limit."""
        key = hashlib.blake2b(f"{limit.name}\n{who}".encode(), digest_size=16).digest()
        times = self._times.setdefault(key, deque())
        self._times.move_to_end(key)
        while len(self._times) > MOST_KEPT:
            self._times.popitem(last=False)
        while times and times[0] <= now - limit.seconds:
            times.popleft()
        while times and times[-1] > now + AHEAD:
            times.pop()
        return times


def is_just_now(at: float, now: float, seconds: int = JUST_NOW) -> bool:
    """Whether it happened within these seconds. The clock may have been wrong then."""
    return -AHEAD <= now - at < seconds


def network_of(address: str | None) -> str:
    """The network that an IP address belongs to: /24 of IPv4, /64 of IPv6, which one home has."""
    try:
        ip = ip_address(address or "")
    except ValueError:
        return "unknown"
    mapped = getattr(ip, "ipv4_mapped", None) or ip
    return str(ip_network(f"{mapped}/{24 if mapped.version == 4 else 64}", strict=False))
