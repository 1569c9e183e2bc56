"""Styles of hostile and of ordinary host pages, by name."""

from __future__ import annotations

from pathlib import Path

from e2e.support.hosts.packages import file_of

FILES = Path(__file__).parent / "styles"
WORDPRESS = ("common", "elements", "classic", "style", "theme", "reset")
ROOT_SIZES = ("62.5%", "3px", "10px", "20px")
DISPLAYS = ("inline", "inline-block", "flex", "inline-flex", "grid", "contents", "table-cell")


def _files() -> dict[str, str]:
    return {each.stem: each.read_text(encoding="utf-8") for each in sorted(FILES.glob("*.css"))}


def _wordpress() -> str:
    parts = [file_of("@wordpress/block-library", f"build-style/{each}.css") for each in WORDPRESS]
    return "\n".join([*parts, _files()["block-theme"]])


def _frameworks() -> dict[str, str]:
    return {
        "bootstrap": file_of("bootstrap", "dist/css/bootstrap.min.css"),
        "bootstrap, right to left": file_of("bootstrap", "dist/css/bootstrap.rtl.min.css"),
        "bulma": file_of("bulma", "css/bulma.min.css"),
        "wordpress": _wordpress(),
    }


def every_style() -> dict[str, str]:
    """Each is what a page could have in its style sheets; most set things that are inherited."""
    return {
        **_files(),
        **{f"html {size}": f"html {{ font-size: {size} !important }}" for size in ROOT_SIZES},
        "body 40px": "body { font-size: 40px; line-height: 50px }",
        **{f"all {each}": f"body * {{ display: {each} !important }}" for each in DISPLAYS},
        "right to left": "* { direction: rtl !important; text-align: left !important }",
        "left to right": "* { direction: ltr !important; text-align: right !important }",
        **_frameworks(),
    }
