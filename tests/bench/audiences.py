"""The audience bench: everybody’s deciding rule, beside one query by hand with the same result."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from peewee import Database, PostgresqlDatabase

from tests.bench.child import ROOT
from tests.bench.importing import own_postgres
from tests.bench.many_people import fill
from tests.bench.people import SITE
from tests.bench.report import Goal, Say, middle, spread, table
from widget_backend.actions.may_send import Question
from widget_backend.cli.group import collect_rarely
from widget_backend.contacts.audience import Asking, audience
from widget_backend.rules.snapshot import Message
from widget_backend.rules.windows import LONGEST_APART, apart
from widget_backend.site.sending import Cap
from widget_backend.store.database import open_database, write_transaction

PEOPLE, EACH = 100_000, 10
MOST_RATIO = 4.0
NOW = int(datetime(2026, 11, 30, 12, tzinfo=UTC).timestamp())
WEEK = timedelta(days=7)
CAPS = (Cap(most=3, window="7 days", channel="email"), Cap(most=1, calendar="day"))
SHOP = replace(SITE.site, caps=CAPS, time_zone="UTC", countries=(), quiet_hours=(), fields=())
TOPIC = SHOP.topics[0].id

BY_HAND = """
WITH recent AS (
  SELECT profile_id, topic, channel, sent_at,
  ROW_NUMBER() OVER (PARTITION BY profile_id, channel ORDER BY sent_at DESC) AS place
  FROM delivery WHERE sent_at > {since}
), sent AS (
  SELECT profile_id, MAX(sent_at) AS newest,
  MAX(CASE WHEN topic = '{topic}' THEN sent_at END) AS last,
  MAX(CASE WHEN channel = 'email' AND place = 3 THEN sent_at END) AS third
  FROM recent GROUP BY profile_id
), free AS (
  SELECT profile.id, chosen."on" AS is_on, chosen.channel AS by, profile.reach, email.undeliverable,
  COALESCE(sent.last + CASE chosen.frequency {apart} END, 0) AS frequency,
  {greatest}(COALESCE(sent.third + {week}, 0),
    CASE WHEN sent.newest >= {today} THEN {tomorrow} ELSE 0 END) AS cap
  FROM profile
  LEFT JOIN preference AS chosen ON chosen.profile_id = profile.id AND chosen.topic = '{topic}'
  LEFT JOIN identity AS email ON email.profile_id = profile.id AND email.kind = 'email'
  LEFT JOIN sent ON sent.profile_id = profile.id
  WHERE profile.site = 'dimora' AND NOT profile.pending
)
SELECT id, CASE
  WHEN is_on IS NULL OR NOT is_on OR by <> 'email' THEN 'consent'
  WHEN reach = 'off' THEN 'unsubscribed'
  WHEN undeliverable THEN 'address'
  WHEN frequency > {now} AND frequency >= cap THEN 'frequency'
  WHEN cap > {now} THEN 'cap'
END FROM free ORDER BY id
"""


@dataclass
class Way:
    """One way to decide: people a second, and the last result."""

    name: str
    rates: list[float] = field(default_factory=list)
    result: dict[int, str | None] = field(default_factory=dict)


def bench(rounds: int, say: Say) -> list[Goal]:
    """Measure, print the table, and return the goals with what was reached."""
    (ROOT / "var").mkdir(exist_ok=True)
    goals: list[Goal] = []
    lines: list[tuple[str, str, str]] = []
    collect_rarely()  # as the command does
    with TemporaryDirectory(dir=ROOT / "var", prefix="bench-") as name, own_postgres() as server:
        urls = {"SQLite": f"sqlite:///{Path(name) / 'many.db'}", "PostgreSQL": server}
        for kind, url in urls.items():
            fill(url, PEOPLE)
            database = open_database(url)
            with database.connection_context():
                deliver(database, PEOPLE)
                by_hand, ours = Way(f"{kind}, query by hand"), Way(f"{kind}, audience")
                for turn in range(rounds):
                    _measure(by_hand, database, _by_hand)
                    _measure(ours, database, _ours)
                    say(f"  {kind}: round {turn + 1} of {rounds}", True)
            database.close()
            lines += [(w.name, f"{middle(w.rates):,.0f}", spread(w.rates)) for w in (by_hand, ours)]
            goals += _goals(kind, ours, by_hand)
    say(table(("audience", "people/s", "±"), lines))
    return goals


def deliver(database: Database, people: int) -> None:
    """Ten messages to each in the last ninety days."""
    some = random.Random(1)
    mark = "%s" if isinstance(database, PostgresqlDatabase) else "?"
    insert = (
        "INSERT INTO delivery (profile_id, campaign, topic, channel, sent_at, outcome) "
        f"VALUES ({mark}, {mark}, {mark}, {mark}, {mark}, 'sent')"
    )
    topics = [each.id for each in SHOP.topics]
    rows = (
        (person, f"c{number}", some.choice(topics), some.choice(("email", "email", "sms")), at)
        for person in range(1, people + 1)
        for number in range(EACH)
        for at in [NOW - some.randrange(90 * 86_400)]
    )
    with write_transaction(database):
        database.cursor().executemany(insert, rows)
    database.execute_sql("ANALYZE")


def _measure(way: Way, database: Database, decide: Any) -> None:
    start = perf_counter()
    way.result = decide(database)
    way.rates.append(PEOPLE / (perf_counter() - start))


def _by_hand(database: Database) -> dict[int, str | None]:
    today = datetime.fromtimestamp(NOW, UTC).replace(hour=0)
    frequencies = {each for topic in SHOP.topics for each in topic.frequencies}
    query = BY_HAND.format(
        topic=TOPIC,
        now=NOW,
        since=NOW - LONGEST_APART,
        week=int(WEEK.total_seconds()),
        today=int(today.timestamp()),
        tomorrow=int((today + timedelta(days=1)).timestamp()),
        apart=" ".join(f"WHEN '{each}' THEN {apart(each)}" for each in sorted(frequencies)),
        greatest="GREATEST" if isinstance(database, PostgresqlDatabase) else "MAX",
    )
    return dict(database.execute_sql(query).fetchall())


def _ours(database: Database) -> dict[int, str | None]:
    asking = Asking(SHOP, Question(Message("spring", TOPIC, "email")), NOW, NOW)
    return {
        contact.profile.id: against.rule if against else None
        for answers in audience(database, asking)
        for contact, against in answers
    }


def _goals(kind: str, ours: Way, by_hand: Way) -> Iterator[Goal]:
    pairs = zip(by_hand.rates, ours.rates, strict=True)
    ratio = middle([theirs / mine for theirs, mine in pairs])
    wanted = f"≤ {MOST_RATIO:.0f}"
    yield Goal(f"{kind}: audience / query by hand", f"{ratio:.1f}", wanted, ratio <= MOST_RATIO)
    is_same = ours.result == by_hand.result
    yield Goal(f"{kind}: same rule for everybody", "yes" if is_same else "no", "yes", is_same)
