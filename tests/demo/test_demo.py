"""The demo: who may show its form, and what its shop says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from widget_backend.demo.run import prepare
from widget_backend.demo.shop import LANGUAGES, create_shop, texts_in
from widget_backend.i18n.catalogs import first_text, messages
from widget_backend.i18n.extraction import SHOP, extract_texts
from widget_backend.preview.mailbox import Letters
from widget_backend.signing import Signer
from widget_backend.store.erasure import erase
from widget_backend.store.ledger import ConsentContext, Wording
from widget_backend.store.profiles import read_profile

LISTED = "http://127.0.0.1:8001"
"""In its site file."""


@pytest.mark.parametrize(
    ("shop", "origins"),
    [("http://127.0.0.1:9001", ("http://127.0.0.1:9001", LISTED)), (LISTED, (LISTED,))],
)
def test_the_shop_and_whoever_the_site_file_lists_may_show_the_form(
    tmp_path: Path, shop: str, origins: tuple[str, ...]
) -> None:
    demo = prepare(tmp_path, "http://127.0.0.1:9000", shop)
    demo.database.close()
    assert demo.site.site.origins == origins


SHOP_SAYS = [
    ("sq", "Choose how we keep in touch", "Zgjidhni si t’ju kontaktojmë"),
    ("sq", "Furniture that lasts", "Mobilie që zgjasin"),
    ("en", "Furniture that lasts", "Furniture that lasts"),
    ("en", "It will arrive within three days.", "It will arrive within three days."),
    ("ar", "Thank you for your order", "شكرًا على طلبك"),
    (
        "ar",
        "Solid wood, honest prices, delivered to your door in Tirana and beyond.",
        "خشب صلب وأسعار عادلة وتوصيل إلى باب المنزل في تيرانا وخارجها.",
    ),
]


@pytest.mark.parametrize(("tag", "english", "text"), SHOP_SAYS)
def test_the_shop_says_what_its_readers_would_say(tag: str, english: str, text: str) -> None:
    assert texts_in(tag)(english) == text


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_shop_says_everything_in_each_language_with_curved_apostrophes(tag: str) -> None:
    """That every text is translated, the check of catalogs says."""
    texts = [texts_in(tag)(first_text(each)) for each in messages(extract_texts(SHOP))]
    assert len(texts) > 20
    assert not [text for text in texts if not text or "'" in text or '"' in text]


@pytest.fixture
def shop(tmp_path: Path) -> FlaskClient:
    backend, now = "http://127.0.0.1:9000", datetime(2027, 3, 1, tzinfo=UTC)
    shop = create_shop(
        "dimora", backend, Signer(["k" * 32]), "0" * 32, lambda: now, Letters(tmp_path)
    )
    return shop.test_client()


PAGES = ("/", "/account", "/order")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_page_of_the_shop_keeps_its_own_strict_policy(
    shop: FlaskClient, path: str, tag: str
) -> None:
    """What is inline would be blocked, and what is elsewhere would be asked for."""
    page = shop.get(f"{path}?lang={tag}").text
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! type=\"module\" src=)", page)
    loaded = re.findall(r'<(?:script|link|img)\b[^>]*(?:src|href)="([^"]+)"', page)
    assert loaded
    assert all(each.startswith(("/static/", "http://127.0.0.1:9000/")) for each in loaded)


@pytest.mark.parametrize(
    ("tag", "price"), [("en", "€349.00"), ("sq", "349,00 €"), ("ar", "349.00 €")]
)
def test_prices_are_written_as_in_the_language(shop: FlaskClient, tag: str, price: str) -> None:
    page = shop.get(f"/?lang={tag}").text.replace("\N{NO-BREAK SPACE}", " ")
    assert price in page.replace("\N{RIGHT-TO-LEFT MARK}", "")


def test_the_order_is_of_what_was_bought_and_of_nothing_else(shop: FlaskClient) -> None:
    assert "Floor lamp" in shop.get("/order?item=lamp").text
    assert "Floor lamp" not in shop.get("/order?item=table").text
    assert "Armchair" in shop.get("/order?item=<script>").text


INSIDE = [
    ("/", ["Sign up for messages from Dimora"]),
    ("/account", ["Choose how we keep in touch"]),
    ("/order", ["Answer a few short questions", "Change what you receive"]),
]


@pytest.mark.parametrize(("path", "links"), INSIDE)
@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_link_inside_a_widget_says_where_it_leads(
    shop: FlaskClient, path: str, links: list[str], tag: str
) -> None:
    page = shop.get(f"{path}?lang={tag}").text
    inside = re.findall(r"<preference-widget[^>]*>\s*<a [^>]*>([^<]*)</a>", page)
    assert inside == [texts_in(tag)(each) for each in links]


def test_who_reads_arabic_gets_pages_from_right_to_left(shop: FlaskClient) -> None:
    assert '<html lang="ar" dir="rtl">' in shop.get("/?lang=ar").text


def test_the_mailbox_is_called_what_it_is(shop: FlaskClient) -> None:
    page = shop.get("/mail/").text
    assert "<title>Mail – Preview</title>" in page
    assert "<h1>Mail</h1>" in page


def test_a_customer_who_had_their_data_deleted_is_there_again_after_a_start(tmp_path: Path) -> None:
    addresses = ("http://127.0.0.1:9000", LISTED)
    demo = prepare(tmp_path, *addresses)
    customer = demo.customer
    with demo.database.connection_context():
        person = read_profile(demo.database, "dimora", customer)
        how = ConsentContext(1_790_000_000, "my-data", Wording.of("dimora", "en", {}))
        erase(demo.database, person, how, demo.signer.addresses)
    again = prepare(tmp_path, *addresses)
    again.database.close()
    assert again.customer != customer
