"""The widget's script as it is served: one file with its style sheet inside."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
STYLES = 'const STYLES = "";'
"""The line of preference-widget.js that takes the style sheet."""


def widget_folder() -> Path:
    """Where the widget's files are: inside an installed package, else beside it in the sources."""
    installed = PACKAGE / "_widget"
    return installed if installed.is_dir() else PACKAGE.parent / "widget"


@cache
def widget_script() -> bytes:
    """What a page loads as `/widget/v1.js`, read once for the life of the process.

    The same files give the same bytes, so that owners can pin the script by its hash (SRI).
    """
    folder = widget_folder()
    styles = folder / "form.css"
    css = styles.read_text(encoding="utf-8") if styles.exists() else ""
    script = (folder / "preference-widget.js").read_text(encoding="utf-8")
    return with_styles(strip_script(script), strip_styles(css)).encode()


def with_styles(script: str, css: str) -> str:
    """The script with `css` as its constant: a JSON string is a JavaScript string."""
    before, found, after = script.partition(STYLES)
    if not found:
        raise ValueError(f"preference-widget.js must contain {STYLES}")
    return f"{before}const STYLES = {json.dumps(css)};{after}"


_COMMENT_LINES = re.compile(r"^[ \t]*(?://.*|/\*(?:[^*]|\*(?!/))*\*/[ \t]*)$\n?", re.MULTILINE)
_COMMENT_ENDS = re.compile(r"""(?<=[;,{}])[ \t]+//[^'"`\n]*$""", re.MULTILINE)
_INDENTATION = re.compile(r"^\s+", re.MULTILINE)


def strip_script(script: str) -> str:
    """The script without comments, indentation and empty lines.

    Works by lines and understands no JavaScript, so it errs on the side of keeping: a comment
    behind code goes only if no quote follows, since else it could be part of a string. Strings
    over several lines must not occur; a test watches over that.
    """
    return _INDENTATION.sub("", _COMMENT_ENDS.sub("", _COMMENT_LINES.sub("", script)))


_KEPT = r"""(?P<kept> "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | url\([^)]*\) )"""
_CSS_COMMENTS = re.compile(rf"{_KEPT} | /\*.*?\*/", re.DOTALL | re.VERBOSE)
_CSS_SPACE = re.compile(
    rf"{_KEPT} | \s*(?P<sign>[{{}}]) \s* | (?P<end>[;,] | (?<=[a-z]):) \s+ | \s+", re.VERBOSE
)


def strip_styles(css: str) -> str:
    """The style sheet without comments and with single spaces.

    None is left beside braces, or after a semicolon, a comma or a property's colon. Strings and
    `url(…)` stay as they are, and so does every space that may mean something, as in `a :hover`
    or `1px + 2px`.
    """
    bare = _CSS_COMMENTS.sub(lambda found: found["kept"] or " ", css)
    return _CSS_SPACE.sub(_space, bare).strip()


def _space(found: re.Match[str]) -> str:
    return found["kept"] or found["sign"] or found["end"] or " "
