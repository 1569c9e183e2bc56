"""Settings: environment variables, one table, checked before anything starts."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from widget_backend import setting_values as values
from widget_backend.errors import SettingInvalid, WidgetError
from widget_backend.file_errors import unreadable

FOLDER = "WIDGET_FOLDER"


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
    socket: Path | None = None
    log_format: str = "plain"
    metrics_key: str = ""
    pid_file: Path | None = None
    suppressions: Path | None = None
    folder: Path | None = None


def signing_keys(value: str) -> tuple[str, ...]:
    """The keys that sign and read links. Raises SettingInvalid when there is none."""
    return values.some_keys("WIDGET_SIGNING_KEYS", value)


def retired_keys(value: str) -> tuple[str, ...]:
    """The keys that only read links for unsubscribing."""
    return values.any_keys("WIDGET_RETIRED_KEYS", value)


@dataclass(frozen=True)
class Setting:
    """With `default` None, the setting must be given. `read` makes of the text what it means, and
    raises SettingInvalid if it means nothing."""

    name: str
    default: str | None
    help: str
    read: Callable[[str, str], Any] = values.as_given

    @property
    def field(self) -> str:
        """Its name in `Settings`."""
        return self.name.removeprefix("WIDGET_").lower()


SETTINGS = (
    Setting(
        "WIDGET_SITES",
        None,
        "site files to serve, or folders of sites, separated by “:” (Windows: “;”)",
        values.paths,
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
        values.some_keys,
    ),
    Setting(
        "WIDGET_RETIRED_KEYS",
        "",
        "keys that sign nothing any more and open only unsubscribe and one-click links, such as "
        "one that leaked; separated by commas, or a file with one a line",
        values.any_keys,
    ),
    Setting(
        "WIDGET_SMTP_URL",
        None,
        "mail server: smtps://user:password@host:465, smtp+starttls://…:587 or smtp://localhost:25",
        values.url_of_mail_server,
    ),
    Setting("WIDGET_HOST", "127.0.0.1", "address to listen on"),
    Setting("WIDGET_PORT", "8000", "port to listen on", values.port),
    Setting(
        "WIDGET_SOCKET",
        "",
        "Unix socket to listen on as well; whoever may write to it is believed as the proxy is",
        values.path,
    ),
    Setting("WIDGET_LOG_FORMAT", "plain", "lines of the log: plain or json", values.log_format),
    Setting(
        "WIDGET_METRICS_KEY",
        "",
        "key with which /metrics may be read, 32 characters or more",
        values.key_or_none,
    ),
    Setting("WIDGET_THREADS", "4", "requests answered at the same time", values.threads),
    Setting(
        "WIDGET_TRUSTED_PROXY",
        "",
        "IP address from which your proxy asks; its X-Forwarded-For is believed, nobody else’s",
        values.address,
    ),
    Setting(
        "WIDGET_EVIDENCE_KEY",
        "",
        "key that signs checkpoints of what was recorded, as preference-widget evidence key writes "
        "it to a file",
    ),
    Setting(
        "WIDGET_CHECKPOINTS",
        "",
        "file to which checkpoints are added, once a day",
        values.file_to_write,
    ),
    Setting(
        "WIDGET_SECURITY_CONTACT",
        "",
        "where people report weaknesses, the best way first, for /.well-known/security.txt; "
        "separated by commas, or a file with one a line",
        values.contacts,
    ),
    Setting(
        "WIDGET_PID_FILE",
        "",
        "file in which serve writes the number of its process, for preference-widget reload",
        values.path,
    ),
    Setting(
        "WIDGET_SUPPRESSIONS",
        "",
        "file to which everybody who is deleted is added, without their address, so that no "
        "backup brings them back; on another disk than the database",
        values.file_to_write,
    ),
    Setting(
        FOLDER,
        "",
        "folder of your own, with catalogs in translations/ and frozen scripts in released/",
        values.folder,
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
    settings, mistakes = settings_and_mistakes(environment, may_lack)
    if mistakes:
        raise SettingsInvalid(mistakes)
    return settings


def settings_and_mistakes(
    environment: Mapping[str, str] = os.environ, may_lack: Collection[str] = ()
) -> tuple[Settings, list[SettingInvalid]]:
    """The same with what is wrong beside them: those that are missing or wrong are empty, too."""
    read: dict[str, Any] = {}
    mistakes: list[SettingInvalid] = []
    for each in SETTINGS:
        if each.name in may_lack:
            read[each.field] = ""
            continue
        try:
            read[each.field] = each.read(each.name, _value(each, environment))
        except SettingInvalid as error:
            read[each.field] = ""
            mistakes.append(error)
    return Settings(**read), mistakes


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
