"""Addresses: which are ones, and the one spelling by which each is known here."""

from __future__ import annotations

import re
import string
import unicodedata

import idna

LONGEST = 254
"""Octets of a whole address (RFC 3696, erratum 1690), in both its spellings: a mail server that
takes no UTF-8 gets the domain in the form that DNS knows. Whatever has more characters than that
is none, and nothing else looks at it: normal forms and punycode take the square of its length."""
LONGEST_LOCAL_PART = 64
LONGEST_LABEL = 63
"""Octets in the form that DNS knows, `xn--…` (RFC 5890, 2.3.2.1)."""

INVISIBLE = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""Marks that spreadsheets in right-to-left languages leave around what was pasted."""

_ATEXT = frozenset(string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~")
"""What an atom may hold of ASCII (RFC 5322, 3.2.3)."""
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


def email_address(typed: str) -> str | None:
    """The spelling under which an email address is stored and found; None if it cannot be one.

    Case is not kept, in the local part neither: no provider in use tells mailboxes apart by it,
    while people write their own address in both. Internationalised ones (RFC 6531) are welcome.
    """
    written = as_written(typed)
    if len(written) > LONGEST:
        return None
    local, _, domain = unicodedata.normalize("NFC", written.lower()).rpartition("@")
    domain = _readable(domain)
    address = f"{local}@{domain}"
    possible = _is_local_part(local) and _is_domain(domain) and _fits(address)
    return address if possible else None


def as_written(typed: str) -> str:
    """An address as somebody wrote it, without what is around it."""
    return typed.strip().strip(INVISIBLE).strip()


def other_writing(typed: str, address: str) -> str | None:
    """How somebody wrote this address; None where it was in its one spelling."""
    written = as_written(typed)
    return None if written == address else written


def for_mail(address: str) -> str:
    """How a mail server is told a stored address: with its domain as DNS knows it, `xn--…`.

    Then only a local part beyond ASCII needs a server that takes UTF-8 (RFC 6531).
    """
    local, _, domain = address.rpartition("@")
    return f"{local}@{'.'.join(map(_a_label, domain.split('.')))}"


def needs_utf8(address: str) -> bool:
    """Whether only a mail server that takes UTF-8 can be told this address."""
    return not address.rpartition("@")[0].isascii()


def _fits(address: str) -> bool:
    return max(len(each.encode()) for each in (address, for_mail(address))) <= LONGEST


# ── the domain ──────────────────────────────────────────────────────────────────────────────


def _readable(domain: str) -> str:
    """The letters of an internationalised domain, mapped as browsers do (UTS 46): they send
    `xn--…` where people wrote letters. What nobody can read stays as it is."""
    if domain.isascii() and "xn--" not in domain:
        return domain
    try:
        return ".".join(map(_u_label, idna.uts46_remap(domain).split(".")))
    except idna.IDNAError:
        return domain


def _u_label(label: str) -> str:
    try:
        return idna.ulabel(label) if label.startswith("xn--") and _may_fit(label) else label
    except idna.IDNAError:
        return label


def _a_label(label: str) -> str:
    """A label as DNS knows it, without judging it."""
    return label if label.isascii() else f"xn--{label.encode('punycode').decode()}"


def _is_domain(domain: str) -> bool:
    """Two labels or more, of letters, digits and hyphens of any script, and no bare IP address."""
    labels = domain.split(".")
    return len(labels) > 1 and all(map(_is_label, labels)) and not labels[-1].isdigit()


def _is_label(label: str) -> bool:
    if not _may_fit(label):
        return False
    if label.isascii():
        return _LABEL.fullmatch(label) is not None
    try:
        idna.check_label(label)  # RFC 5891, 5892 and 5893
    except idna.IDNAError:
        return False
    return len(_a_label(label)) <= LONGEST_LABEL


def _may_fit(label: str) -> bool:
    return len(label) <= LONGEST_LABEL


# ── the local part ──────────────────────────────────────────────────────────────────────────


def _is_local_part(local: str) -> bool:
    """A dot-atom (RFC 5321, 4.1.2), beyond ASCII of letters, marks and digits.

    RFC 6531 would allow any sign there. Two things are refused that RFC 5321 allows: what mail
    programs may decode (RFC 2047), and what a spreadsheet may run as a formula.
    """
    atoms = local.split(".")
    is_dot_atom = all(atom and all(map(_is_of_an_atom, atom)) for atom in atoms)
    return (
        is_dot_atom
        and len(local.encode()) <= LONGEST_LOCAL_PART
        and "=?" not in local
        and not unicodedata.normalize("NFKC", local).startswith(("=", "+", "-", "@"))
    )


def _is_of_an_atom(sign: str) -> bool:
    if sign.isascii():
        return sign in _ATEXT
    category = unicodedata.category(sign)
    return category[0] in "LM" or category == "Nd"
