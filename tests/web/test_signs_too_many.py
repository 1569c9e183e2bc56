"""Links with a sign too many, or broken inside: they lead where they should, and leaving acts."""

from __future__ import annotations

from itertools import product
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.support.worlds import OFF, SAID, SHOP, World
from widget_backend.links import PATHS, Purpose
from widget_backend.store.profiles import Profile

BEHIND = [
    *".,)>;'\"]!?:*_~|`»”’。،؟",
    " ", "\r\n", "\n", "\t", "\u00a0", "\u200b", "\u200c", "\u200d", "\ufeff", "\u2060", "\u00ad",
    "/", "//", "/.", "...", ").", "’.", ">,", "-", "--",
    "&gt;", "&gt;.", "&quot;", "&#8203;", "&nbsp;", "=20",
    "=", "=\r\n", "=0D=0A", "=E2=80=8B", "%20", "%0D%0A", "%3E", "%2E", "%",
]  # fmt: skip
BETWEEN = [
    " ", "\r\n", "\n ", "\n\t", "\r\n> ", "\u200b", "\u200d", "\ufeff", "\u00ad",
    "=\r\n", "=\n", "=", "%0A%20", "=0A", "=20", "&shy;",
]  # fmt: skip
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
PURPOSES = sorted(PATHS)


def link(world: World, purpose: Purpose, person: Profile) -> str:
    """The page of a link; of the widget's links too, which somebody may open."""
    return f"/{PATHS[purpose]}/{world.token(purpose, person)}"


def ask(world: World, path: str, method: str = "GET", **more: object) -> TestResponse:
    """As a server hands it on (PEP 3333), since a client would mend a path by itself."""
    client = world.client() if method == "GET" else world.hurried_client()
    environ = {"PATH_INFO": path.encode().decode("latin-1")}
    return client.open(method=method, environ_overrides=environ, **more)


def location(answer: TestResponse) -> str:
    assert answer.status_code == 302
    assert answer.headers["Cache-Control"] == "no-store, no-transform"
    return answer.headers["Location"]


# ── reading ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_sign_too_many_leads_to_the_clean_link(world: World, purpose: Purpose) -> None:
    person = world.person(SAID, pending=purpose in {"answers", "confirm"})
    clean, stored = link(world, purpose, person), world.dump()
    for sign in BEHIND:
        for method in ("GET", "HEAD"):
            answer = ask(world, clean + sign, method, query_string="lang=sq&x=a%2Cb&x=2")
            assert location(answer) == f"{clean}?lang=sq&x=a%2Cb&x=2", sign
        assert location(ask(world, clean + sign)) == clean
    assert ask(world, clean).status_code != 302, "and there it ends"
    assert world.dump() == stored


@pytest.mark.parametrize("at", [1, 2, 3, 4, 20, -44, -43, -20, -1])
def test_a_link_that_was_broken_is_joined(world: World, at: int) -> None:
    clean = link(world, "unsubscribe", world.person(SAID))
    for sign in BETWEEN:
        assert location(ask(world, clean[:at] + sign + clean[at:])) == clean, sign


@pytest.mark.parametrize("page", ["why", "data", "renew"])
@pytest.mark.parametrize("dirty", ["./{}", "/{}.", "//{}/", "\r\n/{}", ")/{}>", "/{}\u200b"])
def test_pages_behind_a_link_are_found_as_well(world: World, page: str, dirty: str) -> None:
    clean = link(world, "preferences", world.person(SAID))
    assert location(ask(world, clean + dirty.format(page))) == f"{clean}/{page}"


@pytest.mark.parametrize("clean", ["/s/kutia", "/s/kutia/link", "/s/kutia/snippet"])
def test_a_sites_own_pages_are_found_as_well(world: World, clean: str) -> None:
    for sign in (each for each in BEHIND if not set(each) & set("-_")):  # a name may end so
        answer = ask(world, clean + sign, query_string="lang=ar")
        assert location(answer) == f"{clean}?lang=ar", sign
    assert location(ask(world, f"/{clean}")) == clean
    assert ask(world, "/s/nobody.").status_code == 404


def test_the_sign_behind_the_language_counts_for_nothing(world: World) -> None:
    path = link(world, "preferences", world.person(SAID))
    for query in ("lang=sq.", "lang=sq%3E", "lang=sq%0D%0A", "lang=sq%20)"):
        answer = ask(world, path, query_string=query)
        assert answer.headers["Content-Language"] == "sq"


def test_a_fragment_is_answered_where_it_is(world: World) -> None:
    """Another origin's page asks for it, and would have to follow a redirect with its CORS."""
    path = link(world, "embed", world.person(SAID))
    answer = world.client().get(f"{path}./fragment", headers={"Origin": SHOP})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP


# ── sending ─────────────────────────────────────────────────────────────────────────────────

SENT: dict[Purpose, dict[str, str]] = {
    "preferences": {"do": "off"},
    "questions": {"do": "off"},
    "unsubscribe": {"do": "off"},
    "one-click": ONE_CLICK,
    "embed": {"do": "off"},
    "answers": {"do": "skip"},
    "confirm": {"do": "save"},
    "data": {"do": "revoke"},
    "address": {"do": "save"},
}
LEAVES: tuple[Purpose, ...] = ("preferences", "questions", "unsubscribe", "one-click", "embed")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_what_is_sent_acts_in_place(world: World, purpose: Purpose) -> None:
    """With one sign too many after the other, each for somebody else, as the clean link does."""
    is_pending = purpose in {"answers", "confirm"}
    answers: list[tuple[int, dict[str, object]]] = []
    for number, sign in enumerate(["", *BEHIND]):
        person = world.person(SAID, email=f"{number}@example.com", pending=is_pending)
        sent = ask(world, link(world, purpose, person) + sign, "POST", data=SENT[purpose])
        world.clock.pass_by(days=1)  # no limit of a network or a mailbox is met
        state = {} if purpose == "confirm" else world.state(person)
        answers.append((sent.status_code, {**state, "contact:email": ""}))
    assert answers == [answers[0]] * len(answers)
    status, state = answers[0]
    assert status not in {301, 302, 307, 308}
    assert purpose not in LEAVES or state["overall"] == OFF


def test_one_click_leaves_at_once_and_never_redirects(each_world: World) -> None:
    for number, sign in enumerate([*BEHIND, *BETWEEN]):
        person = each_world.person(SAID, email=f"{number}@example.com")
        clean = link(each_world, "one-click", person)
        broken = [clean[:30] + sign + clean[30:]] if sign in BETWEEN else []
        for path in (clean + sign, *broken):
            answer = ask(each_world, path, "POST", data=ONE_CLICK)
            assert (answer.status_code, answer.headers.get("Location")) == (200, None)
        assert each_world.state(person)["overall"] == OFF
        assert len(each_world.ledger(person)) == 2


# ── what stays forged ───────────────────────────────────────────────────────────────────────

FORGED = {
    "a letter changed": lambda token: ("f" if token[0] != "f" else "g") + token[1:],
    "a letter missing": lambda token: token[:-1],
    "the last letters missing": lambda token: token[:-5],
    "a letter too many": lambda token: token + "A",
    "twice": lambda token: token + token,
    "no signature": lambda token: token.partition(".")[0],
    "a word behind it": lambda token: token + " now",
}


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_link_stays_forged(world: World, how: str) -> None:
    person = world.person(SAID)
    stored = world.dump()
    for purpose, sign in product(PATHS, ["", ".", "\r\n", "/", "\u200b", "=20"]):
        path = f"/{PATHS[purpose]}/{FORGED[how](world.token(purpose, person))}{sign}"
        for method in ("GET", "POST"):
            answer = ask(world, path, method, data={**ONE_CLICK, "do": "off"})
            assert answer.status_code == 404
    assert world.dump() == stored


def test_a_link_for_something_else_is_told_so_with_a_sign_too_many(world: World) -> None:
    token = world.token("unsubscribe", world.person(SAID))
    assert location(ask(world, f"/p/{token}.")) == f"/p/{token}"
    assert ask(world, f"/p/{token}.", "POST").status_code == 403


@given(
    typed=st.text("/.=%&;-_ \r\nabcXYZ019+)>\u200b?#", max_size=40),
    at=st.integers(0, 200),
    purpose=st.sampled_from(PURPOSES),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_put_into_a_link_it_leads_to_itself_or_nowhere(
    world: World, typed: str, at: int, purpose: Purpose
) -> None:
    clean = link(world, purpose, world.person(SAID, email=""))
    path = clean[:at] + typed + clean[at:]
    environ = {"PATH_INFO": path.encode().decode("latin-1"), "QUERY_STRING": ""}
    answer = world.hurried_client().get(environ_overrides=environ)
    assert answer.status_code < 500
    if answer.status_code == 302:
        assert urlsplit(answer.headers["Location"]).path.startswith(clean)
