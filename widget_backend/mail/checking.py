"""Checking a finished message: what a bulk sender still lacks, line by line.

What Gmail and Yahoo ask of bulk senders, and the law of the recipients' countries (FIELD): the
headers of RFC 8058 covered by the signature, a visible link, a postal address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.policy import SMTPUTF8
from html.parser import HTMLParser

from widget_backend.links import Purpose, address
from widget_backend.site.model import Site

ONE_CLICK = "List-Unsubscribe=One-Click"
COVERED = ("from", "list-unsubscribe", "list-unsubscribe-post")

_TOKEN = re.compile(r"\.?[\w-]+\.[\w-]+", re.ASCII)


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
    written = _as_written(message, "From")
    if len(written) > 1:
        return Finding("From names a sender", "keep one From; two are refused or taken for forged")
    cure = "write it as Name <name@shop.example>" if written else "add From with your address"
    return Finding("From names a sender", "" if _has_address(message) else cure)


def _has_address(message: EmailMessage) -> bool:
    try:
        return any(each.domain for each in message["From"].addresses)
    except (AttributeError, IndexError, ValueError, HeaderParseError):
        return False  # none, or one at which Python's parser stumbles


def _list_unsubscribe(message: EmailMessage, sites: list[Site]) -> Iterator[Finding]:
    written = _as_written(message, "List-Unsubscribe")
    header = "".join(written[:1])
    ways = [_folded(way) for way in re.findall(r"<([^<>\s]+)>", header)]
    is_there = bool(ways) and len(written) == 1
    yield Finding("List-Unsubscribe is there", "" if is_there else _cure(written))
    https = [way for way in ways if way.startswith("https://")]
    yield Finding("List-Unsubscribe has an https address", "" if https else "make it https")
    rests = _behind(https, _doors(sites, "one-click"))
    leads = any(_TOKEN.fullmatch(rest) for rest in rests)
    yield Finding(
        "that address is a one-click link of ours",
        "" if leads else "take it from the column list_unsubscribe, unaltered",
    )
    yield _post(_as_written(message, "List-Unsubscribe-Post"))


def _post(written: list[str]) -> Finding:
    cure = "write it once, as it is in the column list_unsubscribe_post"
    what = f"List-Unsubscribe-Post says {ONE_CLICK}"
    return Finding(what, "" if written == [ONE_CLICK] else cure)


def _as_written(message: EmailMessage, name: str) -> list[str]:
    """Headers as they stand there: nobody decodes what must be an address (RFC 2047, section 5)."""
    found = (value for each, value in message.raw_items() if each.lower() == name.lower())
    return [" ".join(str(each).split()) for each in found]


def _cure(written: list[str]) -> str:
    if not written:
        return "add it: column list_unsubscribe"
    if len(written) > 1:
        return "keep one of them: mail programs take any, or none"
    if written[0].startswith("=?"):
        return "write it as it is, not encoded: let a line of your mail library be 998 long"
    return "write each address in angle brackets"


def _signature(message: EmailMessage) -> Iterator[Finding]:
    """Which headers one signature covers; whether it is true, only DNS could say.

    RFC 8058 wants both headers under one: of several, the one that covers most is looked at.
    """
    signed = [_tags(str(each)) for each in message.get_all("DKIM-Signature", [])]
    yield Finding("a DKIM signature is there", "" if signed else "sign the message with DKIM")
    covers = [set(tags.get("h", "").lower().split(":")) for tags in signed]
    most = max(covers, key=lambda each: len(each.intersection(COVERED)), default=set())
    for name in COVERED:
        cure = "add it to the headers that your mail server signs (h=), all in one signature"
        yield Finding(f"the DKIM signature covers {name}", "" if name in most else cure)


def _tags(signature: str) -> dict[str, str]:
    pairs = (each.partition("=") for each in signature.split(";"))
    return {name.strip(): re.sub(r"\s+", "", value) for name, _, value in pairs}


def _visible_link(links: list[str], sites: list[Site]) -> Finding:
    rests = _behind(map(_folded, links), _doors(sites, "unsubscribe", "preferences"))
    there = any(_TOKEN.match(rest) for rest in rests)
    cure = "show the link of unsubscribe_url or preferences_url in the message"
    return Finding("a visible link leads out", "" if there else cure)


def _doors(sites: list[Site], *purposes: Purpose) -> list[str]:
    return [_folded(address(site.url, purpose, "")) for site in sites for purpose in purposes]


def _behind(links: Iterable[str], doors: list[str]) -> list[str]:
    """What stands behind the door, for each link that leads to one."""
    return [link[len(door) :] for link in links for door in doors if link.startswith(door)]


def _folded(link: str) -> str:
    """Scheme and host in small letters: no case is told apart in them, but in a token it is."""
    return re.sub(r"^\s*[^:/\s]+://[^/?#]*", lambda found: found[0].strip().lower(), link)


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
    return [*_read(message).links, *re.findall(r"(?i)https?://[^\s<>\"]+", _part(message, "plain"))]


def _read(message: EmailMessage) -> _Html:
    reader = _Html()
    reader.feed(_part(message, "html"))
    return reader


_UNSEEN = {"title", "style", "script", "template"}
_NO_END = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class _Html(HTMLParser):
    """What readers see of a page, and the links in it that hold something to press."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str] = []
        self._inside: list[tuple[str, bool]] = []
        """Elements that are open, and whether each is hidden."""
        self._open: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        is_hidden = tag in _UNSEEN or "hidden" in values or _HIDING.search(values.get("style", ""))
        if tag not in _NO_END:
            self._inside.append((tag, bool(is_hidden)))
        if tag == "a" and values.get("href"):
            self._open = (values["href"], len(self.text))
        if tag == "img" and not is_hidden:
            self.handle_data(f" {values.get('alt', '')}")

    def handle_endtag(self, tag: str) -> None:
        self._close(tag)
        if tag == "a" and self._open:
            href, start = self._open
            self._open = None
            if self.text[start:].strip():
                self.links.append(href)

    def _close(self, tag: str) -> None:
        """With what is open in it: many elements are never closed."""
        names = [name for name, _ in self._inside]
        if tag in names:
            del self._inside[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if not any(is_hidden for _, is_hidden in self._inside):
            self.text += data
