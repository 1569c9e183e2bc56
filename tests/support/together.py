"""Forms that are sent in the same moment, each from a thread of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from werkzeug.test import TestResponse

from tests.support.worlds import SHOP, World

TOGETHER = 8
SAME_ORIGIN = {"Origin": SHOP, "Sec-Fetch-Site": "same-origin"}


def all_at_once(world: World, path: str, forms: list[dict[str, str]]) -> list[int]:
    """The answers to all these forms, sent together, each from a thread of its own."""

    def send(form: dict[str, str]) -> int:
        try:
            return world.hurried_client().post(path, data=form, headers=SAME_ORIGIN).status_code
        finally:
            world.database.close()

    with ThreadPoolExecutor(len(forms)) as threads:
        return list(threads.map(send, forms))


def pressed_at_once(world: World, path: str, form: dict[str, str]) -> list[TestResponse]:
    """The answers to one form that is sent many times in the same moment."""
    start = Barrier(TOGETHER)

    def press(_: int) -> TestResponse:
        client = world.hurried_client()
        start.wait()
        try:
            return client.post(path, data=form, headers=SAME_ORIGIN)
        finally:
            world.database.close()

    with ThreadPoolExecutor(TOGETHER) as threads:
        return list(threads.map(press, range(TOGETHER)))
