"""The website: the snippet as the tool writes it, for whoever is signed in; GET writes nothing."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.support.previews import FORM, WEBSITE
from tests.support.words.snippet import LENT, NO_ORIGINS_YET
from widget_backend.embed import snippets
from widget_backend.embed.snippets import MODES, Choice
from widget_backend.preview.run import Preview, prepare


@pytest.mark.parametrize("tag", ["en", "sq"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("view", ["sign-up", "preferences", "questions"])
def test_the_page_holds_the_snippet_as_the_tool_writes_it(
    website: FlaskClient, preview: Preview, view: str, mode: str, tag: str
) -> None:
    page = website.get(f"/?lang={tag}&view={view}&mode={mode}").text
    choice = Choice(tag, mode, view)  # type: ignore[arg-type]
    site = preview.site.in_locale[tag]
    for pasted in (snippets.head_lines(site, choice), snippets.element(site, choice)):
        assert FORM in pasted
        assert pasted in page
        assert pasted in html.unescape(page.partition("<details>")[2])


def test_the_form_may_be_shown_there_and_where_the_site_file_says(preview: Preview) -> None:
    assert preview.site.site.origins == (WEBSITE, "https://shop.example")


def test_an_address_that_asks_for_what_there_is_not_shows_what_is_usual(
    website: FlaskClient,
) -> None:
    odd = website.get("/?lang=xx&view=%3Cb%3E&mode=9&person=nobody@example.com")
    assert odd.text == website.get("/?lang=en&view=sign-up&mode=inline&person=").text


@pytest.mark.parametrize(
    ("query", "signed_in"),
    [
        ("", ""),
        ("?person=new.sq@example.com", "new.sq@example.com"),
        ("?view=preferences", "all.en@example.com"),
        ("?view=preferences&lang=sq", "all.sq@example.com"),
    ],
)
def test_nobody_is_signed_in_beside_a_form_for_anyone_unless_that_is_chosen(
    website: FlaskClient, query: str, signed_in: str
) -> None:
    page = website.get(f"/{query}").text
    people = re.search(r'<select name="person">(.*)</select>', page)
    assert people
    assert re.findall(r'value="([^"]*)" selected', people[1]) == ([signed_in] if signed_in else [])
    assert people[1].startswith('<option value="">')
    status = website.get("/account/preferences-link").status_code
    assert status == (200 if signed_in else 404)


def test_the_owner_s_page_lists_what_the_site_file_does_and_the_website_apart(
    site_file: Path, backend: FlaskClient
) -> None:
    """Otherwise somebody would find out only on the server that no page may show the form."""
    listed, lent = "https://shop.example</bdi>", f"{WEBSITE}</bdi>"
    page = backend.get("/s/shop/snippet").text
    assert page.index(listed) < page.index(LENT) < page.index(lent)
    text = site_file.read_text()
    site_file.write_text(text.replace('["https://shop.example"]', "[]"))
    page = backend.get("/s/shop/snippet").text
    assert page.index(NO_ORIGINS_YET[:20]) < page.index(LENT) < page.index(lent)
    site_file.write_text(text.replace("https://shop.example", WEBSITE))
    page = backend.get("/s/shop/snippet").text
    assert lent in page
    assert LENT not in page


def test_whoever_is_signed_in_gets_a_link_of_their_own_and_nobody_else(
    website: FlaskClient, backend: FlaskClient
) -> None:
    for person, ticked in (("all.en@example.com", 2), ("new.sq@example.com", 1)):
        website.get("/", query_string={"view": "preferences", "person": person})
        answer = website.get("/account/preferences-link")
        assert answer.headers["Cache-Control"] == "no-store"
        path = answer.json["src"].removeprefix(FORM)  # type: ignore[index]
        form = backend.get(f"{path}/fragment", headers={"Origin": WEBSITE}).text
        assert len(re.findall(r'type="checkbox"[^>]* checked', form)) == ticked
    website.set_cookie("preview-person", "visitor@example.com")
    assert website.get("/account/preferences-link").status_code == 404


def test_links_on_the_page_lead_where_they_say(website: FlaskClient, backend: FlaskClient) -> None:
    page = website.get("/?lang=sq").text
    links = re.findall(rf'<a href="{FORM}([^"]+)"', page.partition("<ul>")[2])
    assert len(links) == 5
    assert [backend.get(html.unescape(each)).status_code for each in links] == [200] * 5


def test_what_is_printed_can_be_opened(preview: Preview, backend: FlaskClient,
                                       website: FlaskClient) -> None:  # fmt: skip
    clients = {FORM: backend, WEBSITE: website}
    names = []
    for name, address in preview.addresses():
        origin = next(each for each in clients if address.startswith(each))
        assert clients[origin].get(address.removeprefix(origin)).status_code == 200, name
        names.append(name)
    assert names == [
        "a website with the form",
        "hosted preferences (en)",
        "hosted preferences (sq)",
        "questions in stages",
        "unsubscribe",
        "sign-up",
        "the owner's page",
        "email that would be sent",
    ]


def test_reading_writes_nothing(
    preview: Preview, website: FlaskClient, backend: FlaskClient
) -> None:
    def rows() -> dict[str, list[str]]:
        database = preview.database
        with database.connection_context():
            return {
                table: sorted(map(repr, database.execute_sql(f'SELECT * FROM "{table}"')))
                for table in database.get_tables()
            }

    before = rows()
    for _, address in preview.addresses():
        for client in (website, backend):
            client.get(address.removeprefix(FORM).removeprefix(WEBSITE))
    website.get("/account/preferences-link")
    assert rows() == before


def test_its_policy_is_strict_and_its_own_pages_keep_it(website: FlaskClient) -> None:
    for path in ("/", "/?view=preferences&lang=sq", "/mail/"):
        answer = website.get(path)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert not re.search(
            r"<style(?!>\.preview-hint)|\sstyle=|\son\w+=|<script(?! type=\"module\" src=)",
            answer.text,
        )


def test_a_second_start_finds_the_same_people_and_links_still_open(
    preview: Preview, site_file: Path
) -> None:
    again = prepare(Preview, site_file, preview.folder, FORM, WEBSITE, clock=preview.clock)
    link = preview.link("unsubscribe", "en")
    assert again.link("unsubscribe", "en") == link
    client = again.backend().test_client()
    assert client.get(link.removeprefix(FORM)).status_code == 200
    again.database.close()
    assert (preview.folder / ".gitignore").read_text() == "*\n"
