"""Checking a finished message: what a bulk sender still lacks, line by line.

What Gmail and Yahoo ask of bulk senders, and the law of the recipients' countries (FIELD): the
headers of RFC 8058 covered by the signature, a visible link, a postal address.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.policy import SMTPUTF8
from typing import Any

from widget_backend.links import Purpose, address
from widget_backend.mail.message_reader import read_message, texts
from widget_backend.mail.visible_content import read
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
    """Everything that was looked at, for whichever of these sites the message is from.

    Raises NoMessage.
    """
    return list(_findings(read_message(source), sites))


def _findings(message: Message, sites: list[Site]) -> Iterator[Finding]:
    pages = [read(kind, text) for kind, text in texts(message)]
    yield _sender(message)
    yield from _list_unsubscribe(message, sites)
    yield from _signature(message)
    yield _visible_link([link for page in pages for link in page.links], sites)
    yield _postal_address([page.text for page in pages], sites)


def _sender(message: Message) -> Finding:
    written = _as_written(message, "From")
    if len(written) > 1:
        return Finding("From names a sender", "keep one From; two are refused or taken for forged")
    cure = "write it as Name <name@shop.example>" if written else "add From with your address"
    return Finding("From names a sender", "" if _has_address("".join(written)) else cure)


def _has_address(written: str) -> bool:
    try:
        header: Any = SMTPUTF8.header_factory("From", written)
        return any(each.domain for each in header.addresses)
    except Exception:  # whatever Python's parser raises at it
        return False


def _list_unsubscribe(message: Message, sites: list[Site]) -> Iterator[Finding]:
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


def _as_written(message: Message, name: str) -> list[str]:
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


def _signature(message: Message) -> Iterator[Finding]:
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


def _postal_address(seen: list[str], sites: list[Site]) -> Finding:
    wanted = {_letters(site.legal_address) for site in sites}
    there = any(address in _letters(text) for text in seen for address in wanted if address)
    cure = "write the legal_address of the site file into the message"
    return Finding("the postal address is there", "" if there else cure)


def _letters(text: str) -> str:
    """Letters and digits alone, however they are spelled in Unicode, and whatever line breaks,
    table cells, soft hyphens and spaces of no width are between them."""
    return "".join(re.findall(r"\w", unicodedata.normalize("NFKC", text).casefold()))
