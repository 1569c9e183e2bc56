"""Reading SITE.toml: from a file to a `Site` in every language it declares, or to its mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from widget_backend.errors import Mistake, SiteFileInvalid
from widget_backend.i18n.catalogs import translations_of
from widget_backend.site import consistency, texts
from widget_backend.site.messages import complaints
from widget_backend.site.model import (
    PROMPT_RETURNS_AFTER_DAYS,
    Campaign,
    Condition,
    Follow,
    Option,
    Question,
    Role,
    Segment,
    Site,
    Stage,
    Theme,
    Topic,
)
from widget_backend.site.schema import read
from widget_backend.site.svg import read_picture
from widget_backend.site.toml import TomlRefused, read_toml


@dataclass(frozen=True)
class SiteInLanguages:
    """One site, read and checked: in its own language and in each of its locales.

    `flaws` lists texts without a translation that could be shown; people read them in the source
    language.
    """

    site: Site
    in_locale: Mapping[str, Site]
    flaws: tuple[Mistake, ...] = ()

    @property
    def id(self) -> str:
        return self.site.id

    def at(self, url: str, origins: tuple[str, ...]) -> SiteInLanguages:
        """The same site served from another address, for a demo or a test."""
        moved = {
            tag: replace(each, url=url, origins=origins) for tag, each in self.in_locale.items()
        }
        return replace(self, site=replace(self.site, url=url, origins=origins), in_locale=moved)


def read_data(path: Path) -> dict[str, Any]:
    """The site file's data, with shape and fit checked.

    Raises SiteFileInvalid with every mistake that could be found at once.
    """
    try:
        raw = read_toml(path)
    except TomlRefused as refused:
        raise SiteFileInvalid([refused.mistake]) from refused
    data, messages = read(raw)
    found = chain(complaints(messages, raw), consistency.findings(data, path.parent, messages))
    if mistakes := [Mistake(str(path), *each) for each in found]:
        raise SiteFileInvalid(mistakes)
    return data


def load_site(path: Path) -> SiteInLanguages:
    """The site that `path` declares. Raises SiteFileInvalid; FileRefused for a broken catalog."""
    data = read_data(path)
    in_locale: dict[str, Site] = {}
    flaws: list[Mistake] = []
    for locale in data["locales"]:
        catalog, mistakes = texts.read_translations(path, data, locale)
        flaws += mistakes
        in_locale[locale] = _site(texts.translated(data, translations_of(catalog)), path)
    once = tuple(dict.fromkeys(flaws))  # a variant's may be those of its language
    return SiteInLanguages(in_locale[data["source_language"]], in_locale, once)


# ── from data to the model ──────────────────────────────────────────────────────────────────


def _site(data: dict[str, Any], path: Path) -> Site:
    plain = {key: data[key] for key in _PLAIN}
    return Site(
        **plain,
        file=path,
        locales=tuple(data["locales"]),
        origins=tuple(data.get("origins", ())),
        frame_origins=tuple(data.get("frame_origins", ())),
        theme=_theme(data.get("theme", {}), path.parent),
        roles=tuple(Role(**role) for role in data.get("roles", ())),
        topics=tuple(_topic(topic, data) for topic in data["topics"]),
        questions=tuple(_question(each, path.parent) for each in data.get("questions", ())),
        stages=_stages(data),
        follow=tuple(Follow(**follow) for follow in data.get("follow", ())),
        segments=tuple(_segment(each) for each in data.get("segments", ())),
        campaigns=tuple(Campaign(**each) for each in data.get("campaigns", ())),
        unsubscribe_mail=data.get("unsubscribe_mail", ""),
        prompt_returns_after_days=data.get("prompt_returns_after_days", PROMPT_RETURNS_AFTER_DAYS),
    )


_PLAIN = (
    "id",
    "name",
    "url",
    "source_language",
    "legal_address",
    "mail_from",
    "privacy_policy",
    "why_we_write",
    "data_use",
)


def _theme(data: dict[str, Any], folder: Path) -> Theme:
    logo = {"logo": folder / data["logo"]} if "logo" in data else {}
    return Theme(**{**data, **logo})


def _topic(topic: dict[str, Any], data: dict[str, Any]) -> Topic:
    shared = {key: tuple(topic.get(key) or data[key]) for key in ("channels", "frequencies")}
    return Topic(**{**topic, **shared, "roles": tuple(topic.get("roles", ()))})


def _question(question: dict[str, Any], folder: Path) -> Question:
    condition = question.get("ask_if")
    return Question(
        **{
            **question,
            "options": tuple(_option(option, folder) for option in question.get("options", ())),
            "ask_if": Condition(**condition) if condition else None,
        }
    )


def _option(option: dict[str, Any], folder: Path) -> Option:
    picture = read_picture(folder, option["picture"]) if "picture" in option else None
    return Option(**{**option, "picture": picture})


def _segment(segment: dict[str, Any]) -> Segment:
    return Segment(**{**segment, "built_on": tuple(segment.get("built_on") or ("choices",))})


def _stages(data: dict[str, Any]) -> tuple[Stage, ...]:
    return tuple(
        Stage(**{**stage, "questions": tuple(stage["questions"])})
        for stage in consistency.asking_order(data.get("questions", []), data.get("stages", []))
    )
