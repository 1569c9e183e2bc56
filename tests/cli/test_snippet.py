"""`snippet`: what an owner pastes, with their own address, language and hash in it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.words import said
from tests.support.words.subscribe import HEAR_FROM_SITE
from widget_backend.cli import main
from widget_backend.demo.run import DIMORA
from widget_backend.embed.releases import frozen_script, frozen_versions, integrity

SITE = DIMORA / "SITE.toml"


def snippet(*options: str, site: Path = SITE) -> Result:
    return CliRunner().invoke(main, ["snippet", str(site), *options])


def test_preload_form_and_link_speak_one_language(tag: str) -> None:
    told = snippet("--lang", tag).stdout
    home = "http://127.0.0.1:8000/s/dimora"
    assert f'href="{home}/fragment?lang={tag}"' in told, "or no browser uses the preload"
    assert f'<preference-widget src="{home}" lang="{tag}">' in told
    (link,) = re.findall(rf'<a href="{home}\?lang={tag}">(.*)</a>', told)
    assert link == said(tag, HEAR_FROM_SITE, site="Dimora")


def test_a_pinned_script_is_named_with_its_hash() -> None:
    said = snippet("--pin").stdout
    name = frozen_versions()[-1]
    assert f"/widget/{name}" in said
    assert f'integrity="{integrity(frozen_script(name))}"' in said
    assert "crossorigin" in said
    assert "v1.js" not in said


@pytest.mark.parametrize("mode", ["dialog", "prompt"])
def test_a_form_that_comes_later_needs_no_preload_and_no_room(mode: str) -> None:
    said = snippet("--mode", mode).stdout
    assert f'lang="en" mode="{mode}">' in said
    assert ('aria-haspopup="dialog"' in said) == (mode == "dialog")
    assert "preload" not in said, "it would be fetched by everybody who opens nothing"
    assert "min-block-size" not in said
    assert "script-src" in said


def test_in_the_page_the_height_is_reserved_and_no_mode_is_named() -> None:
    said = snippet().stdout
    assert "min-block-size" in said
    assert "/s/dimora/snippet measures it" in said
    assert 'mode="' not in said


@pytest.mark.parametrize(
    ("view", "attribute"), [("questions", ' view="questions"'), ("preferences", "")]
)
def test_for_people_one_knows_the_address_comes_by_a_script(view: str, attribute: str) -> None:
    """What is pasted once may be cached, so no embed link and nothing that names one is in it."""
    said = snippet("--view", view, "--lang", "sq").stdout
    assert f'<preference-widget lang="sq"{attribute}>' in said
    assert 'src="/account.js"' in said
    assert "setAttribute('src', src)" in said
    assert "preload" not in said
    assert 'href="http://127.0.0.1:8000/s/dimora/link?lang=sq"' in said


def test_a_site_that_asks_nothing_has_no_questions_to_show(tmp_path: Path) -> None:
    copy = tmp_path / "dimora" / "SITE.toml"
    shutil.copytree(DIMORA, copy.parent)
    text = copy.read_text(encoding="utf-8")
    copy.write_text(
        re.sub(r"(?ms)^\[\[(questions|stages)\]\]\n.*?(?=^\[|^#|\Z)", "", text), encoding="utf-8"
    )
    result = snippet("--view", "questions", site=copy)
    assert result.exit_code == 1
    assert "--view questions: the site asks none. declare [[questions]]" in result.output


@pytest.mark.parametrize(
    ("option", "known"), [("--mode", "'inline', 'dialog', 'prompt'"), ("--view", "'sign-up'")]
)
def test_a_way_that_there_is_not_is_told(option: str, known: str) -> None:
    result = snippet(option, "popup")
    assert result.exit_code == 2
    assert known in result.output
    assert result.output.count("\n") == 1


def test_a_language_that_the_site_does_not_speak_is_told() -> None:
    result = snippet("--lang", "de")
    assert result.exit_code == 1
    assert "--lang de: the site does not speak it. choose one of en, sq, ar." in result.output


def test_where_no_page_may_show_the_form_a_warning_says_so(tmp_path: Path) -> None:
    copy = tmp_path / "dimora" / "SITE.toml"
    shutil.copytree(DIMORA, copy.parent)
    text = copy.read_text(encoding="utf-8")
    copy.write_text(re.sub(r"(?m)^origins = \[.*?\]", "origins = []", text), encoding="utf-8")
    assert "origins: it is empty" in snippet(site=copy).stderr
    assert not snippet().stderr
