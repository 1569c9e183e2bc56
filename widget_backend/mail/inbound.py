"""Inbound: a message to the site's address for unsubscribing, as a mail server pipes it (RFC 2369).

Its subject is the token of a one-click link; replies keep it, and mail programs that know the
header write it by themselves.
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

from widget_backend.errors import MessageWithoutLink

LONGEST_SUBJECT = 2000
"""Characters; a token has some two hundred."""

_TOKEN = re.compile(r"[\w-]{20,}(?:\.[\w-]{20,})|\.[\w-]{20,}\.[\w-]{20,}", re.ASCII)


def token_in(source: bytes) -> str:
    """The token in a message's subject. Raises MessageWithoutLink."""
    found = _TOKEN.search(_subject(message_from_bytes(source)))
    if found is None:
        raise MessageWithoutLink
    return found[0]


def _subject(message: Message) -> str:
    """Without the breaks that mail servers put into long lines; a token has no spaces."""
    try:
        said = str(make_header(decode_header(message.get("Subject", "")[:LONGEST_SUBJECT])))
    except (LookupError, ValueError, HeaderParseError) as error:
        raise MessageWithoutLink from error
    words = said.split()
    return "".join(words[1:] if words and words[0].rstrip(":").lower() in _REPLIES else words)


_REPLIES = {"re", "aw", "fwd", "fw", "unsubscribe"}
