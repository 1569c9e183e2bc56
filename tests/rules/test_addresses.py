"""Addresses: which are ones, and the one spelling by which each is known."""

from __future__ import annotations

import pytest

from widget_backend.rules.addresses import email_address, mailbox


@pytest.mark.parametrize(
    ("typed", "known_as"),
    [
        ("arta@example.com", "arta@example.com"),
        ("  Arta.Hoxha@Example.COM ", "arta.hoxha@example.com"),
        ("\u200farta@example.com\u200e", "arta@example.com"),
        ("o'brien+shop=2@example.co.uk", "o'brien+shop=2@example.co.uk"),
        ("نور@مثال.إختبار", "نور@مثال.إختبار"),
        ("ela@Müller.example", "ela@müller.example"),
        ("ela@mu\u0308ller.example", "ela@müller.example"),
        ("ela@xn--mller-kva.example", "ela@müller.example"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_an_address_is_known_by_one_spelling(typed: str, known_as: str) -> None:
    assert email_address(typed) == known_as
    assert email_address(known_as) == known_as


@pytest.mark.parametrize(
    "typed",
    [
        "", "@", "arta", "arta@", "@example.com", "arta@example", "a@b@example.com",
        "arta @example.com", "arta@exa mple.com", "arta\x00@example.com", "arta@example.com\x07",
        "ar\u200bta@example.com", "arta@example..com", "arta@.com", "arta@example.com.",
        "arta@-example.com", "arta@192.0.2.1", "Arta <arta@example.com>", "a@x.al,b@x.al",
        "mailto:arta@example.com", "a" * 65 + "@example.com", "a@" + "b" * 64 + ".com",
        "a@" + "b.".join(["c" * 60] * 5) + ".com", "arta@example.com\narta2@example.com",
    ],
)  # fmt: skip
def test_what_cannot_be_an_address_is_none(typed: str) -> None:
    assert email_address(typed) is None


LABEL = "ü" + "x" * 55
"""63 octets in DNS, as xn--…; 57 in UTF-8."""
XN = "xn--" + LABEL.encode("punycode").decode()
ARABIC_LABEL = "ش" * 40
"""80 octets in UTF-8, 46 in DNS."""


@pytest.mark.parametrize(
    ("address", "possible"),
    [
        pytest.param(f"a@{LABEL}.example", True, id="a label as long as DNS takes"),
        pytest.param(f"a@x{LABEL}.example", False, id="a longer one"),
        pytest.param(f"{'a' * 54}@{XN}.{XN}.{XN}.example", True, id="254 octets as typed"),
        pytest.param(f"{'a' * 55}@{XN}.{XN}.{XN}.example", False, id="255 octets as typed"),
        pytest.param(f"{'a' * 55}@{LABEL}.{LABEL}.{LABEL}.example", False, id="255 in DNS"),
        pytest.param(f"{'a' * 18}@{f'{ARABIC_LABEL}.' * 2}{ARABIC_LABEL[:35]}.al", True,
                     id="254 octets in UTF-8"),
        pytest.param(f"{'a' * 19}@{f'{ARABIC_LABEL}.' * 2}{ARABIC_LABEL[:35]}.al", False,
                     id="255 in UTF-8, far fewer in DNS"),
    ],
)  # fmt: skip
def test_an_address_fits_in_the_spelling_that_is_longer(address: str, possible: bool) -> None:
    assert (email_address(address) is not None) == possible


@pytest.mark.parametrize(
    ("address", "box"),
    [
        ("arta@example.com", "arta@example.com"),
        ("arta+shop@example.com", "arta@example.com"),
        ("arta+a+b@example.com", "arta@example.com"),
        ("ar.ta@example.com", "ar.ta@example.com"),
        ("arta@other.example", "arta@other.example"),
        ("+arta@example.com", "+arta@example.com"),
    ],
)
def test_what_follows_a_plus_is_the_same_mailbox(address: str, box: str) -> None:
    assert mailbox(address) == box
