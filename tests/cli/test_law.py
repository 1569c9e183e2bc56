"""`law`: what holds for a site's readers, each rule with its source."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.small_site import SITE
from widget_backend.cli import main
from widget_backend.rules.law import NO_ADVICE, UNSEEN


@pytest.fixture
def site_file(tmp_path: Path) -> Path:
    return tmp_path / "SITE.toml"


def law_for(file: Path, countries: str = "", *options: str) -> Result:
    declared = f"countries = [{countries}]\n" if countries else ""
    file.write_text(declared + SITE, encoding="utf-8")
    return CliRunner().invoke(main, ["law", str(file), *options])


def test_it_begins_and_ends_with_what_it_is_not(site_file: Path) -> None:
    lines = law_for(site_file, '"AL"').stdout.splitlines()
    assert lines[0] == lines[-1] == NO_ADVICE


def test_each_rule_has_its_source_and_says_if_nobody_has_read_it_there(site_file: Path) -> None:
    lines = law_for(site_file, '"SA"', "--country", "AE").stdout.splitlines()
    assert lines[2] == "United Arab Emirates (AE)"
    rules, sources = lines[3:-2:2], lines[4:-2:2]
    assert rules[0] == "  consent: opt-in"
    assert UNSEEN in sources[0]
    assert rules[1] == "  hours, phone in AE: 09:00 to 18:00, by the clocks there"
    assert sources[1].startswith("      Cabinet Resolution 56/2024; read on 2026-11-30 (")


def test_laws_of_the_declared_countries_then_that_of_somebody_somewhere(site_file: Path) -> None:
    text = law_for(site_file, '"AL", "IT", "DE"').stdout
    assert text.index("\nEuropean Union") < text.index("\nAlbania (AL)")
    anywhere = text.partition("Where nobody knows the country of a person:\n")[2]
    assert "  a request is answered within 1 month [European Union" in anywhere
    assert "  an opt-out has its effect: at once [" in anywhere


def test_one_law_is_that_of_somebody_somewhere_too(site_file: Path) -> None:
    text = law_for(site_file, '"AL"').stdout
    assert "Where nobody knows" not in text
    assert text.count("  consent: ") == 1


def test_without_countries_it_is_the_strictest_of_all_laws(site_file: Path) -> None:
    text = law_for(site_file).stdout
    assert "The site file does not say in which countries its readers are" in text
    assert "\nthe strictest of all laws known here\n" in text


@pytest.mark.parametrize(("countries", "options"), [('"BR"', ()), ('"AL"', ("--country", "BR"))])
def test_a_country_whose_law_is_not_known(
    site_file: Path, countries: str, options: tuple[str, ...]
) -> None:
    text = law_for(site_file, countries, *options).stdout
    assert "The law of Brazil is not known here: the strictest of all laws is taken." in text
    assert "\nthe strictest of all laws known here\n" in text


@pytest.mark.parametrize("country", ["XX", "al", "Albania"])
def test_what_is_no_country_is_one_line(site_file: Path, country: str) -> None:
    result = law_for(site_file, '"AL"', "--country", country)
    assert result.exit_code == 2
    assert f"--country {country} is no country: write two letters, as AL" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("country", "words"),
    [
        ("CA", "consent need not be asked for after a purchase, by email and sms: for 24 months\n"),
        ("CA", "consent need not be asked for after an inquiry, by email and sms: for 6 months\n"),
        ("DE", "purchase, by email and sms: until the person says no, for similar products"),
        ("US", "consent, sms: opt-in\n"),
        ("US", "exempt: transactional or relationship messages\n"),
        ("US", "the way out of a message works for 30 days\n"),
        ("EG", "evidence is kept for 36 months after the last message\n"),
        ("EG", "each message names that it is marketing\n"),
        ("DE", "boxes that are ticked beforehand: forbidden\n"),
        ("DE", "a reward for consent: only if a refusal costs nothing\n"),
        ("SA", "a reward for consent: forbidden\n"),
    ],
)
def test_rules_are_said_in_words(site_file: Path, country: str, words: str) -> None:
    assert words in law_for(site_file, "", "--country", country).stdout
