"""Limits: how often something may happen. Counted in memory, never in the database.

Nobody is locked out for what others do behind the same address: what bears a signed link is counted
by the person it names, mail by the mailbox it goes to, and a network only by very many strangers.
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
"""Keys that are remembered; the ones that were quiet for longest are forgotten first."""

JUST_NOW = 60
"""Seconds within which pressing a button again is the same press."""

AT_ONCE = 10
"""Seconds within which it sends nothing more: who waits for a message longer may want another."""

AHEAD = 5
"""Seconds by which one thread's time may be ahead of another's. What is further in the future was
counted while the clock was wrong, and counts no more."""


@dataclass(frozen=True)
class Limit:
    """At most so many in so many seconds."""

    name: str
    most: int
    seconds: int


Counter = tuple[Limit, str]
"""A limit, and whose it is: a mailbox, a person, a network."""

MAIL_TO_ONE = Limit("mail", 3, 3600)
"""Of a kind to one mailbox: enough for who deletes the first and mistypes the second, no flood."""

MAIL_IN_A_DAY = Limit("mail in a day", 10, 86_400)
"""To one mailbox, of all kinds together: who waits an hour each time is a flood, too."""

MOVES = Limit("moves", 3, 86_400)
"""Of one person: each may go to another address, so that no mailbox would count them."""

STRANGERS = Limit("strangers", 1000, 600)
"""From one network, without a link: twice an office of five hundred that all sign up at once."""

LETTERS_TO_STRANGERS = Limit("letters to strangers", 600, 86_400)
"""Of a kind, asked for from one network: an office of five hundred and whoever mistypes. Behind a
domain that takes every name they may all go to one mailbox, which nobody can see from here."""


class Limits:
    """Counts what happened lately. One for each serving process."""

    def __init__(self) -> None:
        self._times: OrderedDict[bytes, deque[float]] = OrderedDict()
        self._lock = Lock()

    def allows(self, limit: Limit, who: str, now: float) -> bool:
        """Whether it may happen once more; if so, it has happened."""
        return self.allows_all([(limit, who)], now)

    def allows_all(self, counters: Sequence[Counter], now: float) -> bool:
        """Whether it may happen once more by each of these; only then it is counted, by each."""
        with self._lock:
            times = [self._lately(limit, who, now) for limit, who in counters]
            full = any(
                len(each) >= limit.most for each, (limit, _) in zip(times, counters, strict=True)
            )
            if not full:
                for each in times:
                    each.append(now)
            return not full

    def wait(self, limit: Limit, who: str, now: float) -> int:
        """Seconds until it may happen once more; 0 when it may now."""
        with self._lock:
            times = self._lately(limit, who, now)
            if len(times) < limit.most:
                return 0
            return max(1, ceil(times[0] + limit.seconds - now))

    def _lately(self, limit: Limit, who: str, now: float) -> deque[float]:
        """When it happened within the time of the limit, by the clock of now."""
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
    """Whether it happened within these seconds, by a clock that may have been wrong then."""
    return -AHEAD <= now - at < seconds


def network_of(address: str | None) -> str:
    """The network that an address is counted as: /24 of IPv4, /64 of IPv6, which one home has."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return "unknown"
    mapped = getattr(found, "ipv4_mapped", None) or found
    return str(ip_network(f"{mapped}/{24 if mapped.version == 4 else 64}", strict=False))
