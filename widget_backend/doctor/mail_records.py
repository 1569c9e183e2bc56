"""Records in DNS by which mailboxes tell our mail from forged mail: SPF, DKIM and DMARC."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module

from widget_backend.doctor.outcomes import Outcome, ok, unsure, wrong
from widget_backend.errors import ToolMissing
from widget_backend.installation import installing

LookUp = Callable[[str], Sequence[str] | None]
"""The TXT records of a name; None where DNS does not answer."""
TIMEOUT = 5
"""Seconds for an answer."""
TRY_AGAIN = "try again where DNS can be asked"


def look_up(name: str) -> Sequence[str] | None:
    """Ask DNS. Raises ToolMissing without the library `dnspython`."""
    try:
        resolver, exception = import_module("dns.resolver"), import_module("dns.exception")
    except ImportError as error:
        cure = f"install it: {installing('dns')}"
        raise ToolMissing(
            "DNS is asked by the library dnspython, which is missing", cure
        ) from error
    try:
        answers = resolver.resolve(name, "TXT", lifetime=TIMEOUT)
    except (resolver.NXDOMAIN, resolver.NoAnswer):
        return []
    except exception.DNSException:
        return None
    return [b"".join(each.strings).decode("utf-8", "replace") for each in answers]


def mail_records(domain: str, selector: str | None, ask: LookUp) -> Iterator[Outcome]:
    """`domain` is that of the sender; `selector` is under which name its DKIM key stands."""
    yield _spf(domain, ask(domain))
    yield _dkim(domain, selector, ask)
    yield _dmarc(domain, ask)


def _silent(what: str) -> Outcome:
    return unsure(what, "DNS does not answer", TRY_AGAIN)


def _of_kind(records: Sequence[str], version: str) -> list[str]:
    return [each for each in records if re.split("[ ;]", each.lower())[0] == version]


def _spf(domain: str, records: Sequence[str] | None) -> Outcome:
    what = f"SPF of {domain}"
    if records is None:
        return _silent(what)
    policies = _of_kind(records, "v=spf1")
    if not policies:
        cure = f"add the TXT record that your mail service names for {domain} (v=spf1 … -all)"
        return wrong(what, "there is no record", cure)
    if len(policies) > 1:
        return wrong(what, "there are several records, so none counts", "put them into one")
    if reason := _OF_ALL_OTHERS.get(_qualifier_of_all(policies[0])):
        return wrong(what, reason, "end it with -all or ~all, and have no other “all” before that")
    return ok(what, policies[0])


_OF_ALL_OTHERS = {
    "+": "it lets everybody send for you (+all)",
    "?": "it leaves open whether others may send for you (?all, or no “all”)",
}
"""What is wrong with a policy whose `all` has this qualifier."""


def _qualifier_of_all(policy: str) -> str:
    """The first `all` decides, whatever follows (RFC 7208, 5.1). Without one the answer is neutral
    (4.7), unless the policy of another name decides: then it is empty."""
    terms = policy.lower().split()[1:]
    for term in terms:
        if match := re.fullmatch("([-+~?]?)all", term):
            return match[1] or "+"
    return "" if any(term.startswith("redirect=") for term in terms) else "?"


def _dkim(domain: str, selector: str | None, ask: LookUp) -> Outcome:
    what = f"DKIM of {domain}"
    if selector is None:
        cure = "name it with --selector (it stands as s= in DKIM-Signature of a letter)"
        return unsure(what, "the selector of its key is not known", cure)
    name = f"{selector}._domainkey.{domain}"
    records = ask(name)
    if records is None:
        return _silent(what)
    keys = [_tags(each).get("p") for each in records]
    if any(keys):
        return ok(what, f"there is a key at {name}")
    reason = (
        f"the key at {name} was revoked (p= is empty)"
        if "" in keys
        else f"there is no key at {name}"
    )
    return wrong(what, reason, "add the record that your mail service names, or its selector")


def _tags(record: str) -> dict[str, str]:
    """The values of a record by their tags, without white space (RFC 6376, 3.2)."""
    pairs = (each.partition("=") for each in "".join(record.split()).split(";"))
    return {tag: value for tag, _, value in pairs}


def _dmarc(domain: str, ask: LookUp) -> Outcome:
    """The record of the domain itself, or of one above it (RFC 7489, 6.6.3)."""
    what, labels = f"DMARC of {domain}", domain.split(".")
    for start in range(max(1, len(labels) - 1)):
        records = ask(f"_dmarc.{'.'.join(labels[start:])}")
        if records is None:
            return _silent(what)
        if policies := _of_kind(records, "v=dmarc1"):
            return ok(what, policies[0])
    cure = f"add a TXT record at _dmarc.{domain}, such as v=DMARC1; p=quarantine"
    return wrong(what, "there is no record", cure)
