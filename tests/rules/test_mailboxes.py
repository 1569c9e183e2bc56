"""Which addresses are counted as one mailbox, by the rules of each provider."""

from __future__ import annotations

import pytest

from widget_backend.rules.mailboxes import PROVIDERS, mailbox

SPELLINGS = {
    "arta@example.com": ["arta@example.com", "arta+shop@example.com", "arta+a+b@example.com"],
    "artahoxha@gmail.com": [
        "artahoxha@gmail.com",
        "arta.hoxha@gmail.com",
        "a.r.t.a.hoxha+news@gmail.com",
        "arta.hoxha@googlemail.com",
    ],
    "artahoxha@proton.me": [
        "artahoxha@proton.me",
        "arta.hoxha@proton.me",
        "arta_hoxha+x@protonmail.com",
        "arta-hoxha@pm.me",
    ],
    "arta@icloud.com": ["arta@icloud.com", "arta+shop@me.com", "arta@mac.com"],
    "arta@outlook.com": ["arta@outlook.com", "arta+shop@outlook.com"],
    "arta@fastmail.com": ["arta@fastmail.com", "arta+x@fastmail.com", "x@arta.fastmail.com"],
    "arta@yahoo.com": ["arta@yahoo.com", "arta-shop@yahoo.com", "arta-x-y@yahoo.com"],
    "artahoxha@yandex.com": ["arta.hoxha@yandex.ru", "arta-hoxha@ya.ru", "artahoxha+x@yandex.com"],
}
APART = [
    ("ar.ta@example.com", "arta@example.com"),
    ("arta@example.com", "arta@other.example"),
    ("ar.ta@outlook.com", "arta@outlook.com"),
    ("ar.ta@icloud.com", "arta@icloud.com"),
    ("ar-ta@gmail.com", "arta@gmail.com"),
    ("ar-ta@example.com", "ar@example.com"),
    ("arta@mail.gmail.com", "mail@gmail.com"),
    ("arta@fastmail.com", "arta@fastmail.fm"),
]


@pytest.mark.parametrize("box", SPELLINGS)
def test_spellings_of_one_mailbox_are_counted_together(box: str) -> None:
    assert {mailbox(spelling) for spelling in SPELLINGS[box]} == {box}


@pytest.mark.parametrize(("one", "other"), APART)
def test_mailboxes_that_may_be_two_peoples_are_counted_apart(one: str, other: str) -> None:
    assert mailbox(one) != mailbox(other)


@pytest.mark.parametrize("local", ["+arta", ".", "...", "-", "+", "_-."])
@pytest.mark.parametrize("domain", ["example.com", "gmail.com", "proton.me", "yahoo.com"])
def test_something_is_left_of_every_address(local: str, domain: str) -> None:
    name, _, at = mailbox(f"{local}@{domain}").rpartition("@")
    assert name
    assert at == domain


def test_no_domain_has_two_rules() -> None:
    domains = [domain for each in PROVIDERS for domain in each.domains]
    assert len(domains) == len(set(domains))
