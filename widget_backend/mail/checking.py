"""Checking a finished message: what a bulk sender still lacks, line by line.

What Gmail and Yahoo ask of bulk senders, and the law of the recipients' countries (FIELD): the
headers of RFC 8058 covered by the signature, a visible link, a postal address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8
from html.parser import HTMLParser

from widget_backend.links import PATHS
from widget_backend.site.model import Site

ONE_CLICK = "List-Unsubscribe=One-Click"
COVERED = ("from", "list-unsubscribe", "list-unsubscribe-post")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `cure` is empty where it is as it should be."""

    what: str
    cure: str = ""

    @property
    def ok(self) -> bool:
        return not self.cure


def check(source: bytes, sites: list[Site]) -> list[Finding]:
    """Everything that was looked at, for whichever of these sites the message is from."""
    message: EmailMessage = message_from_bytes(source, policy=SMTPUTF8)
    return list(_findings(message, sites))


def _findings(message: EmailMessage, sites: list[Site]) -> Iterator[Finding]:
    text = _text(message)
    yield _sender(message)
    yield from _list_unsubscribe(message, sites)
    yield from _signature(message)
    yield _visible_link(_links(message), sites)
    yield _postal_address(text, sites)


def _sender(message: EmailMessage) -> Finding:
    there = bool(message["From"] and message["From"].addresses)
    return Finding("From names a sender", "" if there else "add From with your address")


def _list_unsubscribe(message: EmailMessage, sites: list[Site]) -> Iterator[Finding]:
    header = _as_written(message, "List-Unsubscribe")
    ways = re.findall(r"<([^<>\s]+)>", header)
    yield Finding("List-Unsubscribe is there", "" if ways else _cure(header))
    https = [way for way in ways if way.startswith("https://")]
    yield Finding("List-Unsubscribe has an https address", "" if https else "make it https")
    ours = [f"{site.url}/{PATHS['one-click']}/" for site in sites]
    leads = any(way.startswith(start) for way in https for start in ours)
    yield Finding(
        "that address is a one-click link of ours",
        "" if leads else "take it from the column list_unsubscribe, unaltered",
    )
    said = str(message.get("List-Unsubscribe-Post", "")).strip()
    yield Finding(
        f"List-Unsubscribe-Post says {ONE_CLICK}",
        "" if said == ONE_CLICK else "add it: column list_unsubscribe_post",
    )


def _as_written(message: EmailMessage, name: str) -> str:
    """A header as it stands there: nobody decodes what must be an address (RFC 2047, section 5)."""
    found = (value for each, value in message.raw_items() if each.lower() == name.lower())
    return " ".join(str(next(found, "")).split())


def _cure(header: str) -> str:
    if header.startswith("=?"):
        return "write it as it is, not encoded: let a line of your mail library be 998 long"
    return "write each address in angle brackets" if header else "add it: column list_unsubscribe"


def _signature(message: EmailMessage) -> Iterator[Finding]:
    """Which headers the signature covers; whether it is true, only DNS could say."""
    signed = [_tags(str(each)) for each in message.get_all("DKIM-Signature", [])]
    yield Finding("a DKIM signature is there", "" if signed else "sign the message with DKIM")
    for name in COVERED:
        covered = any(name in tags.get("h", "").lower().split(":") for tags in signed)
        cure = "" if covered else "add it to the headers that your mail server signs (h=)"
        yield Finding(f"the DKIM signature covers {name}", cure)


def _tags(signature: str) -> dict[str, str]:
    pairs = (each.partition("=") for each in signature.split(";"))
    return {name.strip(): re.sub(r"\s+", "", value) for name, _, value in pairs}


def _visible_link(links: list[str], sites: list[Site]) -> Finding:
    doors = [f"{site.url}/{PATHS[to]}/" for site in sites for to in ("unsubscribe", "preferences")]
    there = any(link.startswith(door) for link in links for door in doors)
    cure = "show the link of unsubscribe_url or preferences_url in the message"
    return Finding("a visible link leads out", "" if there else cure)


def _postal_address(text: str, sites: list[Site]) -> Finding:
    words = _words(text)
    there = any(_words(site.legal_address) in words for site in sites)
    cure = "write the legal_address of the site file into the message"
    return Finding("the postal address is there", "" if there else cure)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text)).casefold()


# ── what is in the message ──────────────────────────────────────────────────────────────────


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    try:
        return str(part.get_content()) if part else ""
    except (LookupError, UnicodeError):
        return ""  # an encoding that nobody can read


def _text(message: EmailMessage) -> str:
    return f"{_part(message, 'plain')} {_read(message).text}"


def _links(message: EmailMessage) -> list[str]:
    return [*_read(message).links, *re.findall(r"https?://[^\s<>\"]+", _part(message, "plain"))]


def _read(message: EmailMessage) -> _Html:
    reader = _Html()
    reader.feed(_part(message, "html"))
    return reader


class _Html(HTMLParser):
    """The text of a page and the links in it, without those that hold nothing to press."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str] = []
        self._open: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag == "a" and values.get("href"):
            self._open = (str(values["href"]), len(self.text))
        self.text += f" {values.get('alt') or ''}" if tag == "img" else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open:
            href, start = self._open
            self._open = None
            if self.text[start:].strip():
                self.links.append(href)

    def handle_data(self, data: str) -> None:
        self.text += data
