"""`export --for`: what cannot be written is told before anything is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.contacts import ARTA, BEN, NEWS, OFF, OFFERS, Run
from tests.support.exports import MAP, ONE_STATUS, Add


@pytest.mark.parametrize("platform", sorted(ONE_STATUS))
def test_a_platform_that_loads_one_status_at_a_time_needs_it_named(
    platform: str, run: Run, site_file: Path, map_file: Path
) -> None:
    result = run("export", site_file, "--for", platform, "--map", map_file)
    assert result.exit_code == 2
    assert "--status subscribed or unsubscribed or undeliverable" in result.output


def test_one_status_says_how_many_others_there_are(
    run: Run, add: Add, site_file: Path, map_file: Path
) -> None:
    add(ARTA, offers=OFFERS)
    add(BEN, overall=OFF)
    options = ("--for", "mailchimp", "--map", map_file, "--status", "subscribed")
    result = run("export", site_file, *options)
    assert "shop for Mailchimp: 1 subscribed; not in the file 1 unsubscribed.\n" in result.stderr


def test_without_tags_only_the_only_topic_can_be_told(
    run: Run, add: Add, site_file: Path, shrink: Callable[[str], None]
) -> None:
    add(ARTA, offers=OFFERS)
    result = run("export", site_file, "--for", "brevo")
    assert result.exit_code == 2
    assert "shop has 3 topics by email, and nothing says which is which there" in result.output
    text = site_file.read_text("utf-8")
    first, offers, *_ = text.split("[[topics]]")
    site_file.write_text(f"{first}[[topics]]{offers}", encoding="utf-8")
    result = run("export", site_file, "--for", "brevo")
    assert result.stdout == "EMAIL;EMAIL_BLACKLISTED;TAGS\narta@example.com;No;\n"


def test_tags_that_no_field_of_the_platform_holds_are_refused_with_how_many_people_have_them(
    run: Run, add: Add, site_file: Path, map_file: Path, tmp_path: Path
) -> None:
    names = {"offers": "O" * 130, "news": "N" * 130}
    tags = "\n".join(f'"{tag}" = "{topic}"' for topic, tag in names.items())
    map_file.write_text(f"[topics]\n{tags}\n", encoding="utf-8")
    add(ARTA, offers=OFFERS)
    out = tmp_path / "there.csv"
    options = ("--for", "mailchimp", "--map", map_file, "--status", "subscribed", "-o", out)
    assert run("export", site_file, *options).exit_code == 0
    out.unlink()
    add(BEN, offers=OFFERS, news=NEWS)
    result = run("export", site_file, *options)
    assert result.exit_code == 1
    assert "the tags of some people (1) have over 255 characters together" in result.output
    assert not out.exists()
    left = (*options[:5], "unsubscribed", "-o", out)
    assert run("export", site_file, *left).exit_code == 0
    hubspot = ("--for", "hubspot", "--map", map_file, "-o", out)
    assert run("export", site_file, *hubspot).exit_code == 0


@pytest.mark.parametrize(
    ("platform", "tag"), [("hubspot", "A;B"), ("brevo", "A\\nB"), ("klaviyo", " A")]
)
def test_a_tag_that_would_be_another_one_there_is_refused(
    platform: str, tag: str, run: Run, site_file: Path, map_file: Path
) -> None:
    map_file.write_text(f'[topics]\n"{tag}" = "offers"\n', encoding="utf-8")
    result = run("export", site_file, "--for", platform, "--map", map_file)
    assert result.exit_code == 1
    assert "of the topic “offers” cannot be written for" in result.output
    assert result.stdout == ""


@pytest.mark.parametrize(
    "options",
    [
        ("--for", "brevo", "--fields", "all"),
        ("--for", "brevo", "--format", "ndjson"),
        ("--for", "brevo", "--cursor", "start"),
        ("--for", "brevo", "--since", "2026-01-01"),
        ("--status", "subscribed"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    options: tuple[str, ...], run: Run, site_file: Path
) -> None:
    result = run("export", site_file, *options)
    assert result.exit_code == 2
    assert "--for" in result.output


def test_the_map_is_never_overwritten(run: Run, site_file: Path, map_file: Path) -> None:
    result = run("export", site_file, "--for", "brevo", "--map", map_file, "-o", map_file)
    assert "it is read here" in result.output
    assert map_file.read_text("utf-8") == MAP
