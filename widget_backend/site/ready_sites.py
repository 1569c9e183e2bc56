"""Ready texts of a new site: a commented site file, and sets of topics to choose from.

They are in `ready`, a folder for each language that we speak. `site.toml.template` is the site
file, with `$name` and the like where the owner's answers go. Each TOML file, such as `shop.toml`,
is a set of topics, with the same ids in every language.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from widget_backend.errors import Finding
from widget_backend.i18n.languages import is_variant
from widget_backend.site.messages import complaints
from widget_backend.site.model import Site
from widget_backend.site.schema import check_keys
from widget_backend.site.texts import texts
from widget_backend.site.values import IDENTIFIER

READY = Path(__file__).parent / "ready"
FALLBACK = "en"
"""The language of the texts where there are none in the site's own."""


@dataclass(frozen=True)
class NewSite:
    """What an owner answers. The first of the `locales` is the language of the site file;
    `topics` are names of ready sets."""

    id: str
    name: str
    url: str
    locales: Sequence[str]
    topics: Sequence[str]
    channels: Sequence[str]

    @property
    def source_language(self) -> str:
        return self.locales[0]


def ready_sets() -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in (READY / FALLBACK).glob("*.toml")))


def ready_language(tag: str) -> str | None:
    """The language of the ready texts for a tag: `sq` for `sq-XK`; None if there are none."""
    ready = sorted(folder.name for folder in READY.iterdir())
    return next((each for each in ready if is_variant(tag, each)), None)


def site_text(site: NewSite, language: str) -> str:
    """The site file with comments and texts in one of the ready languages."""
    folder = READY / language
    sets = [_read(folder / f"{name}.toml") for name in site.topics]
    has_own_texts = ready_language(site.source_language) is not None
    return Template(_read(folder / "site.toml.template")).substitute(
        note="" if has_own_texts else _note(site),
        id=site.id,
        name=_quoted(site.name)[1:-1],
        url=site.url,
        source_language=site.source_language,
        locales=", ".join(map(_quoted, site.locales)),
        channels=", ".join(map(_quoted, site.channels)),
        numbers="" if {"sms", "phone"} & {*site.channels} else "#",
        topics="\n".join(sets),
        first_topic=tomllib.loads(sets[0])["topics"][0]["id"],
    )


def _note(site: NewSite) -> str:
    note = Template(_read(READY / FALLBACK / "other-language.txt"))
    return note.substitute(source_language=site.source_language)


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _quoted(text: str) -> str:
    """A TOML string."""
    return json.dumps(text, ensure_ascii=False)


def ready_translations(site: NewSite, tag: str) -> dict[str, str]:
    """The ready texts in a language by their context; none if we do not speak it."""
    language = ready_language(tag)
    return dict(texts(tomllib.loads(site_text(site, language)))) if language else {}


# ── answers ─────────────────────────────────────────────────────────────────────────────────


def wrong_answers(answers: Mapping[str, Any]) -> Iterator[Finding]:
    """What the schema refuses of some keys of a site file."""
    _, messages = check_keys(Site, dict(answers))
    about_them = {key: each for key, each in messages.items() if key in answers}
    return complaints(about_them, answers)


def id_from(name: str) -> str:
    """An id like the name, in Latin letters without accents; empty if none remain."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(each for each in letters if not unicodedata.combining(each))
    words = "-".join(re.findall("[a-z0-9]+", plain))
    match = re.search(IDENTIFIER, words)
    return match[0].rstrip("-") if match else ""
