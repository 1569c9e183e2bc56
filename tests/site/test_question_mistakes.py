"""Questions that cannot be asked as declared, and follow-ups that would never come."""

from __future__ import annotations

import pytest

from tests.support.small_site import Write, case, mistakes_in
from widget_backend.site.load import load_site

MOVED = 'why = "You get ideas."'
ROOMS = 'why = "You see these."'
HOUSEHOLD = "minimum = 1"
AFTER_MOVED = 'ask_if = { question = "moved", answer = "yes" }'
AFTER_ROOMS = 'ask_if = { question = "rooms", answer = "living" }'
AS_TEXT = ('kind = "yes_no"', 'kind = "text"')
LAST_STAGE = '[[stages]]\nid = "people"\ntitle = "People"\nquestions = ["household"]\n'

MISTAKES = [
    case(
        "a yes in words",
        (MOVED, f'{MOVED}\nsensitive = "yes"'),
        says="questions.moved.sensitive: “yes” is neither true nor false. "
        "write true or false, unquoted.",
    ),
    case(
        "a one for a yes",
        (MOVED, f"{MOVED}\nsensitive = 1"),
        says="questions.moved.sensitive: “1” is neither true nor false. "
        "write true or false, unquoted.",
    ),
    case(
        "one option only",
        (', { id = "kitchen", text = "Kitchen" }', ""),
        says="questions.rooms.options: a question of kind “several” needs two or more. "
        "add options.",
    ),
    case(
        "an option's id used twice",
        ('id = "kitchen"', 'id = "living"'),
        says="questions.rooms.options: the id “living” is used 2 times. give each its own id.",
    ),
    case(
        "an option without a text",
        (', text = "Kitchen"', ""),
        says="questions.rooms.options.kitchen.text: is missing. add text = ….",
    ),
    # ── bounds ──
    case(
        "a minimum above the maximum",
        (HOUSEHOLD, "minimum = 9\nmaximum = 3"),
        says="questions.household.minimum: 9 is more than the maximum 3. swap them.",
    ),
    case(
        "a text of a negative length",
        AS_TEXT,
        (MOVED, f"{MOVED}\nmaximum = -5"),
        says="questions.moved.maximum: no answer has -5 characters. write how many it may have.",
    ),
    case(
        "a text without a character",
        AS_TEXT,
        (MOVED, f"{MOVED}\nmaximum = 0"),
        says="questions.moved.maximum: no answer has 0 characters. write how many it may have.",
    ),
    case(
        "a minimum for a text",
        AS_TEXT,
        (MOVED, f"{MOVED}\nminimum = 5"),
        says="questions.moved.minimum: is only for questions of kind “number”. remove it.",
    ),
    case(
        "a maximum for a choice",
        (ROOMS, f"{ROOMS}\nmaximum = 5"),
        says="questions.rooms.maximum: is only for questions of kind “number” or “text”. "
        "remove it.",
    ),
    # ── stages ──
    case(
        "a question in two stages",
        ('questions = ["household"]', 'questions = ["household", "rooms"]'),
        says="stages: “rooms” is asked in 2 stages. name it in exactly one.",
    ),
    case(
        "a stage of an unknown question",
        ('questions = ["household"]', 'questions = ["household", "roms"]'),
        says="stages.people.questions: no question is called “roms”. correct the name.",
    ),
    case(
        "terms mixed in a stage",
        ('questions = ["moved"]', 'questions = ["moved", "household"]'),
        (LAST_STAGE, ""),
        says="stages.now.questions: short-term and long-term questions stand together. "
        "split the stage.",
    ),
    # ── follow-ups ──
    case(
        "a follow-up to nothing",
        (HOUSEHOLD, AFTER_MOVED.replace("moved", "mvd")),
        says="questions.household.ask_if: no question is called “mvd”. correct the name.",
    ),
    case(
        "a follow-up to an answer that cannot be given",
        (HOUSEHOLD, AFTER_ROOMS.replace("living", "attic")),
        says="questions.household.ask_if: “attic” is no answer to “rooms”. "
        "possible answers: living, kitchen.",
    ),
    case(
        "a circle",
        (MOVED, f"{MOVED}\n{AFTER_ROOMS}"),
        (ROOMS, f"{ROOMS}\n{AFTER_MOVED}"),
        says="questions: ask_if goes in a circle: moved → rooms → moved. "
        "remove one ask_if of the circle, so that one of them can be asked first.",
    ),
    case(
        "a question that waits for itself",
        (ROOMS, f"{ROOMS}\n{AFTER_ROOMS}"),
        says="questions: ask_if goes in a circle: rooms → rooms. "
        "remove one ask_if of the circle, so that one of them can be asked first.",
    ),
    case(
        "a follow-up on the same page",
        (HOUSEHOLD, AFTER_ROOMS),
        ('questions = ["rooms"]', 'questions = ["rooms", "household"]'),
        (LAST_STAGE, ""),
        says="questions.household.ask_if: it is not asked after “rooms”. "
        "move it to a later stage than “rooms”.",
    ),
    case(
        "a follow-up in an earlier stage",
        (HOUSEHOLD, AFTER_ROOMS),
        ('questions = ["rooms"]', "questions = [·]"),
        ('questions = ["household"]', 'questions = ["rooms"]'),
        ("questions = [·]", 'questions = ["household"]'),
        says="questions.household.ask_if: it is not asked after “rooms”. "
        "move it to a later stage than “rooms”.",
    ),
    case(
        "a short-term follow-up to a long-term question",
        (MOVED, f"{MOVED}\n{AFTER_ROOMS}"),
        says="questions.moved.ask_if: short-term questions are asked first, so this one comes "
        "before “rooms”. give both the same term.",
    ),
]


@pytest.mark.parametrize(("replacements", "says"), MISTAKES)
def test_a_mistake_is_one_line_that_helps(
    replacements: tuple[tuple[str, str], ...], says: str, write: Write
) -> None:
    assert mistakes_in(write(*replacements)) == [says]


def test_a_long_term_follow_up_to_a_short_term_question_is_right(write: Write) -> None:
    question = load_site(write((HOUSEHOLD, AFTER_MOVED))).site.question("household")
    assert question is not None
    assert question.ask_if is not None
