"""What is signed with our key and makes no sense: a forged link at every door, never a fault."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.linting import read
from tests.support.signing import by_hand
from tests.support.words.errors import LINK_INCOMPLETE
from tests.support.worlds import MONDAY, SAID, SHOP, World
from widget_backend.errors import LinkForged, MessageWithoutLink
from widget_backend.links import PATHS, Purpose
from widget_backend.mail.inbound import one_click_link
from widget_backend.signing import Signer

KEY = "a key of the tests that is long enough"
ENDS = ("", "/fragment", "/why", "/data", "/renew", "/download")
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
UNTIL = int(MONDAY.timestamp()) + 600

TEXTS = st.text(max_size=12) | st.sampled_from(
    ["kutia", "\ud800", "\x00", "\r\nX: y", "news", "sq"]
)
NUMBERS = st.integers() | st.floats() | st.sampled_from([1e18, 2**63, UNTIL, 253402300800])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda each: st.lists(each, max_size=3) | st.dictionaries(TEXTS, each, max_size=3),
    max_leaves=6,
)
PAYLOADS = VALUES | st.fixed_dictionaries(
    {"s": st.just("kutia") | VALUES, "p": st.just("0" * 32) | VALUES},
    optional=dict.fromkeys("lctg", VALUES) | {"x": NUMBERS | VALUES},
)


def answers(world: World, purpose: Purpose, token: str) -> dict[str, int]:
    """The status at every page behind a token, asked for and sent."""
    client, path = world.hurried_client(), f"/{PATHS[purpose]}/{token}"
    origin = {"Origin": SHOP}
    got = {f"GET {end}": client.get(path + end, headers=origin).status_code for end in ENDS}
    data = {**ONE_CLICK, "do": "off", "revision": "1", "receipt": "x"}
    sent = {
        f"POST {end}": client.post(path + end, data=data, headers=origin).status_code
        for end in ENDS
    }
    return got | sent


@given(payload=PAYLOADS, purpose=st.sampled_from(sorted(PATHS)))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_signed_is_no_fault(world: World, payload: Any, purpose: Purpose) -> None:
    token = by_hand(KEY, purpose, payload)
    found = answers(world, purpose, token)
    assert {status for status in found.values() if status >= 500} <= {503}, found
    try:
        link = world.signer.read(purpose, token)
    except LinkForged:
        assert found[f"GET {'/fragment' if purpose == 'embed' else ''}"] == 404
    else:
        texts = (link.site, link.handle, link.language, link.campaign, link.topic)
        assert all(each is None or each.isprintable() for each in texts)
        assert link.expires_at is None or link.expires_at.year < 9001
        assert 0 <= link.link_version < 2**31


NONSENSE: dict[str, dict[str, Any]] = {
    "an end in a thousand million years": {"x": 1e18},
    "an end that is no number": {"x": float("nan")},
    "half of a pair as a person": {"p": "\ud800"},
    "half of a pair as a site": {"s": "\udfff"},
    "half of a pair as a campaign": {"c": "\ud800", "t": "news"},
    "a NUL as a person": {"p": "0\x00"},
    "a NUL as a campaign": {"c": "a\x00", "t": "news"},
    "line breaks as a language": {"l": "en\r\nX-Injected: yes"},
    "a list as a topic": {"t": ["news"]},
    "a link version before the first": {"g": -1},
    "a link version beyond all": {"g": 10**40},
}


@pytest.mark.parametrize("what", NONSENSE)
def test_signed_nonsense_is_told_as_a_link_that_is_not_complete(
    each_world: World, what: str
) -> None:
    person = each_world.person(SAID)
    stored = each_world.dump()
    payload = {"s": "kutia", "p": person.handle, "x": UNTIL, **NONSENSE[what]}
    for purpose in PATHS:
        token = by_hand(KEY, purpose, payload)
        answer = each_world.client().get(f"/{PATHS[purpose]}/{token}")
        document = read(answer)
        assert answer.status_code == 404
        assert document is not None
        assert document.title.startswith(LINK_INCOMPLETE)
        assert set(answers(each_world, purpose, token).values()) <= {404, 405}
    assert each_world.dump() == stored


@pytest.mark.parametrize("what", NONSENSE)
def test_a_message_with_signed_nonsense_holds_no_link(what: str) -> None:
    payload = {"s": "kutia", "p": "0" * 32, **NONSENSE[what]}
    message = EmailMessage()
    message["Subject"] = by_hand(KEY, "one-click", payload)
    with pytest.raises(MessageWithoutLink):
        one_click_link(message.as_bytes(), Signer([KEY]))
