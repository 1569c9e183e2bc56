"""Whether a message may go, and why not."""

from __future__ import annotations

from tests.support.words import Text

YES = Text("Yes, this message may go now.")
NO = Text("No. %(why)s")
AGREED_ON = Text("They agreed to “%(topic)s” on %(date)s.")
LEFT_EVERYTHING_ON = Text("They unsubscribed from everything on %(date)s.")
