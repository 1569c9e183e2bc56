"""Style sheets: nothing in them knows left from right, and nothing in them hurts Arabic."""

from __future__ import annotations

import re

import pytest

from tests.support.worlds import World

SHEETS = ("/widget/form.css", "/widget/page.css", "/s/kutia/theme.css")
PHYSICAL = re.compile(
    r"(?:^|[;{\s-])(?:(?:margin|padding|border|inset)-(?:left|right)|left|right)\s*:"
    r"|(?:float|clear|text-align|caption-side)\s*:\s*(?:left|right)\b"
    r"|border-(?:top|bottom)-(?:left|right)-radius",
)
HURTS_ARABIC = re.compile(
    r"text-transform\s*:\s*(?:uppercase|capitalize)|font-style\s*:\s*(?:italic|oblique)"
    r"|letter-spacing\s*:\s*-?(?!0[\s;}])(?!inherit|normal)[\d.]|hyphens\s*:\s*auto"
)


def sheet(world: World, path: str) -> str:
    written = world.client().get(path).get_data(as_text=True)
    return re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL)


@pytest.mark.parametrize("path", SHEETS)
def test_no_style_is_physical(world: World, path: str) -> None:
    assert PHYSICAL.findall(sheet(world, path)) == []


@pytest.mark.parametrize("path", SHEETS)
def test_no_style_breaks_joined_letters(world: World, path: str) -> None:
    assert HURTS_ARABIC.findall(sheet(world, path)) == []


@pytest.mark.parametrize("path", SHEETS)
def test_styles_ask_for_nothing_from_elsewhere(world: World, path: str) -> None:
    assert not re.search(r"@import|url\((?!['\"]?data:)", sheet(world, path))


@pytest.mark.parametrize(
    ("style", "is_found"),
    [
        ("a{margin-left:1px}", True),
        ("a { float: right }", True),
        ("a{left:0}", True),
        ("a{border-top-left-radius:1px}", True),
        ("a{margin-inline-start:1px;text-align:start}", False),
        (".left{color:red}", False),
        (".copyright:hover{}", False),
    ],
)
def test_what_is_physical_is_found(style: str, is_found: bool) -> None:
    assert bool(PHYSICAL.search(style)) is is_found


@pytest.mark.parametrize(
    ("style", "is_found"),
    [
        ("a{letter-spacing:.05em}", True),
        ("a{letter-spacing: 1px}", True),
        ("a{text-transform:uppercase}", True),
        ("a{font-style:italic}", True),
        ("a{letter-spacing:0}", False),
        ("a{letter-spacing: inherit;}", False),
    ],
)
def test_what_breaks_joined_letters_is_found(style: str, is_found: bool) -> None:
    assert bool(HURTS_ARABIC.search(style)) is is_found
