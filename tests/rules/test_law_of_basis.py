"""What the law of a place makes of a consent for which nobody was simply asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.support.decisions import SHOP, TIRANA, choice, moment
from widget_backend.contacts.audience import REASONS
from widget_backend.rules.basis import BASES, Basis, Ground, grounded
from widget_backend.rules.check import Check
from widget_backend.rules.checks import flat_checks
from widget_backend.rules.decision import decide, deciding_of
from widget_backend.rules.law_of_basis import verdict_on
from widget_backend.rules.snapshot import Address, Message, Snapshot
from widget_backend.rules.state import State
from widget_backend.site.channels import Channel
from widget_backend.site.model import Site

BOUGHT = "2026-05-03 12:00"
EMAIL, SMS, CALL = "email", "sms", "phone"
COUNTS = None
ENDED, NEVER = "ended", "no implied consent"

CASES: dict[str, tuple[str, Channel, str | None, str, str | None]] = {
    "in Canada a purchase counts": ("purchase", EMAIL, "CA", "2026-06-01 12:00", COUNTS),
    "for 24 months": ("purchase", EMAIL, "CA", "2028-05-03 11:59", COUNTS),
    "and no longer": ("purchase", EMAIL, "CA", "2028-05-03 12:00", ENDED),
    "an inquiry counts for 6 months": ("inquiry", EMAIL, "CA", "2026-11-03 10:59", COUNTS),
    "and no longer than that": ("inquiry", EMAIL, "CA", "2026-11-03 11:00", ENDED),
    "by text message as well": ("purchase", SMS, "CA", "2026-06-01 12:00", COUNTS),
    "but not for calls": ("purchase", CALL, "CA", "2026-06-01 12:00", NEVER),
    "in Italy a purchase counts until they refuse": (
        "purchase", EMAIL, "IT", "2036-06-01 12:00", COUNTS,
    ),
    "but an inquiry never does": ("inquiry", EMAIL, "IT", "2026-06-01 12:00", NEVER),
    "in Albania neither does": ("purchase", EMAIL, "AL", "2026-06-01 12:00", NEVER),
    "a box ticked beforehand is none in Italy": (
        "pre_ticked", EMAIL, "IT", "2026-06-01 12:00", "pre-ticked",
    ),
    "a reward may be if declining is free": (
        "rewarded_free", EMAIL, "IT", "2026-06-01 12:00", COUNTS,
    ),
    "and only then": ("rewarded", EMAIL, "IT", "2026-06-01 12:00", "rewarded"),
    "in Saudi Arabia no reward may be": (
        "rewarded_free", EMAIL, "SA", "2026-06-01 12:00", "rewarded",
    ),
    "what nobody looked up is not taken for allowed": (
        "rewarded_free", EMAIL, "GB", "2026-06-01 12:00", "not looked up",
    ),
    "in the United States email needs no consent": (
        "pre_ticked", EMAIL, "US", "2036-06-01 12:00", COUNTS,
    ),
    "but text messages do": ("purchase", SMS, "US", "2026-06-01 12:00", NEVER),
    "somewhere, it must count in every country of the site": (
        "purchase", EMAIL, None, "2026-06-01 12:00", NEVER,
    ),
}  # fmt: skip


def buyer(basis: str, channel: str, country: str | None, **known: Any) -> Snapshot:
    wanted = grounded(choice(channel=channel), Ground(basis, moment(BOUGHT)))  # type: ignore[arg-type]
    addresses = {"email": Address(True), "phone": Address(True)}
    state = State({"topic:offers": wanted})
    return Snapshot(state, (TIRANA,), addresses=addresses, country=country, **known)


def flat_refusal(site: Site, message: Message, person: Snapshot, at: int) -> Check | None:
    return deciding_of(flat_checks(site, message, person, at))


@pytest.mark.parametrize("case", CASES)
def test_what_the_law_makes_of_it(case: str) -> None:
    basis, channel, country, at, refusal = CASES[case]
    shop = replace(SHOP, countries=("CA", "AL"))
    message, now = Message("spring", "offers", channel), moment(at)
    person = buyer(basis, channel, country)
    decision = decide(shop, message, person, now)
    (law,) = [each for each in decision.checks if each.rule == "law"]
    assert law.facts.get("is") == refusal
    if refusal:
        assert decision.deciding == law == flat_refusal(shop, message, person, now)
        assert decision.not_before is None, "no time mends it"
        assert REASONS["law", refusal]
    else:
        assert flat_refusal(shop, message, person, now) is None


def test_somewhere_all_of_these_countries_must_take_it_for_consent() -> None:
    def somewhere(*countries: str) -> tuple[str | None, int | None]:
        verdict = verdict_on("purchase", "email", None, countries)
        return verdict.refusal, verdict.months

    assert somewhere("CA", "IT") == (None, 24), "within both limits"
    assert somewhere("US", "IT") == (None, None)
    assert somewhere("CA", "AL") == (NEVER, None)
    assert somewhere() == (NEVER, None), "of a site that does not say where its readers are"
    by_text = verdict_on("purchase", "sms", None, ("US", "CA"))
    assert by_text.law.id == "us", "which asks for consent to texts alone"


@pytest.mark.parametrize(("country", "seen"), [("CA", True), ("GB", False), ("AL", False)])
def test_a_refusal_says_whether_anybody_has_read_the_rule(country: str, seen: bool) -> None:
    basis = "purchase" if country == "CA" else "pre_ticked"
    person = buyer(basis, "email", country)
    refusal = flat_refusal(SHOP, Message("spring", "offers", "email"), person, moment("2029-01-01"))
    assert refusal is not None
    assert refusal.facts["seen"] is seen
    assert refusal.facts["sources"]


def test_a_message_that_waits_until_the_consent_ends_never_goes() -> None:
    """Their cart is open until after the end."""
    person = buyer("purchase", "email", "CA", contexts={"open-cart": moment("2028-06-01")})
    decision = decide(SHOP, Message("spring", "offers", "email"), person, moment("2028-05-01"))
    assert not decision.allowed
    assert decision.not_before is None


def test_without_its_day_what_may_end_is_no_consent() -> None:
    person = buyer("purchase", "email", "CA")
    wanted = grounded(choice(), Ground("purchase", None))
    person = person._replace(state=State({"topic:offers": wanted}))
    refusal = flat_refusal(SHOP, Message("spring", "offers", "email"), person, moment(BOUGHT))
    assert refusal is not None
    assert refusal.facts["is"] == NEVER


@pytest.mark.parametrize("basis", BASES)
def test_a_month_later_on_its_last_day_is_found(basis: Basis) -> None:
    """From 31 August, six months are over on 28 February."""
    ground = Ground(basis, moment("2026-08-31 12:00"))
    end = verdict_on("inquiry", "email", "CA", ()).ends_at(ground)
    assert end == moment("2027-02-28 11:00")  # the clocks were changed in between
