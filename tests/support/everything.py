"""Somebody of whom every table holds something, with values that occur nowhere else."""

from __future__ import annotations

from peewee import Database

from tests.support.steps import record, sign_up
from tests.support.worlds import EMAIL, SAID, World
from widget_backend.actions.account import request_address_change, request_code
from widget_backend.actions.evidence import seal_all
from widget_backend.actions.notify import Notifier
from widget_backend.i18n.languages import language
from widget_backend.store import models, models_of_nobody
from widget_backend.store.address_changes import change_address
from widget_backend.store.changes import note_changes
from widget_backend.store.contacts import NEVER
from widget_backend.store.current_contexts import set_context
from widget_backend.store.database import write_transaction
from widget_backend.store.deliverability import mark_undeliverable
from widget_backend.store.deliveries import Delivery, Message, keep_deliveries
from widget_backend.store.ledger import ConsentContext, Wording
from widget_backend.store.profiles import Profile
from widget_backend.store.reasons import count_reason
from widget_backend.store.requests import NewRequest, keep_request
from widget_backend.store.reservations import Reservation, take_many
from widget_backend.store.run_effects import Before, Effect, record_effects
from widget_backend.store.staff_uses import Use, note_use

WRITTEN = "Canary.Person@Example.Com"
FORMER, WANTED = "canary.former@old.example", "canary.wanted@new.example"
PHONE, STREET = "+355697770001", "Canary Lane 17, شارع الكناري"
CUSTOMER, ANSWER, FIELD = "CANARY-0042", "canary answer çë", "Canary Fieldman"
EVIDENCE, KEY_OF_SENDER = "203.0.113.177 canary-form", "canary-key of arta"
CANARIES = (
    EMAIL,
    WRITTEN,
    FORMER,
    WANTED,
    PHONE,
    STREET,
    CUSTOMER,
    ANSWER,
    FIELD,
    EVIDENCE,
    KEY_OF_SENDER,
)
"""What leads to the person, beside the key of the links that they were sent."""


def somebody(world: World) -> Profile:
    """A person who did everything that can be done here, and had everything done to them."""
    person = world.person(SAID, email=FORMER)
    database, now = world.database, int(world.clock().timestamp())
    change_address(database, person, "none", EMAIL, _how(world), None, world.signer.addresses)
    _know_details(world, world.read(person))
    person = world.read(person)
    with write_transaction(database):
        _be_known_to_staff(database, person, now)
        _be_written_to(database, person, now)
    _be_imported(world, person, now)
    _ask_for_messages(world, person)
    _sign_up_again(world, person)
    while any(seal_all(database, person.site)):
        pass
    return world.read(person)


def _how(world: World) -> ConsentContext:
    at = int(world.clock().timestamp())
    return ConsentContext(at, "hosted", Wording.of("kutia", "en", {"title": "Choices"}))


def _know_details(world: World, person: Profile) -> None:
    at = int(world.clock().timestamp())
    details = {
        "contact:phone": PHONE,
        "contact:post": STREET,
        "contact:customer": CUSTOMER,
        "answer:wish": {"said": ANSWER, "at": at},
        "overall": {"reach": "paused", "until": "2099-01-01"},
        "language": "sq",
        "do_not_track": {"wanted": True, "at": at},
    }
    record(world, person, {**person.state, **details}, evidence={"seen": EVIDENCE})
    record(world, world.read(person), {**world.state(person), "topic:offers": None})
    models.Identity.update(written=WRITTEN).where(models.Identity.value == EMAIL).execute(
        world.database
    )
    models.Role.insert(profile=person.id, role="trade", position=0).execute(world.database)


def _be_known_to_staff(database: Database, person: Profile, now: int) -> None:
    wanted = NewRequest("kutia", person.id, "correct", "phone", now, now + 1, "eu", "Mira")
    keep_request(database, wanted)
    note_use(database, person, Use("looked", now, "Mira"))
    set_context(database, person.id, "open-cart", now + 60)
    note_changes(database, {person.id: person.ledger_key})
    mark_undeliverable(database, person.id, now, now)
    count_reason(database, "kutia", "offers", "2027-03", "many")


def _be_written_to(database: Database, person: Profile, now: int) -> None:
    campaign = {"site": "kutia", "topic": "offers", "sentences": {}, "registered_at": now}
    models_of_nobody.Campaign.insert(**campaign, name="spring").execute(database)
    message = Message(person.id, "spring", "email", now)
    keep_deliveries(database, [Delivery(message, "offers", "sent")])
    place = ("spring", "offers", "email", "shop", now, now + 60, KEY_OF_SENDER)
    take_many(database, [Reservation(person.id, *place)])


def _be_imported(world: World, person: Profile, now: int) -> None:
    number = world.bring(person, **{"full-name": FIELD})
    effect = Effect(person.id, False, 0, person.revision, Before(NEVER, ("trade",)), now)
    record_effects(world.database, number, [effect])


def _ask_for_messages(world: World, person: Profile) -> None:
    context = world.app.extensions["preference-widget"]
    notifier = Notifier(context, world.site(), language("en"))
    assert request_code(notifier, person, world.token("preferences", person))
    assert request_address_change(notifier, person, WANTED, WANTED.upper())


def _sign_up_again(world: World, person: Profile) -> None:
    """Once confirmed, so that it became part of the person, and once more without confirming."""
    sign_up(world, EMAIL, name="a" * 32)
    joined = models.Profile.update(merged_into=person.id, pending=False)
    joined.where(models.Profile.handle == "a" * 32).execute(world.database)
    sign_up(world, EMAIL, name="b" * 32)


OF_NOBODY = {"campaign.segment", "run.staff", "run.undo_staff", "request.done_staff", "seal.block"}
"""Columns that may be empty: no person said what they hold."""
NUMBERS = ("int", "bigint", "smallint", "bool")
"""How the types of columns begin that hold times, counts and numbers of rows."""


def empty_columns(database: Database) -> list[str]:
    """Columns in which nothing is and that could hold something of a person."""
    return [
        name
        for table in sorted(set(database.get_tables()) - {"schema_migration"})
        for column in database.get_columns(table)
        if (name := f"{table}.{column.name}") not in OF_NOBODY
        and not column.data_type.lower().startswith(NUMBERS)
        and not _values(database, table, column.name)
    ]


def _values(database: Database, table: str, column: str) -> int:
    query = f'SELECT count("{column}") FROM "{table}"'
    return int(database.execute_sql(query).fetchone()[0])
