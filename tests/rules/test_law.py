"""Which law holds for whom, and until when what they ask for must be done."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget_backend.rules.law import REQUESTS, Request, due_day, law_of, laws
from widget_backend.rules.strictest import strictest
from widget_backend.site.channels import CHANNELS

LAWS = {
    "somebody in Tirana is under the law of Albania": ("AL", ("SA",), "al"),
    "somebody in Oslo is under that of the EEA": ("NO", (), "eea"),
    "somewhere, of a site in one country": (None, ("AL",), "al"),
    "somewhere, of a site in several countries of one law": (None, ("IT", "DE"), "eea"),
    "somewhere, of a site in several countries": (None, ("AL", "IT"), "strictest"),
    "somewhere, of a site that does not say where": (None, (), "strictest"),
    "somewhere, if the law of one of its countries is not known": (None, ("AL", "BR"), "strictest"),
    "in a country whose law is not known": ("BR", ("AL",), "strictest"),
}


@pytest.mark.parametrize("case", LAWS)
def test_the_law_of_a_place(case: str) -> None:
    country, declared, law = LAWS[case]
    assert law_of(country, declared).id == law


def test_the_strictest_says_of_which_laws_it_is() -> None:
    assert law_of(None, ("AL", "SA", "IT")).name == (
        "the strictest of European Union and European Economic Area, Albania and Saudi Arabia"
    )
    assert law_of("BR", ("AL",)).name == "the strictest of all laws known here"
    assert law_of(None, ("BR",)) == law_of(None, ())


STRICTEST = {
    "opt-in before opt-out": (("US", "CA"), lambda law: law.basis, "opt-in", "ca"),
    "opt-out where all say so": (("US",), lambda law: law.basis, "opt-out", "us"),
    "the shorter deadline": (("CA", "AL"), lambda law: law.opt_out_within, "at once", "al"),
    "one law's deadline if no other has one": (
        ("AE", "US"), lambda law: law.opt_out_within, "10 business days", "us",
    ),
    "the longer life of links": (("US", "CA"), lambda law: law.link_works, "60 days", "ca"),
    "the longer time to keep evidence": (
        ("EG", "AL"), lambda law: law.evidence_kept, "36 months", "eg",
    ),
    "no reward before a reward if refusing is free": (
        ("IT", "SA"), lambda law: law.may_reward, "no", "sa",
    ),
    "no boxes that are ticked beforehand": (
        ("IT", "US"), lambda law: law.may_preselect, "False", "eea",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", STRICTEST)
def test_of_several_laws_the_stricter_value_and_whose_it_is(case: str) -> None:
    declared, value_of, value, law = STRICTEST[case]
    rule = value_of(law_of(None, declared))  # type: ignore[no-untyped-call]
    assert (str(rule.value), rule.law) == (value, law)


def test_hours_stay_those_of_each_country_by_its_own_clocks() -> None:
    hours = law_of(None, ("US", "AE")).hours
    assert [(each.country, each.channel, each.starts, each.ends) for each in hours] == [
        ("US", "phone", time(8), time(21)),
        ("AE", "phone", time(9), time(18)),
        ("AE", "sms", time(9), time(18)),
    ]


def test_a_channel_may_have_a_basis_of_its_own() -> None:
    usa = law_of("US", ())
    assert (usa.basis_of("email").value, usa.basis_of("sms").value) == ("opt-out", "opt-in")
    assert not usa.basis_of("sms").source.seen
    twice = strictest([usa, usa], "twice")
    assert (twice.basis_of("email").value, twice.basis_of("sms").value) == ("opt-out", "opt-in")


def test_every_law_adds_what_messages_must_name() -> None:
    both = law_of(None, ("CA", "US"))
    named = {each.value: each.law for each in both.must_name}
    assert named == {
        "marketing_label": "us",
        "way_out": "us",
        "postal_address": "us",
        "identity": "ca",
        "contact": "ca",
    }


def test_consent_is_implied_only_where_every_law_that_asks_for_it_implies_it() -> None:
    def implied(*countries: str) -> list[tuple[str, int | None]]:
        return [(each.after, each.months) for each in law_of(None, countries).implied_consent]

    assert implied("CA") == [("purchase", 24), ("inquiry", 6)]
    assert implied("CA", "US") == [("purchase", 24), ("inquiry", 6)], "the US asks for no consent"
    assert implied("CA", "IT") == [("purchase", None), ("purchase", 24)], "within both limits"
    assert implied("CA", "SA") == []


def test_an_exemption_does_not_help_against_another_law() -> None:
    assert law_of("US", ()).exemptions
    assert not law_of(None, ("US", "CA")).exemptions


DUE: dict[str, tuple[Request, str | None, tuple[str, ...], date, date, str]] = {
    "a copy of the data, in Italy": (
        "data", "IT", (), date(2026, 12, 1), date(2027, 1, 1), "eea",
    ),
    "a correction, in Saudi Arabia": (
        "correct", "SA", (), date(2026, 12, 1), date(2026, 12, 31), "sa",
    ),
    "no more messages, in the US": (
        "stop", "US", (), date(2026, 12, 1), date(2026, 12, 15), "us",
    ),
    "no more messages, in Italy": ("stop", "IT", (), date(2026, 12, 1), date(2026, 12, 1), "eea"),
    "erasure, where the law names no deadline": (
        "erase", "AE", (), date(2026, 12, 1), date(2026, 12, 9), "eg",
    ),
    "erasure, somewhere": ("erase", None, ("IT", "EG"), date(2026, 12, 1), date(2026, 12, 9), "eg"),
    "30 days, where a month is longer": (
        "erase", None, ("IT", "SA"), date(2026, 12, 1), date(2026, 12, 31), "sa",
    ),
    "a month, where that is shorter": (
        "erase", None, ("IT", "SA"), date(2027, 2, 1), date(2027, 3, 1), "eea",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DUE)
def test_the_day_on_which_it_is_due_and_by_which_law(case: str) -> None:
    request, country, declared, received, due, law = DUE[case]
    day, rule = due_day(request, received, country, declared)
    assert (day, rule.law) == (due, law)


def test_every_request_has_a_deadline_wherever_somebody_is() -> None:
    countries = [None, "BR", *(law.countries[0] for law in laws())]
    for request in REQUESTS:
        for country in countries:
            day, _ = due_day(request, date(2026, 12, 1), country, ())
            assert date(2026, 12, 1) <= day <= date(2027, 1, 1)


@given(st.sets(st.sampled_from([law.id for law in laws()]), min_size=1))
def test_whoever_keeps_to_the_strictest_keeps_to_each(ids: set[str]) -> None:
    possible = [law for law in laws() if law.id in ids]
    together = strictest(possible, "together")
    for law in possible:
        for channel in CHANNELS:
            asks = law.basis_of(channel).value == "opt-in"
            assert not asks or together.basis_of(channel).value == "opt-in"
        assert {*law.hours} <= {*together.hours}
        assert {each.value for each in law.must_name} <= {each.value for each in together.must_name}
        declared = tuple(each.countries[0] for each in possible)
        for request in REQUESTS:
            day, _ = due_day(request, date(2027, 1, 30), None, declared)
            alone, rule = due_day(request, date(2027, 1, 30), law.countries[0], ())
            assert day <= alone or rule.law not in ids
