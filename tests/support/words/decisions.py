"""Whether a message may go, and why not."""

from __future__ import annotations

from tests.support.words import Text

YES = Text("Yes, this message may go now.")
NO = Text("No. %(why)s")
AGREED_ON = Text("They agreed to “%(topic)s” on %(date)s.")
BOUGHT_ON = Text("They bought something on %(date)s. Nobody asked them about “%(topic)s”.")
COUNTED_UNTIL = Text("By law (%(law)s) what they did counted as consent until %(date)s.")
LEFT_EVERYTHING_ON = Text("They unsubscribed from everything on %(date)s.")
