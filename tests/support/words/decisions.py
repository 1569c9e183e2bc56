"""Whether a message may go, and why not."""

from __future__ import annotations

from tests.support.words import Text

YES = Text("Yes, this message may go.")
NO = Text("No. %(why)s")
AGREED_ON = Text("They agreed to “%(topic)s” on %(date)s.")
BOUGHT_ON = Text("They bought something on %(date)s. Nobody asked them about “%(topic)s”.")
COUNTED_UNTIL = Text("By law (%(law)s) what they did counted as consent until %(date)s.")
LEFT_EVERYTHING_ON = Text("They unsubscribed from everything on %(date)s.")
ASKED_ABOUT = Text("They asked about something on %(date)s. Nobody asked them about “%(topic)s”.")
TICKED_BEFOREHAND = Text("The box for “%(topic)s” was ticked beforehand.")
AGREED_FOR_REWARD = Text("They agreed to “%(topic)s” for a reward, and to decline was free.")
COUNTS_UNTIL = Text("By law (%(law)s) what they did counts as consent until %(date)s.")
COUNTS_UNTIL_NO = Text("By law (%(law)s) this counts as consent until they refuse.")
NOT_ENOUGH = Text("By law (%(law)s) a purchase or an inquiry is not enough: they must have agreed.")
BOX_IS_NO_CONSENT = Text("By law (%(law)s) a box that was ticked beforehand is no consent.")
REWARD_IS_NO_CONSENT = Text(
    "By law (%(law)s) a yes that was given for such a reward is no consent."
)
EMAIL_COMES_BACK = Text("Email to this address comes back.")
NUMBER_NOT_CONFIRMED = Text("Nobody has confirmed this phone number.")
NOT_LOOKED_UP = Text("Nobody has looked up whether the law (%(law)s) allows such consent.")
