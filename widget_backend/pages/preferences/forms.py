"""The preference form as it is sent back: reading it, checking it, saying what it wants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask import request
from markupsafe import Markup
from wtforms import Field, ValidationError

from widget_backend.actions.preferences import Asked
from widget_backend.rules.choices import Choices, TopicChoice
from widget_backend.rules.pauses import paused_until
from widget_backend.rules.phone_numbers import phone_number
from widget_backend.rules.state import AS_CHOSEN, LESS_OF_ALL, OFF, Overall
from widget_backend.rules.topics import CONTACT_FOR, offered_topics
from widget_backend.site.model import Topic
from widget_backend.web.forms import FormError, LinkForm, TextField, pause_button, seen_revision
from widget_backend.web.request_context import RequestContext, reader_language

LONGEST_PAUSE = timedelta(days=366)
EXAMPLE_NUMBER = "+355 69 123 4567".replace(" ", "\N{NO-BREAK SPACE}")
"""Never broken over two lines."""
_ALL_AT_ONCE: dict[str, Overall] = {"off": OFF, "less": LESS_OF_ALL}


class PreferencesForm(LinkForm):
    """The form as it was sent. `do` is the button that was pressed.

    What people type goes through WTForms. Ticks, choices and buttons are read past it: making
    thirty fields of them would be half of the work of a save.
    """

    phone = TextField(
        40, lambda: reader_language().gettext("Shorten the phone number to 40 characters or fewer.")
    )
    post = TextField(
        400,
        lambda: reader_language().gettext("Shorten the postal address to 400 characters or fewer."),
    )

    def __init__(self, ctx: RequestContext) -> None:
        """The form of this request. `seen` is the revision that it was made of, None if it does not
        say; `shown` are the topics that stood on it, if this person may have them."""
        super().__init__()
        sent = request.form
        topics = offered_topics(ctx.site, ctx.profile.roles, ctx.state)
        self.site, self.state, self.today = ctx.site, ctx.state, ctx.today
        self.seen = seen_revision(ctx, sent.get("revision"))
        self.do = sent.get("do", "")
        self.reach, self.language = sent.get("reach", ""), sent.get("language", "")
        self.language_shown = sent.get("language-shown") or ctx.state.language
        self.offered = set(sent.getlist("offered"))
        every = dict(sent.lists())
        self.chosen = {topic.id: _chosen(every, topic) for topic in topics}
        self.shown = [topic for topic in topics if topic.id in self.offered]

    def is_ticked(self, topic: Topic) -> bool:
        return self.chosen[topic.id].on

    def choices(self) -> Choices:
        """What the form asks for. Whatever has an error counts as not asked for."""
        phone = None if self.phone.is_too_long else phone_number(self.phone.data, self.site.region)
        typed = {"phone": phone, "post": self.post.data}
        return Choices(
            topics={topic: self.chosen[topic.id] for topic in self.shown},
            overall=self.overall(),
            language=self.language if self.language_is_chosen else None,
            # Not what was typed and then hidden.
            contacts={kind: text for kind, text in typed.items() if text and self._uses(kind)},
            # Save says no to what is left unticked. A button for all messages says nothing of a
            # topic that was never chosen.
            declines_rest=self.do not in _ALL_AT_ONCE and not self.do.startswith("pause"),
        )

    def asked(self) -> Asked:
        is_complete = self.validate()
        return Asked(self.choices(), self.seen, is_complete)

    @property
    def language_is_chosen(self) -> bool:
        """Whether it is another one than the form showed: who leaves it alone has chosen none."""
        return bool(self.language) and self.language != self.language_shown

    def overall(self) -> Overall | None:
        """What the pressed button or the choice at the top says about everything."""
        if known := _ALL_AT_ONCE.get(self.do):
            return known
        if until := self._pause():
            return paused_until(until)
        return AS_CHOSEN if self.reach == "as_chosen" else None

    def _pause(self) -> date | None:
        _, until = pause_button(self.do)
        return until if until and self.today < until <= self.today + LONGEST_PAUSE else None

    def validate(self, extra_validators: Any = None) -> bool:
        typed_well = super().validate(extra_validators)
        return typed_well and not self.errors_in_order()

    def errors_in_order(self) -> list[FormError]:
        return [
            *self._offer_errors(),
            *self._topic_errors(),
            *super().errors_in_order(),
            *self._language_errors(),
            *self._button_errors(),
        ]

    def _offer_errors(self) -> Iterator[FormError]:
        if self.seen is None:
            message = reader_language().gettext(
                "Part of the form did not arrive. Check your choices and save again."
            )
            yield _error("offered", message)
            return
        if not self.offered or not self.offered <= self.chosen.keys():
            message = reader_language().gettext(
                "The list of topics has changed. Check your choices and save again."
            )
            yield _error("offered", message)

    def _topic_errors(self) -> Iterator[FormError]:
        for topic in self.shown:
            if self.is_ticked(topic):
                yield from _missing(topic, self.chosen[topic.id])

    def _language_errors(self) -> Iterator[FormError]:
        if self.language and self.language not in self.site.locales:
            yield _error("language", reader_language().gettext("Choose a language from the list."))

    def _button_errors(self) -> Iterator[FormError]:
        if self.do.startswith("pause") and self._pause() is None:
            yield _error(
                "do", reader_language().gettext("Choose the date your messages should restart.")
            )

    def validate_phone(self, field: Field) -> None:
        if field.data and self._uses("phone") and not phone_number(field.data, self.site.region):
            raise ValidationError(
                reader_language().gettext(
                    "Enter a phone number with the country code, like %(example)s.",
                    example=EXAMPLE_NUMBER,
                )
            )
        if not field.data and self._needs("phone"):
            raise ValidationError(
                reader_language().gettext("Enter a phone number so we can text or call you.")
            )

    def validate_post(self, field: Field) -> None:
        if not field.data and self._needs("post"):
            raise ValidationError(
                reader_language().gettext("Enter a postal address so we can write to you by post.")
            )

    def _needs(self, contact: str) -> bool:
        """Whether a ticked topic comes through a channel whose contact detail we lack."""
        return self.state.contact(contact) is None and self._uses(contact)

    def _uses(self, contact: str) -> bool:
        """Whether a ticked topic comes through a channel of this contact detail."""
        return any(
            CONTACT_FOR.get(self.chosen[topic.id].channel or "") == contact
            for topic in self.shown
            if self.is_ticked(topic)
        )


def _chosen(sent: Mapping[str, Sequence[str]], topic: Topic) -> TopicChoice:
    channel, frequency = sent.get(f"channel-{topic.id}", ()), sent.get(f"frequency-{topic.id}", ())
    return TopicChoice(
        on=any(sent.get(f"topic-{topic.id}", ())),
        channel=channel[0] if len(channel) == 1 else None,
        frequency=frequency[0] if len(frequency) == 1 else None,
    )


def _missing(topic: Topic, chosen: TopicChoice) -> Iterator[FormError]:
    """What a ticked topic lacks."""
    if chosen.channel not in topic.channels:
        message = reader_language().gettext("Choose one way to get “%(topic)s”.", topic=topic.name)
        yield _error(f"channel-{topic.id}", message)
    if chosen.frequency not in topic.frequencies:
        message = reader_language().gettext(
            "Choose how often you want to get “%(topic)s”.", topic=topic.name
        )
        yield _error(f"frequency-{topic.id}", message)


def _error(control: str, message: Markup) -> FormError:
    return FormError(control, control, message)
