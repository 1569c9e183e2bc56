"""The hosted page in a frame: for the origins that the owner lists for it, and for no other."""

from __future__ import annotations

import pytest

from tests.support.addresses import OF_OWNERS, addresses
from tests.support.worlds import KUTIA, OFF, OFFERS_NAME, SAID, World, declaring, make_world
from widget_backend.web.headers import FRAGMENT_POLICY, POLICY

SHOPS = ("https://shop.example", "http://127.0.0.1:8001")


@pytest.fixture
def framed(world: World) -> World:
    """Kutia's owner lists two origins for frames, Dimora's none."""
    both = [declaring(KUTIA, frame_origins=SHOPS), *list(world.sites.values())[1:]]
    return make_world(world.database, both)


def policy(world: World, path: str) -> str:
    found: str = world.hurried_client().get(path).headers["Content-Security-Policy"]
    return found


def test_every_page_of_a_site_says_who_may_frame_it_and_keeps_what_else_protects_it(
    framed: World,
) -> None:
    client, listed = framed.hurried_client(), POLICY.format(framed_by=" ".join(SHOPS))
    seen = set()
    for address in addresses(framed):
        answer = client.get(address)
        if answer.mimetype != "text/html" or answer.request.path in OF_OWNERS:
            continue
        said = answer.headers
        seen.add(said["Content-Security-Policy"])
        if "/fragment" in address:
            assert said["Content-Security-Policy"] == FRAGMENT_POLICY, address
        elif answer.status_code == 200 and address != "/":
            assert said["Content-Security-Policy"] == listed, address
        assert said["Cache-Control"] == "no-store, no-transform"
        assert said["Referrer-Policy"] == "no-referrer"
        assert "X-Frame-Options" not in said, "older browsers would let it decide"
    assert seen == {listed, FRAGMENT_POLICY, POLICY.format(framed_by="'none'")}


@pytest.mark.parametrize("path", ["/s/dimora", "/s/dimora/link", "/s/nobody", "/p/forged", "/"])
def test_pages_of_another_site_or_of_none_stand_in_no_frame(framed: World, path: str) -> None:
    assert "frame-ancestors 'none'" in policy(framed, path)


def test_a_site_that_lists_no_origin_stands_in_no_frame(world: World) -> None:
    assert KUTIA.site.origins, "which may embed the widget, and that alone"
    link = world.link("preferences", world.person(SAID))
    for path in (link, "/s/kutia"):
        assert policy(world, path) == POLICY.format(framed_by="'none'")


def test_a_framed_page_saves_for_itself_and_for_no_page_around_it(framed: World) -> None:
    """The page in the frame sends its form to its own origin; a form of the shop's is refused."""
    person = framed.person(SAID)
    link = framed.link("preferences", person)
    client = framed.hurried_client()
    sent = client.post(link, data={"do": "off"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (sent.status_code, framed.state(person).get("overall")) == (403, None)
    sent = client.post(link, data={"do": "off"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert (sent.status_code, framed.state(person)["overall"]) == (303, OFF)


@pytest.mark.parametrize(("place", "opens"), [("iframe", "_blank"), ("document", None)])
def test_in_a_frame_what_is_not_ours_opens_outside(
    framed: World, place: str, opens: str | None
) -> None:
    """The owner's own policy lets nothing but our pages into the frame."""
    client, link = framed.client(), framed.link("preferences", framed.person(SAID))
    client.get(link, headers={"Sec-Fetch-Dest": place})
    assert client.document
    links = {each.get("href", ""): each.get("target") for each in client.document.all("a")}
    assert links[KUTIA.site.privacy_policy] == opens
    assert links[KUTIA.site.follow[0].url] == opens
    assert {said for to, said in links.items() if to.startswith("/")} == {None}
    assert OFFERS_NAME in "".join(client.document.tree.itertext())
