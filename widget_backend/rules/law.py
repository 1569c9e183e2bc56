"""Which law holds for a person, by where they are, and until when what they ask for must be done.

Nothing here is legal advice: it is what somebody noted from laws, each value with its source and
whether anybody read it there.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Literal, get_args

from widget_backend.rules.jurisdictions import Jurisdiction, PeriodRule
from widget_backend.rules.law_file import read_laws
from widget_backend.rules.strictest import strictest

NO_ADVICE = "This is not legal advice. Ask a lawyer before you rely on it."
UNSEEN = "nobody has read this at its source"

Request = Literal["data", "erase", "correct", "stop"]
"""What a person may ask for: a copy of their data, its deletion, a correction, no more messages."""
REQUESTS: tuple[Request, ...] = get_args(Request)


@cache
def laws() -> tuple[Jurisdiction, ...]:
    """All that are known here, read when they are first asked for. Raises LawFileInvalid."""
    return read_laws()


@cache
def law_of(country: str | None, declared: tuple[str, ...]) -> Jurisdiction:
    """The law for somebody in this country (ISO 3166-1), or somewhere, if that is None.

    For somebody somewhere it is the strictest of the countries that the site has `declared`, and of
    all laws if it has declared none. It is the strictest of all, too, for a country whose law is
    not known here, and if one of the declared countries is such a country.
    """
    possible = laws_for(country, declared)
    if len(possible) == 1:
        return possible[0]
    return strictest(possible, f"the strictest of {_names(possible)}")


@cache
def laws_for(country: str | None, declared: tuple[str, ...]) -> tuple[Jurisdiction, ...]:
    """The laws of which one holds: what keeps to all of them is right."""
    places = declared if country is None else (country,)
    if not places or any(law_in(each) is None for each in places):
        return laws()
    return tuple(law for law in laws() if {*places} & {*law.countries})


def law_in(country: str) -> Jurisdiction | None:
    """The law of a country; None if it is not known here."""
    return next((law for law in laws() if country in law.countries), None)


def due_day(
    request: Request, received: date, country: str | None, declared: tuple[str, ...]
) -> tuple[date, PeriodRule]:
    """The last day on which it is in time, and the rule that says so.

    Where the law of the place names no deadline, it is the first one of all laws.
    """
    here = _deadlines(laws_for(country, declared), request, received)
    return min(here or _deadlines(laws(), request, received), key=lambda each: each[0])


def _deadlines(
    possible: tuple[Jurisdiction, ...], request: Request, received: date
) -> list[tuple[date, PeriodRule]]:
    rules = [(law, rule) for law in possible if (rule := _deadline(request, law))]
    return [(rule.value.after(received, law.countries[0]), rule) for law, rule in rules]


def _deadline(request: Request, law: Jurisdiction) -> PeriodRule | None:
    return law.opt_out_within if request == "stop" else law.answer_within


def rule_of(request: Request, law_id: str) -> PeriodRule | None:
    """The rule by which a request was due, as it is now; None if that law is not known any more."""
    law = next((each for each in laws() if each.id == law_id), None)
    return _deadline(request, law) if law else None


def _names(possible: tuple[Jurisdiction, ...]) -> str:
    if possible == laws():
        return "all laws known here"
    *first, last = [law.name for law in possible]
    return f"{', '.join(first)} and {last}"
