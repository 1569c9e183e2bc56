"""Errors: what can go wrong, each named for the fact.

Every other room raises these; `web/error_pages.py` turns them into pages and fragments, and `cli`
into one line. They carry facts, not sentences for people, since only the doors know the reader's
language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from widget_backend.calling import calling
from widget_backend.text import one_line


class WidgetError(Exception):
    """The base of all errors that this software raises itself."""


# ── for operators and site owners ───────────────────────────────────────────────────────────


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
    """A site file has mistakes; `mistakes` lists all of them."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


class SettingInvalid(WidgetError):
    """An environment variable is missing or wrong."""

    def __init__(self, name: str, reason: str, cure: str) -> None:
        super().__init__(one_line(name, f"{reason}. {cure}."))
        self.name = name
        self.reason = reason
        self.cure = cure

    def about(self, name: str) -> SettingInvalid:
        """The same of an option that means the same."""
        return SettingInvalid(name, self.reason, self.cure)


class MigrationDue(SettingInvalid):
    """The database lacks tables or columns of this version, or all of them if it `is_empty`."""

    def __init__(self, name: str, reason: str, is_empty: bool = False, cure: str = "") -> None:
        super().__init__(name, reason, cure or f"run {calling('migrate')}")
        self.is_empty = is_empty


class DatabaseMissing(MigrationDue):
    """There is no file of that name: it was moved, or nobody has made it yet."""

    def __init__(self, name: str, file: str) -> None:
        new = f"for a new database, run {calling('migrate')}"
        cure = f"put it back if it was moved, or name the right one; {new}"
        super().__init__(name, f"there is no file {file}", is_empty=True, cure=cure)


class DatabaseNewer(SettingInvalid):
    """A newer version of this software has changed the database; this version might damage it."""


class DatabaseOfOthers(SettingInvalid):
    """The tables in the database are another program’s, among which ours have no place."""


class RestoreUnfinished(SettingInvalid):
    """A backup was not restored to the end, or is just being restored: nobody may use it yet."""


class FaultOfOurs(WidgetError):
    """A fault of this software: where it is, without anybody’s data."""

    def __init__(self, what: str, where: str) -> None:
        cure = "The database is well; report this line"
        super().__init__(
            one_line("preference-widget", f"a fault of its own: {what}, {where}. {cure}.")
        )


class FileRefused(WidgetError):
    """A file cannot be read or written, or does not contain what it should."""

    def __init__(self, file: str, reason: str, cure: str) -> None:
        super().__init__(one_line(file, f"{reason}. {cure}."))


class CursorRefused(WidgetError):
    """No changes can be told from this cursor on."""

    def __init__(self, reason: str, cure: str) -> None:
        super().__init__(one_line("the cursor", f"{reason}. {cure}."))
        self.reason = reason
        self.cure = cure


class RunRefused(WidgetError):
    """A run cannot be undone, or must not go on."""

    def __init__(self, number: int, reason: str, cure: str) -> None:
        super().__init__(one_line(f"run {number}", f"{reason}. {cure}."))


class RequestRefused(WidgetError):
    """A request of somebody cannot be ended, or not in this way."""

    def __init__(self, number: int, reason: str, cure: str) -> None:
        super().__init__(one_line(f"request {number}", f"{reason}. {cure}."))


class PersonRefused(WidgetError):
    """What the staff want to do for a person cannot be done, or not in this way: a line for each
    reason, with the argument of the command that it is about, and the cure."""

    def __init__(self, *reasons: tuple[str, str, str]) -> None:
        lines = (one_line(argument, f"{reason}. {cure}.") for argument, reason, cure in reasons)
        super().__init__("\n".join(lines))


class CampaignUnknown(WidgetError):
    """Neither the site file nor the database knows a campaign, or service message, of this name."""

    def __init__(self, name: str) -> None:
        cure = f"declare it in the site file, or register it with {calling('campaigns add')}"
        super().__init__(one_line(f"“{name}”", f"no campaign is called that. {cure}."))


class ReservationRefused(WidgetError):
    """A place under a cap cannot be taken, or given back."""

    def __init__(self, reason: str, cure: str) -> None:
        super().__init__(one_line("the reservation", f"{reason}. {cure}."))


class ToolMissing(WidgetError):
    """A command needs a program that is not installed."""

    def __init__(self, reason: str, cure: str) -> None:
        super().__init__(one_line(f"{reason}. {cure}."))


class PageUnreachable(WidgetError):
    """The page that a command should inspect cannot be opened."""

    def __init__(self, url: str, reason: str, cure: str) -> None:
        super().__init__(one_line(url, f"{reason}. {cure}."))


# ── links ───────────────────────────────────────────────────────────────────────────────────


class LinkForged(WidgetError):
    """The signature is wrong: the link was altered or cut off, or is not ours."""


class LinkEnded(WidgetError):
    """The signature is valid, but the link no longer opens a page. It may still unsubscribe.

    `unsubscribed` holds the changes that were saved all the same: unsubscribing is never blocked.
    """

    unsubscribed: tuple[Any, ...] = ()


class LinkExpired(LinkEnded):
    """The link was valid until `expired_at`."""

    def __init__(self, expired_at: datetime) -> None:
        super().__init__(f"expired at {expired_at:%Y-%m-%d %H:%M} UTC")
        self.expired_at = expired_at


class LinkRevoked(LinkEnded):
    """The person’s links were revoked after this one was made."""


class LinkWrongPurpose(WidgetError):
    """A valid link for another purpose."""

    def __init__(self, purpose: str, wanted: str) -> None:
        super().__init__(f"a link for {purpose}, not for {wanted}")
        self.purpose = purpose
        self.wanted = wanted


# ── requests ────────────────────────────────────────────────────────────────────────────────


class SiteUnknown(WidgetError):
    """No site with this id is served here."""


class ProfileUnknown(WidgetError):
    """The link is valid, but there is no such profile, or no longer."""


class AlreadyErased(ProfileUnknown):
    """The button that erases was pressed once more."""


class OriginNotAllowed(WidgetError):
    """A page requested a fragment from an origin that the site file does not list."""

    def __init__(self, origin: str) -> None:
        super().__init__(origin)
        self.origin = origin


class OneClickIncomplete(WidgetError):
    """A POST to a one-click address without the content that RFC 8058 requires."""


class CrossSitePost(WidgetError):
    """The browser reports that another site’s page sent this form."""


class SignUpExists(WidgetError):
    """The same copy of the form for signing up was kept already."""


class AddressTaken(WidgetError):
    """The new address that a person wants belongs to another profile."""


class RateLimited(WidgetError):
    """One network has done something too often; after `seconds` it may try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} seconds")
        self.seconds = seconds


class MailHeldBack(WidgetError):
    """A mailbox has lately been sent as many messages as it may get. No page says so."""


class NoMessage(WidgetError):
    """The input is not an email message: it has no headers."""


class MessageWithoutLink(WidgetError):
    """A message to the unsubscribe address has no link in its subject."""


# ── saving ──────────────────────────────────────────────────────────────────────────────────


class DatabaseUnavailable(WidgetError):
    """The database does not answer or cannot work; after `seconds` it may.

    `kind` is one of `store/database_errors.py`; `text` is the database's message, without anybody's
    data. Whether a save in progress was made is unknown; repeating it does no harm.
    """

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.seconds = 10 if kind in {"silent", "held"} else 60


class StaleRevision(WidgetError):
    """The profile was changed after it was read; `revision` is its revision now."""

    def __init__(self, revision: int) -> None:
        super().__init__(f"now at revision {revision}")
        self.revision = revision
