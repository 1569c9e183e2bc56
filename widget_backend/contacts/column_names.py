"""What a column may hold by its name, for a draft that somebody checks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

OF_CONSENT = (
    *("consent", "optin", "optedin", "optintime", "agreed", "permission"),
    *("pelqim", "pelqeu", "pranim", "pranu", "pranoi", "miratim"),  # Albanian, as it is folded
    *("وافق", "قبول"),
)
"""Parts of names of columns that say when people agreed, in English, Albanian and Arabic."""
OF_LANGUAGES = ("language", "locale", "gjuh", "لغة")

OF_PHONES = ("phone", "mobile", "telefon", "celular", "هاتف", "جوال", "موبايل")


def says_phone(name: str) -> bool:
    """Whether it says that phone numbers are in it: “Telefoni”, “Mobile”, “الهاتف”."""
    return _has_part(name, OF_PHONES)


def says_language(name: str) -> bool:
    """Whether it says in which language people read: “Gjuha”, “Language”, “اللغة”."""
    return _has_part(name, OF_LANGUAGES)


def says_consent(name: str) -> bool:
    """Whether it says that people agreed: “Data e pëlqimit”, “Opt-in date”, “تاريخ الموافقة”."""
    return _has_part(name, OF_CONSENT)


def _has_part(name: str, parts: Collection[str]) -> bool:
    folded = _folded(name)
    return any(part in folded for part in parts)


def _folded(name: str) -> str:
    """Without case, accents, and what is no letter."""
    plain = "".join(each for each in unicodedata.normalize("NFD", name) if not _is_mark(each))
    return re.sub(r"[\W\d_]", "", plain.casefold())


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign) == "Mn"
