"""The ready texts that `init` begins with: complete, alike in each language, and fit to serve."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from shutil import copy
from string import Template
from typing import Any

import pytest
from peewee import Database

from tests.support.worlds import LANGUAGES, make_world
from widget_backend.demo.run import DIMORA
from widget_backend.i18n.catalogs import read_catalog
from widget_backend.i18n.extraction import catalog_paths, own_texts
from widget_backend.links import PATHS
from widget_backend.site.channels import CHANNELS
from widget_backend.site.load import load_site
from widget_backend.site.new_site import write_site
from widget_backend.site.ready_sites import (
    READY,
    NewSite,
    id_from,
    ready_language,
    ready_sets,
    site_text,
)
from widget_backend.site.texts import catalog_path, map_texts

URL = "https://prefs.example"
PAGES = (
    *("", "/fragment", "/snippet", "/link", "/privacy", "/theme.css"),
    *("/preview/sign-up", "/preview/preferences"),
)
TEMPLATE = "site.toml.template"


def new_site(*sets: str, language: str = "en", name: str = "Rozafa") -> NewSite:
    locales = [language, *(each for each in LANGUAGES if each != language)]
    return NewSite("rozafa", name, URL, locales, sets, CHANNELS)


# ── the data ────────────────────────────────────────────────────────────────────────────────


def test_ready_texts_are_in_every_language_of_our_own_catalogs() -> None:
    assert {each.name for each in READY.iterdir()} == {*catalog_paths(own_texts()[0])}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_set(language: str) -> None:
    files = {each.name for each in (READY / language).iterdir()} - {"other-language.txt"}
    assert files == {*(f"{each}.toml" for each in ready_sets()), TEMPLATE}


def test_no_two_sets_share_an_id_so_that_they_can_be_combined() -> None:
    topics = tomllib.loads(site_text(new_site(*ready_sets()), "en"))["topics"]
    ids = [each["id"] for each in topics]
    assert len(ids) == len({*ids}) >= 3 * len(ready_sets())


def with_examples(text: str) -> str:
    """The site file once the owner has used every example."""
    return re.sub(r"^#(?=\S)", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_site_file_differs_between_languages_only_in_comments_and_texts(language: str) -> None:
    texts = [site_text(new_site(*ready_sets()), each) for each in (language, "en")]
    for own, english in (texts, map(with_examples, texts)):
        assert without_texts(own) == without_texts(english)


def without_texts(text: str) -> dict[str, Any]:
    return map_texts(tomllib.loads(text), lambda context, text: "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_prose_is_in_the_language(language: str) -> None:
    """What is the same in two languages was forgotten, but for rules and commands."""
    other = (READY / ("sq" if language != "sq" else "en") / TEMPLATE).read_text()
    own = (READY / language / TEMPLATE).read_text()
    same = {line for line in own.splitlines() if line.startswith("# ")} & {*other.splitlines()}
    assert not same


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_are_right_once_the_sign_is_taken_away(language: str, tmp_path: Path) -> None:
    write_site(tmp_path / "site", new_site("shop", language=language))
    file = tmp_path / "site" / "SITE.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(with_examples(text), encoding="utf-8")
    copy(DIMORA / "logo.svg", file.parent)
    site = load_site(file).site
    assert all((site.campaigns, site.caps, site.quiet_hours, site.stages, site.theme.logo))


# ── the site ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sets", [*((each,) for each in ready_sets()), ready_sets()], ids="+".join)
def test_each_page_of_each_site_is_served(
    sets: tuple[str, ...], language: str, tmp_path: Path, sqlite: Database
) -> None:
    file, *_ = write_site(tmp_path / "site", new_site(*sets, language=language))
    site = load_site(file)
    assert not site.flaws
    world = make_world(sqlite, [site])
    client = world.client()
    person = world.person(site=site.id)
    newcomer = world.person(site=site.id, email="new@example.com", pending=True)
    for tag in LANGUAGES:
        for path in PAGES:
            answer = client.get(f"/s/{site.id}{path}?lang={tag}")
            assert answer.status_code in {200, 302}, path
        for purpose in PATHS.keys() - {"address"}:  # which only an address that waits opens
            who = newcomer if purpose in {"answers", "confirm"} else person
            assert client.get(world.link(purpose, who, tag)).status_code == 200, purpose


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_with_signs_of_toml_stays_as_it_is(language: str, tmp_path: Path) -> None:
    name = 'Rozafa "$name" \\n & <b>#1</b> — متجر'
    file, *_ = write_site(tmp_path / "site", new_site("shop", language=language, name=name))
    site = load_site(file)
    assert not site.flaws
    assert {each.name for each in site.in_locale.values()} == {name}


def test_a_language_that_we_do_not_speak_has_english_comments_and_a_note(tmp_path: Path) -> None:
    site = NewSite("rozafa", "Rozafa", URL, ["de", "en", "sq"], ["shop"], ["email"])
    file, *_ = write_site(tmp_path / "site", site)
    start = file.read_text(encoding="utf-8").partition("\n\n")[0]
    assert start == Template((READY / "en" / "other-language.txt").read_text().strip()).substitute(
        source_language="de"
    )
    loaded = load_site(file)
    assert not loaded.flaws
    assert loaded.in_locale["sq"].topics[0].name == "Oferta"


def test_a_language_that_we_do_not_speak_gets_an_empty_catalog(tmp_path: Path) -> None:
    site = NewSite("rozafa", "Rozafa", URL, ["en", "it", "sq-XK"], ["shop"], ["email"])
    file, *_ = write_site(tmp_path / "site", site)
    assert not any(each.string for each in read_catalog(catalog_path(file, "it"), "it") if each.id)
    kosovo = read_catalog(catalog_path(file, "sq-XK"), "sq-XK")
    assert kosovo.get("Offers", "topics.offers.name").string == "Oferta"


@pytest.mark.parametrize(
    ("tag", "ready"),
    [("sq", "sq"), ("sq-XK", "sq"), ("ar-EG", "ar"), ("en-GB", "en"), ("de", None), ("sr", None)],
)
def test_a_variant_has_the_ready_texts_of_its_language(tag: str, ready: str | None) -> None:
    assert ready_language(tag) == ready


@pytest.mark.parametrize(
    ("name", "derived"),
    [
        ("Studio Rozafa", "studio-rozafa"),
        ("  Çajtore & Ëmbëlsira!  ", "cajtore-embelsira"),
        ("24 Orë", "ore"),
        ("Straße", "strasse"),
        ("Café متجر", "cafe"),
        ("متجر الورد", ""),
        ("2027", ""),
        ("", ""),
        ("a" * 39 + " b", "a" * 39),
    ],
)
def test_an_id_is_like_the_name(name: str, derived: str) -> None:
    assert id_from(name) == derived
