"""The way back in: a new link to the address on file, for who lost theirs or whose link has ended.

Whoever asks sees the same page after the same work, whether or not the address is known here.
"""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, request
from werkzeug.wrappers import Response

from widget_backend.errors import LetterHeldBack
from widget_backend.i18n.languages import language, match
from widget_backend.links import Purpose
from widget_backend.pages.letters import (
    HELD_BACK,
    by_link,
    mail_link,
    send,
    send_to_stranger,
    write,
)
from widget_backend.store.contacts import find_contacts
from widget_backend.store.database import write_transaction
from widget_backend.store.outbox import Letter
from widget_backend.store.profiles import Person, new_key
from widget_backend.web.forms import AddressField, LinkForm, own_address
from widget_backend.web.origin_checks import guard_hosted
from widget_backend.web.visits import Visit, count_stranger, current_context, open_visit

Page = Response | str | tuple[str, int]


class LostLinkForm(LinkForm):
    """The address that the lost link came to."""

    email = AddressField()


# ── who lost their link ─────────────────────────────────────────────────────────────────────


def lost(visit: Visit) -> Page:
    return _ask_for_link(visit) if request.method == "POST" else _render_lost(visit)


def _render_lost(visit: Visit, form: LostLinkForm | None = None) -> str:
    errors = form.errors_in_order() if form else []
    return visit.render(
        "lost_link.html",
        errors=errors,
        problems={error.field: error.message for error in errors},
        typed_email=form.email.data if form else "",
        is_sent="sent" in request.args,
    )


def _ask_for_link(visit: Visit) -> Page:
    count_stranger()
    form = LostLinkForm()
    if not form.validate():
        return _render_lost(visit, form), 422
    email, database = form.email.address, visit.context.database
    contact = find_contacts(database, visit.site.id, [email]).get(email)
    person = contact.person if contact else None
    letter = _letter(_speaking_to(visit, person), "preferences", email, person)
    with write_transaction(database):
        send_to_stranger(visit, letter, is_known=person is not None)
    return redirect(visit.address(sent=1), 303)


def _speaking_to(visit: Visit, person: Person | None) -> Visit:
    """In the language that the person chose: the page may be in that of whoever asks."""
    chosen = person.state.language if person else None
    tag = match(chosen, visit.site.locales) or visit.language.tag
    site = visit.context.sites[visit.site.id].in_locale[tag]
    return replace(visit, site=site, language=language(tag))


def _letter(visit: Visit, purpose: Purpose, email: str, person: Person | None) -> Letter:
    """With a link of nobody where the address is not known: as much work, never sent."""
    handle, generation = (person.handle, person.generation) if person else (new_key(), 0)
    return write(visit, "link", email, url=mail_link(visit, purpose, handle, generation))


# ── whose link has ended ────────────────────────────────────────────────────────────────────


def renew(purpose: Purpose, token: str) -> Page:
    """A new link for a link of ours that expired or was revoked, to the address on file only."""
    guard_hosted()
    visit = open_visit(purpose, token, current_context().signer.read(purpose, token))
    email = visit.state.email
    if request.method != "POST":
        return _render_renewal(visit, email)
    sent = "1"
    if email and not visit.person.pending:
        letter = _letter(visit, purpose, email, visit.person)
        try:
            with write_transaction(visit.context.database):
                send(visit, letter, by_link(visit))
        except LetterHeldBack:
            sent = HELD_BACK
    return redirect(own_address(visit.asked_language, sent=sent), 303)


def _render_renewal(visit: Visit, email: str | None) -> str:
    return visit.render(
        "renew.html",
        errors=[],
        email=email,
        address=own_address(visit.asked_language),
        is_sent="sent" in request.args,
        is_held_back=request.args.get("sent") == HELD_BACK,
    )
