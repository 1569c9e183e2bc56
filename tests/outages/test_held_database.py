"""A database that somebody else holds: people are told, and keep what they entered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playhouse.pool import PooledPostgresqlDatabase

from tests.support.houses import FORM, SHOP, SOON, House, impatient, on_sqlite
from tests.support.lint_rules import Document
from widget_backend.store import timeouts
from widget_backend.store.database import open_database, write_transaction


@contextmanager
def held(house: House, database_url: str) -> Iterator[None]:
    """Somebody else holds what every save needs."""
    other = open_database(database_url)
    with other.connection_context(), write_transaction(other):
        if isinstance(other, PooledPostgresqlDatabase):
            other.execute_sql("LOCK TABLE profile IN ACCESS EXCLUSIVE MODE")
        with impatient():
            yield
    if isinstance(other, PooledPostgresqlDatabase):
        other.close_all()


@pytest.mark.parametrize("tag", ["en", "sq", "ar"])
def test_what_was_typed_is_kept_and_is_saved_by_the_button_that_tries_again(
    house: House, database_url: str, tag: str
) -> None:
    address = f"{house.path()}?lang={tag}"
    with held(house, database_url):
        refused = house.client().post(address, data={**FORM, "note": 'të "gjitha"\n<b>'})
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "10"
    assert refused.headers["Cache-Control"].startswith("no-store")
    (form,) = Document(refused.get_data(as_text=True)).all("form")
    assert form.get("action") == address
    sent = {each.get("name"): each.get("value") for each in form.iter() if each.get("name")}
    assert sent == {**FORM, "note": 'të "gjitha"\n<b>'}
    assert house.state() == {}
    house.database.close()
    assert house.client().post(address, data=sent).status_code == 303
    assert house.state() == {"overall": {"reach": "off", "until": None}}


def test_a_mail_program_that_presses_unsubscribe_is_told_to_ask_again(
    house: House, database_url: str
) -> None:
    client, address = house.app.test_client(), house.path("one-click")
    body = {"List-Unsubscribe": "One-Click"}
    with held(house, database_url):
        refused = client.post(address, data=body)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert client.post(address, data=body).status_code == 200


def test_the_widget_is_told_by_a_status_at_which_its_form_stays(
    house: House, database_url: str
) -> None:
    address = f"{house.path('embed')}/fragment"
    with held(house, database_url):
        refused = house.client().post(address, data=FORM, headers={"Origin": SHOP})
    assert refused.status_code == 503
    assert refused.headers["Access-Control-Allow-Origin"] == SHOP


@on_sqlite
def test_a_page_is_read_while_somebody_else_writes(house: House, database_url: str) -> None:
    with held(house, database_url):
        assert house.client().get(house.path()).status_code == 200


@on_sqlite
def test_after_one_waited_in_vain_for_another_program_all_others_are_told_at_once(
    house: House, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeouts, "BETWEEN_TRIES", SOON)
    with held(house, database_url):
        house.client().post(house.path(), data=FORM)
    # Nobody holds it any more: who is refused now was not even let try.
    assert house.client().post(house.path(), data=FORM).status_code == 503
    monkeypatch.setattr(timeouts, "BETWEEN_TRIES", 0)
    assert house.client().post(house.path(), data=FORM).status_code == 303
    assert house.client().post(house.path(), data=FORM).status_code == 303
