"""What people do on the pages, a step each: open their choices, sign up, prove who they are."""

from __future__ import annotations

import re
from datetime import date
from email import message_from_string
from email.policy import SMTPUTF8
from typing import Any

from tests.support.browsing import Reader
from tests.support.words import Text, said
from tests.support.words.account import CODE_FROM_EMAIL, SEND_CODE, SHOW_DATA
from tests.support.words.labels import EMAIL_CHANNEL, GETS_TOPIC
from tests.support.words.preferences import PAUSE_UNTIL
from tests.support.worlds import EMAIL, OFFERS_NAME, World
from widget_backend.i18n.languages import language
from widget_backend.links import PATHS, Link, Purpose
from widget_backend.rules.state import difference
from widget_backend.store import models
from widget_backend.store.ledger import ConsentContext, Door, Wording
from widget_backend.store.models import Job
from widget_backend.store.outbox import PRETENDED
from widget_backend.store.profiles import Profile
from widget_backend.store.saves import save_in_transaction

SEND = [("do", "send")]
NEW_ADDRESS = "moved.person@example.com"
SEND_FORM = {"do": "send"}
MOVE = {"do": "save", "email": NEW_ADDRESS}
DOORS = ("/s/kutia", "/s/kutia/fragment")
NEW = "visitor@example.com"
NAME = "0123456789abcdef" * 2
STRANGER = "nobody.known@example.com"


def asked(world: World, person: Profile, tag: str = "en") -> Reader:
    return Reader(world.client()).open(world.link("questions", person, tag))


def answers(world: World, person: Profile) -> dict[str, Any]:
    """What was answered, without when."""
    return {
        subject.partition(":")[2]: {key: what for key, what in said.items() if key != "at"}
        for subject, said in world.state(person).items()
        if subject.startswith("answer:")
    }


def answered(world: World, **said: Any) -> dict[str, Any]:
    """The state of somebody who has said this just now."""
    at = int(world.clock().timestamp())
    return {
        f"answer:{key.replace('_', '-')}": {"said": what, "at": at} for key, what in said.items()
    }


def data(world: World, person: Profile, topic: str, purpose: Purpose = "preferences") -> str:
    """Where a code is asked for, from the mail about this topic."""
    said = Link("kutia", person.handle, topic=topic)
    return f"/{PATHS[purpose]}/{world.signer.mint(purpose, said, world.clock())}/data"


def messages(world: World) -> list[tuple[str, str, str]]:
    """Kind, recipient and text of what waits in the outbox, to be sent to somebody."""
    waiting = Job.due_at.is_null(False) & (Job.kind != PRETENDED)
    query = Job.select(Job.kind, Job.payload).where(waiting).order_by(Job.id)
    found = []
    for kind, payload in query.tuples().execute(world.database):
        body = message_from_string(payload["message"], policy=SMTPUTF8).get_body(("plain",))
        found.append((kind, payload["recipient"], body.get_content() if body else ""))
    return found


def link_in(text: str) -> str:
    found = re.findall(r"https://prefs\.kutia\.example(/\S+)", text)
    assert len(found) == 1
    return str(found[0])


def sign_up(world: World, email: str = NEW, *topics: str, name: str = NAME, tag: str = "en") -> str:
    """Signs up; returns the path of the link in the message that came."""
    before = len(messages(world))
    world.hurried_client().post(
        f"/s/kutia?lang={tag}", data=_fields(form(email, *topics, name=name))
    )
    found = messages(world)[before:]
    assert [(kind, to) for kind, to, _ in found] == [("confirm", email)]
    return link_in(found[0][2])


def _fields(entries: list[tuple[str, str]]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for key, value in entries:
        fields.setdefault(key, []).append(value)
    return fields


def send_sign_up(world: World, email: str, number: int) -> Reader:
    return Reader(world.client()).post("/s/kutia", form(email, name=f"{number:032x}"))


def record(
    world: World,
    person: Profile,
    wanted: dict[str, Any],
    door: Door = "import",
    evidence: dict[str, str] | None = None,
) -> None:
    """What a save of this, also of nothing, leaves behind."""
    now = world.read(person)
    at = int(world.clock().timestamp())
    how = ConsentContext(at, door, Wording.of("kutia", "en", {}), evidence)
    save_in_transaction(world.database, now, difference(now.state, wanted), how)


def topic_link(world: World, person: Profile, topic: str = "offers", tag: str | None = None) -> str:
    said = Link(person.site, person.handle, tag, campaign="spring-upload-v2", topic=topic)
    return f"/u/{world.signer.mint('unsubscribe', said, world.clock())}"


def button(tag: str, name: Text, meaning: Text) -> str:
    """A button with a second line that says what it does."""
    return f"{said(tag, name)} {said(tag, meaning)}"


def pauses(tag: str) -> list[str]:
    """The buttons of the pauses that are on offer on the first day of a world."""
    days = (date(2027, 3, 31), date(2027, 5, 31), date(2027, 8, 30))
    return [said(tag, PAUSE_UNTIL, date=language(tag).date(each)) for each in days]


def comes_as(tag: str, frequency: Text, sentence: Text = GETS_TOPIC) -> str:
    """How the topic of the offers comes, by email."""
    how = {"channel": said(tag, EMAIL_CHANNEL), "frequency": said(tag, frequency)}
    return said(tag, sentence, topic=OFFERS_NAME, **how)


def code_in(world: World) -> str:
    kind, recipient, text = messages(world)[-1]
    assert (kind, recipient) == ("code", EMAIL)
    (found,) = re.findall(r"^(\d{3} \d{3})\r?$", text, re.MULTILINE)
    return str(found)


def prove(
    world: World, person: Profile, tag: str = "en", purpose: Purpose = "preferences"
) -> Reader:
    """Goes from a mailed link to the data, by the code in the mail."""
    page = Reader(world.client()).open(f"{world.link(purpose, person, tag)}/data?lang={tag}")
    page.press(said(tag, SEND_CODE))
    page.fill(said(tag, CODE_FROM_EMAIL), code_in(world))
    return page.press(said(tag, SHOW_DATA))


def at(world: World, person: Profile, tag: str = "en") -> Reader:
    return Reader(world.client()).open(world.link("preferences", person, tag))


def data_path(world: World, person: Profile) -> str:
    return f"{world.link('preferences', person)}/data"


def form(email: str = NEW, *topics: str, name: str = NAME) -> list[tuple[str, str]]:
    chosen = [("topics", each) for each in topics or ("offers",)]
    return [("form", name), ("email", email), *chosen, ("do", "save")]


def newest(world: World) -> Profile:
    query = (
        models.Profile.select(models.Profile.site, models.Profile.handle)
        .order_by(models.Profile.id.desc())
        .limit(1)
    )
    site, handle = query.tuples().execute(world.database)[0]
    return world.read(world.person(email="")._replace(site=site, handle=handle))
