"""Each text that tests look for is in the catalogs, and stands once."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from pkgutil import iter_modules

from tests.support import words
from tests.support.words import Text
from widget_backend.i18n.catalogs import read_catalog
from widget_backend.i18n.languages import nearest_catalog

TEXTS = {
    f"{module.name}.{name}": text
    for module in iter_modules(words.__path__)
    for name, text in vars(import_module(f"{words.__name__}.{module.name}")).items()
    if isinstance(text, Text)
}


def test_every_text_is_in_the_catalogs() -> None:
    catalog = read_catalog(nearest_catalog("en"), "en")
    texts = {(each.context or "", each.id) for each in catalog}
    assert not [name for name, text in TEXTS.items() if (text.context, _id(text)) not in texts]


def _id(text: Text) -> str | tuple[str, str]:
    return (text.msgid, text.plural) if text.plural else text.msgid


def test_every_text_has_one_name() -> None:
    named = Counter((text.context, text.msgid) for text in TEXTS.values())
    twice = [name for name, text in TEXTS.items() if named[text.context, text.msgid] > 1]
    assert not twice
