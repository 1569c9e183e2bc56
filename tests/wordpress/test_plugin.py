"""The plugin in a real WordPress: block, account endpoint, settings, and what is left of it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from html import unescape

import html5lib
import pytest

from tests.support.wordpress import (
    ADMIN,
    KEY,
    Page,
    Visitor,
    WordPress,
    demand_wordpress,
    wordpress,
)
from tests.support.wordpress_texts import PLUGIN, catalog_path
from widget_backend.i18n.catalogs import read_catalog
from widget_backend.signing import Signer

HOME = "https://prefs.example/s/dimora"
HANDLE = "9f2c4b7a1d3e58606b7c8d9eafb0c1d2"
OTHER = "03d7e1b9f6a84c2590be1347ac5d8f62"
BLOCK = "<!-- wp:preference-widget/form {} /-->"
SETTINGS = "/wp-admin/options-general.php?page=preference-widget"
ROUTE = "/index.php?rest_route=/preference-widget/v1/link"

demand_wordpress()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPress]:
    with wordpress(tmp_path_factory.mktemp("wordpress")) as site:
        yield site


@pytest.fixture
def site(running: WordPress) -> WordPress:
    """A WordPress that is set up."""
    running.set_up("https://prefs.example", "dimora")
    return running


@pytest.fixture(scope="module")
def admin(running: WordPress) -> Visitor:
    visitor = Visitor(running.home)
    visitor.sign_in(ADMIN)
    return visitor


def block(**attributes: str) -> str:
    """As the editor writes it into a page."""
    text = json.dumps(attributes, ensure_ascii=False).replace('\\"', "\\u0022")
    return BLOCK.format(text.replace("<", "\\u003c").replace(">", "\\u003e"))


def widget(page: Page) -> tuple[dict[str, str], dict[str, str], str]:
    """The one element: its attributes, those of the link in it, and the words of that."""
    tree = html5lib.parse(page.text, namespaceHTMLElements=False)
    (element,) = tree.iter("preference-widget")
    (link,) = element.iter("a")
    return dict(element.attrib), dict(link.attrib), "".join(link.itertext())


def scripts(page: Page) -> dict[str, str]:
    """The address of each script that is a module."""
    tree = html5lib.parse(page.text, namespaceHTMLElements=False)
    modules = (each for each in tree.iter("script") if each.get("type") == "module")
    return {each.get("id"): each.get("src") for each in modules}


# ── the block ───────────────────────────────────────────────────────────────────────────────


def test_before_it_is_set_up_a_page_shows_nothing_and_loads_nothing(running: WordPress) -> None:
    running.set_up("", "")
    page = Visitor(running.home).ask(running.page(block()))
    assert page.status == 200
    assert "preference-widget" not in page.text.partition("<body>")[2]


@pytest.mark.parametrize("content", [block(), "[preference_widget]"], ids=["block", "shortcode"])
def test_strangers_get_the_form_for_everybody(site: WordPress, content: str) -> None:
    page = Visitor(site.home).ask(site.page(content))
    attributes, link, words = widget(page)
    assert attributes == {"src": HOME, "lang": "en"}
    assert link == {"href": f"{HOME}?lang=en"}
    assert words == "Choose how to hear from us"
    assert scripts(page) == {"preference-widget-js": "https://prefs.example/widget/v1.js"}


def test_the_settings_of_a_block_are_kept_and_words_are_no_markup(site: WordPress) -> None:
    content = block(lang="sq", mode="dialog", view="questions", words='Zgjidhni "ju" <b>')
    attributes, link, words = widget(Visitor(site.home).ask(site.page(content)))
    assert attributes == {"src": HOME, "lang": "sq", "mode": "dialog"}, "questions are personal"
    assert link == {"href": f"{HOME}?lang=sq", "aria-haspopup": "dialog"}
    assert words == 'Zgjidhni "ju" <b>'


@pytest.mark.parametrize(
    ("tag", "spoken", "begins"),
    [("ar", "ar", "اختيار"), ("sq", "sq", "Zgjidhni"), ("de", "en", "Choose")],
)
def test_the_link_speaks_the_language_of_the_form(
    site: WordPress, tag: str, spoken: str, begins: str
) -> None:
    attributes, _, words = widget(Visitor(site.home).ask(site.page(block(lang=tag))))
    assert attributes["lang"] == spoken
    assert words.startswith(begins)


def test_a_page_for_somebody_holds_nothing_that_opens_their_form(site: WordPress) -> None:
    page = site.user("page", HANDLE).ask(site.page(block(view="questions")))
    attributes, link, _ = widget(page)
    assert attributes.pop("data-nonce")
    assert attributes == {"data-link": f"{site.home}{ROUTE}", "lang": "en", "view": "questions"}
    assert link == {"href": f"{HOME}/link?lang=en"}
    assert HANDLE not in page.text
    assert set(scripts(page)) == {"preference-widget-js", "preference-account-js"}


def test_the_editor_knows_the_block_and_shows_the_link(site: WordPress, admin: Visitor) -> None:
    editor = admin.ask("/wp-admin/post-new.php?post_type=page").text
    assert "preference-widget/block/editor.js" in editor
    assert "window.preferenceWidgetWords" in editor
    assert '"preference-widget\\/form"' in editor


# ── the account endpoint ────────────────────────────────────────────────────────────────────


def nonce_of(visitor: Visitor, site: WordPress) -> str:
    return widget(visitor.ask(site.page(block())))[0]["data-nonce"]


def test_who_is_signed_in_gets_a_link_of_their_own_that_nobody_caches(site: WordPress) -> None:
    visitor, before = site.user("mira", HANDLE), int(time.time())
    answer = visitor.ask(ROUTE, X_WP_Nonce=nonce_of(visitor, site))
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    src = json.loads(answer.text)["src"]
    assert src.startswith("https://prefs.example/e/")
    link = Signer([KEY]).read("embed", src.rpartition("/")[2])
    assert (link.site, link.handle) == ("dimora", HANDLE)
    assert link.expires_at
    assert 900 <= link.expires_at.timestamp() - before <= 960


def test_another_website_cannot_ask_for_it_and_a_stranger_gets_none(site: WordPress) -> None:
    visitor = site.user("besa", HANDLE)
    assert visitor.ask(ROUTE).status == 401, "without a nonce WordPress takes nobody for signed in"
    assert visitor.ask(ROUTE, X_WP_Nonce="0123456789").status == 403
    assert Visitor(site.home).ask(ROUTE).status == 401


def test_whom_the_preference_centre_does_not_know_gets_none(site: WordPress) -> None:
    visitor = site.user("unknown")
    answer = visitor.ask(ROUTE, X_WP_Nonce=nonce_of(visitor, site))
    assert answer.status == 404
    assert answer.headers["Cache-Control"] == "no-store"


# ── handles ─────────────────────────────────────────────────────────────────────────────────


def handle_of(site: WordPress, user: int) -> str:
    handle: str = site.php(
        f"echo json_encode( get_user_meta( {user}, 'preference_handle', true ) );"
    )
    return handle


def number_of(site: WordPress, name: str) -> int:
    return int(site.php(f"echo (int) get_user_by( 'login', '{name}' )->ID;"))


def test_a_link_pasted_into_a_profile_gives_the_handle_and_nonsense_is_refused(
    site: WordPress, admin: Visitor
) -> None:
    site.user("drita")
    number = number_of(site, "drita")
    profile = f"/wp-admin/user-edit.php?user_id={number}"
    token = "eyJzIjoiZGltb3JhIiwicCI6IjlmMmM0YjdhMWQzZTU4NjA2YjdjOGQ5ZWFmYjBjMWQyIn0"
    link = f"https://prefs.example/o/{token}.{'x' * 43}"
    fields = {"email": "drita@example.com", "role": "subscriber", "nickname": "drita"}
    assert admin.send(profile, "preference_handle", preference_handle=link, **fields).status == 200
    assert handle_of(site, number) == HANDLE
    refused = admin.send(profile, "preference_handle", preference_handle="nobody", **fields)
    assert "This is no handle and no link" in refused.text
    assert handle_of(site, number) == HANDLE
    admin.send(profile, "preference_handle", preference_handle="", **fields)
    assert handle_of(site, number) == ""


def upload(visitor: Visitor, content: str, nonce: str) -> Page:
    """Sends the form of the settings with a file in it."""
    fields = {"_wpnonce": nonce, "action": "preference_widget_handles"}
    head = 'Content-Disposition: form-data; name="'
    parts = [f'{head}{name}"\r\n\r\n{value}' for name, value in fields.items()]
    parts.append(f'{head}links"; filename="links.csv"\r\n\r\n{content}')
    body = "".join(f"--part\r\n{each}\r\n" for each in parts) + "--part--\r\n"
    kind = "multipart/form-data; boundary=part"
    return visitor.ask("/wp-admin/admin-post.php", body.encode(), Content_Type=kind)


def test_the_file_of_links_gives_each_user_in_it_their_handle(
    site: WordPress, admin: Visitor
) -> None:
    for name in ("agim", "teuta"):
        site.user(name, OTHER if name == "teuta" else "")
    form = admin.ask(SETTINGS).text.partition("admin-post.php")[2]
    (nonce,) = re.findall(r'name="_wpnonce" value="(\w+)"', form)
    payload = "eyJzIjoiZGltb3JhIiwicCI6IjlmMmM0YjdhMWQzZTU4NjA2YjdjOGQ5ZWFmYjBjMWQyIn0"
    rows = [
        "\ufeffemail,name,preferences_url",
        f'AGIM@example.com,"A, B",https://prefs.example/p/{payload}.{"x" * 43}',
        "teuta@example.com,T,not a link",
        f"stranger@example.com,S,https://prefs.example/p/{payload}.{'x' * 43}",
    ]
    page = upload(admin, "\r\n".join(rows), nonce)
    assert "Users whose handle is known from this file: 1" in page.text
    assert handle_of(site, number_of(site, "agim")) == HANDLE
    assert handle_of(site, number_of(site, "teuta")) == OTHER
    assert "Choose the file that" in upload(admin, "a,b\r\n1,2", nonce).text
    assert upload(admin, "", "0123456789").status == 403
    assert upload(site.user("editing", role="editor"), "\r\n".join(rows), nonce).status == 403


def test_nobody_gives_themselves_the_handle_of_another(site: WordPress) -> None:
    visitor = site.user("eve", HANDLE)
    profile = visitor.ask("/wp-admin/profile.php")
    assert "preference_handle" not in profile.text
    fields = {"email": "eve@example.com", "nickname": "eve", "preference_handle": OTHER}
    assert visitor.send("/wp-admin/profile.php", "your-profile", **fields).status == 200
    assert handle_of(site, number_of(site, "eve")) == HANDLE


# ── settings ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("locale", ["ar", "sq", ""])
def test_the_settings_speak_the_language_of_who_reads_them(site: WordPress, locale: str) -> None:
    name = f"reader{locale}"
    page = site.user(name, role="administrator", locale=locale).ask(SETTINGS)
    assert page.status == 200
    text = unescape(page.text)
    for file in (PLUGIN / "includes" / "settings.php",):
        for english in re.findall(r"esc_html_e\( '([^']+)'", file.read_text(encoding="utf-8")):
            words = (
                read_catalog(catalog_path(locale), locale)[english].string if locale else english
            )
            assert words in text, english
    assert f'origins = ["{site.home}"]' in text
    assert KEY not in text


def test_settings_are_saved_and_a_wrong_one_is_named_and_changes_nothing(
    site: WordPress, admin: Visitor
) -> None:
    def sent(url: str, name: str) -> str:
        fields = {"preference_widget[url]": url, "preference_widget[site]": name}
        page = admin.send(SETTINGS, "preference_widget[url]", **fields)
        assert page.status == 200
        return page.text

    saved = "echo json_encode( get_option( 'preference_widget' ) );"
    sent("https://prefs.shop.example/", "shop-2")
    assert site.php(saved) == {"url": "https://prefs.shop.example", "site": "shop-2"}
    assert "must begin with https://" in sent("http://prefs.shop.example", "shop-2")
    assert "must begin with https://" in sent("https://prefs.example/?a", "shop-2")
    assert "The name is the id" in sent("https://prefs.shop.example", 'x"><script>')
    assert site.php(saved) == {"url": "https://prefs.shop.example", "site": "shop-2"}


def test_only_administrators_see_and_save_settings(site: WordPress) -> None:
    visitor = site.user("curious", role="editor")
    assert visitor.ask(SETTINGS).status == 403
    form = {"option_page": "preference_widget", "preference_widget[url]": "https://evil.example"}
    assert visitor.ask("/wp-admin/options.php", form).status == 403


# ── the end ─────────────────────────────────────────────────────────────────────────────────


def test_deleting_the_plugin_leaves_nothing_of_it(site: WordPress) -> None:
    site.user("last", HANDLE)
    left = site.php(
        "require_once ABSPATH . 'wp-admin/includes/plugin.php';"
        "uninstall_plugin( 'preference-widget/preference-widget.php' ); global $wpdb;"
        "echo json_encode( array( get_option( 'preference_widget' ), $wpdb->get_var("
        "\"SELECT COUNT(*) FROM $wpdb->usermeta WHERE meta_key = 'preference_handle'\" ) ) );"
    )
    assert left == [False, "0"]
