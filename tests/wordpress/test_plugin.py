"""The plugin in a real WordPress: block, account endpoint, settings, and what is left of it."""

from __future__ import annotations

import json
import re
import time
from html import unescape

import html5lib
import pytest

from tests.support.wordpress import (
    HANDLE,
    KEY,
    ROUTE,
    SETTINGS,
    Page,
    Visitor,
    WordPress,
    demand_wordpress,
)
from tests.support.wordpress_texts import PLUGIN, catalog_path
from widget_backend.i18n.catalogs import read_catalog
from widget_backend.signing import Signer

HOME = "https://prefs.example/s/dimora"
BLOCK = "<!-- wp:preference-widget/form {} /-->"

demand_wordpress()


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
    """The address of each script that is a module; WordPress 7 writes some without one."""
    tree = html5lib.parse(page.text, namespaceHTMLElements=False)
    modules = (
        each for each in tree.iter("script") if each.get("type") == "module" and each.get("src")
    )
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
    assert '"preference-widget/form"' in editor.replace("\\/", "/")


# ── the account endpoint ────────────────────────────────────────────────────────────────────


def test_who_is_signed_in_gets_a_link_of_their_own_that_nobody_caches(site: WordPress) -> None:
    visitor, before = site.user("mira", HANDLE), int(time.time())
    answer = visitor.ask(ROUTE, X_WP_Nonce=site.nonce_of(visitor))
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
    answer = visitor.ask(ROUTE, X_WP_Nonce=site.nonce_of(visitor))
    assert answer.status == 404
    assert answer.headers["Cache-Control"] == "no-store"


# ── settings ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("locale", ["ar", "sq", ""])
def test_the_settings_speak_the_language_of_who_reads_them(site: WordPress, locale: str) -> None:
    name = f"reader{locale}"
    page = site.user(name, role="administrator", locale=locale).ask(SETTINGS)
    assert page.status == 200
    text = unescape(page.text)
    for source in ("settings.php", "handles.php"):
        file = PLUGIN / "includes" / source
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
