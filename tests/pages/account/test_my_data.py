"""What is held about a person: seen, downloaded, moved and erased only by who reads their mail."""

from __future__ import annotations

import json

import pytest

from tests.support.browsing import Reader
from tests.support.steps import NEW_ADDRESS, code_in, letters, link_in, prove
from tests.support.worlds import EMAIL, OFFERS_NAME, SAID, World, said
from widget_backend.links import Purpose
from widget_backend.rate_limits import JUST_NOW
from widget_backend.store import models
from widget_backend.store.contacts import find_contacts
from widget_backend.store.models import ConsentRecord, ConsentValue, Identity, Job, OneTimeCode
from widget_backend.store.one_time_codes import MINUTES, TRIES
from widget_backend.store.profiles import Profile
from widget_backend.store.suppression import suppressed

WRONG = "Enter the code from our latest email, or ask for a new one."
KEPT = (
    "We also keep your email address in a scrambled form that nobody can read, so that no list we "
    "import brings you back. It is deleted if you sign up again yourself."
)
MAILED: tuple[Purpose, ...] = ("preferences", "questions", "unsubscribe")


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(
        {**SAID, "answer:people": {"said": 3, "at": 1}, "contact:phone": "+355691234567"},
        roles=["trade"],
    )


@pytest.mark.parametrize("purpose", MAILED)
def test_a_link_alone_shows_nothing_and_the_code_goes_to_the_address_on_file(
    each_world: World, person: Profile, purpose: Purpose
) -> None:
    page = Reader(each_world.client()).open(f"{each_world.link(purpose, person)}/data")
    assert page.buttons() == ["Send me a code"]
    assert page.says("c•••@e•••.com")
    assert EMAIL not in page.text
    assert letters(each_world) == [], "opening it sends nothing"
    page.press("Send me a code")
    page.fill("Code from the email", code_in(each_world)).press("Show my data")
    assert page.heading == "The data we hold about you"
    assert page.says(EMAIL)


def test_everything_is_told_in_words(each_world: World, person: Profile, tag: str) -> None:
    page = prove(each_world, person, tag)
    assert page.heading == said(tag, "The data we hold about you")
    site = each_world.site(tag)
    assert page.says(OFFERS_NAME)
    question = site.question("people")
    assert question is not None
    assert page.says(question.text)
    assert page.says("3")
    assert page.says(site.roles[0].name)
    assert page.says(EMAIL)
    assert page.says("+355691234567")
    assert page.says(said(tag, "History, newest first"))
    agreed = said(
        tag, "You agreed to this before %(date)s, %(door)s.", date="X", door="Y"
    ).partition("X")[0]
    assert page.says(agreed.strip())


@pytest.mark.parametrize(
    ("question", "given", "told"),
    [
        ("income", "much", "Much <u>indeed</u>"),
        ("rooms", ["bath", "hall"], "Bath & shower, صالة 2"),
        ("rooms", [], "None of these"),
        ("moved", "yes", "Yes"),
        ("wish", "a + b", "a + b"),
    ],
)
def test_answers_are_told_as_the_owner_worded_them(
    world: World, question: str, given: object, told: str
) -> None:
    person = world.person({**SAID, f"answer:{question}": {"said": given, "at": 1}})
    assert prove(world, person).says(told)


def test_the_code_may_be_typed_in_any_digits_and_works_once(
    each_world: World, person: Profile
) -> None:
    link = f"{each_world.link('preferences', person)}/data"
    Reader(each_world.client()).post(link, [("do", "send")])
    code = code_in(each_world)
    arabic = code.translate({ord("0") + n: ord("٠") + n for n in range(10)})
    entered = [("do", "save"), ("code", arabic.replace(" ", ""))]
    assert Reader(each_world.client()).post(link, entered).status == 200
    each_world.clock.pass_by(seconds=JUST_NOW)
    assert Reader(each_world.client()).post(link, entered).status == 422


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "9" * 400, "1234567"])
def test_a_wrong_code_is_told_so_and_shows_nothing(world: World, tag: str, typed: str) -> None:
    person = world.person(SAID)
    page = Reader(world.client()).open(f"{world.link('preferences', person, tag)}/data")
    page.press(said(tag, "Send me a code"))
    page.fill(said(tag, "Code from the email"), typed).press(said(tag, "Show my data"))
    assert page.status == 422
    assert page.says(said(tag, WRONG))
    assert EMAIL not in page.text


def test_whoever_guesses_has_few_tries(each_world: World, person: Profile) -> None:
    link = f"{each_world.link('preferences', person)}/data"
    Reader(each_world.client()).post(link, [("do", "send")])
    code = code_in(each_world)
    wrong = f"{(int(code.replace(' ', '')) + 1) % 10**6:06}"
    for _ in range(TRIES):
        Reader(each_world.client()).post(link, [("do", "save"), ("code", wrong)])
    page = Reader(each_world.client()).post(link, [("do", "save"), ("code", code)])
    assert page.status == 422


def test_a_code_ends_after_minutes_and_with_the_next_one(
    each_world: World, person: Profile
) -> None:
    link = f"{each_world.link('preferences', person)}/data"
    Reader(each_world.client()).post(link, [("do", "send")])
    first = code_in(each_world)
    Reader(each_world.client()).post(link, [("do", "send")])
    second = code_in(each_world)
    if first != second:
        entered = [("do", "save"), ("code", first)]
        assert Reader(each_world.client()).post(link, entered).status == 422
    each_world.clock.pass_by(minutes=MINUTES)
    page = Reader(each_world.client()).post(link, [("do", "save"), ("code", second)])
    assert page.status == 422


def test_a_code_is_not_stored_as_it_is(world: World) -> None:
    person = world.person(SAID)
    link = f"{world.link('preferences', person)}/data"
    Reader(world.client()).post(link, [("do", "send")])
    code = code_in(world).replace(" ", "")
    assert code not in repr(world.dump()["code"])
    assert OneTimeCode.select().count(world.database) == 1


def test_one_persons_code_opens_nobody_elses_data(world: World) -> None:
    person, other = world.person(SAID), world.person(SAID, email="b@example.com")
    Reader(world.client()).post(f"{world.link('preferences', person)}/data", [("do", "send")])
    entered = [("do", "save"), ("code", code_in(world))]
    page = Reader(world.client()).post(f"{world.link('preferences', other)}/data", entered)
    assert page.status == 422


def test_the_way_to_the_data_ends_after_half_an_hour(world: World) -> None:
    page = prove(world, world.person(SAID))
    world.clock.pass_by(minutes=29)
    assert page.open(page.address).status == 200
    world.clock.pass_by(minutes=2)
    assert page.open(page.address).status == 410


def test_it_can_be_downloaded(each_world: World, person: Profile) -> None:
    page = prove(each_world, person)
    answer = each_world.client().get(page.links()["Download my data"])
    assert answer.mimetype == "application/json"
    assert "attachment" in answer.headers["Content-Disposition"]
    content = json.loads(answer.get_data())
    assert content["state"]["contact:email"] == EMAIL
    assert content["state"]["answer:people"]["said"] == 3
    assert content["roles"] == ["trade"]
    assert [each["subject"] for each in content["records"][0]["changes"]]


# ── erasing ─────────────────────────────────────────────────────────────────────────────────


def test_erasing_leaves_nothing_but_that_there_were_records(
    each_world: World, person: Profile, tag: str
) -> None:
    page = prove(each_world, person, tag)
    assert page.says(said(tag, KEPT))
    page.press(said(tag, "Delete everything now"))
    assert page.heading == said(tag, "Your data is deleted")
    stored = repr(each_world.dump())
    for trace in (EMAIL, "+355691234567", person.handle):
        assert trace not in stored, trace
    assert ConsentValue.select().count(each_world.database) == 0
    assert models.Profile.select().count(each_world.database) == 0
    doors = (
        ConsentRecord.select(ConsentRecord.door)
        .order_by(ConsentRecord.id)
        .tuples()
        .execute(each_world.database)
    )
    assert [door for (door,) in doors] == ["import", "my-data"]
    again = Reader(each_world.client()).open(each_world.link("preferences", person))
    assert again.status == 410
    hashes = each_world.signer.addresses
    assert suppressed(each_world.database, "kutia", [EMAIL], hashes) == {EMAIL}
    assert Job.select().where(Job.payload.is_null(False)).count(each_world.database) == 0


# ── links that somebody else has ────────────────────────────────────────────────────────────


def test_links_can_be_ended_and_a_new_one_comes_by_mail(each_world: World, person: Profile) -> None:
    old = each_world.link("preferences", person)
    way_out = each_world.link("unsubscribe", person)
    page = prove(each_world, person).press("Cancel my links and send me a new one")
    assert page.says("Your old links no longer work.")
    assert Reader(each_world.client()).open(old).status == 410
    assert Reader(each_world.client()).open(way_out).status == 200
    assert Reader(each_world.client()).open(link_in(letters(each_world)[-1][2])).status == 200


# ── another address ─────────────────────────────────────────────────────────────────────────


def test_an_address_changes_only_when_confirmed_there_and_the_old_one_is_told(
    each_world: World, person: Profile, tag: str
) -> None:
    page = prove(each_world, person, tag)
    page.fill(said(tag, "New email address"), NEW_ADDRESS)
    page.press(said(tag, "Send confirmation email"))
    kind, recipient, text = letters(each_world)[-1]
    assert (kind, recipient) == ("new-address", NEW_ADDRESS)
    assert each_world.state(person)["contact:email"] == EMAIL
    confirm = Reader(each_world.client()).open(link_in(text))
    assert each_world.state(person)["contact:email"] == EMAIL
    confirm.press(said(tag, "Confirm"))
    assert confirm.says(said(tag, "Your address is confirmed"))
    assert each_world.state(person)["contact:email"] == NEW_ADDRESS
    assert NEW_ADDRESS in find_contacts(each_world.database, "kutia", [NEW_ADDRESS, EMAIL])
    assert EMAIL not in find_contacts(each_world.database, "kutia", [NEW_ADDRESS, EMAIL])
    kind, recipient, told = letters(each_world)[-1]
    assert (kind, recipient) == ("address-changed", EMAIL)
    assert NEW_ADDRESS not in told
    assert Reader(each_world.client()).open(link_in(text)).status == 410


def test_only_the_latest_wish_counts(each_world: World, person: Profile) -> None:
    page = prove(each_world, person)
    links = []
    for address in ("first@example.com", "second@example.com"):
        page.fill("New email address", address).press("Send confirmation email")
        links.append(link_in(letters(each_world)[-1][2]))
    assert Reader(each_world.client()).post(links[0], [("do", "move")]).status == 410
    Reader(each_world.client()).post(links[1], [("do", "move")])
    assert each_world.state(person)["contact:email"] == "second@example.com"


@pytest.mark.parametrize("how", ["used", "expired"])
def test_a_link_that_confirms_nothing_any_more_offers_no_button_that_does_nothing(
    each_world: World, person: Profile, how: str
) -> None:
    page = prove(each_world, person)
    page.fill("New email address", NEW_ADDRESS).press("Send confirmation email")
    link = link_in(letters(each_world)[-1][2])
    if how == "used":
        Reader(each_world.client()).open(link).press("Confirm")
    each_world.clock.pass_by(days=3)
    ended = Reader(each_world.client()).open(link)
    assert ended.status == 410
    assert not ended.document.all("button")


def test_an_address_that_leads_to_somebody_else_stays_theirs(
    each_world: World, person: Profile
) -> None:
    other = each_world.person(SAID, email="b@example.com")
    page = prove(each_world, person)
    page.fill("New email address", "b@example.com").press("Send confirmation email")
    assert page.says("We have sent an email to the new address."), (
        "which tells nothing of who is known"
    )
    confirm = Reader(each_world.client()).open(link_in(letters(each_world)[-1][2])).press("Confirm")
    assert confirm.status == 409
    assert each_world.state(person)["contact:email"] == EMAIL
    assert each_world.state(other)["contact:email"] == "b@example.com"
    held = Identity.select().where(Identity.value == "b@example.com").count(each_world.database)
    assert held == 1


def test_an_undo_never_brings_an_address_back(each_world: World, person: Profile) -> None:
    page = prove(each_world, person)
    page.fill("New email address", NEW_ADDRESS).press("Send confirmation email")
    Reader(each_world.client()).post(link_in(letters(each_world)[-1][2]), [("do", "move")])
    now = each_world.read(person)
    link = each_world.link("preferences", now)
    undo = [("do", "undo"), ("revision", str(now.revision))]
    assert Reader(each_world.client()).post(link, undo).status == 409
    assert each_world.state(person)["contact:email"] == NEW_ADDRESS


def test_a_mailed_links_token_opens_no_data(world: World) -> None:
    person = world.person(SAID)
    for purpose in MAILED:
        assert Reader(world.client()).open(f"/d/{world.token(purpose, person)}").status == 403
