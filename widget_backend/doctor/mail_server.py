"""The mail server: whether it lets us in, and a test letter where somebody wants one."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime, make_msgid

from widget_backend.doctor.outcomes import Outcome, ok, wrong
from widget_backend.mail.headers import from_header, to_header
from widget_backend.mail.transports import PermanentFailure, SmtpTransport
from widget_backend.site.model import Site

WHAT = "mail server"
FAILURES = (OSError, smtplib.SMTPException, PermanentFailure)


def mail_server(transport: SmtpTransport) -> Outcome:
    """Whether it answers, and takes our name and password if we have one."""
    place = f"{transport.host}:{transport.port}"
    try:
        with transport.connect():
            return ok(WHAT, f"{place} lets this server send ({transport.security})")
    except FAILURES as error:
        cure = "see that it runs, and that WIDGET_SMTP_URL names it, its security and its user"
        return wrong(WHAT, f"{place}: {_reason(error)}", cure)


def letters(
    transport: SmtpTransport, sites: list[Site], to: str, now: datetime
) -> Iterator[Outcome]:
    """Send a letter from each site."""
    for site in sites:
        what = f"letter of {site.id}"
        try:
            with transport.connect() as send:
                send(to, _letter(site, to, now))
            yield ok(what, f"the mail server took it. See how it arrives at {to}")
        except FAILURES as error:
            yield wrong(what, f"was not taken: {_reason(error)}", "ask who runs the mail server")


def _letter(site: Site, to: str, now: datetime) -> str:
    lines = [
        f"From: {from_header(site.name, site.mail_from)}",
        f"To: {to_header(to)}",
        f"Subject: Test letter of {site.id}",
        f"Date: {format_datetime(now)}",
        f"Message-ID: {make_msgid(domain=site.mail_from.rpartition('@')[2])}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "This letter tests the mail of your server. In its header Authentication-Results,",
        'spf, dkim and dmarc should say "pass".',
        "",
    ]
    return "\r\n".join(lines)


def _reason(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "the user or the password is wrong"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it answers with {error.smtp_code}"
    return str(getattr(error, "strerror", None) or type(error).__name__).lower()
