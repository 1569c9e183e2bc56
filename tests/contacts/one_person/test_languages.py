"""What a terminal says is English, also of a site that is written in another language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.contacts import ARTA, Run
from tests.support.one_person import Contact, shown_of
from tests.support.words import said
from tests.support.words.decisions import YES
from tests.support.words.labels import EMAIL_CHANNEL, GETS_TOPIC_NO_LONGER, WEEKLY

CATALOG = """\
msgid ""
msgstr ""
"Language: en\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgctxt "topics.offers.name"
msgid "N"
msgstr "Offers"
"""
CAMPAIGN = '[[campaigns]]\nid = "spring"\ntopic = "offers"\nsentence = "S"\n'


@pytest.fixture
def albanian(contact: Contact, site_file: Path) -> Contact:
    """The same for a site in Albanian that also speaks English."""
    text = site_file.read_text(encoding="utf-8")
    text = text.replace('"en"\nlocales = ["en"]', '"sq"\nlocales = ["sq", "en"]')
    site_file.write_text(f"{text}\n{CAMPAIGN}", encoding="utf-8")
    catalog = site_file.parent / "translations" / "en" / "LC_MESSAGES" / "site.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text(CATALOG, encoding="utf-8")
    return contact


@pytest.mark.parametrize(
    ("options", "tag", "name"), [((), "en", "Offers"), (("--lang", "sq"), "sq", "N")]
)
def test_a_person_is_shown_in_english_unless_it_is_asked_otherwise(
    albanian: Contact, options: tuple[str, ...], tag: str, name: str
) -> None:
    offers, *_ = shown_of(albanian, *options)["topics"]
    rhythm = f"{said(tag, EMAIL_CHANNEL)}, {said(tag, WEEKLY)}"
    assert offers.startswith(f"{name} (offers): {rhythm}, since ")


@pytest.mark.parametrize(("options", "tag"), [((), "en"), (("--lang", "sq"), "sq")])
def test_so_is_why_a_message_may_go(
    albanian: Contact, run: Run, site_file: Path, options: tuple[str, ...], tag: str
) -> None:
    printed = run("decide", site_file, ARTA, "--campaign", "spring", *options).output
    assert printed.splitlines()[0] == said(tag, YES)
    record = printed.splitlines()[-1]
    assert re.fullmatch(r"It rests on record 1 of the person, of \d{4}-\d\d-\d\d .*", record)


@pytest.mark.parametrize(
    ("options", "tag", "name"), [((), "en", "Offers"), (("--lang", "sq"), "sq", "N")]
)
def test_so_is_what_they_said_on_the_phone(
    albanian: Contact, options: tuple[str, ...], tag: str, name: str
) -> None:
    printed = albanian("wish", ARTA, "--off", "offers", *options).output
    assert said(tag, GETS_TOPIC_NO_LONGER, topic=name) in printed


def test_a_site_without_english_has_its_own_names_in_english_sentences(
    albanian: Contact, site_file: Path
) -> None:
    text = site_file.read_text(encoding="utf-8").replace('["sq", "en"]', '["sq"]')
    site_file.write_text(text, encoding="utf-8")
    for options in ((), ("--lang", "en")):
        offers, *_ = shown_of(albanian, *options)["topics"]
        assert offers.startswith(f"N (offers): {EMAIL_CHANNEL}, {WEEKLY}, since ")


def test_british_english_is_english_too(albanian: Contact, site_file: Path) -> None:
    text = site_file.read_text(encoding="utf-8").replace('["sq", "en"]', '["sq", "en-GB"]')
    site_file.write_text(text, encoding="utf-8")
    catalogs = site_file.parent / "translations"
    (catalogs / "en").rename(catalogs / "en-GB")
    catalog = catalogs / "en-GB" / "LC_MESSAGES" / "site.po"
    catalog.write_text(CATALOG.replace("Language: en", "Language: en-GB"), encoding="utf-8")
    offers, *_ = shown_of(albanian)["topics"]
    assert offers.startswith("Offers (offers): ")
