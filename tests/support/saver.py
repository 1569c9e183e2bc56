"""Saves without end and acknowledges each save on its standard output, until it is killed."""

import sys

from widget_backend.rules.state import difference
from widget_backend.store.database import open_database
from widget_backend.store.ledger import Circumstances, shown
from widget_backend.store.profiles import read_person
from widget_backend.store.saves import save

database = open_database(sys.argv[1])
how = Circumstances(2, "hosted", shown("shop", "en", {}))
frequency = "weekly"
with database.connection_context():
    while True:
        person = read_person(database, "shop", sys.argv[2])
        preference = {"on": True, "channel": "email", "frequency": frequency}
        wanted = {"topic:offers": preference, "topic:news": preference}
        revision = save(database, person, difference(person.state, wanted), how)
        print(revision, flush=True)
        frequency = "monthly" if frequency == "weekly" else "weekly"
