"""What holds messages back, said to the person."""

from __future__ import annotations

from tests.support.words import Text

PAUSED_UNTIL = Text("Nothing comes until %(date)s: you asked for a pause.")
LAST_AND_NEXT = Text(
    "The last one was sent on %(last)s. You get this topic %(frequency)s, so the next may come "
    "from %(date)s."
)
LAST_AND_LESS = Text(
    "The last one was sent on %(last)s. You asked for fewer messages, so the next may come "
    "from %(date)s."
)
AT_NIGHT = Text("Nothing comes at this hour. The next may come from %(date)s, %(time)s.")
NOT_TOO_MANY = Text("So that you do not get too many messages, the next may come from %(date)s.")
NEXT = Text("The next may come from %(date)s.")
EMAIL_CAME_BACK = Text("Nothing comes: our emails to you came back.")
NO_PHONE = Text("Nothing comes: we have no phone number for you.")
PHONE_NOT_CONFIRMED = Text("Nothing comes: your number is not confirmed yet.")
NOTHING_FOR_NOW = Text("Nothing of this comes for now.")
