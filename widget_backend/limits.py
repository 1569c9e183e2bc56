"""Limits: how often something may happen. Counted in memory, never in the database.

Nobody is locked out for what others do behind the same address: what bears a signed link is counted
by the person it names, mail by the mailbox it goes to, and a network only by very many strangers.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict, deque
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from threading import Lock

MOST_KEPT = 100_000
"""Keys that are remembered; the ones that were quiet for longest are forgotten first."""


JUST_NOW = 60
"""Seconds within which pressing a button again is the same press."""


@dataclass(frozen=True)
class Limit:
    """At most so many in so many seconds."""

    name: str
    most: int
    seconds: int


MAIL_TO_ONE = Limit("mail", 3, 3600)
"""Of a kind to one mailbox: enough for who deletes the first and mistypes the second, no flood."""

MAIL_IN_A_DAY = Limit("mail in a day", 10, 86_400)
"""To one mailbox, of all kinds together: who waits an hour each time is a flood, too."""

MOVES = Limit("moves", 3, 86_400)
"""Of one person: each may go to another address, so that no mailbox would count them."""

STRANGERS = Limit("strangers", 1000, 600)
"""From one network, without a link: twice an office of five hundred that all sign up at once."""


class Limits:
    """Counts what happened lately. One for each serving process."""

    def __init__(self) -> None:
        self._times: OrderedDict[bytes, deque[float]] = OrderedDict()
        self._lock = Lock()

    def allows(self, limit: Limit, who: str, now: float) -> bool:
        """Whether it may happen once more; if so, it has happened."""
        key = hashlib.blake2b(f"{limit.name}\n{who}".encode(), digest_size=16).digest()
        with self._lock:
            times = self._times.setdefault(key, deque())
            self._times.move_to_end(key)
            while len(self._times) > MOST_KEPT:
                self._times.popitem(last=False)
            while times and times[0] <= now - limit.seconds:
                times.popleft()
            if len(times) >= limit.most:
                return False
            times.append(now)
            return True


def network_of(address: str | None) -> str:
    """The network that an address is counted as: /24 of IPv4, /64 of IPv6, which one home has."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return "unknown"
    mapped = getattr(found, "ipv4_mapped", None) or found
    return str(ip_network(f"{mapped}/{24 if mapped.version == 4 else 64}", strict=False))
