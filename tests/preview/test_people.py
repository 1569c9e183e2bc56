"""Sample people: the same each time, of every language, and never against what somebody chose."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from peewee import Database

from tests.support.worlds import DIMORA_SITE, declaring, make_world
from widget_backend.preview.people import KINDS, add_people, email_of, sample_people
from widget_backend.rules.state import difference
from widget_backend.rules.topics import unreachable_topics
from widget_backend.site.load import SiteInLanguages, load_site
from widget_backend.site.new_site import write_site
from widget_backend.site.ready_sites import NewSite, ready_sets
from widget_backend.store.contacts import find_contacts
from widget_backend.store.erasure import erase
from widget_backend.store.ledger import ConsentContext, no_wording
from widget_backend.store.profiles import read_profile
from widget_backend.store.saves import save
from widget_backend.store.suppression import suppressed

NOW = 1_800_000_000


def test_there_are_three_people_in_each_language_and_the_same_each_time() -> None:
    people = list(sample_people(DIMORA_SITE))
    emails = [email_of(kind, tag) for tag in ("en", "sq", "ar") for kind in KINDS]
    assert [each.email for each in people] == emails
    assert [each.state.language for each in people] == [tag for tag in ("en", "sq", "ar")
                                                        for _ in KINDS]  # fmt: skip
    assert people == list(sample_people(DIMORA_SITE))


def _ready(folder: Path, name: str) -> SiteInLanguages:
    channels = ["post", "email", "sms", "phone"]
    new = NewSite("shop", "Shop", "https://prefs.example", ["en", "ar"], [name], channels)
    return load_site(write_site(folder / "new", new)[0])


@pytest.mark.parametrize("name", ["dimora", *ready_sets()])
def test_one_has_every_role_and_topic_and_what_its_channels_need(name: str, tmp_path: Path) -> None:
    site = DIMORA_SITE if name == "dimora" else _ready(tmp_path, name)
    everything, new, left = list(sample_people(site))[:3]
    own = site.site
    assert everything.roles == tuple(role.id for role in own.roles)
    assert everything.state.preferences().keys() == {each.id for each in own.topics}
    for topic in own.topics:
        chosen = everything.state.preferences()[topic.id]
        assert chosen["channel"] in topic.channels
        assert chosen["frequency"] in topic.frequencies
    assert not unreachable_topics(everything.state)
    assert [each["on"] for each in new.state.preferences().values()] == [True]
    assert left.state.reach == "off"


def test_a_site_whose_topics_all_need_a_role_or_another_channel_has_its_people_too() -> None:
    closed = tuple(replace(each, roles=("professional",), channels=("post",))
                   for each in DIMORA_SITE.site.topics)  # fmt: skip
    people = list(sample_people(declaring(DIMORA_SITE, topics=closed)))
    assert len(people) == 9


def test_people_keep_what_somebody_chose_for_them_and_the_erased_come_back(
    database: Database,
) -> None:
    world = make_world(database)
    hashes, site = world.signer.addresses, DIMORA_SITE
    add_people(database, site, hashes, NOW)
    all_of_them = [each.email for each in sample_people(site)]
    before = find_contacts(database, site.id, all_of_them)
    assert before.keys() == set(all_of_them)
    how = ConsentContext(NOW, "hosted", no_wording(site.id, "en"))
    chosen, gone = (before[email_of(kind, "en")].profile for kind in ("left", "new"))
    off = chosen.state["overall"]
    save(database, chosen, difference(chosen.state, {"overall": off | {"reach": "less"}}), how)
    erase(database, read_profile(database, site.id, gone.handle), how, hashes)
    assert suppressed(database, site.id, all_of_them, hashes) == {email_of("new", "en")}
    add_people(database, site, hashes, NOW + 1)
    assert not suppressed(database, site.id, all_of_them, hashes)
    after = find_contacts(database, site.id, all_of_them)
    assert after.keys() == before.keys()
    assert read_profile(database, site.id, chosen.handle).state.reach == "less"
    changed = {email for email in after if after[email].profile.id != before[email].profile.id}
    assert changed == {email_of("new", "en")}
