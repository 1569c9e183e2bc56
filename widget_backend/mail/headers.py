"""Headers of our own messages, written character by character.

Python's header classes decode what looks encoded (RFC 2047) while they write: until 3.11.8 and
3.12.2 an address such as `=?utf-8?q?a=0d=0a…` added lines of its own to a message. So nothing here
parses.
"""

from __future__ import annotations

from email.header import Header

from widget_backend.rules.email_addresses import email_address, for_mail

UNDISCLOSED = "undisclosed-recipients:;"
"""Replaces an address that was stored once and would be refused now (RFC 5322, 3.4)."""


def to_header(address: str) -> str:
    """The value of `To` for a stored address: a dot-atom and a domain need no quotes."""
    return for_mail(address) if email_address(address) == address else UNDISCLOSED


def from_header(name: str, address: str) -> str:
    """The value of `From`: a name that the owner chose, and an address of the site file."""
    if _is_plain(name):
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{address}>'
    return f"{_encoded(name, 'From')} <{address}>"


def text_header(text: str, name: str) -> str:
    """The value of the header `name` that readers see as this text, encoded if it must be."""
    return text if _is_plain(text) else _encoded(text, name)


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and "=?" not in text and len(text) < 800


def _encoded(text: str, name: str) -> str:
    return Header(text, "utf-8", header_name=name).encode(linesep="\r\n")
