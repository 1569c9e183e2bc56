"""Link repair: paths of ours as mail programs and people leave them, with signs that do not belong.

A link at the end of a sentence takes the full stop along, one in brackets the bracket; long lines
are broken, and what breaks them stays (RFC 2045, 6.7; RFC 3676, 4.5). A token has one length and a
signature, so that it is certain which signs are too many; where it is not, nothing is mended.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

from widget_backend.links import PATHS
from widget_backend.signing import LONGEST, SHAPE

LONGEST_PATH = 2 * LONGEST
"""Characters; in a longer one nothing is looked for."""

_DOORS = f"[{''.join(PATHS.values())}]"
_TOKEN = SHAPE.pattern
_SITE = r"[a-z][a-z0-9_-]{0,39}"
_PAGE = r"/[a-z][a-z-]{0,39}"
_MORE = r"[/._-]{0,40}"

_AS_WE_WRITE_IT = re.compile(
    rf"/(?:{_DOORS}/{_TOKEN}(?:{_PAGE})?|s/{_SITE}(?:{_PAGE})*|widget/[\w.-]+)", re.ASCII
)
_WITH_A_TOKEN = re.compile(rf"/({_DOORS})/({_TOKEN}){_MORE}({_PAGE})?{_MORE}")
_OF_A_SITE = re.compile(rf"/s/({_SITE})[/.]{{0,40}}({_PAGE})?[/.]{{0,40}}")
_CODE_OF_MAIL = re.compile("=[0-9A-F]{2}", re.IGNORECASE)
"""Quoted-printable that nobody decoded, such as `=20` and `=0D=0A`."""


def mended(
    path: str, is_token: Callable[[str], bool], is_site: Callable[[str], bool]
) -> str | None:
    """The path of ours that `path` was; None when it is one as it is, or it cannot be certain.

    `is_token` says whether a token is one of ours by its signature, `is_site` whether a site is
    served. A path as we write it costs one look at its letters.
    """
    if len(path) > LONGEST_PATH or _AS_WE_WRITE_IT.fullmatch(path):
        return None
    paths = (_ours(each, is_token, is_site) for each in _spellings(path))
    return next((each for each in paths if each and each != path), None)


def _ours(path: str, is_token: Callable[[str], bool], is_site: Callable[[str], bool]) -> str | None:
    if (parts := _WITH_A_TOKEN.fullmatch(path)) and is_token(parts[2]):
        return f"/{parts[1]}/{parts[2]}{parts[3] or ''}"
    if (parts := _OF_A_SITE.fullmatch(path)) and is_site(parts[1]):
        return f"/s/{parts[1]}{parts[2] or ''}"
    return None


def _spellings(path: str) -> Iterator[str]:
    """What the path may have been: an `=` broke a line, or began the code of a sign in mail."""
    text = unescape(unquote(path))
    for each in (text, _CODE_OF_MAIL.sub("", text)):
        yield re.sub("/+", "/", "".join(sign for sign in each if not _is_too_many(sign)))


@lru_cache(maxsize=4096)
def _is_too_many(sign: str) -> bool:
    """Spaces, line breaks, signs of sentences and of sums, and what nobody sees.

    Not `/`, `.`, `-` and `_`, which our paths have; control signs are no accident of mail.
    """
    if sign in "/.-_":
        return False
    category = unicodedata.category(sign)
    return sign in "\t\r\n" or category[0] in "PZ" or category in {"Cf", "Sc", "Sk", "Sm"}
