"""What is held about a person, the way to it, and the way back in."""

from __future__ import annotations

from tests.support.words import Text

# ── the code ────────────────────────────────────────────────────────────────────────────────

DATA_HEADING = Text("The data we hold about you")
SEND_CODE = Text("Send me a code")
SEND_NEW_CODE = Text("Send a new code")
CODE_SENT = Text("We have sent a code to %(address)s.")
CODE_ARRIVES_SOON = Text("It should arrive within a few minutes. Check your spam folder too.")
CODE_FROM_EMAIL = Text("Code from the email")
SHOW_DATA = Text("Show my data")
ENTER_LATEST_CODE = Text("Enter the code from our latest email, or ask for a new one.")
SENT_SEVERAL_ALREADY = Text(
    "We have already sent several emails, so we did not send another one. Look for our latest "
    "email, or try again later."
)
NO_ADDRESS_TO_SEND_TO = Text("We do not have an address to send it to. Write to us at: %(address)s")

# ── the data ────────────────────────────────────────────────────────────────────────────────

AGREED_ON = Text("You agreed to this on %(date)s, %(door)s.")
AGREED_BEFORE = Text("You agreed to this before %(date)s, %(door)s.")
BOUGHT_ON = Text(
    "We chose this for you because you bought something on %(date)s. We did not ask you first."
)
TICKED_BEFOREHAND = Text("The box for this was ticked beforehand.")
GOT_SOMETHING = Text("You agreed to this because you got something for it.")
SAID_NO = Text("You said no to this.")
UNCONFIRMED_MOVE = Text("You asked for this but have not confirmed it yet.")
UNCONFIRMED_SIGN_UP = Text(
    "Someone signed up with this address on %(date)s but has not confirmed it yet."
)
CUSTOMER_NUMBER = Text("Customer number")
CUSTOMER_NUMBER_SAVED = Text("We saved your customer number.")
MESSAGES_CAME_BACK = Text("Messages to this number came back on %(date)s.")
EMAIL_CAME_BACK = Text("Email to this address came back on %(date)s.")
COUNTS_UNTIL = Text("This counts until %(date)s.")
COUNTED_UNTIL = Text("This counted until %(date)s.")
NOTHING_HELD = Text("Nothing.")
WHAT_ELSE_WE_KNOW = Text("What else we know about you")
FROM_A_PLATFORM = Text("We got this from %(platform)s on %(date)s.")
FROM_A_LIST = Text("We got this from a list of ours on %(date)s.")
WE_SENT_YOU = Text(
    "We sent you %(number)s message, on %(day)s.",
    "We sent you %(number)s messages, the last one on %(day)s.",
)
DOWNLOAD_DATA = Text("Download my data")
DELETE_DATA = Text("Delete my data")
DELETE_EVERYTHING = Text("Delete everything now")
SCRAMBLED_ADDRESS_KEPT = Text(
    "We also keep your email address in a scrambled form that nobody can read, so that no list we "
    "import brings you back. It is deleted if you sign up again yourself."
)
DATA_DELETED = Text("Your data is deleted")
NO_MORE_MESSAGES_NOR_LINKS = Text(
    "You will not get any more messages, and your links no longer work."
)

DO_NOT_TRACK = Text("Do not track me")
MAY_NOT_LEARN_SINCE = Text(
    "Since %(date)s, we may not learn anything about you from what you do: from messages you open, "
    "links you click or pages you visit."
)
MAY_NOT_LEARN = Text(
    "We may not learn anything about you from what you do: from messages you open, links you click "
    "or pages you visit."
)
KEEP_THE_SIGNAL = Text(
    "Your browser asks for privacy (Global Privacy Control). With this button, we keep that wish "
    "for all your devices."
)
TAKE_BACK = Text("Take this back")

# ── history ─────────────────────────────────────────────────────────────────────────────────

HISTORY = Text("History, newest first")
TIMES_ARE_UTC = Text("The times are in UTC.")
TIMES_ARE_OF = Text("The times are those of %(place)s.")
SHOW_OLDER = Text("Show %(number)s older entry", "Show %(number)s older entries")
SIGNED_UP_IN = Text("You signed up in %(language)s.")
CONFIRMED_ADDRESS = Text("You confirmed your address.")
IMPORTED = Text("We imported what our previous system held about you.")
STAFF_TOOK_BACK = Text("Our staff took back what a file said about you.")
STAFF_RECORDED = Text("Our staff recorded:")
STAFF_LOOKED = Text("Our staff looked at your data.")
STAFF_MADE_LINK = Text("Our staff made a new link to your choices.")
STAFF_MAILED_LINK = Text("Our staff emailed you a new link to your choices.")
STAFF_CANCELLED_LINKS = Text("Our staff cancelled the links that we had emailed to you.")
STAFF_NOTED_RETURNS = Text("Our staff noted that messages to you come back.")
NO_LONGER_HELD = Text("We no longer hold a choice of yours about “%(topic)s”.")
CANCELLED_LINKS = Text("You cancelled the links that we had emailed to you.")
ASKED_NOT_TO_BE_TRACKED = Text("You asked us not to track you.")
WISH_NO_LONGER_HOLDS = Text("Your wish not to be tracked no longer holds.")
NOTHING_CHANGED_FOR_YOU = Text("Nothing changed for you.")
DID_NOT_CHOOSE = Text("You did not choose “%(topic)s”.")
COUNTS_AS_NO = Text("This counts as a no to “%(topic)s”.")
SAID_NO_TO = Text("You said no to “%(topic)s”.")
TOOK_BACK_CHOICE = Text("You took back your choice about “%(topic)s”.")
CHOSE_A_FORMER_TOPIC = Text("You made a choice about a topic that we no longer offer.")
ANSWERED = Text("You answered “%(question)s”: %(answer)s")
SKIPPED_QUESTION = Text("You skipped “%(question)s”.")
TOOK_BACK_ANSWER = Text("You took back your answer to “%(question)s”.")
ANSWERED_A_FORMER_QUESTION = Text("You answered a question that we no longer ask.")

# ── links and addresses ─────────────────────────────────────────────────────────────────────

CANCEL_LINKS = Text("Cancel my links and send me a new one")
LINKS_CANCELLED = Text(
    "Your old links no longer work. We have sent you a new one. You can still unsubscribe with "
    "any link."
)
NUMBER_NOT_CONFIRMED = Text("It is not confirmed yet, so we send nothing to it.")
NEW_EMAIL_ADDRESS = Text("New email address")
SEND_CONFIRMATION = Text("Send confirmation email")
CONFIRMATION_SENT = Text(
    "We have sent an email to the new address. Open it and confirm. Nothing changes until you do."
)
CONFIRM_NEW_ADDRESS = Text("Confirm your new address")

# ── the way back in ─────────────────────────────────────────────────────────────────────────

GET_LINK = Text("Get a link to your choices")
SEND_LINK = Text("Send me a link")
LINK_SENT_IF_KNOWN = Text(
    "If we know this address, we have sent it an email with a link. It should arrive within a few "
    "minutes. Check your spam folder too."
)
GET_NEW_LINK = Text("Get a new link")
SEND_NEW_LINK = Text("Send me a new link")
RECEIPT = Text("Receipt of %(day)s, %(time)s")
RECEIPTS_KEPT = Text(
    "A receipt shows what you chose, and lets anyone check that we have not changed it since. If "
    "you delete your data, the receipts that you have kept are the only copies that can still be "
    "read."
)

# ── while no mail is sent ───────────────────────────────────────────────────────────────────

NO_CODE_NOW = Text(
    "We cannot send emails at the moment, and a code works only for a short time. Try again later."
)
NEW_LINK_WAITS = Text(
    "Your old links no longer work. We cannot send emails at the moment, so the email with your "
    "new one is waiting and will arrive later. You can still unsubscribe with any link."
)
SEVERAL_WAIT = Text(
    "We cannot send emails at the moment. Several emails to you are already waiting and will "
    "arrive later."
)
CONFIRMATION_WAITS = Text(
    "We cannot send emails at the moment. The email to the new address is waiting and will arrive "
    "later. Nothing changes until you open it and confirm."
)
LINK_WAITS_IF_KNOWN = Text(
    "We cannot send emails at the moment. If we know this address, an email with a link is waiting "
    "for it and will arrive later."
)
LINK_WAITS = Text(
    "We cannot send emails at the moment. The email to %(address)s is waiting and will arrive "
    "later."
)
