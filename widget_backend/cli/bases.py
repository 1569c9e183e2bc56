"""What people’s consents rest on at a site, and in which of its countries that is no consent."""

from __future__ import annotations

from collections.abc import Iterator

from widget_backend.cli.database import connected, names_database
from widget_backend.contacts.basis_column import WORDS
from widget_backend.errors import Mistake
from widget_backend.i18n.languages import language
from widget_backend.rules.law_of_basis import Verdict, verdict_on
from widget_backend.site.model import Site
from widget_backend.store.consent_of import HeldBasis, held_bases


def bases_of(site: Site) -> list[HeldBasis]:
    """Those on which consents rest that people hold here; none if no database is set. Raises
    MigrationDue."""
    if not names_database():
        return []
    with connected() as database:
        return held_bases(database, site.id)


def unlawful_bases(site: Site) -> Iterator[Mistake]:
    """A finding for each, with the countries where it is no consent."""
    for each in bases_of(site):
        verdicts = _by_country(site, each)
        if refusing := [name for name, verdict in verdicts if verdict.refusal]:
            where = ", ".join(refusing)
            reason = f"{_consents(each)}, which is no consent by the law of {where}"
            cure = "nobody there gets these messages: ask them whether they agree"
            yield Mistake(str(site.file), "countries", reason, cure)


def told_bases(site: Site) -> Iterator[str]:
    """Each of them, with what the law of each country makes of it, in lines."""
    for each in bases_of(site):
        yield _consents(each)
        yield from (f"  {name}: {_told(verdict)}" for name, verdict in _by_country(site, each))


def _by_country(site: Site, consents: HeldBasis) -> list[tuple[str, Verdict]]:
    """What the law says in each country of the site, or, if it names none, somewhere."""
    verdicts = [
        (
            language("en").country(code),
            verdict_on(consents.basis, consents.channel, code, site.countries),
        )
        for code in site.countries
    ]
    somewhere = ("somewhere", verdict_on(consents.basis, consents.channel, None, ()))
    return verdicts or [somewhere]


def _consents(consents: HeldBasis) -> str:
    count = "1 person" if consents.people == 1 else f"{consents.people:,} people"
    return f"{count} ({consents.channel}): {WORDS[consents.basis]}"


def _told(verdict: Verdict) -> str:
    if verdict.refusal == "not looked up":
        return "nobody has looked it up, so it is taken for no consent"
    if verdict.refusal:
        return "no consent"
    return f"consent for {verdict.months} months" if verdict.months else "consent"
