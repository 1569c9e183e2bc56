"""Each text that tests look for is in the catalogs, and stands once."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from tests.support import words
from tests.support.words import Text
from widget_backend.i18n.catalogs import read_catalog
from widget_backend.i18n.languages import catalogs_for

TEXTS = {
    f"{module.name}.{name}": text
    for module in iter_modules(words.__path__)
    for name, text in vars(import_module(f"{words.__name__}.{module.name}")).items()
    if isinstance(text, Text)
}

CATALOG = read_catalog(catalogs_for("en")[0], "en")
ROOT = Path(__file__).parents[2]
PASSED_OVER = ("tests/i18n", "tests/support/words", "e2e/widget")
"""Where texts are the subject, have their names, or are those of a stub."""


def test_every_text_is_in_the_catalogs() -> None:
    texts = {(each.context or "", each.id) for each in CATALOG}
    assert not [name for name, text in TEXTS.items() if (text.context, _id(text)) not in texts]


def _id(text: Text) -> str | tuple[str, str]:
    return (text.msgid, text.plural) if text.plural else text.msgid


def test_every_text_has_one_name() -> None:
    named = Counter((text.context, text.msgid) for text in TEXTS.values())
    twice = [name for name, text in TEXTS.items() if named[text.context, text.msgid] > 1]
    assert not twice


def test_no_test_writes_out_a_sentence_of_ours() -> None:
    """Single words are passed over: they may be an id, or what somebody else calls a thing."""
    ours = {each.id for each in CATALOG if " " in each.id and not each.context}
    found = [(str(file), words) for file in _files() for words in _strings(file) if words in ours]
    assert not found


def _files() -> Iterator[Path]:
    passed_over = [ROOT / each for each in PASSED_OVER]
    for folder in ("tests", "e2e"):
        for file in (ROOT / folder).rglob("*.py"):
            if not any(map(file.is_relative_to, passed_over)):
                yield file


def _strings(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
