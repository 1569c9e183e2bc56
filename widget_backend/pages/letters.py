"""Letters: what a page has sent to somebody, in their language and not too often."""

from __future__ import annotations

from widget_backend import links
from widget_backend.limits import MAIL_IN_A_DAY, MAIL_TO_ONE
from widget_backend.links import Link, Purpose
from widget_backend.mail.messages import Kind, compose
from widget_backend.pages.visits import Visit
from widget_backend.rules.addresses import mailbox
from widget_backend.store.outbox import Letter
from widget_backend.store.profiles import Person

NEVER_HELD_BACK: Kind = "address-changed"
"""The old address is always told, or whoever moved it away could see to it that it is not."""


def letter(
    visit: Visit, kind: Kind, recipient: str, link: str = "", **values: object
) -> Letter | None:
    """A letter in the visit's language; None when this mailbox got several lately.

    Whoever asks is told the same either way: nobody can flood a mailbox, or learn from it. What
    comes by one `link` leaves the letters of another link alone.
    """
    if kind != NEVER_HELD_BACK and not _may_come(visit, kind, recipient, link):
        return None
    now = visit.backend.clock()
    return compose(kind, visit.site, visit.language, recipient, now, **values)


def _may_come(visit: Visit, kind: Kind, recipient: str, link: str) -> bool:
    limits, now = visit.backend.limits, visit.backend.clock().timestamp()
    box = f"{visit.site.id} {mailbox(recipient)}"
    hourly = limits.allows(MAIL_TO_ONE, f"{kind} {box} {link}", now)
    return hourly and limits.allows(MAIL_IN_A_DAY, box, now)


def mail_link(visit: Visit, purpose: Purpose, handle: str, generation: int = 0) -> str:
    """The address of a new link of this purpose, for a message in the visit's language."""
    said = Link(visit.site.id, handle, visit.language.tag, generation=generation)
    token = visit.backend.signer.mint(purpose, said, visit.backend.clock())
    return links.address(visit.site.url, purpose, token)


def preferences_link(visit: Visit, person: Person) -> str:
    return mail_link(visit, "preferences", person.handle, person.generation)
