"""Two buttons pressed at once, of which one deletes the data: nobody meets a fault of ours."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from peewee import Database

from tests.support.browsing import Reader
from tests.support.steps import MOVE, SEND_FORM, data_path, messages
from tests.support.together import SAME_ORIGIN
from tests.support.worlds import SAID, World
from widget_backend.actions import account
from widget_backend.store.erasure import forget
from widget_backend.store.profiles import Profile


@pytest.fixture
def person(each_world: World) -> Profile:
    return each_world.person(SAID)


@pytest.mark.parametrize(
    ("path", "form"), [("data code", SEND_FORM), ("data", MOVE)], ids=["a code", "a move"]
)
def test_what_is_asked_for_while_the_data_is_deleted_finds_nobody(
    each_world: World,
    person: Profile,
    path: str,
    form: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write = account.write

    def write_after_deleting(database: Database, action: Callable[[], object]) -> object:
        forget(database, {person.id: person.ledger_key})
        return write(database, action)

    paths = {"data code": data_path(each_world, person), "data": each_world.link("data", person)}
    monkeypatch.setattr(account, "write", write_after_deleting)
    assert Reader(each_world.client()).post(paths[path], list(form.items())).status == 410
    assert not messages(each_world)


def test_confirming_and_deleting_at_once_wait_for_each_other_in_no_circle(
    each_world: World,
) -> None:
    for number in range(4):
        email = f"person{number}@example.com"
        data = each_world.link("data", each_world.person(SAID, email=email))
        confirming = [
            each_world.link("confirm", each_world.person(SAID, email=email, pending=True))
            for _ in range(2)
        ]
        start = Barrier(4)

        def press(path: str, start: Barrier = start) -> int:
            client = each_world.hurried_client()
            start.wait()
            try:
                return client.post(path, data={"do": "erase"}, headers=SAME_ORIGIN).status_code
            finally:
                each_world.database.close()

        with ThreadPoolExecutor(4) as threads:
            assert set(threads.map(press, [data, data, *confirming])) <= {200, 303, 410}
