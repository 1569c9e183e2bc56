"""Pinned versions of the script: each that was published still works against this server."""

from __future__ import annotations

import pytest
from flask import Response

from e2e.support.hosted import SUBSCRIBED
from e2e.support.tab import Tab
from e2e.support.world import EVERY_ROLE, World
from tests.support.words import said
from tests.support.words.labels import GETS_TOPIC_NO_LONGER
from tests.support.words.preferences import SAVE, SAVED, UNDO
from widget_backend.embed.releases import frozen_script, frozen_versions, integrity


def pin(world: World, name: str) -> None:
    """The shop's pages name this version and its hash, as an owner would write them."""
    told = integrity(frozen_script(name))
    attributes = f'/widget/{name}" integrity="{told}" crossorigin="anonymous"'

    def pinned(response: Response) -> Response:
        if response.mimetype == "text/html":
            page = response.get_data(as_text=True)
            response.set_data(page.replace('/widget/v1.js"', attributes))
        return response

    world.shop_app.after_request(pinned)


@pytest.mark.parametrize("name", frozen_versions())
def test_a_pinned_version_saves_and_undoes(tab: Tab, world: World, name: str) -> None:
    person = world.person(SUBSCRIBED, EVERY_ROLE)
    world.sign_in(person.handle)
    pin(world, name)
    tab.open(f"{world.shop}/account")
    tab.click("checkbox", "Decorating tips")
    tab.click("button", SAVE)
    tab.see("heading", SAVED)
    assert world.state(person)["topic:tips"]["on"]
    tab.click("button", UNDO)
    tab.see_text(said("en", GETS_TOPIC_NO_LONGER, topic="Decorating tips"))
    assert "topic:tips" not in world.state(person)
    source = tab.run("() => document.querySelector('script[integrity]').src")
    assert source.endswith(f"/widget/{name}")
