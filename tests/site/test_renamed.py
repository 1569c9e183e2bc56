"""Ids that are changed in a site file are noticed from one version of it to the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.small_site import SITE
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.site.renamed import renamed

OTHER_TOPIC = """
[[topics]]
id = "events"
name = "Events"
benefit = "You meet us."
expect = "Dates."
"""
NEWS = SITE[SITE.index('[[topics]]\nid = "news"') : SITE.index("[[questions]]")]


def site_of(folder: Path, text: str) -> Site:
    file = folder / "SITE.toml"
    file.write_text(text, encoding="utf-8")
    return load_site(file).site


CHANGES = {
    "the site": (
        SITE,
        SITE.replace('id = "shop"', 'id = "kiosk"'),
        "id: was “shop” before: people",
    ),
    "a topic": (
        SITE,
        SITE.replace('id = "news"', 'id = "letters"'),
        "topics: no longer there: news. new: letters. what people chose is kept under",
    ),
    "a question": (
        SITE,
        SITE.replace('"rooms"', '"places"'),
        "questions: no longer there: rooms. new: places. what people answered is kept under",
    ),
    "a role": (
        SITE,
        SITE.replace('"trade"', '"dealer"'),
        "roles: no longer there: trade. new: dealer. who has a role is kept under its id",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_id_is_told_with_what_is_kept_under_it(name: str, tmp_path: Path) -> None:
    before, now, reason = CHANGES[name]
    mistakes = [str(each) for each in renamed(site_of(tmp_path, before), site_of(tmp_path, now))]
    assert len(mistakes) == 1
    assert mistakes[0].startswith(f"{tmp_path / 'SITE.toml'}: {reason}")


UNCHANGED = {
    "a name": SITE.replace('name = "News"', 'name = "Letters"'),
    "a topic that comes": SITE + OTHER_TOPIC,
    "a topic that goes": SITE.replace(NEWS, ""),
}


@pytest.mark.parametrize("name", UNCHANGED)
def test_what_is_no_changed_id_is_not_told(name: str, tmp_path: Path) -> None:
    assert [*renamed(site_of(tmp_path, SITE), site_of(tmp_path, UNCHANGED[name]))] == []
