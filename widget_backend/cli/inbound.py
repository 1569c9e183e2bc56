"""`inbound`: a mail server hands over a message to the address for unsubscribing."""

from __future__ import annotations

import sys
from contextlib import suppress

import click

from widget_backend.actions.unsubscribe import unsubscribe
from widget_backend.cli.database import connected
from widget_backend.cli.served_sites import served_sites
from widget_backend.config import read_setting, retired_keys, signing_keys
from widget_backend.context import Context
from widget_backend.errors import (
    MessageWithoutLink,
    NoMessage,
    ProfileUnknown,
    SettingInvalid,
    WidgetError,
)
from widget_backend.fault_log import without_values
from widget_backend.mail.inbound import one_click_link
from widget_backend.signing import Signer
from widget_backend.store.ledger import ConsentContext, no_wording
from widget_backend.store.profiles import read_profile
from widget_backend.text import one_line

MAX_MESSAGE = 25 * 1024 * 1024
"""Bytes that are read."""
EX_TEMPFAIL = 75
"""The exit code that makes a mail server keep a message and try again (sysexits.h)."""


@click.command()
def inbound() -> None:
    """Unsubscribe the person whose link is in the subject of the message on standard input.

    For the address of `unsubscribe_mail`: let the mail server pipe its messages here. The exit code
    is 75 when the server should keep the message and try again. A message without a link changes
    nothing: one line says so, and the exit code is 0.
    """
    try:
        _unsubscribe_by(sys.stdin.buffer.read(MAX_MESSAGE))
    except MessageWithoutLink:
        # No reply is sent: senders of spam are forged, and a stranger would get it.
        click.echo("Nothing was changed: the subject names no unsubscribe link.", err=True)
    except NoMessage:
        click.echo("Nothing was changed: the standard input holds no email message.", err=True)
    except WidgetError as error:
        click.echo(str(error), err=True)
        raise SystemExit(EX_TEMPFAIL) from error
    except Exception as error:  # whatever it is, the request to unsubscribe must not be lost
        # Without values, as in the server's log: the text of an error may quote the message.
        fault = " ".join(without_values(error).split())
        reason = f"{fault}. The message is to be tried again; report this line."
        click.echo(one_line("inbound", reason), err=True)
        raise SystemExit(EX_TEMPFAIL) from error


def _unsubscribe_by(message: bytes) -> None:
    keys = signing_keys(read_setting("WIDGET_SIGNING_KEYS"))
    signer = Signer(keys, retired_keys(read_setting("WIDGET_RETIRED_KEYS")))
    link = one_click_link(message, signer)
    with connected() as database:
        context = Context({site.id: site for site in served_sites()}, database, signer)
        if link.site not in context.sites:
            reason = f"does not name the site “{link.site}”"
            raise SettingInvalid("WIDGET_SITES", reason, "Add its file")
        site = context.sites[link.site].site
        nothing_shown = no_wording(site.id, site.source_language)
        with suppress(ProfileUnknown):  # the person was erased: there is nobody to write to
            profile = read_profile(database, site.id, link.handle)
            consent = ConsentContext(context.now, "mail", nothing_shown)
            unsubscribe(context, site, profile, link.topic, consent)
