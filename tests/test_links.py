"""Signed links: one link, one purpose; nothing else is ever accepted."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widget_backend.errors import LinkExpired, LinkForged, LinkWrongPurpose
from widget_backend.links import (
    LEAVING,
    LIFETIMES,
    LONGEST,
    PATHS,
    Link,
    Purpose,
    Signer,
    address,
    require_fresh,
)

KEY, OLD_KEY, OTHER_KEY = "k" * 32, "o" * 32, "x" * 32
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
SIGNER = Signer([KEY])
LINK = Link("dimora", "0123456789abcdef" * 2, "ar", NOW + timedelta(days=180))
PURPOSES: tuple[Purpose, ...] = tuple(PATHS)

# Links that were mailed must open with every later version: the same in both spellings that
# itsdangerous has, plain and (where that is shorter) compressed.
PLAIN = (
    "eyJzIjoiZGltb3JhIiwicCI6IjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5"
    "YWJjZGVmIiwibCI6ImFyIiwieCI6MTgxOTQ1NDQwMH0"
)
PACKED = ".eJyrVipWslJKyczNL0pU0lEqAHIMDI2MTUzNzC0sE5OSU1LT0PlAZTlAZYlFQEaFkpWhhaGliamJiYFBLQAqpxQf"
VECTORS: dict[Purpose, tuple[str, str]] = {
    "preferences": (
        "KrNTwVQIfvwQiCwfIdt2iXZjFZs60S6i75Dikjr3Qwo",
        "eXwak4gZya_iDy1rj6GVve4Y6v7RP2UAlxsHdC5Ur0A",
    ),
    "questions": (
        "z4sboihUf9RUVOwlzdtmOIHsDYQgJpxpXiRCNRmw4Z8",
        "x0TBXbrk0IoUe01rLd8nhx7FTinGm684LP-r_G4pGAM",
    ),
    "unsubscribe": (
        "5U0YQ_bNTRlCC5FWCNLIXYAWR_OEdlZjQ-w9tpjAYTI",
        "bbu66b94Ma0IxzqYdsTrdd1g7dFd9pguEaaHhIEx1a8",
    ),
    "embed": (
        "6iV84BuvVimKpg4_jdOo3S6ePGEUJRUjJE37QrZw0lc",
        "_EKlJN7E2A90oD5z7MlWJrBs-mTDhVsdwXJUL0DwAgY",
    ),
    "answers": (
        "xtIZpDHH2QOVONvOFW8vgZ5Gc_hHmdbiPrZ2bzh1VNc",
        "Uf4rEY6S8qWOv76VE6R3zfzTJdgOoBbgTq_LE93wOBw",
    ),
    "one-click": (
        "IZEuT0noQPZKubNxc8k5BQY_tkLoav9nStIrCvORzFU",
        "Fhwy-OH_1tclPTuU6NlFaTfkSGZ3KKeaOljBA-2dQGo",
    ),
    "confirm": (
        "agYPRxwU7ETsiJ3XK9u-dqAwGsR0ALnS5nFLtqGxa_k",
        "itkzqRcD9lNY_AlzCtKv8GO6Jh8KiWx9vqCd6CbiEAw",
    ),
    "address": (
        "kcIU-7DHh_SmyCBcYNt9HwWr7tJFaP1sJ5oZOb2gGIg",
        "NSfprG0F5n35hTeVpD9og_HLIjXwwkxy7IbBpy3xhiI",
    ),
    "data": (
        "FGJ3lHmEgIH_yPDJBZnxJ1hxfDYzu1YIKwg22Q4FQOA",
        "dMp3TH0cTwUfpvFcJki_JYVaPuFoTv6dKMj5uvKrYV8",
    ),
}


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize(
    "link",
    [
        LINK,
        Link("dimora", "0" * 32),
        Link("dimora", "0" * 32, "sq-XK"),
        Link("a", "", None, NOW),
        Link("a", "b", "ar", NOW, campaign="spring-2027", topic="offers", generation=3),
        Link("a", "b", topic="offers"),
    ],
)
def test_what_is_signed_is_read(purpose: Purpose, link: Link) -> None:
    assert SIGNER.read(purpose, SIGNER.token(purpose, link)) == link


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("wanted", PURPOSES)
def test_a_link_for_something_else_is_told_from_a_forged_one(
    purpose: Purpose, wanted: Purpose
) -> None:
    token = SIGNER.token(purpose, LINK)
    if purpose == wanted:
        assert SIGNER.read(wanted, token) == LINK
        return
    with pytest.raises(LinkWrongPurpose) as refused:
        SIGNER.read(wanted, token)
    assert (refused.value.purpose, refused.value.wanted) == (purpose, wanted)


def test_keys_rotate() -> None:
    old, both = Signer([OLD_KEY]), Signer([KEY, OLD_KEY])
    assert both.read("embed", old.token("embed", LINK)) == LINK
    assert SIGNER.read("embed", both.token("embed", LINK)) == LINK, "signs with the newest"
    with pytest.raises(LinkForged):
        SIGNER.read("embed", old.token("embed", LINK))
    with pytest.raises(LinkForged):
        both.read("embed", Signer([OTHER_KEY]).token("embed", LINK))


def test_a_retired_key_opens_nothing_but_the_ways_out() -> None:
    """A key that leaked is retired, and yet nobody who got mail with it is kept from leaving."""
    leaked, after = Signer([OLD_KEY]), Signer([KEY], retired=[OLD_KEY])
    for purpose in PURPOSES:
        token = leaked.token(purpose, LINK)
        if purpose in LEAVING:
            assert after.read(purpose, token) == LINK
        else:
            with pytest.raises(LinkForged):
                after.read(purpose, token)
        assert SIGNER.read(purpose, after.token(purpose, LINK)) == LINK, "signs with the new key"


def _same_bytes(token: str, other: str) -> bool:
    """Whether it is the same payload and the same signature in another spelling of base64.

    Python passes over letters that base64 does not have, and over spare bits at the end.
    """
    (said, _, signed), (other_said, _, other_signed) = token.rpartition("."), other.rpartition(".")
    return said == other_said and _decoded(signed) == _decoded(other_signed)


def _decoded(part: str) -> bytes | None:
    try:
        raw = part.encode()
        return urlsafe_b64decode(raw + b"=" * (-len(raw) % 4))
    except ValueError:
        return None


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_no_mutation_is_accepted(data: st.DataObject) -> None:
    purpose = data.draw(st.sampled_from(PURPOSES))
    token = SIGNER.token(purpose, LINK)
    at = data.draw(st.integers(0, len(token) - 1))
    signs = st.characters(codec="utf-8") | st.sampled_from("._-=AZaz09")
    put = data.draw(st.text(signs, max_size=3))
    cut = data.draw(st.integers(0, 5))
    mutated = token[:at] + put + token[at + cut :]
    if _same_bytes(token, mutated):
        return
    with pytest.raises(LinkForged):
        SIGNER.read(purpose, mutated)


@settings(deadline=None)
@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_no_made_up_token_is_accepted(token: str) -> None:
    for purpose in PURPOSES:
        with pytest.raises(LinkForged):
            SIGNER.read(purpose, token)


def test_what_is_too_long_is_not_even_checked() -> None:
    noise = "".join(sha256(bytes([each])).hexdigest() for each in range(40))
    with pytest.raises(LinkForged):
        SIGNER.read("embed", SIGNER.token("embed", Link("dimora", noise)))
    assert len(SIGNER.token("embed", Link("dimora", noise))) > LONGEST


def test_our_own_tokens_are_far_from_too_long() -> None:
    longest = Link("s" * 40, "0" * 32, "pt-Latn-BR", NOW)
    assert all(len(SIGNER.token(purpose, longest)) < LONGEST / 4 for purpose in PURPOSES)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_each_purpose_lives_as_long_as_it_should(purpose: Purpose) -> None:
    link = SIGNER.read(purpose, SIGNER.mint(purpose, LINK, NOW))
    lifetime = LIFETIMES[purpose]
    if lifetime is None:
        assert link.expires_at is None
        require_fresh(link, NOW + timedelta(days=36_500))
        return
    require_fresh(link, NOW + lifetime - timedelta(seconds=1))
    with pytest.raises(LinkExpired) as expired:
        require_fresh(link, NOW + lifetime)
    assert expired.value.expired_at == NOW + lifetime


def test_only_leaving_never_expires_and_embed_links_live_for_minutes() -> None:
    assert [purpose for purpose in PURPOSES if LIFETIMES[purpose] is None] == [
        "unsubscribe",
        "one-click",
    ]
    embed: Any = LIFETIMES["embed"]
    assert embed <= timedelta(hours=1)


def test_a_token_fits_into_an_address_as_it_is() -> None:
    for purpose in PURPOSES:
        token = SIGNER.token(purpose, LINK)
        assert token.isascii()
        assert not set(token) & set("/?#&+=% ")
        url = address("https://prefs.example", purpose, token)
        assert url == f"https://prefs.example/{PATHS[purpose]}/{token}"


@pytest.mark.parametrize("purpose", PURPOSES)
def test_links_of_earlier_versions_still_open(purpose: Purpose) -> None:
    for said, signed in zip((PLAIN, PACKED), VECTORS[purpose], strict=True):
        assert SIGNER.read(purpose, f"{said}.{signed}") == LINK


def by_hand(key: str, purpose: str, said: dict[str, Any]) -> str:
    """How anybody signs a link without us, in any language that has HMAC-SHA256."""
    text = json.dumps(said, separators=(",", ":")).encode()
    payload = urlsafe_b64encode(text).rstrip(b"=")
    salted = hmac.digest(key.encode(), f"preference-widget/{purpose}".encode(), "sha256")
    signature = urlsafe_b64encode(hmac.digest(salted, payload, "sha256")).rstrip(b"=")
    return f"{payload.decode()}.{signature.decode()}"


@pytest.mark.parametrize("purpose", PURPOSES)
def test_others_can_sign_without_us(purpose: Purpose) -> None:
    """Nothing else stands in a link: a random handle, and no address of a person."""
    until = int(NOW.timestamp()) + 180 * 86_400
    said = {"s": "dimora", "p": LINK.handle, "l": "ar", "x": until}
    assert SIGNER.read(purpose, by_hand(KEY, purpose, said)) == LINK
    assert by_hand(KEY, purpose, said) == f"{PLAIN}.{VECTORS[purpose][0]}"
