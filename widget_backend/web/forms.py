"""What all forms share: no tokens and timers of their own, messages in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import Field, StringField, ValidationError
from wtforms.validators import StopValidation

from widget_backend.rules.email_addresses import LONGEST, email_address, other_writing
from widget_backend.web.request_context import RequestContext, current_context, reader_language


@dataclass(frozen=True)
class FormError:
    """`target` is the id of the control to go to; `message` says what to do."""

    field: str
    target: str
    message: Markup


class LinkForm(FlaskForm):
    """A form behind a signed link or an origin check.

    The link in the path is the secret that a CSRF token would be, without a timer that kills
    restored tabs. Our catalogs speak, since WTForms has no Albanian.
    """

    class Meta:
        csrf = False

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            # Flask-WTF would take uploads and JSON for text as well.
            return request.form

        def get_translations(self, form: Any) -> Any:
            return reader_language().translations

    def errors_in_order(self) -> list[FormError]:
        """One error a field, in the order in which the page shows the fields."""
        return [
            FormError(field.id, self.target(field), Markup(str(field.errors[0])))  # noqa: S704 - made by Language.gettext
            for field in self
            if field.errors
        ]

    def target(self, field: Field) -> str:
        """The id of the first control of a field; groups of controls say which that is."""
        return str(field.id)


_CONTROLS = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0)} - {ord("\n")})
"""Unicode's category Cc but for the line break, each to be left out."""


class TextField(StringField):
    """One line or several, trimmed, without control characters.

    What has more than `longest` of them comes back to the person with the message of `too_long`,
    and nothing is computed from it.
    """

    def __init__(self, longest: int, too_long: Callable[[], Markup], **options: Any) -> None:
        super().__init__(**options)
        self.longest = longest
        self.too_long = too_long

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0] if valuelist else ""
        # With them goes the half of a line break that a browser does not count either.
        self.data = typed.translate(_CONTROLS).strip()

    @property
    def is_too_long(self) -> bool:
        return len(self.data or "") > self.longest

    def pre_validate(self, form: Any) -> None:
        if self.is_too_long:
            raise StopValidation(self.too_long())


class AddressField(TextField):
    """An email address; `address` is its one spelling, of a field without errors."""

    def __init__(self, **options: Any) -> None:
        super().__init__(LONGEST, _shorten_the_address, **options)

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if len(self.raw_data or ()) > 1 or email_address(self.data) is None:
            raise ValidationError(
                reader_language().gettext(
                    "Enter an email address, like %(example)s.", example="name@example.com"
                )
            )
        if not current_context().mail.accepts(self.address):
            raise ValidationError(
                reader_language().gettext(
                    "Enter an email address with only the letters a to z, numbers and signs before "
                    "the @. We cannot send email to other addresses."
                )
            )

    @property
    def address(self) -> str:
        return email_address(self.data) or ""

    @property
    def written(self) -> str | None:
        """As it was typed, if not in its one spelling."""
        return other_writing(self.data, self.address)


def _shorten_the_address() -> Markup:
    return reader_language().gettext("Shorten the email address to 254 characters or fewer.")


def pause_button(value: str) -> tuple[bool, date | None]:
    """Whether this is the value of a button that pauses, and until which day; None where the
    calendar has no such day."""
    named = re.fullmatch(r"pause:(\d{4}-\d{2}-\d{2})", value, re.ASCII)
    if named is None:
        return False, None
    try:
        return True, date.fromisoformat(named[1])
    except ValueError:
        return True, None


def revision_in(text: str | None) -> int | None:
    """The revision that an address or a form names; None for anything else."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text) else None


def seen_revision(ctx: RequestContext, text: str | None) -> int | None:
    """The revision that a form was made of; None where it names none that there has been."""
    revision = revision_in(text)
    return None if revision is None or revision > ctx.profile.revision else revision
