"""The form of choices, its notices and its messages."""

from __future__ import annotations

from tests.support.words import Text, said

WHAT_SITE_SENDS = Text("What %(site)s sends you")
CHOICES_ARE_FOR = Text("These choices are for %(address)s.")
PRIVACY_POLICY = Text("Privacy policy")
SIGNAL_OBEYED = Text(
    "Your browser asks us not to sell or share your data (Global Privacy Control). "
    "Here we do neither, and we do not track you."
)

# ── controls ────────────────────────────────────────────────────────────────────────────────

HOW_TOPIC_COMES = Text("How you get “%(topic)s”:")
HOW = Text("How", context="label of a channel")
HOW_OFTEN = Text("How often", context="label of a frequency")
PHONE_NUMBER = Text("Phone number")
POSTAL_ADDRESS = Text("Postal address")
PHONE_IS_KNOWN = Text("We have %(number)s. Leave this blank to keep it.")
NEW_NUMBER = Text("We send nothing to a new number before it is confirmed that it is yours.")
POST_IS_KNOWN = Text("We have an address for you. Leave this blank to keep it.")
LANGUAGE_OF_MESSAGES = Text("Language of messages")
LEAVE_IT = Text("Leave it like this")
NOTHING_FOR_NOW = Text("We keep your choices below but send nothing for now, except: %(messages)s.")
NOTHING_AT_ALL_FOR_NOW = Text("We keep your choices below but send nothing for now.")
AS_OFTEN_AS_CHOSEN = Text("Get each topic as often as chosen below")
START_AGAIN = Text("Start messages again, as chosen below")
SAVE = Text("Save")
UNDO = Text("Undo")
GET_FEWER = Text("Get fewer messages")
PAUSE_UNTIL = Text("Pause until %(date)s")
ANSWER_QUESTIONS = Text("Answer %(number)s short question", "Answer %(number)s short questions")

# ── what became of a save ───────────────────────────────────────────────────────────────────

SAVED = Text("Saved")
NO_CHANGES = Text("No changes to save")
UNDONE = Text("Your change was undone")
NOT_UNDONE = Text(
    "We could not undo that: more than a day has passed, or something else has changed. These are "
    "your choices now."
)
AT_MOST_A_MONTH = Text(
    "You will get at most %(number)s message a month.",
    "You will get at most %(number)s messages a month.",
)
BEFORE_AT_MOST = Text(
    "Before, you got at most %(number)s message a month.",
    "Before, you got at most %(number)s messages a month.",
)
NO_MESSAGES = Text("You will not get any messages, except: %(messages)s.")
NO_MESSAGES_AT_ALL = Text("You will not get any messages.")
STILL_COMES = Text("Whatever you choose, you still get: %(messages)s.")
CHANGED_ELSEWHERE = Text("Something has changed on another page or device:")
REST_NOT_SAVED_YET = Text("The rest is not saved yet.")

# ── mistakes ────────────────────────────────────────────────────────────────────────────────

NOTHING_SAVED_YET = Text("Nothing is saved yet")
THERE_IS_A_PROBLEM = Text("There is a problem")
ERROR_BEFORE_MESSAGE = Text("Error:", context="before a field's message")
ERROR_BEFORE_TITLE = Text("Error:", context="before a page's title")
PART_IS_MISSING = Text("Part of the form did not arrive. Check your choices and save again.")
TOPICS_HAVE_CHANGED = Text("The list of topics has changed. Check your choices and save again.")
CHOOSE_CHANNEL = Text("Choose one way to get “%(topic)s”.")
CHOOSE_FREQUENCY = Text("Choose how often you want to get “%(topic)s”.")
CHOOSE_LANGUAGE = Text("Choose a language from the list.")
CHOOSE_DATE = Text("Choose the date your messages should restart.")
ENTER_PHONE = Text("Enter a phone number so we can text or call you.")
ENTER_PHONE_LIKE = Text("Enter a phone number with the country code, like %(example)s.")
ENTER_POST = Text("Enter a postal address so we can write to you by post.")
SHORTEN_PHONE = Text("Shorten the phone number to 40 characters or fewer.")
SHORTEN_POST = Text("Shorten the postal address to 400 characters or fewer.")
COULD_NOT_BE_SENT = Text(
    "This could not be sent. Check your connection and try again. Everything you chose is still "
    "here."
)


def how(tag: str, topic: str) -> str:
    """The control that says through which channel a topic comes: its label and its group."""
    return f"{said(tag, HOW)} {topic}"


def how_often(tag: str, topic: str) -> str:
    """The control that says how often a topic comes: its label and its group."""
    return f"{said(tag, HOW_OFTEN)} {topic}"
