"""Headers of our own messages, written sign by sign.

Python's header classes decode on the way what looks encoded (RFC 2047): until 3.11.8 and 3.12.2 an
address such as `=?utf-8?q?a=0d=0a…` put lines of its own into a message. So nothing here parses.
"""

from __future__ import annotations

from email.header import Header

from widget_backend.rules.email_addresses import email_address, for_mail

NOBODY = "undisclosed-recipients:;"
"""Stands for an address that was stored once and would not be taken now (RFC 5322, 3.4)."""


def recipient(address: str) -> str:
    """A stored address for `To`: a dot-atom and a domain need no quotes."""
    return for_mail(address) if email_address(address) == address else NOBODY


def sender(name: str, address: str) -> str:
    """A name of the owner's and an address of the site file, for `From`."""
    if _is_plain(name):
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'
    return f"{_encoded(name, 'From')} <{address}>"


def words(text: str, name: str) -> str:
    """A text of ours or the owner's for a header of this name; whoever reads it gets it back."""
    return text if _is_plain(text) else _encoded(text, name)


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and "=?" not in text and len(text) < 800


def _encoded(text: str, name: str) -> str:
    return Header(text, "utf-8", header_name=name).encode(linesep="\r\n")


def lines(headers: dict[str, str]) -> str:
    """The headers as they go over the wire."""
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items())
