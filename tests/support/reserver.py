"""Takes places for people, one campaign after another, until it is killed.

It acknowledges each place on its standard output. The arguments are the database's URL, the ids of
the profiles, joined by commas, and a name that no other process has.
"""

from __future__ import annotations

import sys
from itertools import count

from tests.support.decisions import CAPPED, NOW
from widget_backend.actions.may_send import Place, Question, reserve
from widget_backend.rules.snapshot import Message
from widget_backend.store.database import open_database

url, profiles, name = sys.argv[1:]
database = open_database(url)


with database.connection_context():
    for number in count():
        for profile in profiles.split(","):
            campaign = f"{name}-{number}"
            question = Question(Message(campaign, "offers", "email"), sender=name)
            if reserve(database, CAPPED, Place(question, int(profile), NOW), NOW).allowed:
                sys.stdout.write(f"{profile} {campaign}\n")
                sys.stdout.flush()
        sys.stdout.write("round\n")
        sys.stdout.flush()
