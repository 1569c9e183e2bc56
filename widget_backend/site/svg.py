"""Pictures for answers: SVG files cut down to what is safe inside anybody's page.

Only drawing elements and presentation attributes pass. Pictures in a fragment are inline SVG, since
a strict Content-Security-Policy of the page around would block `img` and `style`.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from widget_backend.file_errors import unreadable

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = frozenset(
    {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
)
ATTRIBUTES = frozenset(
    "viewBox d x y x1 y1 x2 y2 cx cy r rx ry width height points transform opacity "  # noqa: SIM905
    "fill fill-rule fill-opacity stroke stroke-width stroke-linecap stroke-linejoin "
    "stroke-dasharray stroke-opacity".split()
)


LARGEST = 200_000
"""Bytes. A phone on a slow connection has to load it."""

DEEPEST = 50
"""Elements within each other: more than any drawing program makes."""


class PictureRefused(Exception):
    """The file cannot be read, or has something that is not allowed in such a picture.

    `cure` is empty if it depends on what the picture is for.
    """

    def __init__(self, reason: str, cure: str = "") -> None:
        super().__init__(reason)
        self.cure = cure


def read_beside(folder: Path, name: str) -> bytes:
    """A file in the site’s folder; no other may be published. Raises PictureRefused."""
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise PictureRefused("it is not in the site file’s folder")
    path = folder / name
    try:
        if path.exists() and not path.is_file():
            raise PictureRefused("it is no file")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise PictureRefused(*unreadable(error)) from error
    if len(content) > LARGEST:
        raise PictureRefused(f"it is larger than {LARGEST // 1000} KB")
    return content


def read_picture(folder: Path, name: str) -> str:
    """The drawing as markup for a page. It is decorative: the option has a text too."""
    try:
        root = ElementTree.fromstring(read_beside(folder, name))  # noqa: S314 - expat refuses entity bombs; the owner's own file
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise PictureRefused(str(error)) from error
    if root.tag != f"{SVG}svg" or "viewBox" not in root.attrib:
        raise PictureRefused("no <svg> element with a viewBox")
    return _markup(root, ' aria-hidden="true"')


def _markup(element: ElementTree.Element, extra: str = "", depth: int = 0) -> str:
    name = str(element.tag).removeprefix(SVG)
    if name not in ELEMENTS:
        raise PictureRefused(f"<{name}> is not a plain drawing element")
    if depth > DEEPEST:
        raise PictureRefused(f"elements stand in each other more than {DEEPEST} times")
    attributes = "".join(_attribute(name, key, value) for key, value in element.attrib.items())
    inside = "".join(_markup(child, depth=depth + 1) for child in element)
    return f"<{name}{attributes}{extra}>{inside}</{name}>"


def _attribute(element: str, key: str, value: str) -> str:
    # A backslash could spell url( with escapes, which browsers read in any case.
    foreign = any(sign in value for sign in "<>&\"'\\") or "url(" in value.lower()
    if key not in ATTRIBUTES or foreign:
        raise PictureRefused(f"{key} on <{element}> is not a plain drawing attribute")
    return f' {key}="{value}"'
