"""A small site file that is right, for tests to break."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from widget_backend.errors import SiteFileInvalid
from widget_backend.site.load import load_site

Write = Callable[..., Path]
"""Writes the small site with some of its text replaced; returns the file."""

SITE = """\
id = "shop"
name = "Shop"
url = "https://prefs.example"
origins = ["https://shop.example"]
source_language = "en"
locales = ["en"]
legal_address = "Shop, Street 1, Town"
mail_from = "hello@shop.example"
privacy_policy = "https://shop.example/privacy"
why_we_write = "You asked us to."
data_use = "We keep what you choose."
channels = ["email", "post"]
frequencies = ["weekly", "monthly"]

[theme]
accent = "#1f5a4c"

[[roles]]
id = "trade"
name = "Trade"

[[topics]]
id = "offers"
name = "Offers"
benefit = "You pay less."
expect = "A list of prices."
roles = ["trade"]

[[topics]]
id = "news"
name = "News"
benefit = "You know first."
expect = "Photographs."

[[questions]]
id = "moved"
kind = "yes_no"
text = "Have you moved?"
why = "You get ideas."
term = "short"

[[questions]]
id = "rooms"
kind = "several"
text = "Which rooms?"
why = "You see these."
term = "long"
options = [{ id = "living", text = "Living room" }, { id = "kitchen", text = "Kitchen" }]

[[questions]]
id = "household"
kind = "number"
text = "How many are you?"
why = "Tables fit."
term = "long"
minimum = 1

[[stages]]
id = "now"
title = "Now"
questions = ["moved"]

[[stages]]
id = "home"
title = "Home"
questions = ["rooms"]

[[stages]]
id = "people"
title = "People"
questions = ["household"]
"""


def case(name: str, *replacements: tuple[str, str], says: str) -> Any:
    """A mistake for a table of tests: what to replace in the small site, and what `check` says."""
    return pytest.param(replacements, says, id=name)


def mistakes_in(file: Path) -> list[str]:
    """Each mistake as its line, without the file's name."""
    with pytest.raises(SiteFileInvalid) as found:
        load_site(file)
    return [line.removeprefix(f"{file}: ") for line in str(found.value).splitlines()]


def translate(path: Path, text: str, translation: str) -> None:
    written = path.read_text(encoding="utf-8")
    gap = f'msgid "{text}"\nmsgstr ""\n'
    assert written.count(gap) == 1
    done = written.replace(gap, f'msgid "{text}"\nmsgstr "{translation}"\n')
    path.write_text(done, encoding="utf-8")


CATALOG = "translations/sq/LC_MESSAGES/site.po"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'


def write_site(folder: Path, name: str = "Shop", id: str = "shop") -> Path:  # noqa: A002
    text = SITE.replace('name = "Shop"', f'name = "{name}"').replace('id = "shop"', f'id = "{id}"')
    text = text.replace('["en"]', '["en", "sq"]').replace("[theme]", '[theme]\nlogo = "logo.svg"')
    (folder / CATALOG).parent.mkdir(parents=True, exist_ok=True)
    (folder / CATALOG).write_text('msgid ""\nmsgstr ""\n')
    (folder / "logo.svg").write_text(LOGO)
    file = folder / "SITE.toml"
    file.write_text(text, encoding="utf-8")
    return file
