"""`reasons`: a marketer reads at once in which month how many left what, and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner, Result
from peewee import Database

from widget_backend.cli import main
from widget_backend.cli import reasons as command
from widget_backend.demo.run import DIMORA
from widget_backend.store.reasons import count_reason

SITE = str(DIMORA / "SITE.toml")
Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str, database: Database, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(command, "now", lambda: datetime(2027, 3, 1, 12, tzinfo=UTC))

    def run(*options: str) -> Result:
        settings = {"WIDGET_DATABASE_URL": database_url}
        return CliRunner().invoke(main, ["reasons", SITE, *options], env=settings)

    return run


def count(database: Database, *reasons: tuple[str, str, str]) -> None:
    for topic, month, reason in reasons:
        count_reason(database, "dimora", topic, month, reason)


def test_each_is_a_line_the_newest_month_first(run: Run, database: Database) -> None:
    count(database, ("offers", "2027-02", "many"), ("offers", "2027-02", "many"))
    count(database, ("", "2027-03", "elsewhere"), ("offers", "2027-02", "use"))
    count(database, ("gone-topic", "2027-02", "asked"), ("tips", "2027-03", "other"))
    count_reason(database, "inn", "offers", "2027-03", "many")
    result = run()
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "2027-03\teverything\tI follow you elsewhere\t1",
        "2027-03\tDecorating tips\tSomething else\t1",
        "2027-02\tgone-topic\tI did not ask for them\t1",
        "2027-02\tOffers\tToo many messages\t2",
        "2027-02\tOffers\tNot useful to me any more\t1",
    ]
    assert result.stderr == ""


def test_of_the_last_twelve_months_or_as_many_as_are_asked_for(
    run: Run, database: Database
) -> None:
    months = ("2025-04", "2026-03", "2026-04", "2027-02", "2027-03")
    count(database, *[("offers", each, "many") for each in months])

    def months_of(*options: str) -> list[str]:
        return [line.partition("\t")[0] for line in run(*options).stdout.splitlines()]

    assert months_of() == ["2027-03", "2027-02", "2026-04"]
    assert months_of("--months", "1") == ["2027-03"]
    assert months_of("--months", "13") == ["2027-03", "2027-02", "2026-04", "2026-03"]
    assert months_of("--months", "24") == [*reversed(months)]


def test_nothing_is_one_line_apart_from_the_rows(run: Run, database: Database) -> None:
    nothing = run()
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert nothing.stderr == "Nobody has told a reason yet.\n"
    count(database, ("offers", "2025-01", "many"))
    nothing = run()
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert nothing.stderr == "Nobody told a reason in these months: see more with --months.\n"


@pytest.mark.parametrize("months", ["0", "-1", "x", "99999"])
def test_months_are_a_number_of_at_least_one(run: Run, months: str) -> None:
    result = run("--months", months)
    assert result.exit_code == 2
    assert result.stderr.startswith("preference-widget reasons: invalid value for '--months'")


@pytest.mark.parametrize(
    ("today", "months", "first"),
    [
        (date(2027, 3, 1), 1, "2027-03"),
        (date(2027, 3, 31), 3, "2027-01"),
        (date(2027, 3, 31), 4, "2026-12"),
        (date(2027, 12, 31), 12, "2027-01"),
        (date(2027, 1, 1), 13, "2026-01"),
        (date(2027, 1, 1), 1200, "1927-02"),
    ],
)
def test_the_first_month(today: date, months: int, first: str) -> None:
    assert command.first_month(today, months) == first
