"""Sender checks: what a finished bulk message still lacks, line by line.

The checks follow Gmail’s and Yahoo’s rules for bulk senders and the law of the recipients’
countries: the headers of RFC 8058, covered by the signature, a visible link and a postal address.
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
from widget_backend.mail.message_reader import read_message, text_parts
from widget_backend.mail.visible_content import VisibleContent, visible_content
from widget_backend.site.model import Site

ONE_CLICK = "List-Unsubscribe=One-Click"
SIGNED_HEADERS = ("from", "list-unsubscribe", "list-unsubscribe-post")

_TOKEN = re.compile(r"\.?[\w-]+\.[\w-]+", re.ASCII)


@dataclass(frozen=True)
class Check:
    """One requirement. `cure` says how to meet it, and is empty if the message does."""

    what: str
    cure: str = ""

    @property
    def ok(self) -> bool:
        return not self.cure


def check_message(source: bytes, sites: list[Site]) -> list[Check]:
    """All checks of a message from any of these sites. Raises NoMessage."""
    message = read_message(source)
    contents = [visible_content(kind, text) for kind, text in text_parts(message)]
    return [
        _from(message),
        *_list_unsubscribe(message, sites),
        _list_unsubscribe_post(message),
        *_signature(message),
        _visible_link(contents, sites),
        _postal_address(contents, sites),
    ]


def _from(message: Message) -> Check:
    what = "From names a sender"
    values = _raw_values(message, "From")
    if len(values) > 1:
        return Check(what, "keep one From; two are refused or taken for forged")
    if not values:
        return Check(what, "add From with your address")
    try:
        header: Any = SMTPUTF8.header_factory("From", values[0])
        has_address = any(each.domain for each in header.addresses)
    except Exception:  # Python's parser raises many kinds of errors at malformed addresses
        has_address = False
    return Check(what, "" if has_address else "write it as Name <name@shop.example>")


def _list_unsubscribe(message: Message, sites: list[Site]) -> Iterator[Check]:
    values = _raw_values(message, "List-Unsubscribe")
    urls = [_lower_host(url) for url in re.findall(r"<([^<>\s]+)>", "".join(values[:1]))]
    cure = "" if urls and len(values) == 1 else _list_unsubscribe_cure(values)
    yield Check("List-Unsubscribe is there", cure)
    https = [url for url in urls if url.startswith("https://")]
    yield Check("List-Unsubscribe has an https address", "" if https else "make it https")
    is_ours = any(_TOKEN.fullmatch(path) for path in _after_prefix(https, sites, "one-click"))
    yield Check(
        "that address is a one-click link of ours",
        "" if is_ours else "take it from the column list_unsubscribe, unaltered",
    )


def _list_unsubscribe_cure(values: list[str]) -> str:
    if not values:
        return "add it: column list_unsubscribe"
    if len(values) > 1:
        return "keep one of them: mail programs take any, or none"
    if values[0].startswith("=?"):
        return "write it as it is, not encoded: let a line of your mail library be 998 long"
    return "write each address in angle brackets"


def _list_unsubscribe_post(message: Message) -> Check:
    is_exact = _raw_values(message, "List-Unsubscribe-Post") == [ONE_CLICK]
    cure = "write it once, as it is in the column list_unsubscribe_post"
    return Check(f"List-Unsubscribe-Post says {ONE_CLICK}", "" if is_exact else cure)


def _raw_values(message: Message, name: str) -> list[str]:
    """Values of a header, not decoded: mail programs decode no address (RFC 2047, section 5)."""
    values = (value for each, value in message.raw_items() if each.lower() == name.lower())
    return [" ".join(str(value).split()) for value in values]


def _signature(message: Message) -> Iterator[Check]:
    """Which headers one signature covers. Whether it is valid could only be checked with DNS.

    RFC 8058 wants both headers under one signature, so the one that covers most is checked.
    """
    signatures = [_tags(str(each)) for each in message.get_all("DKIM-Signature", [])]
    yield Check("a DKIM signature is there", "" if signatures else "sign the message with DKIM")
    covered = [set(tags.get("h", "").lower().split(":")) for tags in signatures]
    best = max(covered, key=lambda names: len(names.intersection(SIGNED_HEADERS)), default=set())
    for name in SIGNED_HEADERS:
        cure = "add it to the headers that your mail server signs (h=), all in one signature"
        yield Check(f"the DKIM signature covers {name}", "" if name in best else cure)


def _tags(signature: str) -> dict[str, str]:
    """The tags of a DKIM signature (RFC 6376, 3.2), without white space."""
    pairs = (each.partition("=") for each in signature.split(";"))
    return {name.strip(): re.sub(r"\s+", "", value) for name, _, value in pairs}


def _visible_link(contents: list[VisibleContent], sites: list[Site]) -> Check:
    links = [_lower_host(link) for content in contents for link in content.links]
    paths = _after_prefix(links, sites, "unsubscribe", "preferences")
    is_visible = any(_TOKEN.match(path) for path in paths)
    cure = "show the link of unsubscribe_url or preferences_url in the message"
    return Check("a visible link leads out", "" if is_visible else cure)


def _after_prefix(links: Iterable[str], sites: list[Site], *purposes: Purpose) -> list[str]:
    """For each link with one of these purposes, what follows the part that is equal for all."""
    prefixes = [_lower_host(address(site.url, each, "")) for site in sites for each in purposes]
    return [
        link.removeprefix(prefix)
        for link in links
        for prefix in prefixes
        if link.startswith(prefix)
    ]


def _lower_host(link: str) -> str:
    """The link with scheme and host in lower case: they ignore case, a token does not."""
    return re.sub(r"^\s*[^:/\s]+://[^/?#]*", lambda match: match[0].strip().lower(), link)


def _postal_address(contents: list[VisibleContent], sites: list[Site]) -> Check:
    addresses = [letters for site in sites if (letters := _letters(site.legal_address))]
    is_visible = any(each in _letters(content.text) for content in contents for each in addresses)
    cure = "write the legal_address of the site file into the message"
    return Check("the postal address is there", "" if is_visible else cure)


def _letters(text: str) -> str:
    """Only the letters and digits, in one Unicode form and without case.

    So line breaks, table cells, soft hyphens and zero-width spaces between them do not matter.
    """
    return "".join(re.findall(r"\w", unicodedata.normalize("NFKC", text).casefold()))
