"""What a consent rests on, and what the law makes of it, in words of three languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.support.decisions import SHOP, TIRANA, choice, moment
from tests.support.words import said
from tests.support.words.decisions import (
    AGREED_FOR_REWARD,
    ASKED_ABOUT,
    BOUGHT_ON,
    BOX_IS_NO_CONSENT,
    COUNTED_UNTIL,
    COUNTS_UNTIL,
    COUNTS_UNTIL_NO,
    NOT_ENOUGH,
    NOT_LOOKED_UP,
    REWARD_IS_NO_CONSENT,
    TICKED_BEFOREHAND,
)
from widget_backend.i18n.languages import language
from widget_backend.rules.basis import Ground, grounded
from widget_backend.rules.decision import decide
from widget_backend.rules.snapshot import Address, Message, Snapshot
from widget_backend.rules.state import State
from widget_backend.web.decision_sentences import Words

SPRING = Message("spring", "offers", "email")
CASES = {
    "a purchase that counts": ("purchase", "CA", "2026-06-01", BOUGHT_ON, COUNTS_UNTIL),
    "one that counts no longer": ("purchase", "CA", "2029-06-01", BOUGHT_ON, COUNTED_UNTIL),
    "one that has no end": ("purchase", "IT", "2026-06-01", BOUGHT_ON, COUNTS_UNTIL_NO),
    "an inquiry that is not enough": ("inquiry", "IT", "2026-06-01", ASKED_ABOUT, NOT_ENOUGH),
    "a box": ("pre_ticked", "IT", "2026-06-01", TICKED_BEFOREHAND, BOX_IS_NO_CONSENT),
    "a reward": ("rewarded_free", "SA", "2026-06-01", AGREED_FOR_REWARD, REWARD_IS_NO_CONSENT),
    "what nobody looked up": (
        "rewarded_free", "GB", "2026-06-01", AGREED_FOR_REWARD, NOT_LOOKED_UP,
    ),
}  # fmt: skip


@pytest.mark.parametrize("tag", ["en", "sq", "ar"])
@pytest.mark.parametrize("case", CASES)
def test_each_finding_has_its_sentence(case: str, tag: str) -> None:
    basis, country, at, of_consent, of_law = CASES[case]
    wanted = grounded(choice(), Ground(basis, moment("2026-05-03 12:00")))  # type: ignore[arg-type]
    person = Snapshot(
        State({"topic:offers": wanted}),
        (TIRANA,),
        addresses={"email": Address(True)},
        country=country,
    )
    site = replace(SHOP, countries=(country,))
    checks = {each.rule: each for each in decide(site, SPRING, person, moment(at)).checks}
    words = Words(language(tag), site)
    bought, ends = (language(tag).date(date(year, 5, 3)) for year in (2026, 2028))
    consent = said(tag, of_consent, date=bought, topic="offers")
    assert words.check(checks["consent"]) == consent
    law = said(tag, of_law, law=checks["law"].facts["name"], date=ends)
    assert words.check(checks["law"]) == law
