"""Errors: the facts that can go wrong, named where they are known.

Every other room raises these; `web/error_pages.py` turns them into pages and fragments and
`cli` into one line. They carry facts, never sentences for people: sentences belong to the
reader's language, and only the doors know that.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from widget_backend.text import one_line


class WidgetError(Exception):
    """Anything that this software itself refuses."""


# ── what operators and site owners get wrong ────────────────────────────────────────────────


class Finding(NamedTuple):
    """One thing that is wrong: where to look, what it is and how to mend it.

    `where` is a key path such as `topics.offers.channels`, or what a page shows.
    """

    where: str
    reason: str
    cure: str


@dataclass(frozen=True)
class Mistake:
    """A finding in a file, or in a page by its address; `where` may also be `line 7`.

    As text it is one line.
    """

    file: str
    where: str
    reason: str
    cure: str

    def __str__(self) -> str:
        return one_line(self.file, self.where, f"{self.reason}. {self.cure}.")


class SiteFileInvalid(WidgetError):
    """A site file says something that cannot be carried out; holds every mistake found."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


class SettingInvalid(WidgetError):
    """An environment variable is missing or cannot be understood."""

    def __init__(self, name: str, reason: str, cure: str) -> None:
        super().__init__(one_line(name, f"{reason}. {cure}."))
        self.name = name


class MigrationDue(SettingInvalid):
    """The database lacks tables or columns of this version; all of them when it `is_empty`."""

    def __init__(self, name: str, reason: str, is_empty: bool = False) -> None:
        super().__init__(name, reason, "run preference-widget migrate")
        self.is_empty = is_empty


class DatabaseNewer(SettingInvalid):
    """A newer version of this software has changed the database: this one might harm it."""


class FaultOfOurs(WidgetError):
    """A mistake in this software; says where it is, and nothing of anybody's data."""

    def __init__(self, what: str, where: str) -> None:
        cure = "The database is well; report this line"
        super().__init__(
            one_line("preference-widget", f"a fault of its own: {what}, {where}. {cure}.")
        )


class FileRefused(WidgetError):
    """A file given to a command cannot be read as what it should be."""

    def __init__(self, file: str, reason: str, cure: str) -> None:
        super().__init__(one_line(file, f"{reason}. {cure}."))


class ToolMissing(WidgetError):
    """A command needs a program that is not installed here."""

    def __init__(self, reason: str, cure: str) -> None:
        super().__init__(one_line(f"{reason}. {cure}."))


class PageUnreachable(WidgetError):
    """The page that a command is to look at does not come."""

    def __init__(self, url: str, reason: str, cure: str) -> None:
        super().__init__(one_line(url, f"{reason}. {cure}."))


_NAME_IT = ("there is no such file", "correct its name")
_UNREADABLE = {
    errno.ENOENT: _NAME_IT,
    errno.ENOTDIR: _NAME_IT,
    errno.ENAMETOOLONG: ("its name is longer than any file’s", "correct its name"),
    errno.EISDIR: ("it is a folder", "name the file in it"),
}
_MAKE_ROOM = "make room on that disk and run the command again"
_LET_WRITE = "let this user write there"
_UNWRITABLE = {
    errno.ENOSPC: _MAKE_ROOM,
    errno.EDQUOT: _MAKE_ROOM,
    errno.EACCES: _LET_WRITE,
    errno.EROFS: _LET_WRITE,
    errno.ENOENT: "make its folder first",
    errno.EISDIR: "name a file in it",
    errno.ENAMETOOLONG: "choose a shorter name",
}


def unreadable(error: OSError) -> tuple[str, str]:
    """Why a file could not be read, and the cure."""
    reason = (error.strerror or "it cannot be read").lower()
    return _UNREADABLE.get(error.errno or 0, (reason, "let this user read it"))


def unwritable(error: OSError) -> tuple[str, str]:
    """Why a file could not be written, and the cure."""
    reason = f"cannot be written: {(error.strerror or 'no reason given').lower()}"
    return reason, _UNWRITABLE.get(error.errno or 0, "name another place")


# ── what a link can be ──────────────────────────────────────────────────────────────────────


class LinkForged(WidgetError):
    """The signature does not hold: the link was altered, cut off, or never ours."""


class LinkEnded(WidgetError):
    """The signature holds, but the link opens nothing any more. Leaving it still may."""


class LinkExpired(LinkEnded):
    """Its time is over."""

    def __init__(self, expired_at: datetime) -> None:
        super().__init__(f"expired at {expired_at:%Y-%m-%d %H:%M} UTC")
        self.expired_at = expired_at


class LinkRevoked(LinkEnded):
    """The person's links were ended since and newer ones mailed."""


class LinkWrongPurpose(WidgetError):
    """A link of ours, but one made for something else."""

    def __init__(self, purpose: str, wanted: str) -> None:
        super().__init__(f"a link for {purpose}, not for {wanted}")
        self.purpose = purpose
        self.wanted = wanted


# ── what a request can be ───────────────────────────────────────────────────────────────────


class SiteUnknown(WidgetError):
    """No site of that name is served here."""


class ProfileUnknown(WidgetError):
    """The link is ours, but whom it names is no longer (or not yet) held."""


class OriginNotAllowed(WidgetError):
    """A fragment was asked for by a page of an origin that the site file does not list."""

    def __init__(self, origin: str) -> None:
        super().__init__(origin)
        self.origin = origin


class OneClickIncomplete(WidgetError):
    """A POST to a one-click address that does not say what RFC 8058 has it say."""


class CrossSitePost(WidgetError):
    """A browser says that another site's page sent this form."""


class SignUpExists(WidgetError):
    """The same copy of the form for signing up was kept already."""


class AddressTaken(WidgetError):
    """The address that a person wants to move to leads to somebody else here."""


class RateLimited(WidgetError):
    """More of something than one network may do; `seconds` later it may again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} seconds")
        self.seconds = seconds


class LetterHeldBack(WidgetError):
    """A mailbox got as many letters lately as it may; nobody is told."""


class NoMessage(WidgetError):
    """What was to be a message by mail is none: nowhere in it do headers begin."""


class MessageWithoutLink(WidgetError):
    """A message to the address for unsubscribing whose subject names no link."""


# ── what a save can meet ────────────────────────────────────────────────────────────────────


class DatabaseUnavailable(WidgetError):
    """The database does not do what is asked, which no program can mend; `seconds` later it may.

    `kind` is one of `store/database_errors.py`, `text` what the database says, of nobody's data.
    Whether a save that was under way has been made is not known; making it again does no harm.
    """

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.seconds = 10 if kind in {"silent", "held"} else 60


class StaleRevision(WidgetError):
    """The profile has moved on since the form was shown. Holds the revision it has now."""

    def __init__(self, revision: int) -> None:
        super().__init__(f"now at revision {revision}")
        self.revision = revision
