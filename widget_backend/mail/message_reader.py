"""Reading a message as mail servers, gateways and mail programs leave it in a file or a pipe.

Nothing in it may stop whoever reads it: at malformed parameters Python's own parser raises.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from typing import cast

from widget_backend.errors import NoMessage

SEARCHED = 100
"""Lines in which headers may begin, behind what a gateway or a program put before them."""

_MARKS = re.compile(b"^(" + codecs.BOM_UTF8 + b")+")
_HEADER = re.compile(rb"([!-9;-~]+)[ \t]*:")
_KNOWN = frozenset(
    b"bcc cc content-type date delivered-to dkim-signature from list-unsubscribe message-id "
    b"mime-version received reply-to return-path sender subject to x-original-to".split()
)
"""Of these each message has one or more; of two words before a colon a text may have any."""


def read_headers(source: bytes) -> Message:
    """The headers of a message. Raises NoMessage."""
    return BytesHeaderParser().parsebytes(_from_headers_on(source))


def read_message(source: bytes) -> Message:
    """A message with its parts; in one part where nobody can tell them. Raises NoMessage."""
    from_headers_on = _from_headers_on(source)
    try:
        return message_from_bytes(from_headers_on)
    except Exception:  # whatever Python's parser raises at parameters
        return BytesHeaderParser().parsebytes(from_headers_on)


def texts(message: Message) -> Iterator[tuple[str, str]]:
    """Kind (`text/plain`, `text/html`) and text of each part that mail programs show."""
    kind, parts = message.get_content_maintype(), message.get_payload()
    if kind == "message":
        return  # somebody else's, attached
    if isinstance(parts, list):
        for part in parts:
            yield from texts(cast("Message", part))
    elif kind == "multipart":
        yield "text/plain", str(parts)  # nobody can tell its parts
    elif kind == "text" and not _is_attached(message):
        yield message.get_content_type(), _decoded(message)


def _from_headers_on(source: bytes) -> bytes:
    """Without a byte order mark, blank lines, an mbox line or a banner before the headers."""
    lines = _as_utf8(source).splitlines(keepends=True)
    first = [_MARKS.sub(b"", line) for line in lines[:SEARCHED]]
    lines[:SEARCHED] = first
    start = 0
    while start < len(first):
        end, is_known = _headers_from(lines, start)
        if is_known:
            return b"".join(lines[start:])
        start = end + 1  # headers that begin later among these would end here too
    raise NoMessage


def _as_utf8(source: bytes) -> bytes:
    if source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return source.decode("utf-16", "replace").encode("utf-8", "replace")
    return source


def _headers_from(lines: list[bytes], start: int) -> tuple[int, bool]:
    """The line with which the headers from here on end, and whether one of them is known: it is
    then the first of these."""
    for number in range(start, len(lines)):
        header = _HEADER.match(lines[number])
        is_folded = number > start and lines[number][:1] in (b" ", b"\t")
        if header and header[1].lower() in _KNOWN:
            return number, True
        if not header and not is_folded:
            return number, False
    return len(lines), False


def _is_attached(part: Message) -> bool:
    disposition = str(part.get("Content-Disposition", ""))
    return disposition.strip().lower().startswith("attachment")


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    for charset in (_charset(part), "utf-8"):
        with suppress(LookupError, ValueError):
            return content.decode(charset)
    return content.decode("latin-1")


def _charset(part: Message) -> str:
    with suppress(Exception):  # whatever Python's parser raises at parameters
        return part.get_content_charset("utf-8")
    return "utf-8"
