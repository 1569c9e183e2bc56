"""Inbound: a message to the site's unsubscribe address, as a mail server pipes it in (RFC 2369).

Its subject holds the token of a one-click link: mail programs that know the header write it, and
replies keep it. Whatever people and mail servers put around the token is ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from email.errors import HeaderParseError
from email.header import decode_header, make_header

from widget_backend.errors import LinkForged, LinkWrongPurpose, MessageWithoutLink
from widget_backend.links import Link
from widget_backend.mail.message_reader import read_headers
from widget_backend.signing import Signer

LONGEST_SUBJECT = 2000
"""Characters that are read; a token has about 200."""
MOST_PIECES = 8
"""Into how many pieces a mail server may have broken the token. The limit keeps the work small."""

_TOKEN = re.compile(r"[\w-]{20,}(?:\.[\w-]{20,})|\.[\w-]{20,}\.[\w-]{20,}", re.ASCII)


def one_click_link(source: bytes, signer: Signer) -> Link:
    """The one-click link in a message's subject. Raises NoMessage and MessageWithoutLink."""
    for token in _possible_tokens(_subject(source).split()):
        with suppress(LinkForged, LinkWrongPurpose):
            return signer.read("one-click", token)
    raise MessageWithoutLink


def _possible_tokens(words: list[str]) -> Iterator[str]:
    """Single words first, then words joined together, since mail servers break long lines."""
    for pieces in range(1, MOST_PIECES + 1):
        for start in range(len(words) - pieces + 1):
            match = _TOKEN.search("".join(words[start : start + pieces]))
            if match:
                yield match[0]


def _subject(source: bytes) -> str:
    """The subject, decoded if it can be; if not, its raw text, in which an ASCII token stands."""
    subject = read_headers(source).get("Subject", "")
    raw = str(subject)[:LONGEST_SUBJECT]  # for raw 8-bit text, Python returns a Header
    try:
        return str(make_header(decode_header(raw)))
    except (LookupError, ValueError, HeaderParseError):
        return raw
