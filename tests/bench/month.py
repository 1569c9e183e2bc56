"""The month bench: 40 campaigns to 200,000 people, checked by who knows what everybody wanted."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.bench.child import ROOT
from tests.bench.report import Goal, Say
from tests.support.month import Month
from tests.support.month_checker import ALL, checked
from widget_backend.store.database import migrate, open_database

PEOPLE = 200_000


def bench(say: Say) -> list[Goal]:
    """Replay it once, say how long it took, and return what was found."""
    (ROOT / "var").mkdir(exist_ok=True)
    start = perf_counter()
    with TemporaryDirectory(dir=ROOT / "var", prefix="bench-") as name:
        database = open_database(f"sqlite:///{Path(name) / 'month.db'}")
        migrate(database)
        with database.connection_context():
            result = checked(Month(database, PEOPLE, seed=1))
        database.close()
    minutes = (perf_counter() - start) / 60
    say(f"  {result.seen['sent']:,} messages to {PEOPLE:,} people in {minutes:.0f} minutes")
    for send, human, reasons in result.wrong[:10]:
        say(f"  wrong: {send} {human} {reasons}")
    wrong, missing = len(result.wrong), {*ALL, "sent"} - {*result.seen}
    return [
        Goal("messages against a wish, noes without a reason", f"{wrong:,}", "0", not wrong),
        Goal("reasons that were not met", f"{len(missing)}", "0", not missing),
    ]
