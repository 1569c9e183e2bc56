"""Email addresses: which are valid, and the one spelling under which each is stored."""

from __future__ import annotations

import re
import string
import unicodedata

import idna

LONGEST = 254
"""Octets of a whole address (RFC 3696, erratum 1690), in both its spellings: a mail server without
UTF-8 gets the domain in its DNS form. A longer text is refused first, because normalising it and
converting it to punycode takes time that grows with the square of the length."""
LONGEST_LOCAL_PART = 64
LONGEST_LABEL = 63
"""Octets in the DNS form, `xn--…` (RFC 5890, 2.3.2.1)."""

INVISIBLE = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""Marks that spreadsheets in right-to-left languages leave around pasted text."""

_ATEXT = frozenset(string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~")
"""The ASCII characters of an atom (RFC 5322, 3.2.3)."""
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


def email_address(typed: str) -> str | None:
    """The spelling under which an email address is stored and found; None if it is not valid.

    It is in lower case, also before the @: no provider in use distinguishes mailboxes by case, and
    people write their own address in both. Internationalised addresses are valid (RFC 6531).
    """
    written = as_written(typed)
    if len(written) > LONGEST:
        return None
    local, _, domain = unicodedata.normalize("NFC", written.lower()).rpartition("@")
    domain = _readable(domain)
    address = f"{local}@{domain}"
    # In this order: converting labels that are too long would take long.
    if not _is_local_part(local) or not _is_domain(domain):
        return None
    fits = all(len(each.encode()) <= LONGEST for each in (address, for_mail(address)))
    return address if fits else None


def as_written(typed: str) -> str:
    """An address as somebody wrote it, without spaces and invisible marks around it."""
    return typed.strip().strip(INVISIBLE).strip()


def other_writing(typed: str, address: str) -> str | None:
    """How somebody wrote this address; None if they used its stored spelling."""
    written = as_written(typed)
    return None if written == address else written


def for_mail(address: str) -> str:
    """A stored address for a mail server, with its domain in the DNS form, `xn--…`.

    Then only a non-ASCII local part needs a server with UTF-8 (RFC 6531).
    """
    local, _, domain = address.rpartition("@")
    return f"{local}@{'.'.join(map(_a_label, domain.split('.')))}"


def needs_utf8(address: str) -> bool:
    """Whether only a mail server with UTF-8 accepts this address."""
    return not address.rpartition("@")[0].isascii()


# ── the domain ──────────────────────────────────────────────────────────────────────────────


def _readable(domain: str) -> str:
    """An internationalised domain in letters, mapped as browsers do (UTS 46), which send `xn--…`
    when people write letters. A domain that cannot be decoded stays as it is."""
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
    """A label in the DNS form; it is not checked."""
    return label if label.isascii() else f"xn--{label.encode('punycode').decode()}"


def _is_domain(domain: str) -> bool:
    """Two or more labels of letters, digits and hyphens of any script; not a bare IP address."""
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
    """A dot-atom (RFC 5321, 4.1.2); beyond ASCII of letters, marks and digits only.

    RFC 6531 allows any character there. Two things are refused that RFC 5321 allows: encoded words,
    which mail programs decode (RFC 2047), and the beginning of a spreadsheet formula.
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
