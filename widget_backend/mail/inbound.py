"""Inbound: a message to the site's address for unsubscribing, as a mail server pipes it (RFC 2369).

Its subject is the token of a one-click link; replies keep it, and mail programs that know the
header write it by themselves. What else people and mail servers put around it is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

from widget_backend.errors import LinkForged, LinkWrongPurpose, MessageWithoutLink
from widget_backend.links import Link, Signer
from widget_backend.mail.message_reader import read_headers

LONGEST_SUBJECT = 2000
"""Characters; a token has some two hundred."""
MOST_PIECES = 8
"""Into which mail servers may break a token; a longest subject is then read in moments."""

_TOKEN = re.compile(r"[\w-]{20,}(?:\.[\w-]{20,})|\.[\w-]{20,}\.[\w-]{20,}", re.ASCII)


def link_in(source: bytes, signer: Signer) -> Link:
    """The one-click link in a message's subject. Raises NoMessage and MessageWithoutLink."""
    for token in _tokens(_subject(read_headers(source)).split()):
        with suppress(LinkForged, LinkWrongPurpose):
            return signer.read("one-click", token)
    raise MessageWithoutLink


def _tokens(words: list[str]) -> Iterator[str]:
    """What may be a token: in each word, then in words joined, as mail servers break long lines."""
    for pieces in range(1, MOST_PIECES + 1):
        for start in range(len(words) - pieces + 1):
            found = _TOKEN.search("".join(words[start : start + pieces]))
            if found:
                yield found[0]


def _subject(message: Message) -> str:
    """Decoded, or as it stands there where nobody can: the token in it is ASCII all the same."""
    raw = str(message.get("Subject", ""))[:LONGEST_SUBJECT]  # raw 8-bit is a Header, not a text
    try:
        return str(make_header(decode_header(raw)))
    except (LookupError, ValueError, HeaderParseError):
        return raw
