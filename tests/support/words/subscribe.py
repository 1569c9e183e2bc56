"""Signing up, and confirming that."""

from __future__ import annotations

from tests.support.words import Text

HEAR_FROM_SITE = Text("Hear from %(site)s")
CHOOSE_WHAT_TO_HEAR = Text("Choose what you want to hear about")
NOTHING_UNTIL_CONFIRMED = Text(
    "We will not send anything until you confirm your address. You can unsubscribe at any time."
)
EMAIL_ADDRESS = Text("Email address")
SIGN_UP = Text("Sign up")
ALREADY_GET_MESSAGES = Text("Already get messages from us? Get a link to your choices")

# ── after signing up ────────────────────────────────────────────────────────────────────────

THANKS_OPEN_EMAIL = Text(
    "Thank you. We have sent you an email. Open it and confirm. We will not send anything else "
    "until you do."
)
EMAIL_WAITS = Text(
    "We cannot send emails at the moment. Your email is waiting and will arrive later. Open it "
    "then and confirm. We will not send anything else until you do."
)
OPEN_EMAIL = Text(
    "We have sent you an email. Open it and confirm. We will not send anything else until you do."
)
CHECK_EMAIL = Text("Check your email")
SIGN_UP_AGAIN = Text("Was the address wrong? Sign up again")

# ── confirming ──────────────────────────────────────────────────────────────────────────────

CONFIRM_HEADING = Text("Confirm that you want to hear from %(site)s")
YOUR_ADDRESS = Text("Your email address: %(address)s")
CONFIRM = Text("Confirm")
ADDRESS_CONFIRMED = Text("Your address is confirmed")

# ── mistakes ────────────────────────────────────────────────────────────────────────────────

CHOOSE_A_TOPIC = Text("Choose at least one topic.")
CHOOSE_SHOWN_TOPICS = Text("Choose only from the topics shown.")
ENTER_EMAIL_LIKE = Text("Enter an email address, like %(example)s.")
ENTER_EMAIL_WE_CAN_REACH = Text(
    "Enter an email address with only the letters a to z, numbers and signs before the @. We "
    "cannot send email to other addresses."
)
SHORTEN_EMAIL = Text("Shorten the email address to 254 characters or fewer.")
