"""Variants such as `sq-XK`: each text is shown in the nearest translation that there is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.small_site import Write, translate
from widget_backend.cli import main
from widget_backend.site.load import load_site, read_data
from widget_backend.site.texts import catalog_path, update_translations


def site_in(write: Write, *locales: str, source: str = "en") -> Path:
    listed = ", ".join(f'"{each}"' for each in locales)
    return write(
        ('locales = ["en"]', f"locales = [{listed}]"),
        ('source_language = "en"', f'source_language = "{source}"'),
    )


def have(file: Path, tag: str, translations: Mapping[str, str]) -> Path:
    """The catalog of a language with all texts, of which only these are translated."""
    path = catalog_path(file, tag)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    update_translations(file, read_data(file))
    for text, translation in translations.items():
        translate(path, text, translation)
    return path


def lines(file: Path) -> list[str]:
    return [str(each).removeprefix(str(file.parent / "translations")) for each in _flaws(file)]


def _flaws(file: Path) -> tuple[object, ...]:
    return load_site(file).flaws


def name(file: Path, tag: str, topic: str = "offers") -> str:
    found = load_site(file).in_locale[tag].topic(topic)
    assert found is not None
    return found.name


# ── what is shown ───────────────────────────────────────────────────────────────────────────


def test_a_variant_shows_the_words_of_its_language(write: Write) -> None:
    file = site_in(write, "en", "sq-XK")
    have(file, "sq", {"Offers": "Oferta"})
    assert name(file, "sq-XK") == "Oferta"
    assert name(file, "sq-XK", "news") == "News", "and the site's own where there are none"


def test_its_own_words_come_first_text_by_text(write: Write) -> None:
    file = site_in(write, "en", "sq", "sq-XK")
    have(file, "sq", {"Offers": "Oferta", "News": "Lajme"})
    have(file, "sq-XK", {"News": "Risi"})
    assert (name(file, "sq-XK"), name(file, "sq-XK", "news")) == ("Oferta", "Risi")
    assert (name(file, "sq"), name(file, "sq", "news")) == ("Oferta", "Lajme")


def test_a_variant_of_a_script_goes_back_step_by_step(write: Write) -> None:
    file = site_in(write, "en", "sr-Latn-RS")
    have(file, "sr-Latn", {"Offers": "Ponude"})
    have(file, "sr", {"Offers": "Понуде", "News": "Новости"})
    assert (name(file, "sr-Latn-RS"), name(file, "sr-Latn-RS", "news")) == ("Ponude", "Новости")


@pytest.mark.parametrize(("source", "variant"), [("en", "en-GB"), ("en-GB", "en"), ("sq", "sq-XK")])
def test_in_the_site_s_own_language_nothing_lacks(write: Write, source: str, variant: str) -> None:
    file = site_in(write, source, variant, source=source)
    assert name(file, variant) == "Offers"
    assert lines(file) == []
    assert update_translations(file, read_data(file)) == []
    have(file, variant, {"Offers": "Bargains"})
    assert name(file, variant) == "Bargains"
    assert lines(file) == [], "what it says in its own way is all that it need say"


def test_another_script_is_no_variant(write: Write) -> None:
    file = site_in(write, "sr", "sr-Latn", source="sr")
    assert lines(file)


def test_what_must_not_be_shown_gives_way_to_what_may(write: Write) -> None:
    file = site_in(write, "en", "sq-XK")
    have(file, "sq", {"Offers": "Oferta"})
    own = have(file, "sq-XK", {"Offers": "<b>Oferta</b>"})
    assert name(file, "sq-XK") == "Oferta"
    (line,) = [each for each in map(str, _flaws(file)) if "topics.offers.name" in each]
    assert line.startswith(f"{own}: topics.offers.name: “Offers” and “<b>Oferta</b>” differ in")


# ── what check says ─────────────────────────────────────────────────────────────────────────


def test_only_what_no_fallback_has_is_missing(write: Write) -> None:
    file = site_in(write, "en", "sq-XK")
    have(file, "sq", {"Offers": "Oferta"})
    missing = lines(file)
    assert not any("“Offers”" in each for each in missing)
    assert "/sq/LC_MESSAGES/site.po: topics.news.name: “News” is not translated. " in "".join(
        each.replace("translate it.", "") for each in missing
    )
    checked = CliRunner().invoke(main, ["check", "--strict", str(file)])
    assert checked.exit_code == 1
    assert "“News” is not translated" in checked.stderr
    assert "“Offers”" not in checked.stderr


def test_what_two_variants_lack_is_said_once(write: Write) -> None:
    file = site_in(write, "en", "sq", "sq-XK", "sq-MK")
    have(file, "sq", {"Offers": "Oferta"})
    missing = lines(file)
    assert len(missing) == len(set(missing))
    assert all(each.startswith("/sq/") for each in missing)


# ── what is written ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("locales", "there", "written"),
    [
        (("en", "sq-XK"), (), ["sq-XK"]),
        (("en", "sq-XK"), ("sq",), ["sq"]),
        (("en", "sq-XK"), ("sq", "sq-XK"), ["sq-XK", "sq"]),
        (("en", "sq", "sq-XK"), (), ["sq"]),
        (("en", "sq-XK", "sq-MK"), ("sq",), ["sq"]),
        (("en", "en-GB", "ar-EG"), (), ["ar-EG"]),
        (("en", "en-GB"), ("en-GB",), ["en-GB"]),
    ],
)
def test_update_keeps_what_there_is_and_makes_what_nothing_else_serves(
    write: Write, locales: tuple[str, ...], there: tuple[str, ...], written: list[str]
) -> None:
    file = site_in(write, *locales)
    for tag in there:
        catalog_path(file, tag).parent.mkdir(parents=True)
        catalog_path(file, tag).touch()
    paths = update_translations(file, read_data(file))
    assert paths == [catalog_path(file, tag) for tag in written]
    assert all(path.stat().st_size for path in paths)
    assert {each.name for each in (file.parent / "translations").iterdir()} == set(written)
