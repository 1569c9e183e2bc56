"""Settings: environment variables, one table, checked before anything starts."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from widget_backend.errors import SettingInvalid, WidgetError, unreadable

SHORTEST_KEY = 32
"""Characters. HMAC-SHA256 is weaker with shorter keys."""


@dataclass(frozen=True)
class Settings:
    """The settings, checked."""

    sites: tuple[Path, ...]
    database_url: str
    signing_keys: tuple[str, ...]
    smtp_url: str
    retired_keys: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 4
    trusted_proxy: str = ""
    evidence_key: str = ""
    checkpoints: Path | None = None
    security_contact: tuple[str, ...] = ()
    pid_file: Path | None = None


MAKE_A_KEY = "make one with python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"


def signing_keys(value: str) -> tuple[str, ...]:
    """The keys that sign and read links. Raises SettingInvalid when there is none."""
    return _signing_keys("WIDGET_SIGNING_KEYS", value)


def _signing_keys(name: str, value: str) -> tuple[str, ...]:
    keys = _keys(name, value)
    if not keys:
        raise SettingInvalid(name, "holds no key", MAKE_A_KEY)
    return keys


def retired_keys(value: str) -> tuple[str, ...]:
    """The keys that only read links for unsubscribing."""
    return _keys("WIDGET_RETIRED_KEYS", value)


def _keys(name: str, value: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in value.split(",") if key.strip())
    if any(len(key) < SHORTEST_KEY for key in keys):
        raise SettingInvalid(name, f"a key is shorter than {SHORTEST_KEY} characters", MAKE_A_KEY)
    return keys


def _number(name: str, value: str, most: int) -> int:
    is_short = value.isascii() and value.isdigit() and len(value) <= len(str(most))
    if not is_short or not 1 <= int(value) <= most:
        raise SettingInvalid(name, f"“{value[:20]}” is no number from 1 to {most}", "correct it")
    return int(value)


def _address(name: str, value: str) -> str:
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


def _contacts(name: str, value: str) -> tuple[str, ...]:
    contacts = tuple(each.strip() for each in value.split(",") if each.strip())
    for each in contacts:
        if not _CONTACT.fullmatch(each):
            cure = "write mailto:security@shop.example, https://… or tel:+355…, with commas between"
            raise SettingInvalid(name, f"“{each[:60]}” is no contact", cure)
    return contacts


def _port(name: str, value: str) -> int:
    return _number(name, value, 65_535)


def _threads(name: str, value: str) -> int:
    return _number(name, value, 64)


def _path(_name: str, value: str) -> Path | None:
    return Path(value) if value else None


def site_paths(_name: str, value: str) -> tuple[Path, ...]:
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
        port, security = _MAIL[parts.scheme]
        port = parts.port or port
    except (ValueError, KeyError) as error:
        raise SettingInvalid(name, "is no address of a mail server", cure) from error
    if not parts.hostname or parts.path.strip("/") or parts.query:
        raise SettingInvalid(name, "is no address of a mail server", cure)
    user, password = (unquote(each or "") for each in (parts.username, parts.password))
    return MailServer(parts.hostname, port, security, user, password)


def _mail_server(name: str, value: str) -> str:
    mail_server(name, value)
    return value


def as_given(_name: str, value: str) -> str:
    return value


@dataclass(frozen=True)
class Setting:
    """With `default` None, the setting must be given. `read` makes of the text what it means, and
    raises SettingInvalid if it means nothing."""

    name: str
    default: str | None
    help: str
    read: Callable[[str, str], Any] = as_given

    @property
    def field(self) -> str:
        """Its name in `Settings`."""
        return self.name.removeprefix("WIDGET_").lower()


SETTINGS = (
    Setting(
        "WIDGET_SITES",
        None,
        "site files to serve, or folders of sites, separated by “:” (Windows: “;”)",
        site_paths,
    ),
    Setting(
        "WIDGET_DATABASE_URL",
        None,
        "where everything is kept: sqlite:////folder/file.db or postgresql://user@host/name",
    ),
    Setting(
        "WIDGET_SIGNING_KEYS",
        None,
        "keys for signed links, newest first, separated by commas, 32 characters or more each; "
        "or WIDGET_SIGNING_KEYS_FILE, a file with one key a line",
        _signing_keys,
    ),
    Setting(
        "WIDGET_RETIRED_KEYS",
        "",
        "keys that sign nothing any more and open only unsubscribe and one-click links, such as "
        "one that leaked; separated by commas, or a file with one a line",
        _keys,
    ),
    Setting(
        "WIDGET_SMTP_URL",
        None,
        "mail server: smtps://user:password@host:465, smtp+starttls://…:587 or smtp://localhost:25",
        _mail_server,
    ),
    Setting("WIDGET_HOST", "127.0.0.1", "address to listen on"),
    Setting("WIDGET_PORT", "8000", "port to listen on", _port),
    Setting("WIDGET_THREADS", "4", "requests answered at the same time", _threads),
    Setting(
        "WIDGET_TRUSTED_PROXY",
        "",
        "IP address from which your proxy asks; its X-Forwarded-For is believed, nobody else’s",
        _address,
    ),
    Setting(
        "WIDGET_EVIDENCE_KEY",
        "",
        "key that signs checkpoints of what was recorded, as preference-widget evidence key writes "
        "it to a file",
    ),
    Setting("WIDGET_CHECKPOINTS", "", "file to which checkpoints are added, once a day", _path),
    Setting(
        "WIDGET_SECURITY_CONTACT",
        "",
        "where people report weaknesses, the best way first, for /.well-known/security.txt; "
        "separated by commas, or a file with one a line",
        _contacts,
    ),
    Setting(
        "WIDGET_PID_FILE",
        "",
        "file in which serve writes the number of its process, for preference-widget reload",
        _path,
    ),
)


class SettingsInvalid(WidgetError):
    """Settings are missing or wrong: a line for each."""

    def __init__(self, mistakes: Sequence[WidgetError]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


def read_settings(
    environment: Mapping[str, str] = os.environ, may_lack: Collection[str] = ()
) -> Settings:
    """The settings of an environment. Raises SettingsInvalid, which names each variable that is
    missing or wrong, and its cure. Those that it `may_lack` are not read, and empty."""
    values: dict[str, Any] = {}
    mistakes: list[SettingInvalid] = []
    for each in SETTINGS:
        if each.name in may_lack:
            values[each.field] = ""
            continue
        try:
            values[each.field] = each.read(each.name, _value(each, environment))
        except SettingInvalid as error:
            mistakes.append(error)
    if mistakes:
        raise SettingsInvalid(mistakes)
    return Settings(**values)


def read_setting(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """One setting, for commands that need no others. Raises SettingInvalid."""
    return _value(next(each for each in SETTINGS if each.name == name), environment)


def _value(setting: Setting, environment: Mapping[str, str]) -> str:
    name = setting.name
    if value := environment.get(name):
        return value
    if file := environment.get(f"{name}_FILE"):
        separator = os.pathsep if name == "WIDGET_SITES" else ","
        return _from_file(f"{name}_FILE", Path(file), separator)
    if setting.default is None:
        raise SettingInvalid(name, "is not set", f"set it: {setting.help}")
    return setting.default


def _from_file(name: str, file: Path, separator: str) -> str:
    """The content of a file. Several lines are several values."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        reason, cure = unreadable(error)
        raise SettingInvalid(name, f"{file}: {reason}", cure) from error
    except UnicodeDecodeError as error:
        raise SettingInvalid(name, f"{file}: is not UTF-8", "save it as UTF-8") from error
    return separator.join(line.strip() for line in lines if line.strip())
