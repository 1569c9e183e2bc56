"""Messages: the same words as text and as HTML, right for Arabic where clients drop most styles."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTPUTF8
from typing import Any, cast

import html5lib
import pytest

from widget_backend.demo.run import DIMORA
from widget_backend.i18n.languages import language
from widget_backend.mail.messages import PLAIN, TEMPLATES, MessageKind, compose
from widget_backend.site.load import load_site

SITE = load_site(DIMORA / "SITE.toml")
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
URL = "https://prefs.dimora.example/c/eyJz.abc"
VALUES: dict[MessageKind, dict[str, Any]] = {
    "confirm": {
        "url": URL,
        "topics": [("Offers & <b>more</b>", "email, weekly"), ("وصل حديثًا", "SMS")],
    },
    "link": {"url": URL},
    "code": {"code": "123 456", "minutes": 15},
    "new-address": {"url": URL},
    "address-changed": {},
}
BLOCKS = {"p", "ul", "li", "div", "h1", "h2"}
CASES = [(kind, tag) for kind in VALUES for tag in ("en", "sq", "ar")]


def message(kind: MessageKind, tag: str, to: str = "arta@example.com") -> EmailMessage:
    site = SITE.in_locale[tag]
    made = compose(kind, site, language(tag), to, NOW, about="a" * 32, **VALUES[kind])
    assert made.recipient == to
    return cast(EmailMessage, message_from_string(made.source, policy=SMTPUTF8))


def parts(read: EmailMessage) -> tuple[str, str]:
    text, html = (read.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def test_every_template_is_looked_at_here() -> None:
    found = {file.stem for file in TEMPLATES.glob("*.txt")}
    assert found == VALUES.keys() | PLAIN
    assert {file.stem for file in TEMPLATES.glob("*.html")} == {*found, "base", "parts"} - PLAIN


@pytest.mark.parametrize(("kind", "tag"), CASES)
def test_a_message_says_the_same_as_text_and_as_html(kind: MessageKind, tag: str) -> None:
    text, html = parts(message(kind, tag))
    said = " ".join(re.sub(r"<style.*?</style>|<[^>]*>", " ", html).split())
    for value in (VALUES[kind].get("url"), VALUES[kind].get("code")):
        assert not value or (value in text and value in html)
    for topic, comes in VALUES[kind].get("topics", ()):
        assert f"{topic}: {comes}" in text
        assert comes in said
        assert "<b>more</b>" not in html
    assert SITE.in_locale[tag].legal_address in text
    assert SITE.in_locale[tag].legal_address in said


@pytest.mark.parametrize(("kind", "tag"), CASES)
def test_each_block_says_its_direction_and_side_by_itself(kind: MessageKind, tag: str) -> None:
    _, html = parts(message(kind, tag))
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree = parser.parse(html)
    direction = language(tag).direction
    side = {"ltr": "left", "rtl": "right"}[direction]
    assert (tree.get("lang"), tree.get("dir")) == (tag, direction)
    for block in (each for each in tree.iter() if each.tag in BLOCKS):
        style = block.get("style", "")
        assert f"text-align:{side};" in style, block.attrib
        assert "direction:" in style
    assert not re.search(r"(inline|block)-(start|end|size)|:\s*(start|end)\b", html)
    assert "<script" not in html
    assert "src=" not in html, "a picture would tell that the message was opened"


@pytest.mark.parametrize(("kind", "tag"), CASES)
def test_who_it_is_from_and_what_it_is_about_stands_in_its_head(
    kind: MessageKind, tag: str
) -> None:
    read = message(kind, tag)
    site = SITE.in_locale[tag]
    (sender,) = read["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (site.name, site.mail_from)
    assert site.name in read["Subject"]
    assert read["Subject"].isprintable()
    assert read["To"] == "arta@example.com"
    assert read["Content-Language"] == tag
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Date"].datetime == NOW


@pytest.mark.parametrize(
    ("name", "address", "signature"),
    [
        ("Dimora", "Dimora sh.p.k., 1019 Tirana", "Dimora sh.p.k., 1019 Tirana"),
        ("C++!", "C++!, 1 Street", "C++!, 1 Street"),
        ("Dimora", "Dimorat sh.p.k., 1019 Tirana", "Dimora\nDimorat sh.p.k., 1019 Tirana"),
        ("وردة", "شارع 1، تيرانا", "وردة\nشارع 1، تيرانا"),
    ],
)
def test_the_name_is_signed_once(name: str, address: str, signature: str) -> None:
    site = replace(SITE.in_locale["en"], name=name, legal_address=address)
    made = compose("code", site, language("en"), "a@x.al", NOW, about="a", **VALUES["code"])
    text, _ = parts(cast(EmailMessage, message_from_string(made.source, policy=SMTPUTF8)))
    assert "\n".join(text.splitlines()).endswith(f"\n-- \n{signature}")


def test_two_messages_are_told_apart() -> None:
    assert message("code", "en")["Message-ID"] != message("code", "en")["Message-ID"]


def test_an_address_beyond_ascii_can_be_written_to() -> None:
    assert message("code", "sq", "dhënës@example.com")["To"] == "dhënës@example.com"
