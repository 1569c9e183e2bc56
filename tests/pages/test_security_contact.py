"""`security.txt` (RFC 9116) says where people report weaknesses, if the operator says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.support.worlds import DIMORA_SITE, KUTIA, World
from widget_backend.site.load import SiteInLanguages

ADDRESS = "/.well-known/security.txt"
CONTACTS = ("mailto:security@shop.example", "https://shop.example/report", "tel:+355-42-1")


def declare(world: World, *contacts: str, sites: tuple[SiteInLanguages, ...] = ()) -> None:
    context = world.app.extensions["preference-widget"]
    served = {each.id: each for each in sites} or context.sites
    known = replace(context, security_contact=contacts, sites=served)
    world.app.extensions["preference-widget"] = known


def fields_of(world: World) -> list[tuple[str, str]]:
    answer = world.client().get(ADDRESS)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = [line.partition(": ") for line in answer.get_data(as_text=True).splitlines()]
    return [(name, value) for name, _, value in lines]


def test_without_the_setting_there_is_no_such_file(world: World) -> None:
    assert world.client().get(ADDRESS).status_code == 404


def test_contacts_stand_in_the_order_of_the_setting(world: World) -> None:
    declare(world, *CONTACTS)
    assert [value for name, value in fields_of(world) if name == "Contact"] == [*CONTACTS]


@pytest.mark.parametrize("days", [0, 1, 1000])
def test_it_can_be_relied_on_for_less_than_a_year_from_whenever_it_is_read(
    world: World, days: int
) -> None:
    declare(world, *CONTACTS)
    world.clock.pass_by(days=days)
    expires = datetime.fromisoformat(dict(fields_of(world))["Expires"])
    assert timedelta(days=90) < expires - world.clock() < timedelta(days=365)


def test_it_is_the_same_all_day(world: World) -> None:
    declare(world, *CONTACTS)
    early = fields_of(world)
    world.clock.pass_by(hours=11)
    assert fields_of(world) == early
    world.clock.pass_by(hours=2)
    assert fields_of(world) != early


def test_languages_are_those_that_the_owners_write(world: World) -> None:
    declare(world, *CONTACTS)
    owners = dict.fromkeys(each.site.source_language for each in (KUTIA, DIMORA_SITE))
    assert dict(fields_of(world))["Preferred-Languages"] == ", ".join(owners)


@pytest.mark.parametrize(
    ("urls", "canonical"),
    [
        (["https://prefs.example"], "https://prefs.example/.well-known/security.txt"),
        (["https://prefs.example"] * 2, "https://prefs.example/.well-known/security.txt"),
        (["https://prefs.example", "https://other.example"], None),
        (["http://127.0.0.1:8000"], None),
    ],
)
def test_it_names_its_own_address_where_all_sites_have_one(
    world: World, urls: list[str], canonical: str | None
) -> None:
    both = (KUTIA, DIMORA_SITE)
    declare(world, *CONTACTS, sites=tuple(s.at(u, ()) for s, u in zip(both, urls, strict=False)))
    assert dict(fields_of(world)).get("Canonical") == canonical
