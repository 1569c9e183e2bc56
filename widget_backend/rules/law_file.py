"""Reading the file of laws: from TOML to jurisdictions, or to the mistakes in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from widget_backend.errors import Finding, Mistake, SiteFileInvalid
from widget_backend.rules.jurisdictions import Hours, Jurisdiction, LawFile, Rule
from widget_backend.site.messages import complaints
from widget_backend.site.parts import Row, rows_of
from widget_backend.site.schema import Table, build, check_keys, place
from widget_backend.site.toml import TomlRefused, read_toml


class LawFileInvalid(SiteFileInvalid):
    """The file of laws has mistakes; `mistakes` lists all of them."""


FILE = Path(__file__).with_name("jurisdictions.toml")


def read_laws(path: Path = FILE, today: date | None = None) -> tuple[Jurisdiction, ...]:
    """The jurisdictions of a file. Raises LawFileInvalid with every mistake in it.

    `today` is for the build, which refuses a source that was read later than that. Whoever uses the
    laws does not depend on how their clock is set.
    """
    try:
        raw = read_toml(path)
    except TomlRefused as refused:
        raise LawFileInvalid([refused.mistake]) from refused
    data, messages = check_keys(LawFile, raw)
    findings: Iterator[Finding] = complaints(messages, raw, Table(LawFile))
    if not messages:
        findings = chain(_countries(data), _sources(data, today), _hours(data))
    if mistakes := [Mistake(str(path), *each) for each in findings]:
        raise LawFileInvalid(mistakes)
    built: LawFile = build(LawFile, data, path.parent)
    return tuple(map(_with_its_name, built.jurisdictions))


def _countries(data: Row) -> Iterator[Finding]:
    """Each country has one law, and each law has countries."""
    seen: dict[str, str] = {}
    for where, row in rows_of("jurisdictions", data):
        if not row["countries"]:
            yield Finding(f"{where}.countries", "it is the law of no country", "list them")
        for country in row["countries"]:
            if country in seen:
                reason = f"“{country}” stands in {seen[country]} already"
                yield Finding(f"{where}.countries", reason, "leave it in one of them")
            seen.setdefault(country, where)


def _sources(data: Row, today: date | None) -> Iterator[Finding]:
    for where, source in _all_sources(data, ""):
        if today and source["read_on"] > today:
            reason = f"{source['read_on']} is still to come"
            yield Finding(f"{where}.read_on", reason, "write the day on which it was read")
        if source["seen"] and not source.get("copy"):
            reason = "is missing, and it was seen"
            yield Finding(f"{where}.copy", reason, "name what was read, or write seen = false")


def _hours(data: Row) -> Iterator[Finding]:
    for where, row in rows_of("jurisdictions", data):
        for here, hours in rows_of("hours", row, f"{where}."):
            if hours["starts"] >= hours["ends"]:
                yield Finding(f"{here}.ends", "is not after it starts", "correct one of them")


def _all_sources(value: Any, where: str) -> Iterator[tuple[str, Row]]:
    """Every source below a value, with where it stands."""
    if isinstance(value, list):
        for position, each in enumerate(value):
            yield from _all_sources(each, place(where, value, position))
    elif isinstance(value, dict):
        for key, each in value.items():
            here = f"{where}.{key}".lstrip(".")
            if key == "source":
                yield here, each
            else:
                yield from _all_sources(each, here)


def _with_its_name(law: Jurisdiction) -> Jurisdiction:
    """The same, with each rule naming its law, and hours for the clocks of each country."""
    named = {field.name: _named(getattr(law, field.name), law.id) for field in fields(law)}
    hours: tuple[Hours, ...] = named.pop("hours")
    by_country = tuple(
        replace(each, country=country) for country in law.countries for each in hours
    )
    return replace(law, **named, hours=by_country)


def _named(value: Any, law: str) -> Any:
    if isinstance(value, tuple):
        return tuple(_named(each, law) for each in value)
    return replace(value, law=law) if isinstance(value, Rule) else value
