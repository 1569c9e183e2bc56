"""The texts of the WordPress plugin, and its catalogs, in the form that WordPress reads.

`python -m tests.support.wordpress_texts`, which `make translations` calls, brings them up to date.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from struct import pack, unpack

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from tests.support.wheels import ROOT
from widget_backend.i18n.catalog_updates import update_catalog
from widget_backend.i18n.catalogs import read_catalog

PLUGIN = ROOT / "widget" / "wordpress"
TAGS = ("ar", "sq")
"""WordPress calls them so as well. English is in the sources."""
CALL = re.compile(r"(?:__|esc_html__|esc_html_e)\( '((?:[^'\\]|\\.)+)', 'preference-widget' \)")


def texts() -> Iterator[tuple[str, str, str | None]]:
    """The file, the text and its context."""
    head = (PLUGIN / "preference-widget.php").read_text(encoding="utf-8")
    for key in ("Plugin Name", "Description"):
        (text,) = re.findall(rf"^ \* {key}: +(.+)$", head, re.M)
        yield "preference-widget.php", text, None
    block = json.loads((PLUGIN / "block" / "block.json").read_text(encoding="utf-8"))
    yield "block/block.json", block["title"], "block title"
    yield "block/block.json", block["description"], "block description"
    for word in block["keywords"]:
        yield "block/block.json", word, "block keyword"
    for file in sorted(PLUGIN.rglob("*.php")):
        for text in CALL.findall(file.read_text(encoding="utf-8")):
            yield str(file.relative_to(PLUGIN)), text, None


def template() -> Catalog:
    catalog = Catalog()
    for file, text, context in texts():
        catalog.add(text, context=context, locations=[(file, 1)])
    return catalog


def catalog_path(tag: str) -> Path:
    return PLUGIN / "languages" / f"preference-widget-{tag}.po"


def main() -> None:
    for tag in TAGS:
        path = catalog_path(tag)
        update_catalog(path, tag, template())
        path.with_suffix(".mo").write_bytes(compiled(path, tag))
        print(path)


def compiled(path: Path, tag: str) -> bytes:
    """What WordPress reads.

    It wants to know where the table of hashes would be, though there is none. Babel writes 0,
    and WordPress then reads nothing.
    """
    buffer, catalog = BytesIO(), read_catalog(path, tag)
    # The file changes only when a text does.
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    write_mo(buffer, catalog)
    head, rest = list(unpack("7I", buffer.getvalue()[:28])), buffer.getvalue()[28:]
    originals, translations = head[3], head[4]
    head[6] = translations + (translations - originals)
    return pack("7I", *head) + rest


if __name__ == "__main__":
    main()
