"""Messages of a sender, as they are checked before they are sent."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from click.testing import CliRunner, Result

from widget_backend.cli import main

DOOR = "https://prefs.dimora.example"
ADDRESS = "Dimora sh.p.k., Rruga e Gështenjave 12, 1019 Tirana, Albania"
DKIM = (
    "v=1; a=rsa-sha256; d=dimora.example; s=1; c=relaxed/relaxed; "
    "h=From:To:Subject:List-Unsubscribe:List-Unsubscribe-Post; bh=YQ==; b=YQ=="
)
HTML = f'<p>Sale!</p><p><a href="{DOOR}/u/abc.def">Unsubscribe</a></p><p>{ADDRESS}</p>'


def message(text: str = "", html: str = HTML, **headers: str | None) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    usual: dict[str, str | None] = {
        "DKIM_Signature": DKIM,
        "From": "Dimora <hello@dimora.example>",
        "To": "arta@example.com",
        "Subject": "Sale",
        "List_Unsubscribe": f"<{DOOR}/o/abc.def>, <mailto:leave@dimora.example?subject=abc>",
        "List_Unsubscribe_Post": "List-Unsubscribe=One-Click",
    }
    for name, value in {**usual, **headers}.items():
        if value is not None:
            mail[name.replace("_", "-")] = value
    mail.set_content(text or "Sale!")
    mail.add_alternative(html, subtype="html")
    return mail


def checked(mail: EmailMessage | bytes, site_file: Path, tmp_path: Path) -> Result:
    file = tmp_path / "message.eml"
    file.write_bytes(mail if isinstance(mail, bytes) else mail.as_bytes())
    return CliRunner().invoke(main, ["mail-check", str(file), "--site", str(site_file)])
