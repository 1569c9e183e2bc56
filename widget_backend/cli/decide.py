"""`decide`: may this message go to this person, when, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from peewee import Database

from widget_backend.actions.may_send import Place, Question, ask, question_of, release, reserve
from widget_backend.calling import calling
from widget_backend.cli.address import email_named, person_named
from widget_backend.cli.contact_options import now
from widget_backend.cli.database import connected
from widget_backend.cli.group import SITE_FILE
from widget_backend.cli.moments import later_moment
from widget_backend.cli.spoken import LANG, spoken
from widget_backend.rules.decision import Decision
from widget_backend.rules.law import NO_ADVICE, UNSEEN
from widget_backend.site.channels import CHANNELS, Channel
from widget_backend.site.load import load_site
from widget_backend.store.consent_of import Consent, consent_of
from widget_backend.store.contacts import Contact
from widget_backend.web.decision_sentences import Words


@click.command()
@click.argument("site_file", type=SITE_FILE)
@click.argument("address")
@click.option(
    "--campaign", required=True, metavar="KEY", help="A campaign, or a service message, by its id."
)
@click.option(
    "--at",
    "typed_at",
    metavar="TIME",
    help="When it would go: 2026-12-01T09:00. Default: now.",
)
@click.option(
    "--channel", type=click.Choice(CHANNELS), help="Default: the campaign’s own, or email."
)
@click.option("--reserve", "takes", is_flag=True, help="Take the place, if it may go.")
@click.option("--key", metavar="TEXT", help="With --reserve: asking again with it asks once.")
@click.option("--release", "gives_back", is_flag=True, help="Give the place back, and ask nothing.")
@LANG
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def decide(
    site_file: Path,
    address: str,
    campaign: str,
    typed_at: str | None,
    channel: Channel | None,
    takes: bool,
    key: str | None,
    gives_back: bool,
    lang: str | None,
    as_json: bool,
) -> None:
    """Say whether a message of a campaign may go to ADDRESS, and why not, or from when on.

    Every rule is named with what it found, in their order. With `-` as ADDRESS, it is read from
    standard input, so that no shell keeps it. Nothing is changed without --reserve.
    """
    if takes and gives_back:
        raise click.UsageError("--reserve takes the place and --release gives it back: name one")
    if key and not takes:
        raise click.UsageError("--key belongs to --reserve")
    sites = load_site(site_file)
    site, words = sites.site, Words(*spoken(sites, lang))
    email, moment = email_named(address, site_file), int(now().timestamp())
    at = later_moment(site, "--at", typed_at, moment)
    with connected() as database:
        person = person_named(database, site, email)
        question = question_of(database, site, campaign, channel)
        profile = person.profile.id
        if gives_back:
            release(database, site, question, profile)
            click.echo("The place is free again.")
            return
        if takes:
            wanted = Place(question, profile, at, idempotency_key=key)
            decision = reserve(database, site, wanted, moment)
        else:
            decision = ask(database, site, question, person, at, moment)
        consent = _consent(database, question, person)
    if as_json:
        click.echo(json.dumps(_as_json(words, decision, consent), ensure_ascii=False))
    else:
        _print(words, decision, consent)


def _consent(database: Database, question: Question, person: Contact) -> Consent | None:
    topic = question.message.topic
    return consent_of(database, person.profile.ledger_key, topic) if topic else None


def _print(words: Words, decision: Decision, consent: Consent | None) -> None:
    click.echo(words.decision(decision))
    for check in decision.checks:
        mark = "yes" if check.passed else "no"
        click.echo(f"  {mark:<4} {check.rule.replace('_', ' '):<13} {words.check(check)}")
    if any(each.facts.get("seen") is False for each in decision.checks):
        click.echo(f"Of the law, {UNSEEN}: see {calling('law')}. {NO_ADVICE}")
    if consent:
        on = f"{words.site.local_time(consent.at):%Y-%m-%d %H:%M}"
        click.echo(
            f"It rests on record {consent.revision} of the person, of {on} ({consent.door})."
        )


def _as_json(words: Words, decision: Decision, consent: Consent | None) -> dict[str, Any]:
    deciding = decision.deciding
    return {
        "allowed": decision.allowed,
        "reason": deciding.rule if deciding else None,
        "not_before": decision.not_before,
        "sentence": words.decision(decision),
        "rules": [
            {
                "rule": each.rule,
                "passed": each.passed,
                "not_before": each.not_before,
                "facts": dict(each.facts),
                "sentence": words.check(each),
            }
            for each in decision.checks
        ],
        "record": consent and consent._asdict(),
    }
