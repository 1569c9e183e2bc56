"""Letters: what a page has sent to somebody, in their language and not too often.

What a person asks for by their own signed link is counted apart from what is asked for with an
address: no stranger who knows an address can use up the letters of the person it belongs to.
"""

from __future__ import annotations

from contextlib import suppress

from flask import request

from widget_backend import links
from widget_backend.errors import LetterHeldBack, RateLimited
from widget_backend.links import Link, Purpose
from widget_backend.mail.messages import MessageKind, compose
from widget_backend.rate_limits import (
    LETTERS_TO_STRANGERS,
    MAIL_IN_A_DAY,
    MAIL_TO_ONE,
    Counter,
    network_of,
)
from widget_backend.rules.mailboxes import mailbox
from widget_backend.store.outbox import Letter, post, pretend_to_post
from widget_backend.store.profiles import Person
from widget_backend.web.visits import Visit

MOVING = "moving"
"""Who asks for letters to new addresses, whose readers asked for nothing: all who move together."""


HELD_BACK = "held-back"
"""Stands in the address of a page that tells who holds a link of their own that no letter went."""


def by_link(visit: Visit) -> str:
    """Who asks, where all that is known of them is that they hold this link: mail gets forwarded,
    and what comes by one link leaves the letters of another link alone."""
    return f"link {visit.token}"


def by_person(visit: Visit) -> str:
    """Who asks, where they proved that they read the person's mail."""
    return f"person {visit.person.handle}"


def write(visit: Visit, kind: MessageKind, recipient: str, **values: object) -> Letter:
    """A letter in the visit's language, not posted yet."""
    return compose(kind, visit.site, visit.language, recipient, visit.context.clock(), **values)


def send(
    visit: Visit, letter: Letter, asked_by: str, *also: Counter, is_known: bool = True
) -> None:
    """Post a letter, in the transaction of what it tells of, by who is certain to keep that.

    Only then it is counted. Raises LetterHeldBack when this mailbox got several lately: nobody can
    flood it. Strangers are told the same either way, so that they learn nothing from it.
    """
    box = f"{letter.site} {mailbox(letter.recipient)} {asked_by}"
    counters = [(MAIL_TO_ONE, f"{letter.kind} {box}"), (MAIL_IN_A_DAY, box), *also]
    if not visit.context.limits.allows_all(counters, visit.context.clock().timestamp()):
        raise LetterHeldBack
    (post if is_known else pretend_to_post)(visit.context.database, letter, visit.now)


def send_to_stranger(visit: Visit, letter: Letter, is_known: bool = True) -> None:
    """The same for whoever typed an address. Held back, it is as if it had been sent.

    Raises RateLimited when very many were asked for from one network.
    """
    network = f"{letter.kind} {network_of(request.remote_addr)}"
    limits, now = visit.context.limits, visit.context.clock().timestamp()
    if seconds := limits.wait(LETTERS_TO_STRANGERS, network, now):
        raise RateLimited(seconds)
    with suppress(LetterHeldBack):
        send(visit, letter, "strangers", (LETTERS_TO_STRANGERS, network), is_known=is_known)


def mail_link(visit: Visit, purpose: Purpose, handle: str, generation: int = 0) -> str:
    """The address of a new link of this purpose, for a message in the visit's language."""
    said = Link(visit.site.id, handle, visit.language.tag, link_version=generation)
    token = visit.context.signer.mint(purpose, said, visit.context.clock())
    return links.address(visit.site.url, purpose, token)


def preferences_link(visit: Visit, person: Person) -> str:
    return mail_link(visit, "preferences", person.handle, person.generation)
