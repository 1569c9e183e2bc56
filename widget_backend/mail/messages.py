"""Messages: text and HTML of each kind, in the reader's language and direction.

Mail clients drop logical CSS, `dir` on the root and style sheets, so each block says direction and
alignment itself. Nothing that a stranger typed is ever in a message.
"""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from functools import cache
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from widget_backend.i18n.languages import Language, bdi
from widget_backend.mail import headers
from widget_backend.site.model import Site
from widget_backend.store.outbox import Letter

Kind = Literal["confirm", "link", "code", "new-address", "address-changed"]

TEMPLATES = Path(__file__).parents[1] / "templates" / "mail"


def compose(
    kind: Kind, site: Site, language: Language, recipient: str, now: datetime, **values: object
) -> Letter:
    """The message of this kind. `values` are what its template names: our own words and links."""
    known = {"site": site, "language": language, **values}
    parts = {
        part: _environment(language).get_template(f"{kind}.{part}").render(known)
        for part in ("txt", "html")
    }
    subject, _, text = parts["txt"].partition("\n")
    head = {
        "Subject": headers.words(subject.strip(), "Subject"),
        "From": headers.sender(site.name, site.mail_from),
        "To": headers.recipient(recipient),
        "Date": format_datetime(now),
        "Message-ID": make_msgid(domain=site.mail_from.rpartition("@")[2]),
        # No holiday replies, please (RFC 3834).
        "Auto-Submitted": "auto-generated",
        "Content-Language": language.tag,
    }
    return Letter(site.id, kind, recipient, headers.lines(head) + _body(text, parts["html"]))


def _body(text: str, html: str) -> str:
    """Both parts, with the headers that say so; in ASCII."""
    message = EmailMessage(policy=SMTP)
    message.set_content(text.strip() + "\n", cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message.as_string()


@cache
def _environment(language: Language) -> Environment:
    """Templates that speak one language. Not Flask's: commands send mail too."""
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
