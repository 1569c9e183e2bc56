"""`doctor`: how it is called and what it says; what it finds in a real browser is seen in e2e/."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from widget_backend.cli import doctor, main
from widget_backend.doctor import browser
from widget_backend.doctor.contrasts import contrasts
from widget_backend.doctor.html_source import cached_links
from widget_backend.doctor.inspection import Inspection, Look, Source
from widget_backend.doctor.page_facts import is_local
from widget_backend.errors import ToolMissing
from widget_backend.links import PATHS, Link
from widget_backend.signing import Signer

URL = "https://shop.example/account"
TOKEN = Signer(["a key of the tests that is long enough"]).token("embed", Link("kutia", "0" * 32))


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["doctor", *words])


def page(**facts: Any) -> Look:
    return Look("phone", {"widgets": [], "scripts": [], "pasted": [], "preloads": [], **facts})


def test_a_finding_is_one_line_with_its_cure_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "inspect_page", lambda url: Inspection(url, (page(),), ()))
    result = run(URL)
    assert result.exit_code == 1
    assert result.output == (
        f"{URL}: element: there is no <preference-widget> in the page. "
        "paste the lines that `preference-widget snippet` writes.\n"
    )


@pytest.mark.parametrize("url", ["shop.example", "file:///etc/passwd", "javascript:1", ""])
def test_what_is_no_web_page_is_not_looked_at(url: str) -> None:
    result = run(url)
    assert result.exit_code == 1
    assert "it is not the address of a web page. write https://…." in result.output


@pytest.mark.parametrize("url", ["https://shop.example", "HTTPS://shop.example", "Http://a.b/"])
def test_a_scheme_may_be_written_in_any_letters(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "inspect_page", lambda url: Inspection(url, (page(),), ()))
    assert "there is no <preference-widget>" in run(url).output


def test_a_language_that_nobody_knows_is_told() -> None:
    result = run(URL, "--lang", "xx")
    assert result.exit_code == 2
    assert "--lang xx: no language of that name is known." in result.output


# ── what it needs ───────────────────────────────────────────────────────────────────────────


def test_without_playwright_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    result = run(URL)
    assert result.exit_code == 1
    assert result.output == (
        "doctor looks through Playwright, which is missing. "
        f"install it: {sys.executable} -m pip install 'preference-widget[doctor]'.\n"
    )


def test_without_a_browser_it_says_how_to_install_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "CHROMIUM", Path("/nowhere/chromium"))
    with pytest.raises(ToolMissing, match="there is no Chromium here"):
        browser._launch(SimpleNamespace(executable_path="/nowhere"))  # type: ignore[arg-type]


@pytest.mark.parametrize(("user", "sandboxed"), [(0, False), (1000, True)])
def test_only_root_looks_without_a_sandbox(
    user: int, sandboxed: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An owner's page may hold anything."""
    told: dict[str, Any] = {}
    debian = tmp_path / "chromium"
    debian.touch()
    monkeypatch.setattr(browser, "CHROMIUM", debian)
    monkeypatch.setattr(browser.os, "geteuid", lambda: user)
    browser._launch(SimpleNamespace(executable_path="/nowhere", launch=told.update))  # type: ignore[arg-type]
    assert ("--no-sandbox" not in told["args"]) == sandboxed
    assert told["executable_path"] == debian


# ── links in HTML ───────────────────────────────────────────────────────────────────────────


def told(html: str, **headers: str) -> list[str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return [each.reason for each in cached_links(Inspection(URL, (), (Source(html, named),)))]


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, "it has no Cache-Control"),
        ({"cache_control": "public, max-age=60"}, "Cache-Control: public, max-age=60"),
        ({"cache_control": "private"}, "Cache-Control: private"),
        ({"cache_control": "no-store", "age": "9"}, "it came from a cache (Age: 9)"),
        ({"cache_control": "no-store", "x_cache": "HIT"}, "it came from a cache (x-cache: HIT)"),
        ({"cache_control": "no-store", "x_cache": "MISS"}, None),
        ({"cache_control": "private, NO-STORE"}, None),
    ],
)
def test_a_personal_link_is_for_answers_that_nobody_caches(
    headers: dict[str, str], why: str | None
) -> None:
    found = told(f'<preference-widget src="https://prefs.example/e/{TOKEN}">', **headers)
    wanted = f"a personal link (/e/…) stands in HTML that may be cached: {why}"
    assert found == ([wanted] if why else [])
    assert TOKEN not in "".join(found), "the finding may be passed on, the link not"


@pytest.mark.parametrize("door", PATHS.values())
def test_a_link_of_any_purpose_is_known_wherever_it_stands(door: str) -> None:
    link = f"/{door}/{TOKEN}"
    escaped = [link.replace("/", each) for each in ("\\/", "&#47;", "&#x2F;", "&sol;")]
    for html in (f"'{link}'", f"<a href={link}?lang=sq>", f"…{link}", *escaped):
        assert len(told(html)) == 1, html


@pytest.mark.parametrize("html", ["/e/short.token", "/s/dimora", f"/x/{TOKEN}", f"/e/{TOKEN}x"])
def test_what_is_no_link_of_ours_is_none(html: str) -> None:
    assert told(html) == []


# ── small questions ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("shop.localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("192.168.1.4", False),
        ("localhost.example", False),
        ("shop.example", False),
    ],
)
def test_only_this_machine_is_trusted_without_encryption(host: str, local: bool) -> None:
    assert is_local(host) == local


def pair(colour: str, behind: str) -> dict[str, str]:
    return {"colour": colour, "behind": behind}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ({"large": False, **pair("#767676", "#ffffff")}, None),
        ({"large": False, **pair("#777777", "#ffffff")}, "the text “A” has 4.48 to 1, not 4.5"),
        ({"large": True, **pair("#949494", "#ffffff")}, None),
        ({"large": True, **pair("#959595", "#ffffff")}, "the text “A” has 3.00 to 1, not 3.0"),
    ],
)
def test_contrast_is_measured_as_wcag_has_it(text: dict[str, Any], said: str | None) -> None:
    look = page(widgets=[{"texts": [{"what": "A", **text}], "controls": []}])
    look.dark = {"widgets": []}
    assert [each.reason for each in contrasts(Inspection(URL, (look,), ()))] == (
        [said] if said else []
    )


def test_the_worst_of_all_widths_is_told_once() -> None:
    worse, bad = pair("#999999", "#ffffff"), pair("#888888", "#ffffff")
    looks = []
    for each in (worse, bad):
        look = page(
            widgets=[{"texts": [{"what": "A", "large": False, **each}], "controls": []}] * 2
        )
        look.dark = {"widgets": []}
        looks.append(look)
    (found,) = contrasts(Inspection(URL, tuple(looks), ()))
    assert found.reason == "the text “A” has 2.85 to 1, not 4.5"


def test_a_control_is_seen_by_its_ground_or_by_its_edge() -> None:
    faint, clear = pair("#f8f8f8", "#ffffff"), pair("#666666", "#ffffff")
    for edges, count in (([faint], 1), ([faint, clear], 0), ([clear, faint], 0)):
        look = page(widgets=[{"texts": [], "controls": [{"what": "Town", "edges": edges}]}])
        look.dark = {"widgets": []}
        assert len(list(contrasts(Inspection(URL, (look,), ())))) == count
