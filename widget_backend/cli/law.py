"""`law`: which law holds for a site's readers, rule by rule, with the source of each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from widget_backend.cli.bases import told_bases
from widget_backend.cli.group import SITE_FILE
from widget_backend.errors import MigrationDue
from widget_backend.i18n.languages import language
from widget_backend.rules.jurisdictions import Jurisdiction, Rule
from widget_backend.rules.law import NO_ADVICE, UNSEEN, law_in, law_of, laws
from widget_backend.rules.strictest import ID as STRICTEST
from widget_backend.site.load import load_site
from widget_backend.site.model import Site
from widget_backend.site.values import is_country

NAMED = {
    "identity": "who sends it",
    "postal_address": "a postal address of the sender",
    "contact": "how to reach the sender",
    "marketing_label": "that it is marketing",
    "way_out": "how to get no more",
}
REWARDS = {"yes": "allowed", "if_free": "only if a refusal costs nothing", "no": "forbidden"}


@click.command()
@click.argument("site_file", type=SITE_FILE)
@click.option("--country", metavar="XX", help="Of somebody there, in two letters (ISO 3166-1).")
def law(site_file: Path, country: str | None) -> None:
    """Say what the law asks of messages to the readers of SITE_FILE: in each of its `countries`,
    and where nobody knows in which of them a person is.

    Each rule has its source, and says if nobody has read it there. With WIDGET_DATABASE_URL set, it
    also says which consents each country takes for none. This is not legal advice.
    """
    site = load_site(site_file).site
    if country is not None and not is_country(country):
        raise click.UsageError(f"--country {country} is no country: write two letters, as AL")
    click.echo(NO_ADVICE)
    for each in _sections(country, site.countries):
        click.echo(f"\n{each}")
    try:
        _say_bases(site)
    except MigrationDue as due:
        if not due.is_empty:
            click.echo(f"warning: what consents rest on was not looked up: {due}", err=True)
    click.echo(f"\n{NO_ADVICE}")


def _say_bases(site: Site) -> None:
    if lines := [*told_bases(site)]:
        click.echo("\nWhat consents rest on here, beside a plain yes:")
        for line in lines:
            click.echo(f"  {line}")


def _sections(country: str | None, declared: tuple[str, ...]) -> Iterator[str]:
    """A section for each law that may hold, and for who may be under any of them."""
    for code in (country,) if country else declared:
        if law_in(code) is None:
            name = language("en").country(code)
            yield f"The law of {name} is not known here: the strictest of all laws is taken."
    if country:
        yield _section(law_of(country, declared))
        return
    yield from (_section(each) for each in laws() if {*declared} & {*each.countries})
    if not declared:
        yield "The site file does not say in which countries its readers are (countries = […])."
    anywhere = law_of(None, declared)
    if anywhere.id == STRICTEST:
        yield f"Where nobody knows the country of a person:\n{_section(anywhere)}"


def _section(law: Jurisdiction) -> str:
    name = law.name if law.id == STRICTEST else f"{law.name} ({', '.join(law.countries)})"
    return "\n".join(
        [name, *(line for text, rule in _rules(law) for line in _lines(text, rule, law))]
    )


def _lines(text: str, rule: Rule, law: Jurisdiction) -> tuple[str, str]:
    names = {each.id: each.name for each in laws()}
    origin = f" [{names[rule.law]}]" if rule.law != law.id else ""
    source = rule.source
    seen = f"read on {source.read_on} ({source.copy})"
    unseen = f"{UNSEEN}: noted from memory on {source.read_on}"
    return f"  {text}{origin}", f"      {source.text}; {seen if source.seen else unseen}"


def _rules(law: Jurisdiction) -> Iterator[tuple[str, Rule]]:
    """Each rule of a law, in words."""
    yield f"consent: {law.basis.value}", law.basis
    for basis in law.other_bases:
        yield f"consent, {' and '.join(basis.channels)}: {basis.value}", basis
    for exemption in law.exemptions:
        yield f"exempt: {exemption.value}", exemption
    for implied in law.implied_consent:
        until = f"for {implied.months} months" if implied.months else "until the person says no"
        by = f", by {' and '.join(implied.channels)}" if implied.channels else ""
        limit = f", for {implied.only} alone" if implied.only else ""
        words = {"purchase": "a purchase", "inquiry": "an inquiry"}[implied.after]
        yield f"consent need not be asked for after {words}{by}: {until}{limit}", implied
    for hours in law.hours:
        times = f"{hours.starts:%H:%M} to {hours.ends:%H:%M}"
        yield f"hours, {hours.channel} in {hours.country}: {times}, by the clocks there", hours
    yield from _deadlines(law)
    for text in law.evidence:
        yield f"evidence to keep: {text.value}", text
    for thing in law.must_name:
        yield f"each message names {NAMED[thing.value]}", thing
    if law.may_preselect:
        yes_no = "allowed" if law.may_preselect.value else "forbidden"
        yield f"boxes that are ticked beforehand: {yes_no}", law.may_preselect
    if law.may_reward:
        yield f"a reward for consent: {REWARDS[law.may_reward.value]}", law.may_reward


def _deadlines(law: Jurisdiction) -> Iterator[tuple[str, Rule]]:
    periods = (
        ("an opt-out has its effect: {}", law.opt_out_within),
        ("a request is answered within {}", law.answer_within),
        ("the way out of a message works for {}", law.link_works),
        ("evidence is kept for {} after the last message", law.evidence_kept),
    )
    yield from ((words.format(rule.value), rule) for words, rule in periods if rule)
    for text in law.way_out:
        yield f"the way out: {text.value}", text
