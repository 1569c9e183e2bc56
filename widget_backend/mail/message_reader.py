"""Reading a message as mail servers, gateways and mail programs leave it in a file or a pipe.

No message may stop the reader. Python's own parser raises errors at malformed parameters.
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

LINES_SEARCHED = 100
"""Lines in which the headers may begin: gateways and programs put text before them."""

_BYTE_ORDER_MARKS = re.compile(b"^(" + codecs.BOM_UTF8 + b")+")
_HEADER = re.compile(rb"([!-9;-~]+)[ \t]*:")
_COMMON_HEADERS = frozenset(
    b"bcc cc content-type date delivered-to dkim-signature from list-unsubscribe message-id "
    b"mime-version received reply-to return-path sender subject to x-original-to".split()
)
"""Every message has one of these. Other words before a colon may be part of any text."""


def read_headers(source: bytes) -> Message:
    """The headers of a message. Raises NoMessage."""
    return BytesHeaderParser().parsebytes(_without_preamble(source))


def read_message(source: bytes) -> Message:
    """A message with its parts, or as one part if they cannot be separated. Raises NoMessage."""
    message = _without_preamble(source)
    try:
        return message_from_bytes(message)
    except Exception:  # Python's parser raises many kinds of errors at malformed parameters
        return BytesHeaderParser().parsebytes(message)


def text_parts(message: Message) -> Iterator[tuple[str, str]]:
    """Content type (`text/plain`, `text/html`) and text of each part that mail programs show."""
    kind, parts = message.get_content_maintype(), message.get_payload()
    if kind == "message":
        return  # an attached message of somebody else
    if isinstance(parts, list):
        for part in parts:
            yield from text_parts(cast("Message", part))
    elif kind == "multipart":
        yield "text/plain", str(parts)  # its parts cannot be separated
    elif kind == "text":
        disposition = str(message.get("Content-Disposition", ""))
        if not disposition.strip().lower().startswith("attachment"):
            yield message.get_content_type(), _decoded(message)


def _without_preamble(source: bytes) -> bytes:
    """Drop a byte order mark, blank lines, an mbox line or a banner before the headers."""
    if source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        source = source.decode("utf-16", "replace").encode("utf-8", "replace")
    lines = source.splitlines(keepends=True)
    searched = [_BYTE_ORDER_MARKS.sub(b"", line) for line in lines[:LINES_SEARCHED]]
    lines[:LINES_SEARCHED] = searched
    start = 0
    while start < len(searched):
        end, is_message = _end_of_headers(lines, start)
        if is_message:
            return b"".join(lines[start:])
        start = end + 1  # headers that begin later in this block would end at the same line
    raise NoMessage


def _end_of_headers(lines: list[bytes], start: int) -> tuple[int, bool]:
    """Up to which line there are only headers, and whether a common one is among them.

    The search ends at the first common one.
    """
    for number in range(start, len(lines)):
        header = _HEADER.match(lines[number])
        is_folded = number > start and lines[number][:1] in (b" ", b"\t")
        if header and header[1].lower() in _COMMON_HEADERS:
            return number, True
        if not header and not is_folded:
            return number, False
    return len(lines), False


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    charset = "utf-8"
    with suppress(Exception):  # Python's parser raises many kinds of errors at malformed parameters
        charset = part.get_content_charset("utf-8")
    for each in (charset, "utf-8"):
        with suppress(LookupError, ValueError):
            return content.decode(each)
    return content.decode("latin-1")
