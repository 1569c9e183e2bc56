"""Sites that are replaced while requests and the worker are under way, seen from inside."""

from __future__ import annotations

import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from queue import SimpleQueue

import pytest
from peewee import Database

from tests.support.small_site import write_site
from widget_backend.app import create_app, replace_sites, served_sites
from widget_backend.i18n.languages import language
from widget_backend.jobs.schedule import tasks_of
from widget_backend.server.reloading import reloading
from widget_backend.signing import Signer
from widget_backend.site.load import SiteInLanguages, load_site
from widget_backend.web.request_context import current_context
from widget_backend.web.templates import environment


@pytest.fixture
def two(tmp_path: Path) -> list[SiteInLanguages]:
    """A site before and after."""
    return [load_site(write_site(tmp_path / name, name=name)) for name in ("Before", "After")]


def test_a_request_under_way_ends_with_the_site_that_it_began_with(
    empty_database: Database, two: list[SiteInLanguages]
) -> None:
    app = create_app(two[:1], empty_database, Signer(["k" * 32]))

    @app.before_request
    def replace() -> None:
        replace_sites(app, two[1:])

    pages = [app.test_client().get("/s/shop").text for _ in range(2)]
    assert ["Before" in each for each in pages] == [True, False]
    assert ["After" in each for each in pages] == [False, True]


def test_whoever_asks_in_a_request_gets_the_same_context(
    empty_database: Database, two: list[SiteInLanguages]
) -> None:
    app = create_app(two[:1], empty_database, Signer(["k" * 32]))
    with app.test_request_context("/s/shop"):
        before = current_context()
        replace_sites(app, two[1:])
        assert current_context() is before


def test_error_pages_in_a_language_that_is_new_are_ready_before_one_is_needed(
    empty_database: Database, tmp_path: Path
) -> None:
    file = write_site(tmp_path)
    app = create_app([load_site(file)], empty_database, Signer(["k" * 32]))
    file.write_text(file.read_text().replace('"sq"]', '"sq", "sq-XK"]'))
    replace_sites(app, [load_site(file)])
    compiled = environment(language("sq-XK"), True).cache
    assert compiled is not None
    assert "error.html" in {name for _, name in compiled}


def test_the_worker_asks_for_the_sites_in_each_step(
    empty_database: Database, two: list[SiteInLanguages]
) -> None:
    app = create_app(two[:1], empty_database, Signer(["k" * 32]))
    asked: list[str] = []

    def sites() -> list[object]:
        asked.extend(each.name for each in served_sites(app))
        return []

    task = tasks_of(sites)[-1]  # type: ignore[arg-type]
    task.step(empty_database, 0)
    replace_sites(app, two[1:])
    task.step(empty_database, 0)
    assert asked == ["Before", "After"]


def test_signals_during_a_reload_are_one_more_and_a_fault_ends_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun: SimpleQueue[None] = SimpleQueue()
    go_on: SimpleQueue[Callable[[], object]] = SimpleQueue()

    def reload() -> None:
        begun.put(None)
        go_on.get()()

    with reloading(reload):
        signal.raise_signal(signal.SIGHUP)
        begun.get()
        for _ in range(5):
            signal.raise_signal(signal.SIGHUP)
        go_on.put(partial(int, "a secret"))
        begun.get()
        go_on.put(lambda: None)
    assert begun.empty()
    assert "ValueError at reloading" in caplog.text
    assert "a secret" not in caplog.text
