"""Sign-up: a stranger asks to hear from a site. Kept as pending, subscribing nobody yet.

A message asks to confirm it (`confirming.py`), whether or not the address is known. No existing
profile is read or changed, so the answer cannot tell whether an address is known.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache, partial
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField, StringField, ValidationError

from widget_backend.errors import ProfileUnknown, SignUpExists
from widget_backend.links import Link
from widget_backend.pages.letters import mail_link, send_to_stranger, write
from widget_backend.rules.state import LANGUAGE, Change, topic_subject
from widget_backend.rules.topics import email_preference, sign_up_topics
from widget_backend.site.model import Site, Topic
from widget_backend.store.ledger import Shown, shown
from widget_backend.store.outbox import Letter
from widget_backend.store.profiles import Person, read_person
from widget_backend.store.sign_ups import ask_again, sign_up
from widget_backend.web.forms import AddressField, LinkForm, reader_language
from widget_backend.web.visits import Visit, count_stranger


class SignUpForm(LinkForm):
    """An address and the topics to hear about. `form` names this copy of the form."""

    form = StringField()
    email = AddressField()
    topics = SelectMultipleField(validate_choice=False)

    allowed: frozenset[str]
    first: str = ""

    def target(self, field: Any) -> str:
        if field is self.topics and self.first:
            return f"topics-{self.first}"
        return super().target(field)

    def validate_topics(self, field: Any) -> None:
        if not set(field.data or ()) <= self.allowed:
            raise ValidationError(reader_language().gettext("Choose only from the topics shown."))
        if not field.data:
            raise ValidationError(reader_language().gettext("Choose at least one topic."))


def respond(visit: Visit) -> Response | str | tuple[str, int]:
    return submit(visit) if request.method == "POST" else render(visit)


def submit(visit: Visit) -> Response | tuple[str, int]:
    count_stranger()
    form = SignUpForm()
    topics = [topic.id for topic in sign_up_topics(visit.site)]
    form.allowed, form.first = frozenset(topics), next(iter(topics), "")
    if not form.validate():
        return render(visit, form), 422
    handle = _handle(visit.site, form)
    kept = _kept(visit, handle)
    if kept and (kept.became or not kept.pending):
        return redirect(_way_in(visit), 303)
    (_send_again if kept else _store)(visit, form, handle)
    token = visit.context.signer.mint(
        "answers", Link(visit.site.id, handle, visit.language.tag), visit.context.clock()
    )
    return redirect(_following(visit, token), 303)


def _kept(visit: Visit, handle: str) -> Person | None:
    """What this copy of the form was kept as, when it was sent before."""
    try:
        return read_person(visit.context.database, visit.site.id, handle)
    except ProfileUnknown:
        return None


def _way_in(visit: Visit) -> str:
    """For whoever has confirmed already: a link to their choices, which only their mail may get.

    A fragment cannot show that page; its form links to it.
    """
    if not visit.hosted:
        return visit.sign_up_address()
    return url_for("pages.lost_link", site_id=visit.site.id, lang=visit.asked_language)


def _following(visit: Visit, token: str) -> str:
    """Where the first questions of the new profile are, in the language that was spoken."""
    door = "answers_page" if visit.hosted else "answers_fragment"
    return url_for(f"pages.{door}", token=token, new=1, lang=visit.asked_language)


def _handle(site: Site, form: SignUpForm) -> str:
    """The same copy of the form, sent twice with the same in it, is one sign-up.

    Whoever goes back and mends the address signs up anew, and whoever has seen the name of
    somebody's form cannot come by their handle.
    """
    named = re.fullmatch(r"[0-9a-f]{32}", form.form.data or "")
    name = named[0] if named else secrets.token_hex(16)
    said = ["sign-up", site.id, name, form.email.address, sorted(set(form.topics.data))]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


@lru_cache(maxsize=64)
def _shown(site: Site, tag: str) -> Shown:
    topics = {f"topics.{each.id}": f"{each.name}: {each.benefit}" for each in sign_up_topics(site)}
    about = {"data_use": site.data_use, "privacy_policy": site.privacy_policy}
    return shown(site.id, tag, {**topics, **about})


def _store(visit: Visit, form: SignUpForm, handle: str) -> None:
    topics = _chosen(visit, form)
    changes = [
        Change(LANGUAGE, None, visit.language.tag),
        *(Change(topic_subject(topic.id), None, email_preference(topic)) for topic in topics),
    ]
    how = visit.how(_shown(visit.site, visit.language.tag), "sign-up")
    database = visit.context.database
    letter = _letter(visit, form.email.address, handle, topics)
    also = partial(send_to_stranger, visit, letter)
    with suppress(SignUpExists):
        known = (visit.site.id, handle, form.email.address, changes, how, also)
        sign_up(database, *known, form.email.written)


def _send_again(visit: Visit, form: SignUpForm, handle: str) -> None:
    """The first message may be lost. Sent too often, the limits on mail hold it back."""
    letter = _letter(visit, form.email.address, handle, _chosen(visit, form))
    also = partial(send_to_stranger, visit, letter)
    ask_again(visit.context.database, handle, visit.now, also)


def _chosen(visit: Visit, form: SignUpForm) -> list[Topic]:
    return [each for each in sign_up_topics(visit.site) if each.id in form.topics.data]


def _letter(visit: Visit, email: str, handle: str, topics: Sequence[Topic]) -> Letter:
    """What asks to confirm."""
    url = mail_link(visit, "confirm", handle)
    return write(visit, "confirm", email, url=url, topics=[topic.name for topic in topics])


def render(visit: Visit, form: SignUpForm | None = None) -> str:
    errors = form.errors_in_order() if form else []
    return visit.render(
        "sign_up.html",
        errors=errors,
        problems={error.field: error.message for error in errors},
        form_name=(form and form.form.data) or secrets.token_hex(16),
        topics=sign_up_topics(visit.site),
        typed_email=form.email.data if form else "",
        ticked=(form and form.topics.data) or [],
    )
