"""Receipts: what somebody chose, what they refused, and the proof that nobody changed it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.support.browsing import Reader
from tests.support.my_data import MAILCHIMP
from tests.support.people import HASHES, how
from tests.support.receipts import mistakes_of
from tests.support.sealing import KEY, NOW, seal
from tests.support.steps import at, prove, record
from tests.support.words import beginning, said
from tests.support.words.account import DO_NOT_TRACK, RECEIPT, RECEIPTS_KEPT
from tests.support.words.preferences import SAVE
from tests.support.worlds import EMAIL, OFFERS, OFFERS_NAME, TIPS_NAME, World, no
from widget_backend.actions.evidence import make_checkpoint, verify
from widget_backend.rules.merkle import includes, leaf_hash
from widget_backend.site.evidence import Evidence
from widget_backend.site.load import SiteInLanguages
from widget_backend.store.checkpoints import Checkpoint, CheckpointFile, read_checkpoints
from widget_backend.store.erasure import erase
from widget_backend.store.profiles import Profile

YES = {"topic:offers": OFFERS}
EVIDENCE = Evidence(
    "privacy@kutia.example",
    "Until you leave, and three years",
    "Frankfurt",
    ("Mailer Inc.",),
    "IDP",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints"


@pytest.fixture
def shop(each_world: World, file: Path) -> World:
    """A site that gives receipts, on a server that signs checkpoints."""
    served = each_world.app.extensions
    context = served["preference-widget"]
    sites = {**context.sites, "kutia": _with_evidence(context.sites["kutia"])}
    signing = CheckpointFile(file, KEY.public)
    served["preference-widget"] = replace(context, sites=sites, checkpoints=signing)
    return each_world


def _with_evidence(site: SiteInLanguages) -> SiteInLanguages:
    declared = {tag: replace(each, evidence=EVIDENCE) for tag, each in site.in_locale.items()}
    return replace(site, site=replace(site.site, evidence=EVIDENCE), in_locale=declared)


@pytest.fixture
def person(shop: World) -> Profile:
    """They had offers, and save the form, on which they leave the rest unticked."""
    person = shop.person({"topic:offers": OFFERS})
    shop.clock.pass_by(days=1)
    at(shop, person).press(said("en", SAVE))
    return shop.read(person)


def receipts_on(page: Reader, tag: str = "en") -> list[str]:
    start = beginning(tag, RECEIPT)
    return [address for name, address in page.links().items() if name.startswith(start)]


def newest_receipt(world: World, person: Profile) -> dict[str, Any]:
    page = prove(world, person)
    answer = page.client.get(receipts_on(page)[0])
    assert answer.status_code == 200
    content: dict[str, Any] = json.loads(answer.data)
    return content


def statuses(content: Mapping[str, Any]) -> dict[str, str]:
    (process,) = content["receipt"]["dpv:hasProcess"]
    return {
        each["dpv:hasPurpose"][0]["skos:prefLabel"]: each["dpv:hasConsentStatus"][0]["@type"]
        for each in process["dpv:hasProcess"]
    }


def sign(world: World, file: Path) -> None:
    with world.database.connection_context():
        seal(world.database, "kutia")
        make_checkpoint(world.database, "kutia", file, KEY, NOW)


# ── what it says ────────────────────────────────────────────────────────────────────────────


def test_each_choice_has_a_receipt(shop: World, person: Profile, tag: str) -> None:
    page = prove(shop, person, tag)
    assert len(receipts_on(page, tag)) == 2
    assert page.says(said(tag, RECEIPTS_KEPT))


def test_the_wish_not_to_be_tracked_is_no_consent_and_has_none(
    shop: World, person: Profile
) -> None:
    page = prove(shop, person)
    before = receipts_on(page)
    assert receipts_on(page.press(DO_NOT_TRACK)) == before


def test_it_has_what_was_ticked_and_what_was_refused(shop: World, person: Profile) -> None:
    found = statuses(newest_receipt(shop, person))
    assert found[OFFERS_NAME] == "dpv:ConsentGiven"
    assert found[TIPS_NAME] == "dpv:ConsentRefused"
    assert "Trade prices" not in found, "only people in the trade see it"


def test_who_leaves_withdraws(shop: World, person: Profile) -> None:
    shop.clock.pass_by(days=1)
    shop.say(person, {**shop.state(person), "overall": {"reach": "off", "until": None}})
    assert statuses(newest_receipt(shop, person))[OFFERS_NAME] == "dpv:ConsentWithdrawn"


def test_it_has_the_shape_of_a_receipt(shop: World, person: Profile) -> None:
    content = newest_receipt(shop, person)
    assert mistakes_of(content["receipt"]) == []
    assert content["receipt"]["dpv:hasEntity"]["controller"]["dpv:hasContact"] == EVIDENCE.contact
    notice = content["receipt"]["dpv:hasProcess"][0]["dpv:hasNotice"][0]["dpv:hasIdentifier"]
    assert OFFERS_NAME in content["notices"][notice]["texts"]["topics.offers"]


def test_the_shape_refuses_what_is_none(shop: World, person: Profile) -> None:
    receipt = newest_receipt(shop, person)["receipt"]
    for key in receipt:
        broken = deepcopy(receipt)
        del broken[key]
        assert mistakes_of(broken), key
    broken = deepcopy(receipt)
    broken["dpv:hasProcess"][0]["dpv:hasRecipient"].append("recipient-9")
    assert mistakes_of(broken) == ["recipient-9: is no entity"]


def test_it_promises_nothing_that_nobody_has_checked(shop: World, person: Profile) -> None:
    assert "conform" not in json.dumps(newest_receipt(shop, person)).lower()


def test_it_names_nobody_s_address(shop: World, person: Profile) -> None:
    assert EMAIL not in json.dumps(newest_receipt(shop, person)["receipt"])


# ── when it was said ────────────────────────────────────────────────────────────────────────

BOUGHT = {**OFFERS, "basis": "purchase", "basis_at": 1_770_000_000}
OFF = {"topic:offers": no(OFFERS)}
SAID_THEN = {
    "a yes on a page: the moment": ([("hosted", YES, None)], "2027-03-01T12:00:00+00:00"),
    "an imported yes: the day that the file says": ([("import", YES, MAILCHIMP)], "2023-01-02"),
    "one that no file dates: nobody knows": ([("import", YES, {})], None),
    "a purchase: its moment": ([("import", {"topic:offers": BOUGHT}, {})], "2026-02-02T"),
    "a no in a letter: before it was recorded": (
        [("hosted", YES, None), ("letter", OFF, {"received": "2027-01-02"})],
        None,
    ),
    "a message marked as spam: before it was reported": (
        [("hosted", YES, None), ("delivery", OFF, {"outcome": "complaint"})],
        None,
    ),
    "what staff gave back: the day of the yes": (
        [("import", YES, MAILCHIMP), ("import", OFF, {}), ("staff", YES, {})],
        "2023-01-02",
    ),
}


@pytest.mark.parametrize("name", SAID_THEN)
def test_it_dates_a_choice_as_it_was_said_and_not_as_it_was_recorded(
    shop: World, name: str
) -> None:
    words, expected = SAID_THEN[name]
    person = shop.person()
    for door, wanted, evidence in words:
        record(shop, person, wanted, door, evidence)  # type: ignore[arg-type]
        shop.clock.pass_by(hours=1)
    receipt = newest_receipt(shop, person)["receipt"]
    assert mistakes_of(receipt) == []
    (process,) = receipt["dpv:hasProcess"]
    (status,) = process["dpv:hasProcess"][0]["dpv:hasConsentStatus"]
    said_then = status.get("dpv:isIndicatedAtTime")
    assert said_then == expected or (expected and said_then.startswith(expected))
    assert status["dpv:isExercisedAt"] != "by our staff"


# ── that it was not changed ─────────────────────────────────────────────────────────────────


def test_it_proves_itself(shop: World, person: Profile, file: Path) -> None:
    """With what the receipt has, and nothing else."""
    sign(shop, file)
    proof = newest_receipt(shop, person)["proof"]
    values = [proof["salt"], proof["changes"], proof["evidence"] or ""]
    assert sha256("\n".join(values).encode()).hexdigest() == proof["record"]["digest"]
    record = proof["record"]
    columns = ("site", "profile_key", "revision", "at", "door", "wording", "language", "digest")
    undoes = "" if record["undoes"] is None else str(record["undoes"])
    lines = [*(str(record[each]) for each in columns), undoes]
    node = leaf_hash("\n".join(lines).encode())
    inclusion = proof["inclusion"]
    checkpoint = Checkpoint.read(json.dumps(inclusion["checkpoint"]))
    path = [bytes.fromhex(each) for each in inclusion["path"]]
    root = bytes.fromhex(checkpoint.root)
    assert includes(root, inclusion["size"], inclusion["leaf"], node, path)
    assert KEY.public.has_signed(checkpoint.message, bytes.fromhex(checkpoint.signature))
    assert inclusion["public_key"] == KEY.public.text


def test_before_the_next_checkpoint_there_is_no_proof_yet(
    shop: World, person: Profile, file: Path
) -> None:
    assert newest_receipt(shop, person)["proof"]["inclusion"] is None
    sign(shop, file)
    shop.clock.pass_by(days=1)
    shop.say(person, {"topic:offers": no(OFFERS)})
    assert newest_receipt(shop, person)["proof"]["inclusion"] is None
    with shop.database.connection_context():
        seal(shop.database, "kutia")
    assert newest_receipt(shop, person)["proof"]["inclusion"] is None, "it is not signed yet"


def test_who_is_erased_leaves_a_record_that_still_verifies(
    shop: World, person: Profile, file: Path
) -> None:
    sign(shop, file)
    leaf = newest_receipt(shop, person)["proof"]["inclusion"]
    with shop.database.connection_context():
        erase(shop.database, shop.read(person), how("kutia"), HASHES)
    sign(shop, file)
    with shop.database.connection_context():
        checkpoints = read_checkpoints(file, "kutia", {KEY.public.id: KEY.public})
        verdict = verify(shop.database, "kutia", checkpoints)
    assert verdict.is_good
    assert verdict.erased == 3
    assert verdict.holds[0].root == leaf["checkpoint"]["root"]
    assert EMAIL not in str(shop.dump())


# ── whose it is ─────────────────────────────────────────────────────────────────────────────


def test_a_receipt_is_for_the_person_alone(shop: World, person: Profile) -> None:
    other = shop.person({"topic:offers": OFFERS}, email="other@example.com")
    (theirs,) = shop.ledger(other)
    page = prove(shop, person)
    link = receipts_on(page)[0].partition("/receipt/")[0]
    for number in (theirs.id, 99_999):
        assert page.client.get(f"{link}/receipt/{number}").status_code == 404


def test_opening_it_changes_nothing(shop: World, person: Profile, file: Path) -> None:
    sign(shop, file)
    page = prove(shop, person)
    before = shop.dump(), file.read_bytes()
    page.client.get(receipts_on(page)[0])
    assert (shop.dump(), file.read_bytes()) == before


def test_a_link_that_has_ended_gives_none(shop: World, person: Profile) -> None:
    page = prove(shop, person)
    address = receipts_on(page)[0]
    shop.clock.pass_by(hours=1)
    assert page.client.get(address).status_code == 410


def test_a_site_that_declares_no_evidence_gives_none(each_world: World) -> None:
    person = each_world.person({"topic:offers": OFFERS})
    page = prove(each_world, person)
    assert receipts_on(page) == []
    assert not page.says(said("en", RECEIPTS_KEPT))
