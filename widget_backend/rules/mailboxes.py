"""Mailboxes: which addresses lead to the same mailbox. Only for limits on mail, never for identity:
a provider may change its rules, and two people who are counted as one only wait a little longer.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Provider:
    """What a provider ignores in its customers' addresses.

    All `domains` lead to the same mailboxes. `ignored` are characters without effect, `tag` begins
    a part without effect, and with `subdomains` `note@name.domain` is `name@domain`.
    """

    domains: tuple[str, ...]
    ignored: str = ""
    tag: str = "+"
    subdomains: bool = False


PROVIDERS = (
    # Dots, and what follows a plus; both domains are one. Gmail's help as others quote it, read
    # November 2026 (its page support.google.com/mail/answer/7436150: M). Not of Google Workspace,
    # where dots count.
    Provider(("gmail.com", "googlemail.com"), ignored="."),
    # "These characters are treated as transparent": proton.me/support/change-username; plus and
    # domains: proton.me/support/addresses-and-aliases. Read November 2026.
    Provider(("proton.me", "protonmail.com", "protonmail.ch", "pm.me"), ignored=".-_"),
    # One account has all three: support.apple.com/118230, read November 2026. Plus: M, and others
    # tried it.
    Provider(("icloud.com", "me.com", "mac.com")),
    # note@name.fastmail.com: fastmail.help/hc/articles/360060591053, read November 2026. It has
    # many more domains; at each the same name may be somebody else's.
    *(
        Provider((domain,), subdomains=True)
        for domain in ("fastmail.com", "fastmail.fm", "sent.com")
    ),
    # Each mailbox has all of them: yandex.com/support/domain/additional/mailbox-alias.xml, read
    # November 2026. A hyphen for a dot: M.
    Provider(
        ("yandex.com", "yandex.ru", "ya.ru", "yandex.by", "yandex.kz", "yandex.ua", "narod.ru"),
        ignored=".-",
    ),
    # Disposable addresses are base-word: US patent application 2006/0041621 and Yahoo's help on
    # AddressGuard, read November 2026. Names themselves hold no hyphen: M.
    *(
        Provider((domain,), tag="-")
        for domain in (
            *("yahoo.com", "yahoo.co.uk", "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.gr"),
            *("yahoo.in", "yahoo.it", "yahoo.ca", "ymail.com", "rocketmail.com", "myyahoo.com"),
        )
    ),
)
"""Providers with rules of their own. All others, Outlook.com among them (support.microsoft.com,
2013), are taken to pass over what follows a plus (RFC 5233), and nothing else."""

_BY_DOMAIN = {domain: each for each in PROVIDERS for domain in each.domains}
_OTHERS = Provider(())


def mailbox(address: str) -> str:
    """The mailbox that an address leads to, in the one spelling by which it is counted."""
    local, _, domain = address.rpartition("@")
    name, _, above = domain.partition(".")
    if above in _BY_DOMAIN and _BY_DOMAIN[above].subdomains:
        local, domain = name, above
    provider = _BY_DOMAIN.get(domain, _OTHERS)
    for tag in {"+", provider.tag}:
        local = local.partition(tag)[0] or local
    name = "".join(sign for sign in local if sign not in provider.ignored)
    return f"{name or local}@{next(iter(provider.domains), domain)}"
