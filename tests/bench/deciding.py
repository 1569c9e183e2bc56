"""The deciding bench: one decision, beside reading the profile that a link names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from peewee import Database

from tests.bench.audiences import NOW, SHOP, TOPIC, deliver
from tests.bench.child import ROOT
from tests.bench.importing import own_postgres
from tests.bench.many_people import fill
from tests.bench.report import Goal, Say, middle, spread, table
from widget_backend.actions.may_send import Question, ask
from widget_backend.rules.decision import decide
from widget_backend.rules.snapshot import Message
from widget_backend.store.contacts import find_contacts
from widget_backend.store.database import open_database
from widget_backend.store.profiles import read_profile
from widget_backend.store.snapshots import snapshots_of

PEOPLE, TIMES = 2_000, 500
MOST_FOR_THE_RULE, MOST_FOR_ALL = 1.0, 3.5
QUESTION = Question(Message("spring", TOPIC, "email"))
READING, RULE, ALL = "read the profile", "the rule over a snapshot", "everything"

Way = Callable[[int], object]
"""What is done for the person of this number."""


def bench(rounds: int, say: Say) -> list[Goal]:
    """Measure, print the table, and return the goals with what was reached."""
    (ROOT / "var").mkdir(exist_ok=True)
    goals: list[Goal] = []
    lines: list[tuple[str, str, str]] = []
    with TemporaryDirectory(dir=ROOT / "var", prefix="bench-") as name, own_postgres() as server:
        urls = {"SQLite": f"sqlite:///{Path(name) / 'few.db'}", "PostgreSQL": server}
        for kind, url in urls.items():
            fill(url, PEOPLE)
            database = open_database(url)
            with database.connection_context():
                deliver(database, PEOPLE)
                ways = _ways(database)
                rates: dict[str, list[float]] = {way: [] for way in ways}
                for turn in range(rounds):
                    for way, run in ways.items():
                        rates[way].append(_rate(run))
                    say(f"  {kind}: round {turn + 1} of {rounds}", True)
            database.close()
            for way, figures in rates.items():
                lines.append((f"{kind}, {way}", f"{middle(figures):,.0f}", spread(figures)))
            goals += _goals(kind, rates)
    say(table(("deciding", "a second", "±"), lines))
    return goals


def _ways(database: Database) -> dict[str, Way]:
    people = find_contacts(database, SHOP.id, [_email(each) for each in range(1, TIMES + 1)])
    known = snapshots_of(database, SHOP, [*people.values()], NOW, NOW, QUESTION.message)
    by_number = {number: known[people[_email(number)].profile.id] for number in _numbers()}

    def everything(number: int) -> object:
        email = _email(number)
        person = find_contacts(database, SHOP.id, [email])[email]
        return ask(database, SHOP, QUESTION, person, NOW, NOW)

    return {
        READING: lambda number: read_profile(database, SHOP.id, f"h{number}"),
        RULE: lambda number: decide(SHOP, QUESTION.message, by_number[number], NOW),
        ALL: everything,
    }


def _numbers() -> range:
    return range(1, TIMES + 1)


def _email(number: int) -> str:
    return f"person{number}@example.com"


def _rate(run: Way) -> float:
    start = perf_counter()
    for number in _numbers():
        run(number)
    return TIMES / (perf_counter() - start)


def _goals(kind: str, rates: dict[str, list[float]]) -> Iterator[Goal]:
    for way, most in ((RULE, MOST_FOR_THE_RULE), (ALL, MOST_FOR_ALL)):
        pairs = zip(rates[READING], rates[way], strict=True)
        ratio = middle([reading / deciding for reading, deciding in pairs])
        name = f"{kind}: {way} / reading the profile"
        yield Goal(name, f"{ratio:.1f}", f"≤ {most}", ratio <= most)
