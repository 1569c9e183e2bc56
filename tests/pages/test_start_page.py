"""The start page: who comes without a link finds the sign-up of the one site, or no site's name."""

from __future__ import annotations

from tests.support.browsing import Reader
from tests.support.words import said
from tests.support.words.errors import NO_LINK_AT_ALL
from tests.support.worlds import KUTIA, World, make_world


def test_of_one_site_it_is_the_sign_up(world: World) -> None:
    alone = make_world(world.database, [KUTIA])
    for asked, leads_to in (("/", "/s/kutia"), ("/?lang=ar", "/s/kutia?lang=ar")):
        answer = alone.client().get(asked)
        assert (answer.status_code, answer.headers["Location"]) == (302, leads_to)


def test_of_several_it_speaks_to_the_reader_and_names_none(world: World, tag: str) -> None:
    page = Reader(world.client(), accept=tag).open("/")
    assert (page.status, page.heading) == (200, said(tag, NO_LINK_AT_ALL))
    for site in world.sites.values():
        for secret in (site.id, site.site.name, site.site.legal_address, site.site.url):
            assert secret.lower() not in page.text.lower()


def test_the_address_chooses_its_language(world: World) -> None:
    assert Reader(world.client(), accept="en").open("/?lang=ar").heading == said(
        "ar", NO_LINK_AT_ALL
    )


def test_a_browser_that_looks_for_an_icon_finds_that_there_is_none(world: World) -> None:
    """No error: nobody typed that address, and the site has no logo."""
    answer = world.client().get("/favicon.ico")
    assert (answer.status_code, answer.get_data()) == (204, b"")
    assert "max-age=86400" in answer.headers["Cache-Control"]
