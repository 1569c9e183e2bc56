"""Addresses: which are ones, and the one spelling by which each is known."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import idna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget_backend.rules import email_addresses
from widget_backend.rules.email_addresses import LONGEST, LONGEST_LABEL, email_address, for_mail


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
        ("ela@XN--MLLER-KVA.example", "ela@müller.example"),
        ("ela@straße.example", "ela@straße.example"),
        ("ela@xn--strae-oqa.example", "ela@straße.example"),
        ("ela@ｅｘａｍｐｌｅ．example", "ela@example.example"),
        ("ela@例え。example", "ela@例え.example"),
        ("ela@xn--i-7iq.example", "ela@xn--i-7iq.example"),
        ("!#$%&'*-/?=^_`{|}~.1@example.com", "!#$%&'*-/?=^_`{|}~.1@example.com"),
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
        ".arta@example.com", "arta.@example.com", "ar..ta@example.com", "“arta”@example.com",
        "arta♥@example.com", "ar‿ta@example.com", "arta①@example.com", "arta＝？@example.com",
        "=?utf-8?q?a=0d=0ax-injected=3a_yes?=@attacker.example", "a=?b@example.com",
        "=arta@example.com", "+arta@example.com", "-arta@example.com", "＝arta@example.com",
        "＋arta@example.com", "－arta@example.com", "﹢arta@example.com", "⁼arta@example.com",
        "arta@exa_mple.com", "arta@i❤.example", "arta@exam\u2024ple", "arta@ex：ample.com",
        "\ud800@example.com", "arta@\ud800.com", "arta@xn--.com", "arta@a-.com",
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
    ("address", "told"),
    [
        ("arta@example.com", "arta@example.com"),
        ("ela@müller.example", "ela@xn--mller-kva.example"),
        ("نور@مثال.إختبار", "نور@xn--mgbh0fb.xn--kgbechtv"),
        ("ela@♥.example", "ela@xn--g6h.example"),
    ],
)
def test_a_mail_server_is_told_the_domain_as_dns_knows_it(address: str, told: str) -> None:
    assert for_mail(address) == told


# ── whatever anybody types ──

WORDS = st.text(st.characters(categories=["L", "M", "Nd"]), min_size=1, max_size=12)
SIGNS = st.characters() | st.sampled_from(["@", ".", "-", "xn--", "=?", "+", "=", "ş", "ﷺ"])
PARTS = WORDS | st.lists(WORDS | SIGNS, max_size=6).map("".join)
ADDRESSES = st.builds("{}@{}.{}".format, PARTS, PARTS, WORDS)


@given(ADDRESSES)
def test_the_one_spelling_is_its_own(typed: str) -> None:
    address = email_address(typed)
    if address is not None:
        assert email_address(address) == address
        assert email_address(unicodedata.normalize("NFD", address)) == address
        assert email_address(for_mail(address)) == address
        assert len(for_mail(address).encode()) <= LONGEST


@given(ADDRESSES)
def test_nothing_in_an_address_is_ever_decoded_or_run(typed: str) -> None:
    address = email_address(typed)
    if address is not None:
        assert "=?" not in address
        assert unicodedata.normalize("NFKC", address)[0] not in "=+-@"
        assert not {each for each in address if unicodedata.category(each)[0] in "CZ"} - JOINERS


JOINERS = {"\u200c", "\u200d"}
"""Which some scripts need within a word: allowed in domains (RFC 5892, A.1 and A.2)."""


# ── before anything is computed ──


class Lengths:
    """The longest that each function was ever asked to look at."""

    def __init__(self) -> None:
        self.longest = 0

    def of(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*values: Any) -> Any:
            self.longest = max(self.longest, len(values[-1]))
            return function(*values)

        return watched


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> Lengths:
    """What is asked about whole addresses and domains."""
    lengths = Lengths()
    monkeypatch.setattr(unicodedata, "normalize", lengths.of(unicodedata.normalize))
    monkeypatch.setattr(idna, "uts46_remap", lengths.of(idna.uts46_remap))
    return lengths


@pytest.fixture
def labels(monkeypatch: pytest.MonkeyPatch) -> Lengths:
    """What is asked about one label: punycode takes the square of its length."""
    lengths = Lengths()
    monkeypatch.setattr(idna, "ulabel", lengths.of(idna.ulabel))
    monkeypatch.setattr(idna, "check_label", lengths.of(idna.check_label))
    monkeypatch.setattr(email_addresses, "_a_label", lengths.of(email_addresses._a_label))
    return lengths


@pytest.mark.parametrize("sign", ["例", "ش", "é", "e\u0301\u0323", "a", ".", "@", "xn--", " a"])
@pytest.mark.parametrize("place", ["{}@example.com", "a@{}.com", "a@xn--{}.com", "{}"])
@pytest.mark.parametrize("count", [60, 250, 60_000])
def test_the_length_is_looked_at_before_anything_that_takes_its_square(
    whole: Lengths, labels: Lengths, sign: str, place: str, count: int
) -> None:
    assert email_address(place.format(sign * count)) is None or count == 60
    assert whole.longest <= LONGEST
    assert labels.longest <= LONGEST_LABEL
