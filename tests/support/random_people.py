"""Random people for properties: what each said, where and when, as saves one after another."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

from hypothesis import strategies as st
from peewee import Database

from widget_backend.rules.basis import ASKED, BASES, Ground, grounded
from widget_backend.rules.state import difference
from widget_backend.store.contact_details import Detail, with_details
from widget_backend.store.contacts import find_contacts
from widget_backend.store.database import write_transaction
from widget_backend.store.ledger import ConsentContext, Wording
from widget_backend.store.new_contacts import NewContact, create_contacts
from widget_backend.store.saves import save_in_transaction

DETAILS_OF_ALL: tuple[Detail, ...] = ("phone", "post", "customer", "answers")
BEGIN = 1_700_000_000
NUMBERS = count()
ON = {
    "offers": [("email", "weekly"), ("sms", "monthly")],
    "news": [("post", "monthly"), ("email", "monthly")],
    "calls": [("phone", "weekly")],
    "trade-lists": [("email", "monthly")],
}
"""Channels and frequencies of the topics of the shop."""

OVERALLS = [
    {"reach": "as_chosen", "until": None},
    {"reach": "less", "until": None},
    {"reach": "paused", "until": "2999-01-01"},
    {"reach": "paused", "until": "2026-01-01"},
    {"reach": "off", "until": None},
]

WISHES = [{"wanted": wanted, "at": BEGIN + at} for wanted in (True, False) for at in (0, 5)]

GROUNDS = [
    *[ASKED] * 4,
    *(Ground(basis, BEGIN - days * 86_400) for basis in BASES for days in (1, 2)),
    Ground("pre_ticked", None),
]


def _topic(name: str) -> st.SearchStrategy[dict[str, Any]]:
    choices = st.tuples(st.booleans(), st.sampled_from(ON[name]), st.sampled_from(GROUNDS))
    return choices.map(lambda choice: {f"topic:{name}": _choice(*choice)})


def _choice(on: bool, how: tuple[str, str], ground: Ground) -> dict[str, Any]:
    preference = {"on": on, "channel": how[0], "frequency": how[1]}
    choice: dict[str, Any] = grounded(preference, ground) if on else preference
    return choice


def _answer(name: str, said: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    kinds = [st.builds(dict, said=said), st.just({"skipped": True}), st.just({"declined": True})]
    times = st.integers(BEGIN, BEGIN + 9)
    return st.tuples(st.one_of(kinds), times).map(
        lambda each: {f"answer:{name}": {**each[0], "at": each[1]}}
    )


CHOICES = st.one_of(
    *map(_topic, ON),
    st.sampled_from(OVERALLS).map(lambda overall: {"overall": overall}),
    st.sampled_from(["en", "sq", "pt-BR"]).map(lambda tag: {"language": tag}),
    st.sampled_from(WISHES).map(lambda wish: {"do_not_track": wish}),
)
"""What imports and people say."""

DETAILS = st.one_of(
    st.sampled_from(["+355691234567", "+4915112345678"]).map(lambda it: {"contact:phone": it}),
    st.sampled_from(["Rruga 1,\n1001 “Tirana”", "=1"]).map(lambda it: {"contact:post": it}),
    _answer("rooms", st.lists(st.sampled_from(["bath", "attic"]), unique=True)),
    _answer("household", st.integers(-3, 3)),
    _answer("note", st.sampled_from(["=1+1; “نور”", "'tis", "a,b\nc"])),
)


@dataclass(frozen=True)
class Saved:
    """One save: what was said, after how many seconds, and where. From another system the time may
    be unknown."""

    values: dict[str, Any]
    after: int
    is_here: bool
    is_dated: bool


@dataclass(frozen=True)
class RandomPerson:
    """Somebody's roles, whether they have a customer number, when mail to them came back, and their
    saves in order."""

    roles: tuple[str, ...]
    is_customer: bool
    back_at: int | None
    saves: list[Saved]


def _saves(values: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[list[Saved]]:
    after, yes_no = st.integers(0, 5), st.booleans()
    return st.lists(st.builds(Saved, values, after, yes_no, yes_no), max_size=7)


PEOPLE = st.lists(
    st.builds(
        RandomPerson,
        st.sampled_from([(), ("trade",), ("club", "trade")]),
        st.booleans(),
        st.none() | st.integers(BEGIN, BEGIN + 9),
        _saves(st.one_of(CHOICES, DETAILS)),
    ),
    min_size=1,
    max_size=5,
)


def store_people(database: Database, people: list[RandomPerson]) -> list[str]:
    """Put them into the shop; returns their addresses."""
    addresses = [f"P{next(NUMBERS)}@example.com" for _ in people]
    with write_transaction(database):
        for address, person in zip(addresses, people, strict=True):
            contact = NewContact(address.lower(), person.roles, person.back_at, address)
            create_contacts(database, "shop", BEGIN, [contact])
            number = Saved({"contact:customer": f"K-{address}"}, 0, is_here=False, is_dated=False)
            numbers = [number] if person.is_customer else []
            store_saves(database, address.lower(), [*numbers, *person.saves])
    return addresses


def store_saves(database: Database, email: str, saves: list[Saved], begin: int = BEGIN) -> None:
    wording, at = Wording.of("shop", "en", {}), begin
    for each in saves:
        at += each.after
        found = find_contacts(database, "shop", [email])
        profile = with_details(database, found, ["phone", "post", "customer", "answers"])[
            email
        ].profile
        there = {"evidence": {"file": "f"}, "said_there": at if each.is_dated else None}
        how = ConsentContext(at, "hosted", wording, **({} if each.is_here else there))  # type: ignore[arg-type]
        save_in_transaction(database, profile, difference(profile.state, each.values), how)
