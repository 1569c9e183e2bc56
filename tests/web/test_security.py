"""What holds on every answer: headers, nothing personal in logs or redirects, nothing to inject."""

from __future__ import annotations

import logging
import re
from html import unescape
from urllib.parse import quote

import pytest

from tests.support.addresses import OF_OPERATORS, OF_OWNERS, addresses
from tests.support.browsing import Reader
from tests.support.linting import lint, read, unpacked
from tests.support.words.errors import OUR_FAULT
from tests.support.words.preferences import (
    GET_FEWER,
    PHONE_NUMBER,
    POSTAL_ADDRESS,
    SAVE,
    UNDO,
    how,
)
from tests.support.words.questions import OPTIONAL, SKIP
from tests.support.words.unsubscribe import UNSUBSCRIBE
from tests.support.worlds import (
    EMAIL,
    KUTIA,
    NEWS_NAME,
    OFFERS_NAME,
    SAID,
    SHOP,
    World,
    declaring,
    make_world,
)
from widget_backend.embed.releases import frozen_script, frozen_versions
from widget_backend.links import PATHS
from widget_backend.pages.preferences import views as preferences
from widget_backend.store.profiles import Profile

PHONE, DIGITS = "+355 69 765 4321", "697654321"
ANSWER = "canary-answer-1b9f"
CANARIES = (EMAIL, EMAIL.partition("@")[0], DIGITS, PHONE, ANSWER)
FRAGMENT_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


def walk(world: World, person: Profile) -> Reader:
    """Every door once, with something personal typed at each, right and wrong."""
    page = Reader(world.client())
    page.open(world.link("preferences", person)).untick(NEWS_NAME)
    page.choose(how("en", OFFERS_NAME), "sms")
    page.fill(PHONE_NUMBER, "no number").fill(POSTAL_ADDRESS, ANSWER).press(SAVE)
    page.fill(PHONE_NUMBER, PHONE).press(SAVE)
    page.press(UNDO)
    page.open(world.link("questions", person)).press(SKIP)
    page.fill(f"What would you change? {OPTIONAL}", ANSWER).press(SAVE)
    page.open(world.link("unsubscribe", person)).press(UNSUBSCRIBE).press(UNDO)
    page.open(world.link("embed", person)).press(GET_FEWER)
    for door in ("/s/kutia", "/s/kutia/fragment"):
        for typed in (f"{EMAIL} {ANSWER}", EMAIL):
            page.post(door, [("form", "0" * 32), ("email", typed), ("topics", "offers")])
    page.post(f"/p/{quote(EMAIL)}", [("phone", PHONE), ("do", ANSWER)])
    page.open(f"/s/{quote(EMAIL)}?lang={ANSWER}&saved={DIGITS}")
    return page


# ── personal data ───────────────────────────────────────────────────────────────────────────


def test_no_personal_data_in_logs(each_world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Not even a token, which is a secret too. peewee tells its SQL to who turns DEBUG on."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("peewee").setLevel(logging.INFO)
    person = each_world.person(SAID)
    walk(each_world, person)
    logged = "\n".join(f"{each.getMessage()} {each.exc_text or ''}" for each in caplog.records)
    for secret in (*CANARIES, person.handle, person.ledger_key):
        assert secret not in logged


def test_a_fault_is_logged_without_what_was_typed(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text of an exception may quote a value; its class and where it was say enough."""
    person = world.person(SAID)

    def fail(*_: object, **__: object) -> None:
        raise ValueError(f"cannot handle {EMAIL} {ANSWER}")

    monkeypatch.setattr(preferences, "render", fail)
    caplog.set_level(logging.DEBUG)
    answer = world.hurried_client().get(world.link("preferences", person))
    assert answer.status_code == 500
    document = read(answer)
    assert document is not None
    assert lint(document) == []
    assert OUR_FAULT in answer.get_data(as_text=True)
    (told,) = [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR]
    assert told.startswith("ValueError at hosted.preferences_page\n")
    assert re.search(
        r"pages/preferences/views\.py:\d+ show_or_save\n.*test_security\.py:\d+ fail$", told
    )
    everything = unescape(f"{caplog.text} {answer.get_data(as_text=True)}")
    assert EMAIL not in everything
    assert ANSWER not in everything
    caplog.clear()


def test_pages_and_redirects_hold_a_masked_address_only(world: World) -> None:
    found = list(addresses(world))
    person = world.person(SAID, email="somebody.else@example.com")
    page = walk(world, person)
    client = world.hurried_client()
    behind_a_code = f"/{PATHS['data']}/"
    for address in (each for each in found if not each.startswith(behind_a_code)):
        headers = {"Origin": SHOP} if "/fragment" in address else {}
        answer = client.get(address, headers=headers)
        told = unescape(f"{answer.headers} {answer.get_data(as_text=True)}")
        for canary in (EMAIL, DIGITS, ANSWER, person.ledger_key, person.handle):
            assert canary not in told, address
    page.post("/s/kutia", [("email", EMAIL), ("topics", "offers")])
    assert EMAIL.partition("@")[0] not in page.sent.headers["Location"]


def test_a_redirect_takes_nothing_of_what_was_sent_along(world: World) -> None:
    person = world.person(SAID)
    for purpose in ("preferences", "questions", "unsubscribe"):
        path = f"{world.link(purpose, person)}?lang=sq&x={ANSWER}&view={ANSWER}&saved={ANSWER}"
        data = {"do": "skip", "stage": "changes", "revision": "1", "offered": "offers", "x": ANSWER}
        sent = world.client().post(path, data=data)
        assert sent.status_code == 303
        assert ANSWER not in sent.headers["Location"]
        assert "lang=sq" in sent.headers["Location"]


# ── headers ─────────────────────────────────────────────────────────────────────────────────


def test_every_answer_says_what_browsers_and_caches_may_do(world: World) -> None:
    """The linting compares pages and fragments; here are redirects, files and errors too."""
    client = world.hurried_client()
    for address in addresses(world):
        answer = client.get(address)
        said = answer.headers
        assert said["X-Content-Type-Options"] == "nosniff", address
        assert "Set-Cookie" not in said
        if answer.mimetype == "text/html":
            is_fragment = "/fragment" in address
            expected = (
                FRAGMENT_POLICY if is_fragment else OF_OWNERS.get(answer.request.path, POLICY)
            )
            assert said["Content-Security-Policy"] == expected, address
            assert said["Cache-Control"] == "no-store, no-transform"
            assert said["Referrer-Policy"] == "no-referrer"
            assert "Cross-Origin-Resource-Policy" in said or is_fragment
        elif address in OF_OPERATORS or (
            answer.mimetype == "application/json" and "/.well-known/" not in address
        ):
            assert said["Cache-Control"] == "no-store, no-transform"
            assert said["Referrer-Policy"] == "no-referrer"
        else:
            assert re.fullmatch(
                r"public, max-age=\d+, no-transform(, immutable)?", said["Cache-Control"]
            )
            assert said["Access-Control-Allow-Origin"] == "*"


SNIPPET = "/s/kutia/snippet"
FILES = {
    "/widget/v1.js": "text/javascript; charset=utf-8",
    "/widget/form.css": "text/css; charset=utf-8",
    "/widget/page.css": "text/css; charset=utf-8",
    "/widget/snippet.css": "text/css; charset=utf-8",
    "/widget/snippet.js": "text/javascript; charset=utf-8",
    "/s/kutia/theme.css": "text/css; charset=utf-8",
    "/s/kutia/logo": "image/svg+xml",
}


@pytest.mark.parametrize("path", FILES)
def test_files_are_kept_for_minutes_and_asked_for_by_their_hash(world: World, path: str) -> None:
    answer = world.client().get(path)
    assert answer.headers["Content-Type"] == FILES[path]
    assert answer.headers["Cache-Control"] == "public, max-age=300, no-transform"
    again = world.client().get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    for coding in ("br", "gzip"):
        packed = world.client().get(path, headers={"Accept-Encoding": coding})
        assert packed.headers["Content-Encoding"] == coding
        assert packed.headers["Vary"] == "Accept-Encoding"
        assert packed.headers["ETag"] != answer.headers["ETag"], "other bytes, another tag"
        assert unpacked(packed) == answer.get_data()


def assets_of(world: World) -> list[str]:
    """What the pages of a site load, the owner's included."""
    pages = [world.client().get(path).get_data(as_text=True) for path in ("/s/kutia", SNIPPET)]
    loaded = re.findall(r'<(?:link|script|img)\b[^>]* (?:href|src)="([^"]+)"', "".join(pages))
    return [path for path in dict.fromkeys(loaded) if "/preview/" not in path]


def test_a_page_loads_files_that_are_kept_for_good(world: World) -> None:
    """Their address names what is in them, so a new one has another address."""
    paths = assets_of(world)
    names = [re.sub(r"\.[0-9a-f]{16}", "", path) for path in paths]
    assert sorted(names) == sorted(FILES.keys() - {"/widget/v1.js"})
    for path, name in zip(paths, names, strict=True):
        lasting, plain = world.client().get(path), world.client().get(name)
        assert lasting.headers["Cache-Control"] == (
            "public, max-age=31536000, no-transform, immutable"
        )
        assert lasting.get_data() == plain.get_data()
        assert lasting.headers["Content-Type"] == FILES[name]


def test_a_file_of_another_release_is_not_kept_for_good(world: World) -> None:
    """A page that was made before a release asks for what was, and gets what is, for a while."""
    for path in assets_of(world):
        other = re.sub(r"\.[0-9a-f]{16}", ".0123456789abcdef", path)
        answer = world.client().get(other)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=300, no-transform"


def test_a_frozen_script_is_kept_for_ever_and_read_from_any_page(world: World) -> None:
    for name in frozen_versions():
        answer = world.client().get(f"/widget/{name}")
        assert (
            answer.headers["Cache-Control"] == "public, max-age=31536000, no-transform, immutable"
        )
        assert answer.headers["Access-Control-Allow-Origin"] == "*", "an integrity hash needs it"
        assert answer.get_data() == frozen_script(name)


@pytest.mark.parametrize(
    "name", ["v9.9.9.js", "v1.0.0", "hashes.txt", "..%2Fform.css", "v1.0.0.js.br"]
)
def test_what_was_never_released_is_not_there(world: World, name: str) -> None:
    assert world.client().get(f"/widget/{name}").status_code == 404


def test_a_drawing_opened_by_itself_runs_no_script(world: World) -> None:
    """An owner's SVG may hold anything, and would run on the origin of everybody's links."""
    policy = world.client().get("/s/kutia/logo").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy


def test_a_site_without_a_logo_shows_its_name(world: World) -> None:
    theme = type(KUTIA.site.theme)(None, "#123456", "#ffffff")
    plain = make_world(world.database, [declaring(KUTIA, theme=theme)])
    page = Reader(plain.client()).open("/s/kutia")
    assert page.document.all("img") == []
    assert "Kutia C++!" in "".join(page.document.classed("logo")[0].itertext())
    assert plain.client().get("/s/kutia/logo").status_code == 404
    styles = plain.client().get("/s/kutia/theme.css").get_data(as_text=True)
    assert styles == ":root{--pw-accent:#123456;--pw-on-accent:#ffffff}"


# ── nothing to inject ───────────────────────────────────────────────────────────────────────

MARKUP = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


@pytest.mark.parametrize("name", ["lang", "saved", "view", "stage", "new", "x", MARKUP])
def test_nothing_in_an_address_becomes_markup(world: World, name: str) -> None:
    """The linting finds any element or attribute that our templates do not have."""
    person = world.person(SAID)
    query = f"?{quote(name)}={quote(MARKUP)}"
    for path in (world.link("preferences", person), world.link("questions", person), "/s/kutia"):
        assert world.client().get(path + query).status_code == 200
    for path in (f"/p/{quote(MARKUP, safe='')}", f"/s/{quote(MARKUP, safe='')}", "/x"):
        assert world.client().get(path + query).status_code == 404


def test_the_privacy_policy_is_the_only_way_out(world: World) -> None:
    for query in ("", "?next=https://evil.example", "?url=//evil.example"):
        sent = world.client().get(f"/s/kutia/privacy{query}")
        assert (sent.status_code, sent.headers["Location"]) == (302, KUTIA.site.privacy_policy)


def test_where_links_lead_depends_on_no_header(world: World) -> None:
    person = world.person(SAID)
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil"}
    page = world.hurried_client().get(world.link("preferences", person), headers=forged)
    assert "evil" not in page.get_data(as_text=True)
    sent = world.hurried_client().post(
        world.link("preferences", person), headers=forged, data={"do": "off"}
    )
    assert sent.headers["Location"].startswith("/p/")
