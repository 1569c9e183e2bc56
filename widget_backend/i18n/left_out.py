"""What is left out of the operator’s own catalogs: what somebody wrote, and nobody reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from widget_backend.calling import calling
from widget_backend.i18n.catalog_checks import flaws
from widget_backend.i18n.catalogs import messages, plural_forms, read_catalog
from widget_backend.i18n.languages import catalogs_for, translations_folder
from widget_backend.text import one_line

CURE = f"{calling('translations check')} says which, and why"


def left_out(tags: Iterable[str]) -> Iterator[str]:
    """A line for each catalog of these languages that has any, with what to type to see them.

    Raises FileRefused.
    """
    ours = translations_folder()
    paths = dict.fromkeys(chain.from_iterable(catalogs_for(tag) for tag in tags))
    for path in paths:
        if not path.is_relative_to(ours) and (count := _count(path)):
            number = "1 sentence is" if count == 1 else f"{count} sentences are"
            reason = f"{number} fuzzy or wrong, and left out"
            yield one_line(str(path), f"{reason}. {CURE}.")


def _count(path: Path) -> int:
    catalog = read_catalog(path, path.parent.parent.name)
    written = [each for each in messages(catalog) if any(plural_forms(each))]
    return sum(any(flaws(each, catalog)) for each in written)
