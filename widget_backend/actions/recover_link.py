"""Recovering a link: a new one to the address on file, for who lost theirs or whose link has ended.

Whoever asks is answered the same after the same work, whether or not the address is known here.
"""

from __future__ import annotations

from widget_backend.actions.notify import Notifier, by_link
from widget_backend.errors import MailHeldBack
from widget_backend.i18n.languages import language, match
from widget_backend.links import Purpose
from widget_backend.store.contacts import find_contacts
from widget_backend.store.outbox import OutgoingMessage
from widget_backend.store.profiles import Profile, new_key
from widget_backend.store.writing import write


def recover_link(notifier: Notifier, email: str, network: str) -> None:
    """Mail a new preferences link to the address, if it is known. Raises RateLimited."""
    database = notifier.context.database
    contact = find_contacts(database, notifier.site.id, [email]).get(email)
    profile = contact.profile if contact else None
    notifier = in_language_of(notifier, profile)
    message = link_message(notifier, "preferences", email, profile)
    is_known = profile is not None
    write(database, lambda: notifier.send_to_stranger(message, network, is_known=is_known))


def in_language_of(notifier: Notifier, profile: Profile | None) -> Notifier:
    """The same in the person's own language, where that of whoever asks may be another."""
    chosen = profile.state.language if profile else None
    tag = match(chosen, notifier.site.locales) or notifier.language.tag
    site = notifier.context.sites[notifier.site.id].in_locale[tag]
    return Notifier(notifier.context, site, language(tag))


def link_message(
    notifier: Notifier, purpose: Purpose, email: str, profile: Profile | None
) -> OutgoingMessage:
    """The email with a new link: of nobody where the address is not known, for the same work."""
    handle, version = (profile.handle, profile.link_version) if profile else (new_key(), 0)
    url = notifier.link(purpose, handle, version)
    return notifier.message("link", email, handle, url=url)


def renew_link(notifier: Notifier, profile: Profile, purpose: Purpose, token: str) -> bool:
    """Mail a new link for one that has ended, to the address on file only.

    False when it was held back: this mailbox got several lately.
    """
    email = profile.state.email
    if not email or profile.pending:
        return True
    message = link_message(notifier, purpose, email, profile)
    try:
        write(notifier.context.database, lambda: notifier.send(message, by_link(token)))
    except MailHeldBack:
        return False
    return True
