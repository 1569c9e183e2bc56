"""Signed links: one link, one purpose; nothing else is ever accepted."""

from __future__ import annotations

import random
import string
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.signing import by_hand
from widget_backend.errors import LinkExpired, LinkForged, LinkWrongPurpose
from widget_backend.links import (
    LIFETIMES,
    PATHS,
    UNSUBSCRIBING,
    Link,
    Purpose,
    address,
    check_not_expired,
)
from widget_backend.signing import LONGEST, Signer

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
        Link("a", "b", "ar", NOW, campaign="spring-2027", topic="offers", link_version=3),
        Link("a", "b", topic="offers"),
        Link("a", "b", "ar", NOW, by_hand=True),
    ],
)
def test_what_is_signed_is_read(purpose: Purpose, link: Link) -> None:
    if link.expires_at is None and purpose not in UNSUBSCRIBING:
        assert not _is_accepted(purpose, SIGNER.token(purpose, link)), "it would never end"
        return
    assert SIGNER.read(purpose, SIGNER.token(purpose, link)) == link


UNTIL = int(NOW.timestamp())
UNREADABLE: list[Any] = [
    {},
    [],
    "dimora",
    None,
    {"s": "dimora"},
    {"p": "0" * 32, "x": UNTIL},
    {"s": 1, "p": "0" * 32, "x": UNTIL},
    {"s": "dimora", "p": None, "x": UNTIL},
    {"s": "dimora", "p": "0" * 32, "x": "tomorrow"},
    {"s": "dimora", "p": "0" * 32, "x": 10**30},
    {"s": "dimora", "p": "0" * 32, "x": None},
    {"s": "dimora", "p": "0" * 32, "x": UNTIL, "l": 7},
    {"s": "dimora", "p": "0" * 32, "x": UNTIL, "t": ["offers"]},
    {"s": "dimora", "p": "0" * 32, "x": UNTIL, "g": "2"},
    *({"s": "dimora", "p": "0" * 32, "x": each} for each in (1e18, 1e400, -1, -1e18, True, "1")),
    *({"s": "dimora", "p": "0" * 32, "x": each} for each in (float("nan"), 253402300800, [UNTIL])),
    *({"s": "dimora", "p": "0" * 32, "x": UNTIL, "g": each} for each in (-1, 2**31, 1.0, True)),
    *({"s": "dimora", "p": "0" * 32, "x": UNTIL, "h": each} for each in (1, "true", None)),
    *(
        {"s": "dimora", "p": "0" * 32, "x": UNTIL, name: text}
        for name in "spltc"
        for text in ("\ud800", "a\x00", "\r\nX: y", "x" * 256, [[[]]], {"a": 1})
    ),
]


def test_an_end_with_a_fraction_is_an_end() -> None:
    """`Date.now() / 1000` in a JavaScript that forgets to round."""
    said = {"s": "dimora", "p": "0" * 32, "x": UNTIL + 0.25}
    assert SIGNER.read("embed", by_hand(KEY, "embed", said)).expires_at == NOW + QUARTER


QUARTER = timedelta(milliseconds=250)


@pytest.mark.parametrize("said", UNREADABLE, ids=ascii)
def test_what_somebody_signs_wrongly_with_our_key_is_no_link(said: Any) -> None:
    for purpose in PURPOSES:
        assert not _is_accepted(purpose, by_hand(KEY, purpose, said))


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
        if purpose in UNSUBSCRIBING:
            assert after.read(purpose, token) == LINK
        else:
            with pytest.raises(LinkForged):
                after.read(purpose, token)
        assert SIGNER.read(purpose, after.token(purpose, LINK)) == LINK, "signs with the new key"


def _mutated(token: str, chance: random.Random) -> str:
    """Something else put in for up to five signs, anywhere."""
    signs = string.ascii_letters + string.digits + "-_.=!~ %/+" + "ج\x00"
    at, cut = chance.randrange(len(token)), chance.randrange(6)
    return token[:at] + "".join(chance.choices(signs, k=chance.randrange(4))) + token[at + cut :]


@pytest.mark.parametrize("many", [2_000, pytest.param(100_000, marks=pytest.mark.long)])
def test_of_many_mutations_none_is_accepted(many: int) -> None:
    chance = random.Random(2027)
    tokens = {purpose: SIGNER.token(purpose, LINK) for purpose in PURPOSES}
    accepted = []
    for _ in range(many):
        purpose = chance.choice(PURPOSES)
        mutated = _mutated(tokens[purpose], chance)
        if mutated != tokens[purpose] and _is_accepted(purpose, mutated):
            accepted.append((purpose, mutated))
    assert not accepted


def _is_accepted(purpose: Purpose, token: str) -> bool:
    try:
        SIGNER.read(purpose, token)
    except LinkForged:
        return False
    return True


@pytest.mark.parametrize("ending", ["!", "!!!", "=", " ", "\n", "é"])
def test_a_signature_has_one_spelling(ending: str) -> None:
    """Base64 would pass over what is none of its letters."""
    token = SIGNER.token("preferences", LINK)
    assert not _is_accepted("preferences", token + ending)
    assert not _is_accepted("preferences", token[:-5] + ending + token[-5:])


def test_the_bits_that_no_byte_needs_count_too() -> None:
    token = SIGNER.token("preferences", LINK)
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    others = [token[:-1] + each for each in alphabet if each != token[-1]]
    assert not any(_is_accepted("preferences", each) for each in others)


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
        check_not_expired(link, NOW + timedelta(days=36_500))
        return
    check_not_expired(link, NOW + lifetime - timedelta(seconds=1))
    with pytest.raises(LinkExpired) as expired:
        check_not_expired(link, NOW + lifetime)
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


@pytest.mark.parametrize("purpose", PURPOSES)
def test_others_can_sign_without_us(purpose: Purpose) -> None:
    """Nothing else stands in a link: a random handle, and no address of a person."""
    until = int(NOW.timestamp()) + 180 * 86_400
    said = {"s": "dimora", "p": LINK.handle, "l": "ar", "x": until}
    assert SIGNER.read(purpose, by_hand(KEY, purpose, said)) == LINK
    assert by_hand(KEY, purpose, said) == f"{PLAIN}.{VECTORS[purpose][0]}"
