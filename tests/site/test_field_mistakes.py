"""Fields of a site file: what each may say, and how they fit each other and the rest."""

from __future__ import annotations

import pytest

from tests.support.small_site import SITE, Write, case, mistakes_in
from widget_backend.site.load import load_site

STAGES = '[[stages]]\nid = "now"'
CITY = '[[fields]]\nid = "city"\nname = "City"\nkind = "text"\n'
SPENT = '[[fields]]\nid = "spent"\nname = "Spent"\nkind = "number"\nunit = "EUR"\n'


def declared(*fields: str) -> tuple[str, str]:
    return STAGES, f"{''.join(fields)}{STAGES}"


MISTAKES = [
    case(
        "an unknown kind",
        declared(CITY.replace('"text"', '"place"')),
        says="fields.city.kind: “place” is not a kind of field. "
        "choose one of text, number, date, yes_no.",
    ),
    case(
        "no name",
        declared(CITY.replace('name = "City"\n', "")),
        says="fields.city.name: is missing. add name = ….",
    ),
    case(
        "an id used twice",
        declared(CITY, CITY),
        says="fields: the id “city” is used 2 times. give each its own id.",
    ),
    case(
        "the id of a topic",
        declared(CITY.replace('"city"', '"offers"')),
        says="fields.offers.id: “offers” is the name of a topic already. choose another id.",
    ),
    case(
        "the id of a question",
        declared(CITY.replace('"city"', '"moved"')),
        says="fields.moved.id: “moved” is the name of a question already. choose another id.",
    ),
    case(
        "the name of a column",
        declared(CITY.replace('"city"', '"phone"')),
        says="fields.phone.id: “phone” is the name of a column of exports already. "
        "choose another id.",
    ),
    case(
        "a unit of a text",
        declared(f'{CITY}unit = "km"\n'),
        says="fields.city.unit: is only for fields of kind “number”. remove it.",
    ),
    case(
        "a unit in many words",
        declared(SPENT.replace('"EUR"', '"euros a year"')),
        says="fields.spent.unit: “euros a year” is longer than 10 characters. "
        "write a currency as EUR, or a sign that all languages share, as kg.",
    ),
    case(
        "a lifespan of nothing",
        declared(f"{CITY}lifespan_days = 0\n"),
        says="fields.city.lifespan_days: 0 is less than 1. write 1 or more, or remove the key.",
    ),
    case(
        "a word for true",
        declared(f'{CITY}shown = "no"\n'),
        says="fields.city.shown: “no” is neither true nor false. write true or false, unquoted.",
    ),
    case(
        "an unknown gift",
        declared(f'{CITY}gives = "planet"\n'),
        says="fields.city.gives: “planet” is not a thing that a field gives. "
        "choose one of country, region, time_zone.",
    ),
    case(
        "a country in a number",
        declared(f'{SPENT}gives = "country"\n'),
        says='fields.spent.gives: is only for fields of kind “text”. write kind = "text".',
    ),
    case(
        "two countries",
        declared(
            f'{CITY}gives = "country"\n',
            f'{CITY}gives = "country"\n'.replace('"city"', '"land"'),
        ),
        says="fields.land.gives: the field “city” gives the country already. "
        "leave it at one of them.",
    ),
]


@pytest.mark.parametrize(("replacements", "mistake"), MISTAKES)
def test_a_mistake_is_named_with_key_reason_and_cure(
    write: Write, replacements: list[tuple[str, str]], mistake: str
) -> None:
    assert mistakes_in(write(*replacements)) == [mistake]


def test_fields_stand_in_the_order_of_the_file(write: Write) -> None:
    assert STAGES in SITE
    site = load_site(write(declared(SPENT, CITY))).site
    assert [each.id for each in site.fields] == ["spent", "city"]
    assert site.field("city") is site.fields[1]
    assert site.fields[1].shown
    assert site.field("town") is None
