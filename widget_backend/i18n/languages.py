"""Languages: which one to use, its direction, catalog, dates and numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import (
    format_date,
    format_interval,
    format_skeleton,
    format_time,
    get_timezone_location,
)
from babel.numbers import format_currency, format_decimal, is_currency
from babel.units import format_unit
from markupsafe import Markup, escape

from widget_backend.errors import FileRefused
from widget_backend.file_errors import unreadable
from widget_backend.i18n.catalog_checks import without_flaws
from widget_backend.i18n.catalogs import (
    LanguageCatalog,
    Translations,
    empty_catalog,
    read_catalog,
    translations_of,
)
from widget_backend.installation import our_folder, own_folder
from widget_backend.text import sentence_start

DOMAIN = "messages"

LONGEST_TAG = 35
"""Characters; longer tags are not in use (RFC 5646, 4.4.1)."""


def translations_folder() -> Path:
    """The catalogs of the product."""
    return our_folder("translations")


@dataclass(frozen=True, eq=False)
class Language:
    """One language for one reader. Digits are Latin ones in all three, on every page.

    `formats` is the locale in which dates and numbers are written.
    """

    tag: str
    direction: str
    locale: Locale
    translations: Translations
    formats: Locale

    def gettext(self, text: str, **values: object) -> Markup:
        """A sentence with its values isolated, so that directions do not mix."""
        return Markup(escape(self.translations.gettext(text))) % _isolated(values)  # noqa: S704 - escaped here

    def ngettext(self, one: str, many: str, count: int, **values: object) -> Markup:
        """A sentence with a number, which is `%(n)s` in it."""
        sentence = self.translations.ngettext(one, many, count)
        return Markup(escape(sentence)) % _isolated({**values, "n": self.number(count)})  # noqa: S704 - escaped here

    def pgettext(self, context: str, text: str) -> str:
        return self.translations.pgettext(context, text)

    def number(self, number: float) -> str:
        return format_decimal(number, locale=self.formats)

    def amount(self, number: float, unit: str) -> str:
        """A number of a currency (ISO 4217), or of a unit that every language writes alike."""
        if is_currency(unit, locale=self.formats):
            return format_currency(number, unit, locale=self.formats)
        return f"{self.number(number)}\u00a0{unit}" if unit else self.number(number)

    def stretch(self, count: int, unit: str) -> str:
        """So many hours, days or weeks (`hour`, `day`, `week`)."""
        return format_unit(count, f"duration-{unit}", locale=self.formats)

    def short_date(self, day: date, *, weekday: bool = False) -> str:
        """The day in a few letters, as “7 Dec” or “Mon 7 Dec”."""
        return format_skeleton("MMMEd" if weekday else "MMMd", day, locale=self.formats)

    def days(self, first: date, last: date, *, year: bool = False) -> str:
        """From one day to another, as “7 – 13 Dec”."""
        skeleton = "yMMMd" if year else "MMMd"
        return format_interval(first, last, skeleton, locale=self.formats)

    def weekday(self, day: date) -> str:
        """The day of the week in a few letters, as it stands alone."""
        return format_date(day, "ccc", locale=self.formats)

    def date(self, day: date) -> str:
        """The day in full, never broken over two lines."""
        return format_date(day, "long", locale=self.formats).replace(" ", "\u00a0")

    @property
    def first_weekday(self) -> int:
        """The day with which weeks begin; 0 is Monday."""
        return int(self.formats.first_week_day)

    def time(self, at: datetime) -> str:
        """Hours and minutes of the day, in the zone of `at`."""
        return format_time(at, "HH:mm", locale=self.formats)

    def place_of(self, time_zone: str) -> str:
        """The place that a time zone of the IANA database is named after: Tirana.

        CLDR also names the time, such as “Western European Time”, but places whose clocks differ
        share such a name (Casablanca and Lisbon). No two such places share theirs.
        """
        return get_timezone_location(ZoneInfo(time_zone), locale=self.formats, return_city=True)

    def country(self, code: str) -> str:
        """The name of a country (ISO 3166-1)."""
        return str(self.formats.territories.get(code, code))

    @property
    def name(self) -> str:
        """The language’s name for itself."""
        return sentence_start(self.name_of(self.tag))

    def name_of(self, tag: str) -> str:
        """The name of another language in this one, as inside a sentence: Albanian, shqip.

        The tag itself for an unknown language, which an old system may have handed over.
        """
        try:
            return Locale.parse(tag, sep="-").get_display_name(self.locale) or tag
        except (UnknownLocaleError, ValueError):
            return tag


def _isolated(values: dict[str, object]) -> dict[str, Markup]:
    return {name: bdi(value) for name, value in values.items()}


def bdi(value: object) -> Markup:
    """A value isolated from the direction around it (W3C, inline markup and bidirectional text)."""
    return Markup(f"<bdi>{escape(value)}</bdi>")  # noqa: S704 - escaped here


class _Known(NamedTuple):
    """A language, and the contents of the operator’s own catalogs that it was read from."""

    language: Language
    own: tuple[bytes, ...]


_known: dict[str, _Known] = {}


def language(tag: str) -> Language:
    """The language of a tag such as `ar` or `sq-XK`, with the nearest catalog that exists.

    It is read once, and again by `read_anew`. Raises FileRefused.
    """
    known = _known.get(tag)
    if known is None:
        own = _own_contents(tag)  # first: what is written meanwhile is read anew later
        known = _known.setdefault(tag, _Known(_read(tag), own))
    return known.language


def read_anew(tags: Iterable[str]) -> Callable[[], None]:
    """Read the operator’s own catalogs of these languages, and of those in use, as they stand now.

    Calling the result changes to all of them at once. A language whose catalogs are as they were
    stays as it is. Raises FileRefused, with nothing changed.
    """
    changed: dict[str, _Known] = {}
    for tag in sorted({*tags, *_known}):
        own = _own_contents(tag)
        if tag in _known and _known[tag].own == own:
            continue
        changed[tag] = _Known(_read(tag), own)
        if _own_contents(tag) != own:
            what = f"{own_folder('translations')}: {tag}"
            raise FileRefused(what, "changed while it was read", "read it again")
    return partial(_known.update, changed)


def _own_contents(tag: str) -> tuple[bytes, ...]:
    """What the operator’s own catalogs for this tag contain. Raises FileRefused."""
    ours = translations_folder()
    own = (path for path in catalogs_for(tag) if not path.is_relative_to(ours))
    try:
        return tuple(path.read_bytes() for path in own)
    except OSError as error:
        raise FileRefused(str(error.filename), *unreadable(error)) from error


def _read(tag: str) -> Language:
    locale = Locale.parse(tag, sep="-")
    direction = "rtl" if locale.text_direction == "rtl" else "ltr"
    formats = Locale.parse(FORMATS.get(tag, tag), sep="-")
    return Language(tag, direction, locale, _words(tag), formats)


FORMATS = {"en": "en-GB"}
"""Our English is British, and the dates of CLDR's `en` are American."""


def _words(tag: str) -> Translations:
    """Our own words: what one catalog leaves out is in the next. Raises FileRefused."""
    ours = translations_folder()
    read = (
        _read_ours(path, tag)
        if path.is_relative_to(ours)
        else without_flaws(read_catalog(path, tag))
        for path in catalogs_for(tag)
    )
    return translations_of(*read, empty_catalog(tag))


@cache
def _read_ours(path: Path, tag: str) -> LanguageCatalog:
    """Read once: an upgrade below a server that runs brings sentences that its code has not."""
    return read_catalog(path, tag)


def catalogs_for(tag: str) -> list[Path]:
    """The catalogs of our own words for this very tag, then for its language.

    An operator’s own (WIDGET_FOLDER) comes before ours. Raises SettingInvalid.
    """
    folders = [each for each in (own_folder("translations"), translations_folder()) if each]
    paths = (
        folder / name / "LC_MESSAGES" / f"{DOMAIN}.po"
        for name in fallbacks(tag)
        for folder in folders
    )
    return [path for path in paths if path.exists()]


def fallbacks(tag: str) -> list[str]:
    """The tag and what it is a variant of, nearest first: `sq-XK`, `sq` (RFC 4647, 3.4)."""
    parts = tag.split("-")
    return ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]


def is_variant(tag: str, other: str) -> bool:
    """Whether both are the same language in the same script, wherever it is spoken."""
    one, two = (Locale.parse(each, sep="-") for each in (tag, other))
    return (one.language, one.script) == (two.language, two.script)


@lru_cache(maxsize=256)
def own_name(tag: str) -> str:
    """A language’s name for itself."""
    return language(tag).name


_TAG = re.compile(r"[A-Za-z0-9_-]+")


def match(wish: str | None, available: Sequence[str]) -> str | None:
    """The available tag for a wish: the same tag, else its language (`ar-SA` gives `ar`).

    Whatever follows the tag is ignored, such as the full stop after a link.
    """
    return _match(wish[:LONGEST_TAG], tuple(available)) if wish else None


@lru_cache(maxsize=1024)
def _match(wish: str, available: tuple[str, ...]) -> str | None:
    word = _TAG.match(wish)
    if not word:
        return None
    wanted = word[0].replace("_", "-").lower()
    language_only = wanted.partition("-")[0]
    exact = (tag for tag in available if tag.lower() in (wanted, language_only))
    near = (tag for tag in available if tag.lower().partition("-")[0] == language_only)
    return next((tag for tag in available if tag.lower() == wanted), next(exact, next(near, None)))


def negotiate(wishes: Iterable[str | None], available: Sequence[str], default: str) -> str:
    """The first wish that is available, else the default."""
    return next(filter(None, (match(wish, available) for wish in wishes)), default)
