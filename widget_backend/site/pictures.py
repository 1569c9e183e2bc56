"""Pictures for answers: SVG files cut down to what is safe inside anybody's page.

Only drawing elements and presentation attributes pass (DESIGN 2: pictures in a fragment are
allow-listed inline SVG, because `img` and `style` are blocked under a strict policy).
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = frozenset(
    {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
)
ATTRIBUTES = frozenset(
    "viewBox d x y x1 y1 x2 y2 cx cy r rx ry width height points transform opacity "  # noqa: SIM905
    "fill fill-rule fill-opacity stroke stroke-width stroke-linecap stroke-linejoin "
    "stroke-dasharray stroke-opacity".split()
)


class PictureRefused(Exception):
    """The file is no SVG, or holds something that does not belong in a drawing."""


def read_picture(path: Path) -> str:
    """The drawing as markup for a page; decorative, since the option's text says what it is."""
    try:
        root = ElementTree.fromstring(path.read_bytes())  # noqa: S314 - expat refuses entity bombs; the owner's own file
    except (OSError, ElementTree.ParseError) as error:
        raise PictureRefused(str(error)) from error
    if root.tag != f"{SVG}svg" or "viewBox" not in root.attrib:
        raise PictureRefused("no <svg> element with a viewBox")
    return _markup(root, ' aria-hidden="true" focusable="false"')


def _markup(element: ElementTree.Element, extra: str = "") -> str:
    name = str(element.tag).removeprefix(SVG)
    if name not in ELEMENTS:
        raise PictureRefused(f"<{name}> is not a plain drawing element")
    attributes = "".join(_attribute(name, key, value) for key, value in element.attrib.items())
    inside = "".join(_markup(child) for child in element)
    return f"<{name}{attributes}{extra}>{inside}</{name}>"


def _attribute(element: str, key: str, value: str) -> str:
    if key not in ATTRIBUTES or any(sign in value for sign in "<>&\"'") or "url(" in value:
        raise PictureRefused(f"{key} on <{element}> is not a plain drawing attribute")
    return f' {key}="{value}"'
