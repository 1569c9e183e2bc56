"""The plugin’s catalogs: complete, up to date, and compiled as they stand."""

from __future__ import annotations

import re
from gettext import GNUTranslations
from io import BytesIO

import pytest

from tests.support.wordpress_texts import CALL, PLUGIN, TAGS, catalog_path, compiled, template
from widget_backend.i18n.catalog_checks import check_catalog


@pytest.mark.parametrize("tag", TAGS)
def test_a_catalog_of_the_plugin_is_complete_and_up_to_date(tag: str) -> None:
    """After a change: `make translations`."""
    mistakes = check_catalog(catalog_path(tag), tag, template())
    assert [str(each) for each in mistakes] == []


@pytest.mark.parametrize("tag", TAGS)
def test_what_wordpress_reads_is_the_catalog(tag: str) -> None:
    """WordPress reads only the compiled form, so that stands beside it."""
    path = catalog_path(tag)
    assert entries(path.with_suffix(".mo").read_bytes()) == entries(compiled(path, tag))


def entries(content: bytes) -> dict[str, str]:
    """Without the header, in which Babel writes the time."""
    catalog = GNUTranslations(BytesIO(content))._catalog  # type: ignore[attr-defined]
    return {text: words for text, words in catalog.items() if text}


def test_every_text_of_the_plugin_is_known() -> None:
    """Also those that a call of another form would hide from the catalogs."""
    sources = "".join(file.read_text(encoding="utf-8") for file in PLUGIN.rglob("*.php"))
    calls = re.findall(r"\b(?:_[_exn]x?|esc_(?:html|attr)_[_ex])\(", sources)
    assert len(calls) == len(CALL.findall(sources))


def test_the_version_is_the_same_in_all_places() -> None:
    head = (PLUGIN / "preference-widget.php").read_text(encoding="utf-8")
    (version,) = re.findall(r"^ \* Version: +(\S+)$", head, re.M)
    (needed,) = re.findall(r"^ \* Requires at least: +(\S+)$", head, re.M)
    readme = (PLUGIN / "readme.txt").read_text(encoding="utf-8")
    assert re.findall(r"^Stable tag: (\S+)$", readme, re.M) == [version]
    assert re.findall(r"^Requires at least: (\S+)$", readme, re.M) == [needed]
    assert f"= {version} =" in readme
