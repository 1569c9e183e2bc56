"""Values of SITE.toml: what a value may be, and how to correct one that is not.

`Text` marks what subscribers read and translators translate.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unicodedata import category
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from marshmallow import ValidationError, fields

from widget_backend.site.logo import Logo, read_logo
from widget_backend.site.svg import read_picture
from widget_backend.text import first_control


class Complaint(str):
    """A reason with its cure. Marshmallow carries it as the message of an error."""

    cure: str

    def __new__(cls, reason: str, cure: str) -> Complaint:
        self = super().__new__(cls, reason)
        self.cure = cure
        return self


def complain(reason: str, cure: str) -> ValidationError:
    return ValidationError(Complaint(reason, cure))


class Text(fields.String):
    """A text that subscribers read, in the site's source language."""


class Origin(fields.String):
    """An origin. Of one with the slash that browsers show after it, it is clear what is meant."""

    def _deserialize(self, *arguments: Any, **options: Any) -> Any:
        return bare(super()._deserialize(*arguments, **options))


def bare(address: str) -> str:
    return address.removesuffix("/")


class FileName(fields.String):
    """A file beside the site file, by its name. Raises PictureRefused when it is read."""

    def read(self, folder: Path, name: str) -> Any:
        """The value that the site holds."""
        raise NotImplementedError


class LogoFile(FileName):
    """The sender’s logo, which the site holds as it was read."""

    def read(self, folder: Path, name: str) -> Logo:
        return read_logo(folder, name)


class Picture(FileName):
    """An SVG drawing, which the site holds as markup."""

    def read(self, folder: Path, name: str) -> str:
        return read_picture(folder, name)


class YesNo(fields.Boolean):
    """TOML’s true or false, and nothing that only looks like it."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if not isinstance(value, bool):
            raise complain(f"“{value}” is neither true nor false", "write true or false, unquoted")
        return value


def is_not_empty(value: str) -> None:
    if not value.strip():
        raise complain("is empty", "write the text, or remove the key")


def is_line(value: str) -> None:
    """For names and sentences: in an email header or a column, a line break would end the value."""
    if control := first_control(value):
        raise complain(f"holds {control}", "write it in one line, without tabs")


def is_paragraph(value: str) -> None:
    if control := first_control(value.replace("\n", " ")):
        raise complain(
            f"holds {control}", "take it out; line breaks are allowed here, tabs are not"
        )


def is_at_least_one(value: int) -> None:
    if value < 1:
        raise complain(f"{value} is less than 1", "write 1 or more")


MOST_DAYS = 3650
"""Ten years. Much later dates do not exist in Python."""


def is_number_of_days(value: int) -> None:
    if value < 1:
        raise complain(f"{value} is less than 1", "write 1 or more, or remove the key")
    if value > MOST_DAYS:
        raise complain(f"{value} is more than {MOST_DAYS}", f"write up to {MOST_DAYS}, ten years")


def matching(pattern: str, reason: str, cure: str) -> Callable[[str], None]:
    compiled = re.compile(pattern)

    def check(value: str) -> None:
        if not compiled.fullmatch(value):
            raise complain(f"“{value}” {reason}", cure)

    return check


def one_of(allowed: tuple[str, ...], what: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        if value not in allowed:
            raise complain(f"“{value}” is not a {what}", f"choose one of {', '.join(allowed)}")

    return check


IDENTIFIER = r"[a-z][a-z0-9_-]{0,39}"

is_identifier = matching(
    IDENTIFIER,
    "is not an identifier",
    "use up to 40 small Latin letters, digits, - and _, starting with a letter",
)


def is_name(value: str) -> bool:
    """Whether it can be an id."""
    return bool(re.fullmatch(IDENTIFIER, value))


is_colour = matching(
    r"#[0-9a-fA-F]{6}", "is not a colour", "write it as # and six hexadecimal digits, like #1f5a4c"
)
_is_language_tag = matching(
    r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?",
    "is not a language tag",
    "write it as en, sq, ar or pt-BR",
)


def is_language(value: str) -> None:
    """A tag whose direction, dates and numbers Babel knows (CLDR)."""
    _is_language_tag(value)
    if not _is_known_language(value):
        alone = value.partition("-")[0]
        shorter = alone != value and _is_known_language(alone)
        cure = f"write “{alone}” alone" if shorter else "write it as en, sq, ar or pt-BR"
        raise complain(f"no language “{value}” is known", cure)


def _is_known_language(tag: str) -> bool:
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def is_region(value: str) -> None:
    """A country, in two letters (ISO 3166-1)."""
    if not is_country(value):
        raise complain(f"“{value}” is no country", "write its two capital letters, as AL")


def is_country(code: str) -> bool:
    """Whether ISO 3166-1 gives these two capital letters to a country."""
    known = Locale("en").territories
    return bool(re.fullmatch("[A-Z]{2}", code)) and code in known and code not in _NO_COUNTRIES


_NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
"""Groups of countries, and what CLDR made up."""


def is_unit(value: str) -> None:
    is_not_empty(value)
    is_line(value)
    if len(value) > LONGEST_UNIT:
        cure = "write a currency as EUR, or a sign that all languages share, as kg"
        raise complain(f"“{value}” is longer than {LONGEST_UNIT} characters", cure)


LONGEST_UNIT = 10


def is_web_address(value: str) -> None:
    """An absolute http or https address, without a user name."""
    if not _is_absolute(value):
        cure = "write it in full and without spaces, like https://shop.example/page"
        raise complain(f"“{value}” is not a web address", cure)


def _is_absolute(value: str) -> bool:
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises where the port is no number
    except ValueError:
        return False
    # urlsplit removes line breaks and tabs, which would give browsers another address.
    has_gap = any(each.isspace() or category(each) == "Cc" for each in value)
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return is_web and not has_gap and "@" not in parts.netloc


DEFAULT_PORTS = {"http": 80, "https": 443}


def is_origin(value: str) -> None:
    """Scheme, host and port only, as browsers send it in the Origin header (RFC 6454)."""
    if not _is_absolute(value):
        cure = "write it in full, like https://shop.example"
        raise complain(f"“{value}” is not the address of a website", cure)
    parts = urlsplit(value)
    port = "" if parts.port in {None, DEFAULT_PORTS[parts.scheme]} else f":{parts.port}"
    sent = f"{parts.scheme}://{_host(parts.hostname or '')}{port}"
    if value != sent:
        cure = f"write scheme, host and port only, as browsers send them: {sent}"
        raise complain(f"“{value}” is not the bare address of a website", cure)


def _host(name: str) -> str:
    """A host as browsers send it, with non-ASCII letters in the `xn--` form (RFC 3490)."""
    if ":" in name:
        return f"[{name}]"
    sent = name if name.isascii() else _punycode(name)
    if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?", sent):
        raise complain(f"“{name}” is no name of a host", "write it like https://shop.example")
    return sent


def _punycode(name: str) -> str:
    """Raises ValidationError for letters that browsers convert differently, such as ß."""
    try:
        sent = name.encode("idna").decode()
        if sent.encode().decode("idna") == name:
            return sent
    except UnicodeError:
        pass
    cure = "write its name beginning with xn--, as your registrar or the browser’s console shows it"
    raise complain(f"“{name}” is not what browsers send", cure)


_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_MAIL_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


def is_mail_address(value: str) -> None:
    """An address that any mail server can send from (RFC 5321), without a name: that is the site's.

    It stands in headers as it is, so it must not contain an encoded word (RFC 2047)."""
    if not value.isascii():
        cure = "write it in ASCII, a domain such as müller.example as xn--mller-kva.example"
        raise complain(f"“{value}” is not an email address that every mail server takes", cure)
    if not _MAIL_ADDRESS.fullmatch(value) or "=?" in value:
        raise complain(f"“{value}” is not an email address", "write it like hello@shop.example")


def once_each(values: Sequence[str]) -> None:
    for value, count in Counter(values).items():
        if count > 1:
            raise complain(f"“{value}” is listed {count} times", "list it once")
