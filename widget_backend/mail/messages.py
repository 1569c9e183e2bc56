"""Messages: text and HTML of each kind, in the reader's language and direction.

Mail clients drop logical CSS, `dir` on the root and style sheets, so each block sets its direction
and alignment itself. No message contains anything that a stranger typed.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from functools import lru_cache
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from widget_backend.i18n.languages import Language, bdi
from widget_backend.mail.headers import from_header, text_header, to_header
from widget_backend.site.model import Site
from widget_backend.store.outbox import OutgoingMessage

MessageKind = Literal["confirm", "link", "code", "new-address", "address-changed", "checkpoint"]
PLAIN: frozenset[MessageKind] = frozenset({"checkpoint"})
"""Kinds that are text only, for who works with the site: they can be read from a saved file."""

TEMPLATES = Path(__file__).parents[1] / "templates" / "mail"


def compose(
    kind: MessageKind,
    site: Site,
    language: Language,
    recipient: str,
    now: datetime,
    *,
    about: str,
    **values: object,
) -> OutgoingMessage:
    """The message of this kind, about the profile with this handle.

    `values` are the variables of its template: only texts and links of our own or the owner's.
    """
    templates = _templates(language)
    signature = _signature(site)
    variables = {"site": site, "language": language, "signature": signature, **values}
    endings = ("txt",) if kind in PLAIN else ("txt", "html")
    text, *html = (
        templates.get_template(f"{kind}.{ending}").render(variables) for ending in endings
    )
    subject, _, text = text.partition("\n")
    headers = {
        "Subject": text_header(subject.strip(), "Subject"),
        "From": from_header(site.name, site.mail_from),
        "To": to_header(recipient),
        "Date": format_datetime(now),
        "Message-ID": make_msgid(domain=site.mail_from.rpartition("@")[2]),
        "Auto-Submitted": "auto-generated",  # so that nobody's holiday reply comes back (RFC 3834)
        "Content-Language": language.tag,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return OutgoingMessage(
        site=site.id,
        kind=kind,
        recipient=recipient,
        source=lines + _body(text, *html),
        about=about,
    )


def _signature(site: Site) -> str:
    """The name and the postal address, most of which begin with the name: then it stands once."""
    begins_with_name = re.match(rf"{re.escape(site.name)}(?!\w)", site.legal_address)
    return site.legal_address if begins_with_name else f"{site.name}\n{site.legal_address}"


def _body(text: str, *html: str) -> str:
    """The parts, with the headers that describe them; in ASCII."""
    message = EmailMessage(policy=SMTP)
    message.set_content(text.strip() + "\n", cte="quoted-printable")
    for part in html:
        message.add_alternative(part, subtype="html", cte="quoted-printable")
    return message.as_string()


@lru_cache(maxsize=64)
def _templates(language: Language) -> Environment:
    """The templates in one language, which is another one once its catalogs are read anew. Flask's
    are not used, since commands send mail too."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.filters["bdi"] = bdi
    translations = language.translations
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        translations.gettext, translations.ngettext, newstyle=True, pgettext=translations.pgettext
    )
    return environment
