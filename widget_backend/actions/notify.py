"""Notifying people: the few messages that we send ourselves, in their language, not too often.

What a person asks for by their own signed link is counted apart from what is asked for with an
address: no stranger who knows an address can use up the messages of the person it belongs to.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from widget_backend import links
from widget_backend.context import Context
from widget_backend.errors import MailHeldBack, RateLimited
from widget_backend.i18n.languages import Language
from widget_backend.links import Link, Purpose
from widget_backend.mail.messages import MessageKind, compose
from widget_backend.rate_limits import MAIL_IN_A_DAY, MAIL_TO_ONE, MAIL_TO_STRANGERS, Counter
from widget_backend.rules.mailboxes import mailbox
from widget_backend.site.model import Site
from widget_backend.store.outbox import OutgoingMessage, enqueue, pretend_to_enqueue
from widget_backend.store.profiles import Profile

BY_ADDRESS_CHANGE = "address change"
"""Who asks for messages to new addresses: nobody who reads there asked for anything yet."""


def by_link(token: str) -> str:
    """Who asks, where all that is known of them is that they hold this link.

    Mail gets forwarded: what comes by one link leaves the messages of another link alone.
    """
    return f"link {token}"


def by_person(profile: Profile) -> str:
    """Who asks, where they proved that they read the person's mail."""
    return f"person {profile.handle}"


@dataclass(frozen=True)
class Notifier:
    """A site that writes to somebody. `site` speaks `language`."""

    context: Context
    site: Site
    language: Language

    def message(
        self, kind: MessageKind, recipient: str, about: str, **values: object
    ) -> OutgoingMessage:
        """A message that is not sent yet, about the profile with this handle."""
        now = self.context.clock()
        return compose(kind, self.site, self.language, recipient, now, about=about, **values)

    def link(
        self, purpose: Purpose, handle: str, link_version: int = 0, by_hand: bool = False
    ) -> str:
        """The URL of a new link of this purpose, to be mailed, or to be given `by_hand`."""
        version, tag = link_version, self.language.tag
        target = Link(self.site.id, handle, tag, link_version=version, by_hand=by_hand)
        token = self.context.signer.mint(purpose, target, self.context.clock())
        return links.address(self.site.url, purpose, token)

    def preferences_link(self, profile: Profile, by_hand: bool = False) -> str:
        return self.link("preferences", profile.handle, profile.link_version, by_hand)

    def send(
        self, message: OutgoingMessage, asked_by: str, *also: Counter, is_known: bool = True
    ) -> None:
        """Put a message into the outbox, in the transaction of what it tells of.

        Only then it is counted. One to an address that is not `is_known` is pretended: as much
        work, never sent. Raises MailHeldBack when this mailbox got several lately.
        """
        context, box = self.context, f"{message.site} {mailbox(message.recipient)} {asked_by}"
        counters = [(MAIL_TO_ONE, f"{message.kind} {box}"), (MAIL_IN_A_DAY, box), *also]
        if not context.limits.allows_all(counters, context.clock().timestamp()):
            raise MailHeldBack
        (enqueue if is_known else pretend_to_enqueue)(context.database, message, context.now)

    def send_to_stranger(
        self, message: OutgoingMessage, network: str, is_known: bool = True
    ) -> None:
        """The same for somebody who typed an address. Held back, it is as if it had been sent.

        Strangers are answered the same either way, so that they learn nothing. Raises RateLimited
        when very many were asked for from one network.
        """
        key, now = f"{message.kind} {network}", self.context.clock().timestamp()
        if seconds := self.context.limits.wait(MAIL_TO_STRANGERS, key, now):
            raise RateLimited(seconds)
        with suppress(MailHeldBack):
            self.send(message, "strangers", (MAIL_TO_STRANGERS, key), is_known=is_known)
