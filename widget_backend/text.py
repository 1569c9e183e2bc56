"""Plain strings: how to shorten, mask or clean them. Every room may use this one."""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup

LINE_BREAKS = "\n\r\u2028\u2029"


def is_control(sign: str) -> bool:
    """Whether a sign shows nothing and moves what comes after it (Unicode: Cc, Zl and Zp), or is
    half of one (Cs), as which Python reads bytes of a command line that are not UTF-8."""
    return unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"}


def one_line(*parts: str) -> str:
    """The parts on one line, separated by colons; control characters in them are spelled out."""
    return "".join(f"\\u{ord(sign):04x}" if is_control(sign) else sign for sign in ": ".join(parts))


_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Signs that turn the direction of what follows them (Unicode: embeddings, overrides, isolates)."""


def one_way(text: str) -> str:
    """The text with signs spelled out that would show the rest of a line turned round.

    In JSON and in TOML it means the same as before.
    """
    return _TURNS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def first_control(value: str) -> str:
    """The name of the first control character in a text; empty if there is none."""
    sign = next(filter(is_control, value), None)
    if sign is None:
        return ""
    return "a line break" if sign in LINE_BREAKS else f"a control character (U+{ord(sign):04X})"


def without_addresses(name: str) -> str:
    """The name of a file without what looks like an email address."""
    return re.sub(r"[^\s@]+@[^\s@]+", "•••@•••", name)


def latin_digits(typed: str) -> str:
    """The text with digits of any script as 0 to 9: ٣ is 3."""
    return "".join(
        str(unicodedata.digit(sign)) if sign.isdigit() and not sign.isascii() else sign
        for sign in typed
    )


def sentence_start(words: str) -> str:
    """Words that stand alone or first: “Email”, where a sentence has “email”."""
    return words[:1].title() + words[1:]


def masked(contact: str) -> Markup:
    """An email address or phone number that its owner recognises and nobody else learns.

    `a•••@e•••.com`, `•••• 34`. Always left to right, whatever the page's direction.
    """
    name, at, host = contact.rpartition("@")
    domain, dot, end = host.rpartition(".")
    hidden = f"••••\N{NO-BREAK SPACE}{contact[-2:]}"
    if at:
        hidden = f"{name[:1]}•••@{domain[:1]}•••{dot}{end}"
    return Markup('<bdi dir="ltr">{}</bdi>').format(hidden)
