"""The form of one stage: its questions as fields, and the answers they give."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectMultipleField,
    StringField,
    ValidationError,
)

from widget_backend.rules.state import Value, answer_subject
from widget_backend.site.model import CHOICE_KINDS, MANY_KINDS, Question
from widget_backend.text import latin_digits
from widget_backend.web.forms import LinkForm, TextField
from widget_backend.web.request_context import reader_language

DECLINED = "-declined"
NONE = "-none"
"""Values of the options that every site has; a site's own ids never start with a dash."""

LONGEST_TEXT = 200
"""Characters of a short text whose question sets no maximum."""


def longest_text(question: Question) -> int:
    """Characters that an answer in words may have."""
    return question.maximum or LONGEST_TEXT


NUMBERS = (-(10**9), 10**9)


class StageForm(LinkForm):
    """One or two questions. `do` is the button that was pressed: `save` or `skip`."""

    do = StringField()
    stage = StringField()

    questions: tuple[Question, ...]

    def answers(self, at: int) -> dict[str, Value]:
        """The answers by subject; a question left empty beside an answered one is skipped."""
        return {answer_subject(q.id): {**self._answer(q), "at": at} for q in self.questions}

    def _answer(self, question: Question) -> dict[str, Any]:
        if self.do.data == "skip" or self.is_empty(question):
            return {"skipped": True}
        if self.declines(question):
            return {"declined": True}
        return {"said": self[f"answer-{question.id}"].answer()}

    def declines(self, question: Question) -> bool:
        field = f"decline-{question.id}"
        return bool(self[field].data) if field in self else self._typed(question) == DECLINED

    def is_empty(self, question: Question) -> bool:
        return not self._typed(question) and not self.declines(question)

    def _typed(self, question: Question) -> Any:
        return self[f"answer-{question.id}"].data

    def target(self, field: Field) -> str:
        asked = getattr(field, "question", None)
        return first_control(asked) if asked else super().target(field)

    def validate(self, extra_validators: Any = None) -> bool:
        """Skipping is always possible; saving needs at least one answer."""
        if self.do.data == "skip":
            return True
        valid = bool(super().validate(extra_validators))
        if valid and all(self.is_empty(question) for question in self.questions):
            self[f"answer-{self.questions[0].id}"].errors = [_please_answer(self.questions[0])]
            return False
        return valid


def first_control(question: Question) -> str:
    """The id of the control that comes first for this question."""
    name = f"answer-{question.id}"
    options = option_ids(question)
    return f"{name}-{options[0]}" if options else name


def _please_answer(question: Question) -> str:
    if question.kind in {"number", "text"}:
        return reader_language().gettext("Enter an answer, or skip the question.")
    return reader_language().gettext("Choose an answer, or skip the question.")


def stage_form(questions: tuple[Question, ...]) -> StageForm:
    """The form of these questions, filled from the request."""
    fields: dict[str, Any] = {"questions": questions}
    for question in questions:
        fields |= _fields(question)
    form: StageForm = type("FormOfStage", (StageForm,), fields)()
    return form


def _fields(question: Question) -> dict[str, Field]:
    name = f"answer-{question.id}"
    if question.kind in MANY_KINDS:
        field = Several(question, validate_choice=False)
    elif question.kind in CHOICE_KINDS or question.kind == "yes_no":
        return {name: One(question, validate_choice=False)}
    elif question.kind == "number":
        field = Number(question)
    else:
        field = ShortText(question)
    return {name: field, f"decline-{question.id}": BooleanField()}


def option_ids(question: Question) -> tuple[str, ...]:
    if question.kind == "yes_no":
        return ("yes", "no")
    return tuple(option.id for option in question.options)


class _Asked:
    """A field that knows its question. Mixed into WTForms' fields."""

    question: Question

    def declined_too(self, form: StageForm) -> bool:
        return bool(form[f"decline-{self.question.id}"].data)


def _refuse_both() -> None:
    raise ValidationError(
        reader_language().gettext("Choose an answer or “Prefer not to say”, not both.")
    )


class One(_Asked, RadioField):
    """One of several, or “prefer not to say”."""

    def __init__(self, question: Question, **options: Any) -> None:
        super().__init__(**options)
        self.question = question

    def pre_validate(self, form: StageForm) -> None:
        if self.data and self.data not in (*option_ids(self.question), DECLINED):
            raise ValidationError(reader_language().gettext("Choose one of the answers shown."))
        if len(self.raw_data or ()) > 1:
            raise ValidationError(reader_language().gettext("Choose only one answer."))

    def answer(self) -> str:
        return str(self.data)


class Several(_Asked, SelectMultipleField):
    """Several of several, or “none of these”, or “prefer not to say”."""

    def __init__(self, question: Question, **options: Any) -> None:
        super().__init__(**options)
        self.question = question

    def pre_validate(self, form: StageForm) -> None:
        chosen = self.data or []
        allowed = {*option_ids(self.question), *([NONE] if self.question.none else [])}
        if not set(chosen) <= allowed:
            raise ValidationError(reader_language().gettext("Choose only from the answers shown."))
        if NONE in chosen and len(chosen) > 1:
            raise ValidationError(
                reader_language().gettext(
                    "Choose answers from the list or “%(none)s”, not both.", none=self.question.none
                )
            )
        if chosen and self.declined_too(form):
            _refuse_both()

    def answer(self) -> list[str]:
        """The chosen ids in the question's own order; empty for “none of these”."""
        return [each for each in option_ids(self.question) if each in (self.data or ())]


class Number(_Asked, TextField):
    """A whole number in digits of any script."""

    def __init__(self, question: Question, **options: Any) -> None:
        super().__init__(40, self._please, **options)
        self.question = question

    def pre_validate(self, form: StageForm) -> None:
        super().pre_validate(form)
        if not self.data:
            return
        if self.declined_too(form):
            _refuse_both()
        low, high = self._bounds()
        number = self._number()
        if number is None or not low <= number <= high:
            raise ValidationError(self._please())

    def _bounds(self) -> tuple[int, int]:
        low, high = self.question.minimum, self.question.maximum
        return NUMBERS[0] if low is None else low, NUMBERS[1] if high is None else high

    def _please(self) -> Markup:
        low, high = self._bounds()
        if self.question.minimum is None or self.question.maximum is None:
            return reader_language().gettext("Enter a whole number.")
        return reader_language().gettext(
            "Enter a whole number from %(low)s to %(high)s.",
            low=reader_language().number(low),
            high=reader_language().number(high),
        )

    def _number(self) -> int | None:
        typed = latin_digits(self.data).strip()
        digits = typed.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
            return None
        return int(typed)

    def answer(self) -> int:
        return self._number() or 0


class ShortText(_Asked, TextField):
    """A few words."""

    def __init__(self, question: Question, **options: Any) -> None:
        super().__init__(longest_text(question), self._shorten, **options)
        self.question = question

    def pre_validate(self, form: StageForm) -> None:
        super().pre_validate(form)
        if self.data and self.declined_too(form):
            _refuse_both()

    def _shorten(self) -> Markup:
        return reader_language().ngettext(
            "Shorten the answer to %(n)s character or fewer.",
            "Shorten the answer to %(n)s characters or fewer.",
            self.longest,
        )

    def answer(self) -> str:
        return str(self.data)
