"""The recipes, as a reader pastes them: every link opens its page in the reader's language."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Mapping
from csv import DictReader
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from click.testing import CliRunner

from tests.support.lint_rules import text
from tests.support.senders import DOOR, HARM, Dimora
from tests.support.template_engines import (
    ENGINES,
    block,
    fields,
    jinja,
    mailchimp,
    render,
    run,
    shopify,
)
from tests.support.words import said
from tests.support.words.account import GET_LINK
from tests.support.words.preferences import WHAT_SITE_SENDS
from tests.support.words.subscribe import CHOOSE_WHAT_TO_HEAR
from tests.support.words.unsubscribe import UNSUBSCRIBE, UNSUBSCRIBE_FROM_TOPIC
from widget_backend.cli import main

Contact = Mapping[str, str]

COLUMNS = ("preferences_url", "questions_url", "unsubscribe_url")
SIDES = {"ar": ("rtl", "right"), "sq": ("ltr", "left"), "en": ("ltr", "left")}
DKIM = (
    "v=1; a=rsa-sha256; d=dimora.example; s=1; c=relaxed/relaxed; "
    "h=From:To:Subject:List-Unsubscribe:List-Unsubscribe-Post; bh=YQ==; b=YQ=="
)


def contact_of(dimora: Dimora, platform: str, tag: str) -> Contact:
    """A contact as the platform knows it after the import that its page describes."""
    if platform != "listmonk":
        return dimora.contacts[tag]
    told = dimora.table.read_text(encoding="utf-8")
    program = block("listmonk", "python")
    made = run(sys.executable, "-c", program, told=told, PYTHONUTF8="1")
    rows = [json.loads(row["attributes"]) for row in DictReader(io.StringIO(made, newline=""))]
    return next(row for row in rows if row["language"] == tag)


def pasted(platform: str, kind: str, contact: Contact) -> str:
    """What is sent: a block whose reader put in the address of their own site."""
    return render(platform, kind, contact).replace("https://prefs.example", DOOR)


def footer(html: str) -> Element:
    tree: Element = html5lib.parse(html, namespaceHTMLElements=False)
    (found,) = tree.iter("div")
    return found


def links(element: Element) -> list[str]:
    return [each.get("href", "") for each in element.iter("a")]


# ── the links ───────────────────────────────────────────────────────────────────────────────


def test_each_link_opens_its_page_in_the_language_of_the_contact(
    dimora: Dimora, platform: str, tag: str
) -> None:
    site = dimora.site.in_locale[tag]
    offers = site.topics[0].name
    headings = {
        "preferences_url": {said(tag, WHAT_SITE_SENDS, site=site.name)},
        "questions_url": {each.title for each in site.stages}
        | {each.text for each in site.questions},
        "unsubscribe_url": {said(tag, UNSUBSCRIBE_FROM_TOPIC, topic=offers)},
    }
    html = pasted(platform, "html", contact_of(dimora, platform, tag))
    for column, url in zip(COLUMNS, links(footer(html)), strict=True):
        page = dimora.open(url).document
        assert page is not None
        assert page.root.get("lang") == tag
        assert text(page.headings[0]) in headings[column]


def test_the_plain_text_has_the_same_links_and_words(
    dimora: Dimora, platform: str, tag: str
) -> None:
    contact = contact_of(dimora, platform, tag)
    html = footer(pasted(platform, "html", contact))
    lines = pasted(platform, "text", contact).split("\n")
    named = [line.rpartition(": ")[::2] for line in lines if DOOR in line]
    assert named == [(text(each), each.get("href")) for each in html.iter("a")]


def test_the_footer_says_its_language_direction_and_side(
    dimora: Dimora, platform: str, tag: str
) -> None:
    """In each of the ways of which some mail program keeps only one."""
    found = footer(pasted(platform, "html", contact_of(dimora, platform, tag)))
    direction, side = SIDES[tag]
    assert found.attrib == {
        "lang": tag,
        "dir": direction,
        "align": side,
        "style": f"direction:{direction};text-align:{side};",
    }


def test_the_words_are_those_of_the_pages(dimora: Dimora, platform: str, tag: str) -> None:
    found = footer(pasted(platform, "html", contact_of(dimora, platform, tag)))
    first, _, last = (text(each) for each in found.iter("a"))
    assert first == said(tag, CHOOSE_WHAT_TO_HEAR)
    assert last == said(tag, UNSUBSCRIBE)


# ── what is not there, and what is not ours ─────────────────────────────────────────────────

LACKING: dict[str, dict[str, str | None]] = {
    "empty": dict.fromkeys(COLUMNS, ""),
    "not there": dict.fromkeys(COLUMNS, None),
}


@pytest.mark.parametrize("lacking", LACKING)
def test_without_a_link_each_leads_to_the_page_of_lost_links(
    dimora: Dimora, platform: str, tag: str, lacking: str
) -> None:
    cells = {**contact_of(dimora, platform, tag), **LACKING[lacking]}
    contact = {name: value for name, value in cells.items() if value is not None}
    urls = links(footer(pasted(platform, "html", contact)))
    # Mailchimp has one default a field, whatever the language: the page then asks the browser.
    query = "" if platform == "mailchimp" else f"?lang={tag}"
    assert urls == [f"{DOOR}/s/dimora/link{query}"] * 3
    page = dimora.open(urls[0]).document
    assert page is not None
    spoken = page.root.get("lang", "")
    assert text(page.headings[0]) == said(spoken, GET_LINK)
    assert spoken == (tag if query else "en")


@pytest.mark.parametrize("unknown", [None, "", "de", "AR", "constructor", "__proto__"])
def test_of_a_language_that_is_not_ours_it_speaks_english(
    dimora: Dimora, platform: str, unknown: str | None
) -> None:
    contact = {**contact_of(dimora, platform, "ar"), "language": unknown}
    if unknown is None:
        del contact["language"]
    html = pasted(platform, "html", contact)  # type: ignore[arg-type]
    assert footer(html).get("lang") == "en"
    assert len(links(footer(html))) == 3


def test_what_people_wrote_elsewhere_is_handed_on_and_shown_nowhere(
    dimora: Dimora, platform: str, tag: str
) -> None:
    contact = contact_of(dimora, platform, tag)
    assert contact["note"] == HARM
    for kind in ("html", "text"):
        said = pasted(platform, kind, contact)
        assert not [mark for mark in ("O'Brien", "onmouseover", "محمد") if mark in said]


ESCAPING = {
    **{name: kinds["html"] for name, kinds in ENGINES.items() if name != "mailchimp"},
    "jinja that does not escape": jinja(False),
    "liquid that escapes": shopify(True),
}


@pytest.mark.parametrize("engine", ESCAPING)
def test_no_cell_breaks_out_of_its_attribute(engine: str) -> None:
    harm = f'{DOOR}/p/"><script>alert(1)</script><a href="https://elsewhere.example'
    platform = engine.partition(" ")[0]
    contact = {"language": "en", **dict.fromkeys(COLUMNS, harm)}
    tree: Element = html5lib.parse(ESCAPING[engine](block(platform, "html"), contact))
    assert not [each for each in tree.iter() if str(each.tag).endswith("script")]
    assert len([each for each in tree.iter() if str(each.tag).endswith("}a")]) == 3


def test_our_columns_hold_nothing_that_any_platform_would_have_to_escape(dimora: Dimora) -> None:
    for contact in dimora.contacts.values():
        for column in COLUMNS:
            assert re.fullmatch(r"[A-Za-z0-9._:/-]+", contact[column])


def test_a_block_is_short_enough_to_paste(platform: str) -> None:
    for kind in ("html", "text"):
        assert len(block(platform, kind).splitlines()) <= 25


# ── the headers ─────────────────────────────────────────────────────────────────────────────


def headers_of(platform: str, contact: Contact) -> dict[str, str]:
    if platform == "listmonk":  # which takes them as JSON and renders each value
        return {
            name: ENGINES[platform]["json"](value, contact)
            for each in json.loads(block(platform, "json"))
            for name, value in each.items()
        }
    lines = render(platform, "http", contact).strip().splitlines()
    return dict(line.split(": ", 1) for line in lines)


def message(platform: str, contact: Contact) -> EmailMessage:
    mail = EmailMessage(policy=SMTP.clone(max_line_length=998))
    if platform == "jinja":
        told: dict[str, object] = {"row": contact}
        exec(block(platform, "python"), told)
        assert isinstance(told["message"], EmailMessage)
        mail = told["message"]
    elif platform != "mailchimp":
        for name, value in headers_of(platform, contact).items():
            mail[name] = value
    for name in ("DKIM-Signature", "From", "To", "Subject"):
        mail[name] = {"DKIM-Signature": DKIM, "Subject": "Sale"}.get(name, "hello@dimora.example")
    mail.set_content(pasted(platform, "text", contact))
    mail.add_alternative(pasted(platform, "html", contact), subtype="html")
    return mail


def test_a_message_made_by_the_recipe_lacks_nothing(
    dimora: Dimora, platform: str, tag: str, tmp_path: Path
) -> None:
    file = tmp_path / "message.eml"
    file.write_bytes(message(platform, contact_of(dimora, platform, tag)).as_bytes())
    site_file = str(dimora.site.site.file)
    result = CliRunner().invoke(main, ["mail-check", str(file), "--site", site_file])
    lacking = [line for line in result.output.splitlines() if not line.startswith("ok ")]
    if platform == "mailchimp":  # which sends headers of its own, as its page says
        assert len(lacking) == 4
        assert all(re.search(r"List-Unsubscribe|one-click", line) for line in lacking)
    else:
        assert lacking == []


@pytest.mark.parametrize("platform", ["liquid", "handlebars", "listmonk"])
def test_without_a_link_no_header_promises_one(platform: str) -> None:
    assert not any(headers_of(platform, {"language": "en"}).values())


# ── Mailchimp ───────────────────────────────────────────────────────────────────────────────


def test_mailchimps_limits_are_kept(dimora: Dimora) -> None:
    assert [column for _, column, _ in fields()] == ["language", *COLUMNS]
    assert all(len(tag) <= 10 for tag, _, _ in fields())
    for contact in dimora.contacts.values():
        assert max(len(contact[column]) for column in COLUMNS) <= 255


@pytest.mark.parametrize(
    "template",
    [
        "*|NOBODY|*",
        "*|IF:LANGUAGE=ar|*",
        "*|ELSE:|*",
        "*|END:IF|*",
        "*|IF:LANGUAGE=ar|**|IF:LANGUAGE=sq|**|END:IF|**|END:IF|*",
        "*|UPPER:LANGUAGE|*",
    ],
)
def test_what_our_reading_of_merge_tags_does_not_know_fails(template: str) -> None:
    with pytest.raises((AssertionError, KeyError)):
        mailchimp(template, {"language": "ar"})
