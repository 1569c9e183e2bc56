"""`preference-widget doctor`: a page for each thing that can be wrong, and what is said of it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Playwright

from e2e.support.broken_pages import BROKEN
from e2e.support.engines import Engines
from e2e.support.held_pages import HELD
from e2e.support.hosted import SUBSCRIBED
from e2e.support.line import Gate
from e2e.support.owners_pages import ELEMENT, HEALTHY, LINK, Page, put
from e2e.support.tab import PlaywrightTab
from e2e.support.world import World
from e2e.widget.stub import Answer, Stub, running
from widget_backend.doctor import inspection
from widget_backend.doctor.findings import findings
from widget_backend.doctor.heights import NARROW
from widget_backend.doctor.inspection import WIDTHS, inspect_with

NO_ROOM = re.compile(
    r"height \((.*)\): 0 px are reserved and the form takes (\d+)"
    r"(?:, so that the page jumps by 0\.\d\d)?\."
    r" write .*min-block-size: ([\d.]+)rem }"
)


@pytest.fixture(scope="module")
def browser(engines: Engines) -> Iterator[Any]:
    with engines.tab("chromium") as tab:
        assert isinstance(tab, PlaywrightTab)
        yield tab.page.context.browser


def said(
    playwright: Playwright, browser: Any, stub: Stub, page: Page, windows: Iterable[str]
) -> list[str]:
    """Each finding as its line, with the origins as names."""
    found = findings(inspect_with(playwright, browser, put(stub, page), windows))
    lines = [f"{each.where}: {each.reason}. {each.cure}." for each in found]
    return [each.replace(stub.origin, "{origin}").replace(stub.shop, "{shop}") for each in lines]


PAGES = BROKEN | HELD


@pytest.mark.parametrize("name", PAGES)
def test_what_is_wrong_with_a_page_is_one_line_with_its_cure(
    name: str, playwright: Playwright, browser: Any
) -> None:
    page, wanted = PAGES[name]
    with running() as stub:
        found = said(playwright, browser, stub, page, [NARROW])
    assert len(found) == len(wanted), found
    for line, start in zip(found, wanted, strict=True):
        assert line.startswith(start), found


def test_a_page_that_reserves_no_room_is_told_what_to_write_for_each_width(
    playwright: Playwright, browser: Any
) -> None:
    root = "html { font-size: 20px }"
    with running() as stub:
        lines = said(playwright, browser, stub, Page(styles=root), WIDTHS)
        told = [found for each in lines for found in NO_ROOM.findall(each)]
        assert [window for window, *_ in told] == ["phone", "wide window"]
        for _, height, rem in told:
            assert 0 <= float(rem) * 20 - float(height) < 11, "in rem of this page"
        cures = [each.rpartition(". write ")[2].removesuffix(".") for each in lines]
        cured = Page(styles=f"{root} {' '.join(cures)}")
        assert said(playwright, browser, stub, cured, WIDTHS) == [], "the cure cures"


@pytest.mark.parametrize("name", HEALTHY)
def test_of_a_healthy_page_nothing_is_said(name: str, playwright: Playwright, browser: Any) -> None:
    with running() as stub:
        assert said(playwright, browser, stub, HEALTHY[name], [NARROW]) == []


@pytest.mark.parametrize("page", ["", "account"])
@pytest.mark.parametrize("tag", ["en", "sq", "ar"])
def test_the_demo_shop_is_healthy(
    page: str, tag: str, playwright: Playwright, browser: Any, world: World
) -> None:
    """Also the room that it reserves: forms are longer in some languages."""
    world.sign_in(world.person(SUBSCRIBED).handle)
    seen = inspect_with(playwright, browser, f"{world.shop}/{page}?lang={tag}")
    assert findings(seen) == []


# ── the command ─────────────────────────────────────────────────────────────────────────────


def doctor(*words: str) -> subprocess.CompletedProcess[str]:
    start = "from widget_backend.cli import main; main()"
    command = [sys.executable, "-c", start, "doctor", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_says_ok_of_a_healthy_page_and_sends_nothing() -> None:
    with running() as stub:
        result = doctor(put(stub, Page()))
        assert stub.posted() == []
    assert (result.returncode, result.stdout, result.stderr) == (0, "ok\n", "")


def test_a_file_to_keep_is_no_page() -> None:
    with running() as stub:
        stub.answers["GET /shop"] = Answer("1,2", kind="application/octet-stream")
        result = doctor(f"{stub.shop}/shop")
    assert result.returncode == 1
    assert result.stderr.endswith("Download is starting. give the address of a page.\n")
    assert result.stderr.count("\n") == 1


def test_a_page_that_never_comes_in_full_is_judged_by_what_came(
    playwright: Playwright, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspection, "PATIENCE", 1_500)
    gate = Gate()
    with running() as stub:
        stub.answers["GET /late.png"] = Answer(gate=gate)
        body = f"<img src=/late.png alt=''>{ELEMENT.replace(LINK, '')}"
        page = Page(body=body, policy="img-src *")
        (found,) = said(playwright, browser, stub, page, [NARROW])
        gate.open()
    assert found.startswith("link: there is none")
