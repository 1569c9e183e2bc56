"""Saves without end, in a thread for each profile, until it is killed.

It acknowledges each save on its standard output. The arguments are the database's URL, the handles
of the profiles, joined by commas, and SQLite's `synchronous`, if power loss is to be tested.
"""

from __future__ import annotations

import sys
from threading import Thread

from tests.support.power import copy_what_is_synced
from widget_backend.rules.state import difference
from widget_backend.store import sqlite
from widget_backend.store.database import open_database
from widget_backend.store.ledger import ConsentContext, Wording
from widget_backend.store.profiles import read_profile
from widget_backend.store.saves import save

url, handles, *rest = sys.argv[1:]
for synchronous in rest:
    copy_what_is_synced()
    sqlite.PRAGMAS["synchronous"] = synchronous
    # What is moved from the log into the file is synced in any case: here only commits count.
    sqlite.PRAGMAS["wal_autocheckpoint"] = 1000 if synchronous == "full" else 0
database = open_database(url)
how = ConsentContext(2, "hosted", Wording.of("shop", "en", {}))


def save_without_end(handle: str) -> None:
    frequency = "weekly"
    with database.connection_context():
        while True:
            person = read_profile(database, "shop", handle)
            preference = {"on": True, "channel": "email", "frequency": frequency}
            wanted = {"topic:offers": preference, "topic:news": preference}
            revision = save(database, person, difference(person.state, wanted), how)
            sys.stdout.write(f"{handle} {revision}\n")
            sys.stdout.flush()
            frequency = "monthly" if frequency == "weekly" else "weekly"


for handle in handles.split(","):
    Thread(target=save_without_end, args=[handle]).start()
