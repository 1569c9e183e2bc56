"""The questions, step by step, and what stands after the last."""

from __future__ import annotations

from tests.support.words import Text

STEP = Text("Step %(number)s of %(total)s")
STEP_OF_UP_TO = Text("Step %(number)s of up to %(total)s")
LAST_STEP = Text("This is the last step.")
MORE_STEPS = Text(
    "%(number)s more step after this. You can stop at any time.",
    "%(number)s more steps after this. You can stop at any time.",
)
AT_MOST_MORE_STEPS = Text(
    "At most %(number)s more step after this. You can stop at any time.",
    "At most %(number)s more steps after this. You can stop at any time.",
)
OPTIONAL = Text("(optional)")
OR = Text("or", context="between the answers and the last one")
SKIP = Text("Skip")
BACK = Text("Back")
GO_ON_WITHOUT_ANSWER = Text("Continue without a new answer")
ALREADY_ANSWERED = Text("You have already answered this. A new answer replaces the old one.")

# ── what became of the answers ──────────────────────────────────────────────────────────────

ANSWERS_SAVED = Text("Thank you, this is saved.")
ALL_FOR_NOW = Text("Thank you, that is all for now")
NO_QUESTIONS = Text("There are no questions for you at the moment")
ANSWERS_DECIDE = Text(
    "Your answers decide what we show and send you. We may ask some questions again when an answer "
    "may be out of date."
)
ANSWERED_ELSEWHERE = Text(
    "A different answer was given on another page or device. Check yours and save again."
)

# ── mistakes ────────────────────────────────────────────────────────────────────────────────

ENTER_ANSWER = Text("Enter an answer, or skip the question.")
CHOOSE_ANSWER = Text("Choose an answer, or skip the question.")
CHOOSE_SHOWN = Text("Choose only from the answers shown.")
CHOOSE_ANSWER_OR_NOT_SAY = Text("Choose an answer or “Prefer not to say”, not both.")
CHOOSE_ANSWERS_OR_NONE = Text("Choose answers from the list or “%(none)s”, not both.")
ENTER_NUMBER_FROM_TO = Text("Enter a whole number from %(low)s to %(high)s.")
SHORTEN_ANSWER = Text(
    "Shorten the answer to %(n)s character or fewer.",
    "Shorten the answer to %(n)s characters or fewer.",
)
