"""What the texts of settings mean: keys, ports, addresses, paths, a mail server.

Each reader gets the name of the setting and its text, and raises SettingInvalid for a text that
means nothing.
"""

from __future__ import annotations

import os
import re
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from widget_backend.errors import SettingInvalid
from widget_backend.log_lines import FORMATS

SHORTEST_KEY = 32
"""Characters. HMAC-SHA256 is weaker with shorter keys."""
MAKE_A_KEY = "make one with python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"


def as_given(_name: str, value: str) -> str:
    return value


def some_keys(name: str, value: str) -> tuple[str, ...]:
    """One key or more."""
    keys = any_keys(name, value)
    if not keys:
        raise SettingInvalid(name, "holds no key", MAKE_A_KEY)
    return keys


def any_keys(name: str, value: str) -> tuple[str, ...]:
    """As many keys as there are, which may be none."""
    keys = tuple(key.strip() for key in value.split(",") if key.strip())
    if any(len(key) < SHORTEST_KEY for key in keys):
        raise SettingInvalid(name, f"a key is shorter than {SHORTEST_KEY} characters", MAKE_A_KEY)
    return keys


def key_or_none(name: str, value: str) -> str:
    """One key that a header can carry, or empty."""
    keys = any_keys(name, value)
    if len(keys) > 1:
        raise SettingInvalid(name, "holds more than one key", "choose one of them")
    if not all(key.isascii() and key.isprintable() for key in keys):
        raise SettingInvalid(name, "has characters that no header can carry", MAKE_A_KEY)
    return keys[0] if keys else ""


def port(name: str, value: str) -> int:
    return _number(name, value, 65_535)


def threads(name: str, value: str) -> int:
    return _number(name, value, 64)


def _number(name: str, value: str, most: int) -> int:
    is_short = value.isascii() and value.isdigit() and len(value) <= len(str(most))
    if not is_short or not 1 <= int(value) <= most:
        raise SettingInvalid(name, f"“{value[:20]}” is no number from 1 to {most}", "correct it")
    return int(value)


def address(name: str, value: str) -> str:
    """An IP address in the spelling of sockets, or empty."""
    try:
        return str(ip_address(value)) if value else ""
    except ValueError as error:
        cure = "name the one address from which the proxy asks, such as 127.0.0.1 or ::1"
        raise SettingInvalid(name, f"“{value[:40]}” is no IP address", cure) from error


_CONTACT = re.compile(
    r"mailto:[!-?A-~]+@[!-?A-~]+|https://[A-Za-z0-9[][!-~]*|tel:\+[0-9][0-9.()-]*"
)
"""A URI of one of the schemes that a contact may have (RFC 9116, 2.5.3)."""


def contacts(name: str, value: str) -> tuple[str, ...]:
    addresses = tuple(each.strip() for each in value.split(",") if each.strip())
    for each in addresses:
        if not _CONTACT.fullmatch(each):
            cure = "write mailto:security@shop.example, https://… or tel:+355…, with commas between"
            raise SettingInvalid(name, f"“{each[:60]}” is no contact", cure)
    return addresses


def log_format(name: str, value: str) -> str:
    if value not in FORMATS:
        reason = f"“{value[:20]}” is no format of a log"
        raise SettingInvalid(name, reason, f"write {' or '.join(FORMATS)}")
    return value


def path(_name: str, value: str) -> Path | None:
    return Path(value) if value else None


def file_to_write(name: str, value: str) -> Path | None:
    """A file, which need not be there yet, nor its folder: a disk may not be mounted yet."""
    if value and os.path.isdir(value):
        raise SettingInvalid(name, f"{value} is a folder", "name a file in it")
    return path(name, value)


def folder(name: str, value: str) -> Path | None:
    """A folder that is there, or None if none is named."""
    if value and not Path(value).is_dir():
        raise SettingInvalid(name, f"“{value}” is no folder", "make it, or correct its name")
    return Path(value) if value else None


def paths(_name: str, value: str) -> tuple[Path, ...]:
    return tuple(Path(each) for each in value.split(os.pathsep) if each)


class MailServer(NamedTuple):
    """`security` is none, starttls or tls."""

    host: str
    port: int
    security: str
    user: str
    password: str


_MAIL = {"smtp": (25, "none"), "smtp+starttls": (587, "starttls"), "smtps": (465, "tls")}
"""The port and the security of each scheme."""


def mail_server(name: str, url: str) -> MailServer:
    """What `smtp+starttls://user:password@mail.example:587` says. Raises SettingInvalid."""
    cure = "write smtps://user:password@host:465, smtp+starttls://…:587 or smtp://localhost:25"
    try:
        parts = urlsplit(url)
        usual_port, security = _MAIL[parts.scheme]
        own_port = parts.port or usual_port
    except (ValueError, KeyError) as error:
        raise SettingInvalid(name, "is no address of a mail server", cure) from error
    if not parts.hostname or parts.path.strip("/") or parts.query:
        raise SettingInvalid(name, "is no address of a mail server", cure)
    user, password = (unquote(each or "") for each in (parts.username, parts.password))
    return MailServer(parts.hostname, own_port, security, user, password)


def url_of_mail_server(name: str, value: str) -> str:
    mail_server(name, value)
    return value
