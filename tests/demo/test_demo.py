"""The demo: who may show its form, and what its shop says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from widget_backend.demo.run import prepare
from widget_backend.demo.shop import TEXTS, create_shop
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
    ("sq", "link", "Zgjidhni si t’ju kontaktojmë"),
    ("sq", "hero", "Mobilie që zgjasin"),
    ("en", "hero", "Furniture that lasts"),
    ("en", "arrives", "It will arrive within three days."),
    ("ar", "thanks", "شكرًا على طلبك"),
    ("ar", "text", "خشب صلب وأسعار عادلة وتوصيل إلى باب المنزل في تيرانا وخارجها."),
]


@pytest.mark.parametrize(("tag", "name", "text"), SHOP_SAYS)
def test_the_shop_says_what_its_readers_would_say(tag: str, name: str, text: str) -> None:
    assert TEXTS[tag][name] == text


@pytest.mark.parametrize("tag", TEXTS)
def test_the_shop_says_everything_in_each_language_with_curved_apostrophes(tag: str) -> None:
    assert TEXTS[tag].keys() == TEXTS["en"].keys()
    assert not [text for text in TEXTS[tag].values() if "'" in text or '"' in text]


def test_the_mailbox_is_called_what_it_is(tmp_path: Path) -> None:
    backend = "http://127.0.0.1:9000"
    shop = create_shop(
        "dimora", backend, Signer(["k" * 32]), "0" * 32, lambda: datetime.now(UTC), tmp_path
    )
    page = shop.test_client().get("/mail/").text
    assert "<title>Demo mail</title>" in page
    assert "<h1>Demo mail</h1>" in page


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
