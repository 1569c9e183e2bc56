"""Addresses: which are ones, and the one spelling by which each is known here."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 254
"""Octets of a whole address (RFC 3696, erratum 1690), in both its spellings: a mail server that
takes no UTF-8 gets the domain in the form that DNS knows."""
LONGEST_LOCAL_PART = 64
LONGEST_LABEL = 63
"""Octets in the form that DNS knows, `xn--…` (RFC 5890, 2.3.2.1)."""

INVISIBLE = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""Marks that spreadsheets in right-to-left languages leave around what was pasted."""

_NOT_IN_LOCAL_PART = frozenset('<>()[],;:\\"@')


def email_address(typed: str) -> str | None:
    """The spelling under which an email address is stored and found; None if it cannot be one.

    Case is not kept, in the local part neither: no provider in use tells mailboxes apart by it,
    while people write their own address in both. Internationalised ones (RFC 6531) are welcome.
    """
    address = unicodedata.normalize("NFC", typed.strip().strip(INVISIBLE).strip()).lower()
    local, _, domain = address.rpartition("@")
    domain = _readable(domain)
    address = f"{local}@{domain}"
    longest = max(len(each.encode()) for each in (address, f"{local}@{_in_ascii(domain)}"))
    possible = longest <= LONGEST and _is_local_part(local) and _is_domain(domain)
    return address if possible else None


def mailbox(address: str) -> str:
    """Where mail to this address ends up: what follows a `+` is a note to oneself (RFC 5233).

    Dots stay: at most providers `a.b` and `ab` are two people.
    """
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def _readable(domain: str) -> str:
    """The letters of an internationalised domain: browsers send `xn--…` where people wrote them."""
    try:
        return domain.encode("ascii").decode("idna") if "xn--" in domain else domain
    except UnicodeError:
        return domain


def _in_ascii(domain: str) -> str:
    return ".".join(map(_a_label, domain.split(".")))


def _a_label(label: str) -> str:
    """A label as DNS knows it. Python's idna codec would refuse letters younger than 2002."""
    return label if label.isascii() else f"xn--{label.encode('punycode').decode()}"


def _is_local_part(local: str) -> bool:
    return 0 < len(local.encode()) <= LONGEST_LOCAL_PART and all(
        sign not in _NOT_IN_LOCAL_PART and unicodedata.category(sign)[0] not in "CZ"
        for sign in local
    )


def _is_domain(domain: str) -> bool:
    """Two labels or more, of letters, digits and hyphens of any script, and no bare IP address."""
    labels = domain.split(".")
    return len(labels) > 1 and all(map(_is_label, labels)) and not labels[-1].isdigit()


def _is_label(label: str) -> bool:
    return (
        0 < len(_a_label(label)) <= LONGEST_LABEL
        and not re.search(r"^-|-$", label)
        and all(sign == "-" or unicodedata.category(sign)[0] in "LMN" for sign in label)
    )
