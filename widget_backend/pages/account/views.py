"""My data: what is held about a person, for whoever proves to read the mail of the address on file.

Holding a link is not enough, since mail is forwarded: a code goes to the address, and only who
enters it gets a link of its own purpose, for half an hour, to see, download, move and erase.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from widget_backend.errors import LetterHeldBack, ProfileUnknown, StaleRevision
from widget_backend.pages import wordings
from widget_backend.pages.account import profile_summary
from widget_backend.pages.account.history import history
from widget_backend.pages.letters import (
    HELD_BACK,
    MOVING,
    by_link,
    by_person,
    mail_link,
    preferences_link,
    send,
    write,
)
from widget_backend.rate_limits import MOVES
from widget_backend.store.address_changes import ask_to_move
from widget_backend.store.database import write_transaction
from widget_backend.store.erasure import erase
from widget_backend.store.ledger import Circumstances
from widget_backend.store.one_time_codes import MINUTES, enter_code, keep_code, make_digits
from widget_backend.store.personal_data import all_records
from widget_backend.store.profiles import Person, revoke_links
from widget_backend.store.saves import save_within
from widget_backend.text import latin_digits
from widget_backend.web.forms import (
    AddressField,
    LinkForm,
    TextField,
    own_address,
    reader_language,
)
from widget_backend.web.visits import Visit, require_fresh

Page = Response | str | tuple[str, int]
MOVE_LASTS = 2 * 86_400
"""Seconds; as long as the link in the message to the new address."""


# ── before the code ─────────────────────────────────────────────────────────────────────────


def _enter_the_code() -> Markup:
    return reader_language().gettext("Enter the code from our latest email, or ask for a new one.")


class CodeForm(LinkForm):
    """Six digits of any script, with or without the gap in the middle."""

    code = TextField(40, _enter_the_code)

    @property
    def digits(self) -> str:
        """Empty for what is too long to be a code."""
        typed = "" if self.code.is_too_long else self.code.data or ""
        return "".join(latin_digits(typed).split())

    def refuse(self) -> None:
        self.code.errors = [_enter_the_code()]


def ask(visit: Visit) -> Page:
    """The page that sends a code and takes it."""
    require_fresh(visit)
    if request.method != "POST":
        return _render_ask(visit)
    return _send_code(visit) if request.form.get("do") == "send" else _enter(visit)


def _render_ask(visit: Visit, form: CodeForm | None = None) -> str:
    errors = form.errors_in_order() if form else []
    return visit.render(
        "data_code.html",
        errors=errors,
        problems={error.field: error.message for error in errors},
        email=visit.state.email,
        address=own_address(visit.asked_language),
        is_sent=form is not None or "sent" in request.args,
        is_held_back=request.args.get("sent") == HELD_BACK,
        typed=form.code.data if form else "",
    )


def _send_code(visit: Visit) -> Response:
    """To the address on file only. Who asks too often is sent nothing, and told so."""
    sent = "1"
    if email := visit.state.email:
        try:
            _post_code(visit, email)
        except LetterHeldBack:
            sent = HELD_BACK
    return redirect(own_address(visit.asked_language, sent=sent), 303)


def _post_code(visit: Visit, email: str) -> None:
    """Raises LetterHeldBack; the code before stays."""
    digits = make_digits()
    spaced = f"{digits[:3]} {digits[3:]}"
    letter = write(visit, "code", email, code=spaced, minutes=MINUTES)
    with write_transaction(visit.context.database):
        if keep_code(visit.context.database, visit.person, visit.token, digits, visit.now):
            send(visit, letter, by_link(visit))


def _enter(visit: Visit) -> Page:
    form, database = CodeForm(), visit.context.database
    if not enter_code(database, visit.person, visit.token, form.digits, visit.now):
        form.refuse()
        return _render_ask(visit, form), 422
    return redirect(_way_in(visit, visit.person.generation), 303)


def _way_in(visit: Visit, generation: int, done: str | None = None) -> str:
    """The page of the data, for as long as such a link lives."""
    assert visit.link is not None  # a visit by link has one
    said = replace(visit.link, link_version=generation)
    token = visit.context.signer.mint("data", said, visit.context.clock())
    return url_for("pages.data_page", token=token, lang=visit.asked_language, done=done)


# ── after the code ──────────────────────────────────────────────────────────────────────────


class MoveForm(LinkForm):
    """The address to move to."""

    email = AddressField()


def respond(visit: Visit) -> Page:
    if visit.is_revoked and request.method == "POST" and request.form.get("do") == "revoke":
        # The same button once more: the link is on its way, and this one opens nothing any more.
        lost = url_for("pages.lost_link", site_id=visit.site.id, lang=visit.asked_language, sent=1)
        return redirect(lost, 303)
    require_fresh(visit)
    visit = visit.read_answers()
    if request.method != "POST":
        return _render(visit)
    act = {"erase": _erase, "revoke": _revoke}.get(request.form.get("do", ""), _ask_to_move)
    return act(visit)


def _render(visit: Visit, form: MoveForm | None = None) -> str:
    errors = form.errors_in_order() if form else []
    return visit.render(
        "data.html",
        errors=errors,
        problems={error.field: error.message for error in errors},
        contacts=profile_summary.contacts(visit),
        roles=profile_summary.roles(visit),
        overall=profile_summary.overall(visit),
        topics=profile_summary.topics(visit),
        answers=profile_summary.answers(visit),
        history=history(visit, all_records(visit.context.database, visit.person)),
        ending_links=wordings.ending_links(visit.language),
        erasing=wordings.erasing(visit.language),
        typed=form.email.data if form else "",
        done=request.args.get("done", ""),
    )


def _how(visit: Visit, texts: Mapping[str, str]) -> Circumstances:
    return visit.how(wordings.with_footer(visit, texts), "my-data")


def _erase(visit: Visit) -> Page:
    try:
        how = _how(visit, wordings.erasing(visit.language))
        erase(visit.context.database, visit.person, how, visit.context.signer.addresses)
    except StaleRevision:
        return _erase(visit.read_again())
    except ProfileUnknown:
        pass  # another press of the same button came first
    return visit.render("erased.html", errors=[])


def _revoke(visit: Visit) -> Page:
    """End every link that was mailed, the ways out excepted, and mail a new one.

    Pressed twice at once, it ends them once.
    """
    person = replace(visit.person, link_version=visit.person.link_version + 1)
    done = "revoked"
    try:
        if not _end_links(visit, person):
            done = "only-revoked"
    except StaleRevision:
        again = visit.read_again()
        if again.person.generation == visit.person.generation:
            return _revoke(again)
    return redirect(_way_in(visit, person.generation, done=done), 303)


def _end_links(visit: Visit, person: Person) -> bool:
    """`person` is of the generation that begins; False when no letter could bring a link of it.

    Raises StaleRevision, with nothing ended.
    """
    database = visit.context.database
    with write_transaction(database):
        if revoke_links(database, visit.person):
            how = _how(visit, wordings.ending_links(visit.language))
            save_within(database, visit.person, [], how)
            return _mail_link(visit, person)
    return True


def _mail_link(visit: Visit, person: Person) -> bool:
    """Whether a letter with a new link is on its way."""
    email = visit.state.email
    if not email:
        return False
    try:
        letter = write(visit, "link", email, url=preferences_link(visit, person))
        send(visit, letter, by_person(visit))
    except LetterHeldBack:
        return False
    return True


def _ask_to_move(visit: Visit) -> Page:
    form = MoveForm()
    if not form.validate():
        return _render(visit, form), 422
    done = "asked"
    try:
        _post_move(visit, form.email)
    except LetterHeldBack:
        done = HELD_BACK
    return redirect(visit.address(done=done), 303)


def _post_move(visit: Visit, email: AddressField) -> None:
    """Raises LetterHeldBack; the request before stays."""
    database, address, until = visit.context.database, email.address, visit.now + MOVE_LASTS
    with write_transaction(database):
        if name := ask_to_move(database, visit.person, address, until, email.written):
            letter = write(visit, "new-address", address, url=mail_link(visit, "address", name))
            send(visit, letter, MOVING, (MOVES, visit.person.handle))
